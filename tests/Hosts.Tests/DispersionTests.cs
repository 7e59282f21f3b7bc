using MofInterop.ModelFiles.Cards;
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

    private static readonly HostSystem _system = Make();

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

        Evaluation.Read(folder, outcome).ShouldAgreeWith(_system.Expected(card));
    }

    [SkippableTheory]
    [InlineData("on")]
    [InlineData("off")]
    public async Task A_subdomain_without_atoms_takes_part_in_the_communication(string newton)
    {
        // 40 Å of vacuum along x: the middle one of three subdomains has neither atoms nor ghosts.
        using var folder = new HostFolder();
        var card = DispersionFiles.WriteCard(folder.Path, ZeroDamping, Atoms);
        var wide = _system.WithVacuum(40);
        wide.Write(folder);

        var outcome = await folder.RunAsync(Evaluation.Script(wide.Style(card), newton, before: "processors 3 1 1"), ranks: 3);

        outcome.ShouldSucceed().Output.ShouldMatch(@"Nlocal:.* 0 min");
        Evaluation.Read(folder, outcome).ShouldAgreeWith(wide.Expected(card));
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

        var outcome = await folder.RunAsync(Evaluation.Script($"{Overlay}pair_coeff * * mof {card} {string.Join(' ', _system.Labels)}"), ranks: ranks);

        Evaluation.Read(folder, outcome).ShouldAgreeWith(_system.Expected(card));
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

        var expected = _system.Expected(card);
        Math.Abs(expected.Energy - _system.Expected(dispersion).Energy).ShouldBeGreaterThan(1e-3);
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

        Evaluation.ThermoRows(outcome).Length.ShouldBe(9);
        Evaluation.ShouldConserveEnergy(outcome, 1e-3);
    }

    // A lattice with random displacements: 80 atoms, none closer than 1.2 Å.
    private static HostSystem Make()
    {
        var random = new Random(61);
        var cell = new Cell(Rows);
        var positions = new List<double>();
        for (var n = 0; n < 80; n++)
        {
            var (x, y, z) = cell.ToCartesian((n % 4 + 0.5) / 4, (n / 4 % 4 + 0.5) / 4, (n / 16 + 0.5) / 5);
            positions.AddRange([x + 0.6 * (random.NextDouble() - 0.5), y + 0.6 * (random.NextDouble() - 0.5), z + 0.6 * (random.NextDouble() - 0.5)]);
        }

        return new HostSystem([.. Atoms.Select(atom => atom.Label)], Rows, [.. positions], [.. Enumerable.Range(0, 80).Select(i => i * 7 % Atoms.Length)]);
    }

    private static string Style(HostFolder folder, string card)
    {
        _system.Write(folder);
        return _system.Style(card);
    }
}
