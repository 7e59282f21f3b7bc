using System.Globalization;
using System.Text;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>D3 through stock LAMMPS: ghosts get what their owners found by forward communication.</summary>
public sealed class DispersionTests
{
    private const string ZeroDamping = "damping: zero\nfunctional: PBE\ncutoff: 6 angstrom\ncoordination_cutoff: 7 angstrom\n";

    private static readonly (string Label, int AtomicNumber)[] Atoms = [("C3a", 6), ("H1a", 1), ("O2a", 8), ("Zn4a", 30)];

    // Lower triangular, as LAMMPS wants it.
    private static readonly double[] Rows = [11, 0, 0, 2.5, 10, 0, -1.5, 1.2, 12];

    [SkippableTheory]
    [InlineData(1, "on", Loader.Launcher)]
    [InlineData(1, "off", Loader.Script)]
    [InlineData(2, "on", Loader.Launcher)]
    [InlineData(3, "off", Loader.Launcher)]
    [InlineData(4, "on", Loader.Launcher)]
    public async Task Energy_forces_and_stresses_agree_with_the_library_for_any_ranks_and_newton(int ranks, string newton, Loader loader)
    {
        using var folder = new HostFolder();
        var card = DispersionFiles.WriteCard(folder.Path, DispersionFiles.Settings, Atoms);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(folder, card), newton), loader, ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(Expected(card, new Cell(Rows), (true, true, true)));
    }

    [SkippableTheory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task A_subdomain_without_atoms_takes_part_in_the_communication(string newton)
    {
        // 40 Å of vacuum along x: the middle one of three subdomains has neither atoms nor ghosts.
        using var folder = new HostFolder();
        var card = DispersionFiles.WriteCard(folder.Path, ZeroDamping, Atoms);
        var style = Style(folder, card, vacuum: 40);

        var outcome = await folder.RunAsync(Evaluation.Script(style, newton, before: "processors 3 1 1"), ranks: 3);

        outcome.ShouldSucceed().Output.ShouldMatch(@"Nlocal:.* 0 min");
        double[] wide = [.. Rows];
        wide[0] += 40;
        Evaluation.Read(folder, outcome).ShouldAgreeWith(Expected(card, new Cell(wide), (true, true, true)));
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task It_is_added_by_hybrid_overlay(int ranks)
    {
        using var folder = new HostFolder();
        var card = DispersionFiles.WriteCard(folder.Path, DispersionFiles.Settings, Atoms);
        _ = Style(folder, card);
        const string Overlay = "pair_style hybrid/overlay zbl 0.1 0.2 mof\npair_coeff * * zbl 4 4\n";

        var outcome = await folder.RunAsync(Evaluation.Script($"{Overlay}pair_coeff * * mof {card} {Labels}"), ranks: ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(Expected(card, new Cell(Rows), (true, true, true)));
    }

    [SkippableTheory]
    [InlineData(1, "off")]
    [InlineData(2, "on")]
    public async Task A_sum_with_another_potential_shares_its_list(int ranks, string newton)
    {
        using var folder = new HostFolder();
        var dispersion = DispersionFiles.WriteCard(folder.Path, DispersionFiles.Settings, Atoms);
        var card = folder.File("sum.mof.yaml");
        File.WriteAllText(card, $"""
            format: 1
            kind: sum
            species: [{string.Join(", ", Atoms.Select(atom => $"{"{"}label: {atom.Label}, atomic_number: {atom.AtomicNumber}{"}"}"))}]
            parts:
              - {"{"}card: d3.mof.yaml, sha256: "{ModelCardFile.Describe(card, dispersion).Sha256}"{"}"}
              - {"{"}kind: zbl, inner: 1.5 angstrom, outer: 3 angstrom{"}"}
            units: {"{"}energy: eV, length: angstrom{"}"}
            reference: {"{"}method: PBE, dispersion: included{"}"}

            """);

        var outcome = await folder.RunAsync(Evaluation.Script(Style(folder, card), newton), ranks: ranks);

        var expected = Expected(card, new Cell(Rows), (true, true, true));
        Math.Abs(expected.Energy - Expected(dispersion, new Cell(Rows), (true, true, true)).Energy).ShouldBeGreaterThan(1e-3);
        Evaluation.Read(folder, outcome).ShouldAgreeWith(expected);
    }

    [SkippableFact]
    public async Task A_rank_that_fails_ends_the_run_of_all()
    {
        using var folder = new HostFolder();
        var card = DispersionFiles.WriteCard(folder.Path, DispersionFiles.Settings, Atoms);
        var lines = Style(folder, card) + "\nset atom 1 x 0 y 0 z 0\nset atom 2 x 1e-7 y 0 z 0\n";

        var outcome = await folder.RunAsync(Evaluation.Script(lines), ranks: 2);

        outcome.ShouldFailWith("Pair style mof, step 0", "is on the same spot");
    }

    [SkippableFact]
    public async Task With_a_switching_width_energy_is_conserved()
    {
        using var folder = new HostFolder();
        var card = DispersionFiles.WriteCard(folder.Path, "switching_width: 1.5 angstrom\n" + DispersionFiles.Settings, Atoms);
        var style = Style(folder, card);

        var outcome = await folder.RunAsync($"""
            units metal
            atom_modify map yes
            box tilt large
            read_data system.data
            {style}
            velocity all create 300 4711
            timestep 0.0002
            fix 1 all nve
            thermo 50
            thermo_style custom step etotal ke
            thermo_modify format float %.12g
            run 400

            """, ranks: 2);

        var rows = outcome.ShouldSucceed().Output.Split('\n', StringSplitOptions.TrimEntries)
            .SkipWhile(line => !line.StartsWith("Step ", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.StartsWith("Loop", StringComparison.Ordinal))
            .Select(Evaluation.Numbers).ToArray();
        rows.Length.ShouldBe(9);
        var (total, kinetic) = (rows.Select(row => row[1]).ToArray(), rows.Select(row => row[2]).ToArray());
        (total.Max() - total.Min()).ShouldBeLessThan(1e-3 * (kinetic.Max() - kinetic.Min()));
    }

    private static string Labels => string.Join(' ', Atoms.Select(atom => atom.Label));

    private static double[] Positions { get; } = MakePositions();

    private static int[] Types { get; } = [.. Enumerable.Range(0, Positions.Length / 3).Select(i => i * 7 % Atoms.Length)];

    // A lattice with random displacements: 80 atoms, none closer than 1.2 Å.
    private static double[] MakePositions()
    {
        var random = new Random(61);
        var cell = new Cell(Rows);
        var positions = new List<double>();
        for (var n = 0; n < 80; n++)
        {
            var (x, y, z) = cell.ToCartesian((n % 4 + 0.5) / 4, (n / 4 % 4 + 0.5) / 4, (n / 16 + 0.5) / 5);
            positions.AddRange([x + 0.6 * (random.NextDouble() - 0.5), y + 0.6 * (random.NextDouble() - 0.5), z + 0.6 * (random.NextDouble() - 0.5)]);
        }

        return [.. positions];
    }

    private static string Style(HostFolder folder, string card, double vacuum = 0)
    {
        var text = new StringBuilder("made up\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Types.Length} atoms\n{Atoms.Length} atom types\n0 {Rows[0] + vacuum:R} xlo xhi\n0 {Rows[4]:R} ylo yhi\n0 {Rows[8]:R} zlo zhi\n{Rows[3]:R} {Rows[6]:R} {Rows[7]:R} xy xz yz\n\nMasses\n\n1 12.011\n2 1.008\n3 15.999\n4 65.38\n\nAtoms # atomic\n\n");
        for (var i = 0; i < Types.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {Types[i] + 1} {Positions[3 * i]:R} {Positions[3 * i + 1]:R} {Positions[3 * i + 2]:R}\n");
        }

        File.WriteAllText(folder.File("system.data"), text.ToString());
        return $"pair_style mof\npair_coeff * * {card} {Labels}";
    }

    private static unsafe Evaluation Expected(string card, Cell cell, (bool A, bool B, bool C) periodic)
    {
        using var potential = PotentialLoader.Load(card);
        using var list = new NeighborList();
        list.Build(Positions, cell, periodic.A, periodic.B, periodic.C, potential.Cutoff);
        double[] forces = new double[3 * list.AtomCount], energies = new double[list.AtomCount], virials = new double[9 * list.AtomCount], virial = new double[9];
        var energy = 0.0;
        fixed (double* f = forces, e = energies, w = virials, total = virial)
        {
            potential.Compute(list.View(Types), new EvaluationBuffers { Energy = &energy, Forces = f, Virial = total, AtomEnergies = e, AtomVirials = w }).ShouldBe(EvaluationOutcome.Success);
            list.FoldImages(f, 3);
            list.FoldImages(w, 9);
        }

        var six = Voigt.Lammps.ToArray();
        return new Evaluation(
            energy,
            [.. six.Select(place => virial[place])],
            forces[..(3 * Types.Length)],
            energies[..Types.Length],
            [.. Enumerable.Range(0, Types.Length).SelectMany(i => six.Select(place => virials[9 * i + place]))]);
    }
}
