using System.Globalization;
using System.Text;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>Allegro through stock LAMMPS, by its card: a model of the tests' own data, which libtorch has computed.</summary>
public sealed class AllegroTests
{
    private static readonly string[] Labels = ["H", "C", "N", "Zn"];

    [SkippableTheory]
    [InlineData(1, "on", Loader.Launcher)]
    [InlineData(1, "off", Loader.Script)]
    [InlineData(2, "on", Loader.Launcher)]
    [InlineData(4, "off", Loader.Launcher)]
    public async Task Energy_forces_and_stresses_agree_with_the_library_for_any_ranks_and_newton(int ranks, string newton, Loader loader)
    {
        using var folder = new HostFolder();
        var card = WriteCard(folder);
        WriteData(folder);

        var outcome = await folder.RunAsync(Evaluation.Script($"pair_style mof\npair_coeff * * {card} {string.Join(' ', Labels)}", newton), loader, ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(Expected(card), 1e-9);
    }

    // 96 atoms around the places of a lattice.
    private static (double[] Cell, double[] Positions, int[] Types) Structure()
    {
        var random = new Random(7);
        var positions = new List<double>();
        for (var n = 0; n < 96; n++)
        {
            positions.AddRange([2.1 * (n % 4) + 0.5 * random.NextDouble(), 2.1 * (n / 4 % 4) + 0.5 * random.NextDouble(), 2.1 * (n / 16) + 0.5 * random.NextDouble()]);
        }

        return ([8.4, 0, 0, 0.9, 8.4, 0, -0.7, 0.5, 12.6], [.. positions], [.. Enumerable.Range(0, 96).Select(n => n * 7 % 4)]);
    }

    private static string WriteCard(HostFolder folder)
    {
        var (card, copy) = (folder.File("full.mof.yaml"), folder.File("full.pth"));
        File.Copy(Path.Combine(Repository.Root, "tests", "Potentials.Tests", "Data", "Allegro", "full.pth"), copy, overwrite: true);
        File.WriteAllText(card, $$"""
            format: 1
            kind: allegro
            species: [{label: Zn, atomic_number: 30}, {label: N, atomic_number: 7}, {label: C, atomic_number: 6}, {label: H, atomic_number: 1}]
            files:
              model: {path: full.pth, sha256: "{{ModelCardFile.Describe(card, copy).Sha256}}"}
            units: {energy: eV, length: angstrom}
            reference: {method: none, dispersion: not included}

            """);
        return card;
    }

    private static void WriteData(HostFolder folder)
    {
        var (cell, positions, types) = Structure();
        var text = new StringBuilder("made up\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{types.Length} atoms\n4 atom types\n0 {cell[0]:R} xlo xhi\n0 {cell[4]:R} ylo yhi\n0 {cell[8]:R} zlo zhi\n{cell[3]:R} {cell[6]:R} {cell[7]:R} xy xz yz\n\nMasses\n\n1 1.008\n2 12.011\n3 14.007\n4 65.38\n\nAtoms # atomic\n\n");
        for (var i = 0; i < types.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {types[i] + 1} {positions[3 * i]:R} {positions[3 * i + 1]:R} {positions[3 * i + 2]:R}\n");
        }

        File.WriteAllText(folder.File("system.data"), text.ToString());
    }

    private static unsafe Evaluation Expected(string card)
    {
        using var potential = PotentialLoader.Load(card);
        // Species of the potential are those of the model's file.
        potential.Species.Select(one => one.Label).ShouldBe(Labels);
        var (cell, positions, types) = Structure();
        using var list = new NeighborList();
        list.Build(positions, new Cell(cell), true, true, true, potential.Cutoff);
        double[] forces = new double[3 * list.AtomCount], energies = new double[list.AtomCount], virials = new double[9 * list.AtomCount], virial = new double[9];
        var energy = 0.0;
        fixed (double* f = forces, e = energies, w = virials, total = virial)
        {
            potential.Compute(list.View(types), new EvaluationBuffers { Energy = &energy, Forces = f, Virial = total, AtomEnergies = e, AtomVirials = w }).ShouldBe(EvaluationOutcome.Success);
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
