using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>Neural potentials of all kinds through stock LAMMPS, by the same tests: what the library computes without a host, for any number of ranks, in any cell, at rest and in motion.</summary>
public sealed class NeuralTests : IDisposable
{
    // Å. As open as a framework: with a cutoff of 6 Å there are some fifty neighbours.
    private const double Spacing = 2.6;

    private readonly HostFolder _folder = new();

    public static TheoryData<string> Kinds => new(SampleModel.NeuralKinds);

    /// <summary>Kinds with ranks and the setting of newton; one run of each goes through the script's own loader.</summary>
    public static TheoryData<string, int, string, Loader> Layouts
    {
        get
        {
            var data = new TheoryData<string, int, string, Loader>();
            foreach (var kind in SampleModel.NeuralKinds)
            {
                data.Add(kind, 1, "off", Loader.Script);
                data.Add(kind, 2, "off", Loader.Launcher);
                data.Add(kind, 4, "on", Loader.Launcher);
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Layouts))]
    public async Task All_results_are_those_of_the_library_for_any_ranks_and_newton(string kind, int ranks, string newton, Loader loader)
    {
        var (card, system) = Prepared(kind, 4, 3, 4);

        var outcome = await _folder.RunAsync(Evaluation.Script(system.Style(card), newton), loader, ranks);

        Evaluation.Read(_folder, outcome).ShouldAgreeWith(system.Expected(card), 1e-8);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_cell_much_smaller_than_the_cutoff_and_ranks_without_atoms_are_no_matter(string kind)
    {
        var (card, system) = Prepared(kind, 1, 2, 1);
        var expected = system.Expected(card);

        foreach (var (ranks, newton) in ((int, string)[])[(1, "on"), (4, "off")])
        {
            var outcome = await _folder.RunAsync(Evaluation.Script(system.Style(card), newton), ranks: ranks);
            Evaluation.Read(_folder, outcome).ShouldAgreeWith(expected, 1e-8);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task A_subdomain_in_the_vacuum_beside_a_slab_takes_part(string kind)
    {
        var (card, slab) = Prepared(kind, 2, 3, 3);
        var system = slab.WithVacuum(40);
        system.Write(_folder);

        var outcome = await _folder.RunAsync(Evaluation.Script(system.Style(card), before: "processors 3 1 1"), ranks: 3);

        outcome.ShouldSucceed().Output.ShouldMatch(@"Nlocal:.* 0 min");
        Evaluation.Read(_folder, outcome).ShouldAgreeWith(system.Expected(card), 1e-8);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Atoms_that_move_from_rank_to_rank_go_where_they_would_on_one(string kind)
    {
        const int Steps = 20;
        var (card, system) = Prepared(kind, 4, 3, 3);
        string Script(string dump) => "processors 4 1 1\n" + Start(system, card) + $"""
            velocity all create 300 4711 loop all
            velocity all set 300 90 0 sum yes units box
            timestep 0.0002
            fix 1 all nve
            neigh_modify every 1 delay 0 check yes
            thermo 2
            thermo_style custom step etotal ke
            thermo_modify format float %.14g
            dump 1 all custom {Steps} {dump} id xu yu zu fx fy fz
            dump_modify 1 sort id format float %.16g
            run {Steps}

            """;

        var one = await _folder.RunAsync(Script("one.dump").Replace("processors 4 1 1\n", "", StringComparison.Ordinal));
        var four = await _folder.RunAsync(Script("four.dump"), ranks: 4);

        Evaluation.ShouldConserveEnergy(one, 0.02);
        Evaluation.ShouldConserveEnergy(four, 0.02);
        four.Output.ShouldContain("4 by 1 by 1", Case.Sensitive);
        var (expected, found) = (LastFrame("one.dump"), LastFrame("four.dump"));
        found.Length.ShouldBe(7 * system.Count);
        found.Zip(expected, (a, b) => Math.Abs(a - b) / (1 + Math.Abs(b))).Max().ShouldBeLessThan(1e-7);
        // 0.004 ps at 300 Å/ps: half a subdomain.
        (expected[1] - system.Positions[0]).ShouldBeGreaterThan(1);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Minimization_goes_downhill_to_the_same_place_on_any_ranks(string kind)
    {
        var (card, system) = Prepared(kind, 3, 3, 3);
        var script = Start(system, card) + """
            thermo 2
            thermo_style custom step pe fnorm
            thermo_modify format float %.14g
            min_style cg
            min_modify line quadratic dmax 0.05
            minimize 0 0 6 40

            """;

        var one = Evaluation.ThermoRows(await _folder.RunAsync(script));
        var two = Evaluation.ThermoRows(await _folder.RunAsync(script, ranks: 2));

        one[^1][1].ShouldBeLessThan(one[0][1]);
        for (var row = 1; row < one.Length; row++)
        {
            one[row][1].ShouldBeLessThanOrEqualTo(one[row - 1][1]);
        }

        two[^1][1].ShouldBe(one[^1][1], 1e-6 * (1 + Math.Abs(one[^1][1] - one[0][1])));
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Overlaid_with_ZBL_it_is_the_sum_of_both(string kind)
    {
        var (card, system) = Prepared(kind, 3, 3, 3);
        int[] numbers = [.. system.Labels.Select(label => Elements.BySymbol(label).AtomicNumber)];
        var pairs = string.Concat(
            from i in Enumerable.Range(0, numbers.Length)
            from j in Enumerable.Range(i, numbers.Length - i)
            select string.Create(CultureInfo.InvariantCulture, $"pair_coeff {i + 1} {j + 1} zbl {numbers[i]} {numbers[j]}\n"));
        const string Radii = "2 3.2";

        var both = Evaluation.Read(_folder, await _folder.RunAsync(Evaluation.Script($"pair_style hybrid/overlay zbl {Radii} mof\n{pairs}pair_coeff * * mof {card} {string.Join(' ', system.Labels)}"), ranks: 2), "atoms.dump");
        var repulsion = Evaluation.Read(_folder, await _folder.RunAsync(Evaluation.Script($"pair_style zbl {Radii}\n{pairs.Replace("zbl ", "", StringComparison.Ordinal)}")));

        var alone = system.Expected(card);
        repulsion.Energy.ShouldBeGreaterThan(0.1);
        static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];
        both.ShouldAgreeWith(
            new Evaluation(alone.Energy + repulsion.Energy, Sum(alone.Virial, repulsion.Virial), Sum(alone.Forces, repulsion.Forces), Sum(alone.AtomEnergies, repulsion.AtomEnergies), Sum(alone.AtomVirials, repulsion.AtomVirials)),
            1e-8);
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Two_atoms_on_one_spot_end_the_run_of_all_ranks_with_their_IDs(string kind)
    {
        var (card, system) = Prepared(kind, 3, 3, 3);
        var script = Evaluation.Script(system.Style(card) + "\nset atom 1 x 1 y 1 z 1\nset atom 23 x 1 y 1.0000001 z 1\n");

        foreach (var ranks in (int[])[1, 2])
        {
            var outcome = await _folder.RunAsync(script, ranks: ranks);
            outcome.ShouldFailWith("Pair style mof, step 0", "is on the same spot").Everything.ShouldMatch(@"\(atom ID (1, atom ID 23|23, atom ID 1)\)");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Two_atoms_that_nearly_touch_give_numbers_or_an_error_of_ours(string kind)
    {
        var (card, system) = Prepared(kind, 3, 3, 3);

        var outcome = await _folder.RunAsync(Evaluation.Script(system.Style(card) + "\nset atom 1 x 1 y 1 z 1\nset atom 23 x 1 y 1.01 z 1\n"));

        if (outcome.ExitCode == 0)
        {
            var found = Evaluation.Read(_folder, outcome);
            ((double[])[found.Energy, .. found.Forces, .. found.Virial, .. found.AtomVirials]).ShouldAllBe(one => double.IsFinite(one));
        }
        else
        {
            outcome.ShouldFailWith("Pair style mof, step 0", "not finite", "(atom ID ");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Kinds))]
    public async Task Atoms_that_a_far_too_large_timestep_sends_away_end_the_run_with_step_and_IDs(string kind)
    {
        var (card, system) = Prepared(kind, 3, 3, 3);

        var outcome = await _folder.RunAsync(Start(system, card) + """
            velocity all create 300 4711
            timestep 1e160
            fix 1 all nve
            neigh_modify every 1000 delay 1000 check no
            run 10

            """, ranks: 2);

        // With lists that are made anew LAMMPS notices by itself that atoms are lost.
        outcome.ShouldFailWith("Pair style mof, step 1: ", "a position is not finite", "(atom ID ");
    }

    private static string Start(HostSystem system, string card) => $"""
        units metal
        atom_modify map yes
        box tilt large
        read_data system.data
        {system.Style(card)}

        """;

    private (string Card, HostSystem System) Prepared(string kind, int a, int b, int c)
    {
        HostPrograms.SkipUnlessPresent();
        var sample = SampleModel.Write(kind, _folder.Path);
        Skip.If(sample is null, "the reference data are not here");
        var system = HostSystem.Lattice([.. sample!.Species.Select(one => one.Label)], a, b, c, Spacing);
        system.Write(_folder);
        return (sample.CardPath, system);
    }

    private double[] LastFrame(string dump)
    {
        var lines = File.ReadAllLines(_folder.File(dump));
        var last = Array.FindLastIndex(lines, line => line.StartsWith("ITEM: ATOMS", StringComparison.Ordinal));
        return [.. lines.Skip(last + 1).SelectMany(Evaluation.Numbers)];
    }
}
