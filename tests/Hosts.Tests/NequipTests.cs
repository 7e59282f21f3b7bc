using System.Globalization;
using System.Text;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>NequIP through stock LAMMPS: between the layers ghosts get what their owners send.</summary>
public sealed class NequipTests
{
    private static readonly string[] Labels = ["H", "C", "N", "Zn"];

    [SkippableTheory]
    [InlineData(1, "on", Loader.Launcher)]
    [InlineData(1, "off", Loader.Script)]
    [InlineData(2, "on", Loader.Launcher)]
    [InlineData(3, "off", Loader.Launcher)]
    [InlineData(4, "on", Loader.Launcher)]
    public async Task Energy_forces_and_stresses_agree_with_the_library_for_any_ranks_and_newton(int ranks, string newton, Loader loader)
    {
        using var folder = new HostFolder();
        var card = WriteCard(folder, "double");
        var structure = Crystal();
        WriteData(folder, structure);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(card), newton), loader, ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(Expected(card, structure), 1e-8);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task In_single_precision_ranks_differ_by_its_rounding(int ranks)
    {
        using var folder = new HostFolder();
        var structure = Crystal();
        WriteData(folder, structure);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(WriteCard(folder, "as trained"))), ranks: ranks);

        var (found, expected) = (Evaluation.Read(folder, outcome), Expected(WriteCard(folder, "double"), structure));
        found.Energy.ShouldBe(expected.Energy, 1e-3);
        found.Forces.Zip(expected.Forces, (a, b) => Math.Abs(a - b)).Max().ShouldBeInRange(1e-9, 5e-4);
    }

    [SkippableTheory]
    [InlineData(1, "on")]
    [InlineData(2, "off")]
    [InlineData(4, "on")]
    public async Task A_cell_much_smaller_than_the_cutoff_and_ranks_without_atoms_are_no_matter(int ranks, string newton)
    {
        using var folder = new HostFolder();
        var card = WriteCard(folder, "double");
        var structure = new Structure([4.2, 0, 0, 1.1, 3.9, 0, -0.7, 0.5, 5.1], [0.2, 0.1, 0.3, 1.3, 0.4, 0.1, 0.5, 1.9, 2.4, 2.6, 2.2, 3.1], [0, 1, 2, 3]);
        WriteData(folder, structure);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(card), newton), ranks: ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(Expected(card, structure), 1e-8);
    }

    [SkippableFact]
    public async Task A_subdomain_without_atoms_and_ghosts_takes_part_in_the_communication()
    {
        using var folder = new HostFolder();
        var card = WriteCard(folder, "double");
        var structure = new Structure([40, 0, 0, 0, 8, 0, 0, 0, 8], [1.2, 0.1, 0.3, 2.3, 0.4, 0.1, 1.5, 1.9, 2.4, 2.6, 2.2, 3.1], [0, 1, 2, 3]);
        WriteData(folder, structure);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(card), before: "processors 3 1 1"), ranks: 3);

        outcome.ShouldSucceed().Output.ShouldMatch(@"Nlocal:.* 0 min");
        Evaluation.Read(folder, outcome).ShouldAgreeWith(Expected(card, structure), 1e-8);
    }

    [SkippableFact]
    public async Task Energy_is_conserved()
    {
        using var folder = new HostFolder();
        var card = WriteCard(folder, "as trained");
        WriteData(folder, Crystal());

        var outcome = await folder.RunAsync($"""
            units metal
            atom_modify map yes
            read_data system.data
            {Style(card)}
            velocity all create 300 4711
            timestep 0.0005
            fix 1 all nve
            thermo 4
            thermo_style custom step etotal ke
            thermo_modify format float %.12g
            run 24

            """, ranks: 2);

        var rows = outcome.ShouldSucceed().Output.Split('\n', StringSplitOptions.TrimEntries)
            .SkipWhile(line => !line.StartsWith("Step ", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.StartsWith("Loop", StringComparison.Ordinal))
            .Select(Evaluation.Numbers).ToArray();
        var (total, kinetic) = (rows.Select(row => row[1]).ToArray(), rows.Select(row => row[2]).ToArray());
        (total.Max() - total.Min()).ShouldBeLessThan(0.02 * (kinetic.Max() - kinetic.Min()));
    }

    /// <param name="Cell">Lower triangular, as LAMMPS wants it.</param>
    private sealed record Structure(double[] Cell, double[] Positions, int[] Types);

    private static string Style(string card) => $"pair_style mof\npair_coeff * * {card} {string.Join(' ', Labels)}";

    private static string WriteCard(HostFolder folder, string precision)
    {
        var model = ReferenceData.Find("nequip/nequip_l2r6stress0.pth");
        Skip.If(model is null, "the reference data are not here");
        var (card, copy) = (folder.File($"zif4 {precision}.mof.yaml".Replace(' ', '-')), folder.File("zif4.pth"));
        if (!File.Exists(copy))
        {
            File.Copy(model!, copy);
        }

        File.WriteAllText(card, $$"""
            format: 1
            kind: nequip
            species: [{label: Zn, atomic_number: 30}, {label: N, atomic_number: 7}, {label: C, atomic_number: 6}, {label: H, atomic_number: 1}]
            files:
              model: {path: zif4.pth, sha256: "{{ModelCardFile.Describe(card, copy).Sha256}}"}
            precision: {{precision}}
            units: {energy: eV, length: angstrom}
            reference: {method: PBE-D3, dispersion: included}

            """);
        return card;
    }

    // The paper's crystal of ZIF-4, displaced a little.
    private static Structure Crystal()
    {
        var data = NumpyArray.ReadArchive(ReferenceData.Find("nequip/zif4/own_rattled.npz")!);
        return new Structure(data["cell"].Values, data["positions"].Values, [.. data["types"].Values.Select(type => (int)type)]);
    }

    private static void WriteData(HostFolder folder, Structure structure)
    {
        var (cell, types) = (structure.Cell, structure.Types);
        var text = new StringBuilder("made up\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{types.Length} atoms\n4 atom types\n0 {cell[0]:R} xlo xhi\n0 {cell[4]:R} ylo yhi\n0 {cell[8]:R} zlo zhi\n{cell[3]:R} {cell[6]:R} {cell[7]:R} xy xz yz\n\nMasses\n\n1 1.008\n2 12.011\n3 14.007\n4 65.38\n\nAtoms # atomic\n\n");
        for (var i = 0; i < types.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {types[i] + 1} {structure.Positions[3 * i]:R} {structure.Positions[3 * i + 1]:R} {structure.Positions[3 * i + 2]:R}\n");
        }

        File.WriteAllText(folder.File("system.data"), text.ToString());
    }

    private static unsafe Evaluation Expected(string card, Structure structure)
    {
        using var potential = PotentialLoader.Load(card);
        // Species of the potential are those of the model's file: H, C, N, Zn.
        potential.Species.Select(one => one.Label).ShouldBe(Labels);
        using var list = new NeighborList();
        list.Build(structure.Positions, new Cell(structure.Cell), true, true, true, potential.Cutoff);
        double[] forces = new double[3 * list.AtomCount], energies = new double[list.AtomCount], virials = new double[9 * list.AtomCount], virial = new double[9];
        var energy = 0.0;
        fixed (double* f = forces, e = energies, w = virials, total = virial)
        {
            potential.Compute(list.View(structure.Types), new EvaluationBuffers { Energy = &energy, Forces = f, Virial = total, AtomEnergies = e, AtomVirials = w }).ShouldBe(EvaluationOutcome.Success);
            list.FoldImages(f, 3);
            list.FoldImages(w, 9);
        }

        var (six, count) = (Voigt.Lammps.ToArray(), structure.Types.Length);
        return new Evaluation(
            energy,
            [.. six.Select(place => virial[place])],
            forces[..(3 * count)],
            energies[..count],
            [.. Enumerable.Range(0, count).SelectMany(i => six.Select(place => virials[9 * i + place]))]);
    }
}
