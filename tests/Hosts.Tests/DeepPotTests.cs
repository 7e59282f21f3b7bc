using System.Globalization;
using System.Text;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>DeepPot-SE through stock LAMMPS, by its card: models of the tests' own data, which DeePMD-kit has computed.</summary>
public sealed class DeepPotTests
{
    private static readonly string[] Labels = ["H", "O", "Zn"];

    [Theory]
    [InlineData("se_a", 1, "on", Loader.Launcher)]
    [InlineData("se_a", 2, "off", Loader.Script)]
    [InlineData("se_atten_v2", 1, "off", Loader.Launcher)]
    [InlineData("se_atten_v2", 4, "on", Loader.Launcher)]
    public async Task Energy_forces_and_stresses_agree_with_the_library_for_any_ranks_and_newton(string model, int ranks, string newton, Loader loader)
    {
        using var folder = new HostFolder();
        var card = WriteCard(folder, model, "double");
        WriteData(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(card), newton), loader, ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(Expected(card), 1e-9);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Single_precision_differs_by_its_rounding(int ranks)
    {
        using var folder = new HostFolder();
        WriteData(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(WriteCard(folder, "dpa1_smooth", "single"))), ranks: ranks);

        var (found, expected) = (Evaluation.Read(folder, outcome), Expected(WriteCard(folder, "dpa1_smooth", "double")));
        found.Energy.ShouldBe(expected.Energy, 1e-4);
        found.Forces.Zip(expected.Forces, (a, b) => Math.Abs(a - b)).Max().ShouldBeInRange(1e-10, 1e-5);
    }

    private static string Style(string card) => $"pair_style mof\npair_coeff * * {card} {string.Join(' ', Labels)}";

    // 96 atoms around the places of a lattice.
    private static (double[] Cell, double[] Positions, int[] Types) Structure()
    {
        var random = new Random(7);
        var positions = new List<double>();
        for (var n = 0; n < 96; n++)
        {
            positions.AddRange([2.1 * (n % 4) + 0.5 * random.NextDouble(), 2.1 * (n / 4 % 4) + 0.5 * random.NextDouble(), 2.1 * (n / 16) + 0.5 * random.NextDouble()]);
        }

        return ([8.4, 0, 0, 0.9, 8.4, 0, -0.7, 0.5, 12.6], [.. positions], [.. Enumerable.Range(0, 96).Select(n => n * 7 % 3)]);
    }

    private static string WriteCard(HostFolder folder, string model, string precision)
    {
        var data = Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "DeepPot");
        var name = File.Exists(Path.Combine(data, model + ".dp")) ? model + ".dp" : model + ".yaml";
        var (card, copy) = (folder.File($"{precision}.mof.yaml"), folder.File(name));
        File.Copy(Path.Combine(data, name), copy, overwrite: true);
        File.WriteAllText(card, $$"""
            format: 1
            kind: deeppot
            species: [{label: Zn, atomic_number: 30}, {label: O, atomic_number: 8}, {label: H, atomic_number: 1}]
            files:
              weights: {path: {{name}}, sha256: "{{ModelCardFile.Describe(card, copy).Sha256}}"}
            precision: {{precision}}
            units: {energy: eV, length: angstrom}
            reference: {method: none, dispersion: not included}

            """);
        return card;
    }

    private static void WriteData(HostFolder folder)
    {
        var (cell, positions, types) = Structure();
        var text = new StringBuilder("made up\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{types.Length} atoms\n3 atom types\n0 {cell[0]:R} xlo xhi\n0 {cell[4]:R} ylo yhi\n0 {cell[8]:R} zlo zhi\n{cell[3]:R} {cell[6]:R} {cell[7]:R} xy xz yz\n\nMasses\n\n1 1.008\n2 15.999\n3 65.38\n\nAtoms # atomic\n\n");
        for (var i = 0; i < types.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {types[i] + 1} {positions[3 * i]:R} {positions[3 * i + 1]:R} {positions[3 * i + 2]:R}\n");
        }

        File.WriteAllText(folder.File("system.data"), text.ToString());
    }

    private static unsafe Evaluation Expected(string card)
    {
        using var potential = PotentialLoader.Load(card);
        var (cell, positions, types) = Structure();
        string[] known = [.. potential.Species.Select(one => one.Label)];
        int[] species = [.. types.Select(type => Array.IndexOf(known, Labels[type]))];
        using var list = new NeighborList();
        list.Build(positions, new Cell(cell), true, true, true, potential.Cutoff);
        double[] forces = new double[3 * list.AtomCount], energies = new double[list.AtomCount], virials = new double[9 * list.AtomCount], virial = new double[9];
        var energy = 0.0;
        fixed (double* f = forces, e = energies, w = virials, total = virial)
        {
            potential.Compute(list.View(species), new EvaluationBuffers { Energy = &energy, Forces = f, Virial = total, AtomEnergies = e, AtomVirials = w }).ShouldBe(EvaluationOutcome.Success);
            list.FoldImages(f, 3);
            list.FoldImages(w, 9);
        }

        var (six, count) = (Voigt.Lammps.ToArray(), types.Length);
        return new Evaluation(
            energy,
            [.. six.Select(place => virial[place])],
            forces[..(3 * count)],
            energies[..count],
            [.. Enumerable.Range(0, count).SelectMany(i => six.Select(place => virials[9 * i + place]))]);
    }
}
