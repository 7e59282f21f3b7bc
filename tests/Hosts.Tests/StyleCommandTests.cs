namespace MofInterop.Hosts.Tests;

/// <summary>Commands of LAMMPS that act on a pair style, through stock LAMMPS.</summary>
public class StyleCommandTests
{
    [SkippableTheory]
    [InlineData(1, "on", "mof/snap")]
    [InlineData(2, "off", "mof/snap")]
    [InlineData(1, "on", "mof/snap threads 2")]
    [InlineData(2, "off", "hybrid/overlay mof/snap threads 2 zbl 0.1 0.2")]
    public async Task Fix_adapt_scales_the_energy_of_each_type(int ranks, string newton, string style)
    {
        // E = s1·E1 + s2·E2 and so are forces and virials: what (2, 1) and (1, 3) give together is known from (1, 1).
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        string Styled(string lines) => style.StartsWith("hybrid", StringComparison.Ordinal)
            ? Styles(lines).Replace("pair_coeff * *", "pair_coeff * * mof/snap", StringComparison.Ordinal) + "\npair_coeff * * zbl 4 4"
            : Styles(lines);
        string Styles(string lines) => lines.Replace("pair_style mof/snap", $"pair_style {style}", StringComparison.Ordinal);
        async Task<Evaluation> Scaled(double first, double second)
        {
            var lines = $"""
                {Styled(reference.StyleLines())}
                variable first equal {first}
                variable second equal {second}
                fix scale all adapt 1 pair mof/snap scale 1 1 v_first pair mof/snap scale 2 2 v_second
                """;
            return Evaluation.Read(folder, await folder.RunAsync(Evaluation.Script(lines, newton), ranks: ranks));
        }

        var (firstDoubled, secondTripled) = (await Scaled(2, 1), await Scaled(1, 3));

        // 2·(2, 1) + (1, 3) = 5·(1, 1)
        Combine(2, firstDoubled, 1, secondTripled).ShouldAgreeWith(Combine(5, reference.Expected, 0, reference.Expected));
        for (var i = 0; i < reference.AtomLabels.Count; i++)
        {
            var factor = reference.AtomLabels[i] == reference.Types[0] ? 2 : 1;
            firstDoubled.AtomEnergies[i].ShouldBe(factor * reference.Expected.AtomEnergies[i], 1e-8);
        }
    }

    [SkippableFact]
    public async Task Pair_coeff_sets_the_scale_back_to_one()
    {
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var lines = $"""
            {reference.StyleLines()}
            variable two equal 2
            fix scale all adapt 1 pair mof/snap scale * * v_two
            run 0
            unfix scale
            {reference.StyleLines()}
            """;

        var outcome = await folder.RunAsync(Evaluation.Script(lines));

        Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Each_style_of_hybrid_sees_its_own_types_only(int ranks)
    {
        // Two instances, one for each element, and a zbl without effect in between: each is alone with its sublattice.
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var files = ReferenceAgreementTests.Files("WBe_Wood_PRB2019");
        async Task<Evaluation> Run(string lines) => Evaluation.Read(folder, await folder.RunAsync(Evaluation.Script(lines), ranks: ranks));
        string Overlay(string labels) => $"pair_style hybrid/overlay zbl 0.1 0.2 mof/snap\npair_coeff * * zbl 4 4\npair_coeff * * mof/snap {files} {labels}";

        var tungsten = await Run(Overlay("W NULL"));
        var beryllium = await Run(Overlay("NULL Be"));
        var both = await Run($"""
            pair_style hybrid mof/snap mof/snap zbl 0.1 0.2
            pair_coeff * * mof/snap 1 {files} W NULL
            pair_coeff * * mof/snap 2 {files} NULL Be
            pair_coeff 1 2 zbl 4 4
            """);

        both.ShouldAgreeWith(Combine(1, tungsten, 1, beryllium));
    }

    [SkippableFact]
    public async Task Each_style_of_hybrid_has_its_own_keywords()
    {
        var reference = SnapReference.Load("WBe_linear_2J8");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        var files = ReferenceAgreementTests.Files("WBe_Wood_PRB2019");
        string Script(string first, string second) => Evaluation.Script($"""
            pair_style hybrid mof/snap {first} mof/snap {second} zbl 0.1 0.2
            pair_coeff * * mof/snap 1 {files} W NULL
            pair_coeff * * mof/snap 2 {files} NULL Be
            pair_coeff 1 2 zbl 4 4
            """);

        var plain = Evaluation.Read(folder, await folder.RunAsync(Script("", "")));
        var outcome = await folder.RunAsync(Script("threads 2", "precision mixed"));

        outcome.Output.ShouldContain("2 threads per MPI rank, x86-64");
        outcome.Output.ShouldContain("1 thread per MPI rank, mixed precision");
        var (mixed, exact) = (Evaluation.Read(folder, outcome).Forces, plain.Forces);
        for (var i = 0; i < exact.Length; i++)
        {
            mixed[i].ShouldBe(exact[i], reference.AtomLabels[i / 3] == "W" ? 1e-9 : 1e-5, $"[{i}]");
        }
    }

    [SkippableTheory]
    [InlineData(1, "on")]
    [InlineData(2, "off")]
    public async Task A_box_that_is_empty_at_times_has_no_energy_then(int ranks, string newton)
    {
        using var folder = new HostFolder();

        var outcome = await folder.RunAsync($"""
            newton {newton}
            {LoaderTests.OneAtom($"{ReferenceAgreementTests.Snap("Ta06A", "Ta")}\ndelete_atoms group all")}
            compute energies all pe/atom
            compute stresses all stress/atom NULL
            compute sums all reduce sum c_energies c_stresses[1]
            thermo_style custom step pe c_sums[*]
            thermo_modify format float %.12g
            fix 1 all nve
            run 2
            print "empty $(pe) $(c_sums[1]) $(c_sums[2])"
            create_atoms 1 single 1 1 1
            create_atoms 1 single 3 2 2
            run 2
            print "two $(abs(pe-c_sums[1]) < 1e-9) $(pe < -1)"
            delete_atoms group all
            run 2
            print "again $(pe) $(c_sums[1]) $(c_sums[2])"

            """, ranks: ranks);

        outcome.ShouldSucceed().Output.ShouldContain("empty 0 0 0");
        outcome.Output.ShouldContain("two 1 1");
        outcome.Output.ShouldContain("again 0 0 0");
    }

    [SkippableFact]
    public async Task Pair_modify_leaves_the_numbers_alone_and_switches_the_style_off()
    {
        var reference = SnapReference.Load("Ta06A_linear_2J6");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        var shifted = Evaluation.Read(folder, await folder.RunAsync(Evaluation.Script($"{reference.StyleLines()}\npair_modify shift yes mix arithmetic")));
        var off = Evaluation.Read(folder, await folder.RunAsync(Evaluation.Script($"{reference.StyleLines()}\npair_modify compute no")));

        shifted.ShouldAgreeWith(reference.Expected);
        off.Energy.ShouldBe(0);
        off.Forces.ShouldAllBe(force => force == 0);
    }

    [SkippableFact]
    public async Task Rerun_gives_the_energies_of_the_run()
    {
        var reference = SnapReference.Load("ZIF8_published_rattled");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        await RerunShouldGiveTheEnergiesOfTheRun(reference, script => folder.RunAsync(script));
    }

    internal static async Task RerunShouldGiveTheEnergiesOfTheRun(SnapReference reference, Func<string, Task<HostOutcome>> lammps)
    {
        string Script(string run) => $"""
            units metal
            atom_modify map yes
            box tilt large
            read_data system.data
            @load@
            {reference.StyleLines()}
            timestep 0.0005
            thermo 5
            thermo_style custom step pe
            thermo_modify format float %.12g
            {run}

            """;

        var run = await lammps(Script("dump d all custom 5 frames.dump id type x y z\ndump_modify d sort id format float %.17g\nfix 1 all nve\nrun 10"));
        var rerun = await lammps(Script("rerun frames.dump dump x y z"));

        var expected = Energies(run.ShouldSucceed().Output);
        var actual = Energies(rerun.ShouldSucceed().Output);
        expected.Length.ShouldBe(3);
        actual.Length.ShouldBe(3);
        actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max().ShouldBeLessThan(1e-7);
    }

    [SkippableFact]
    public async Task What_needs_the_energy_of_a_single_pair_is_refused()
    {
        var reference = SnapReference.Load("Ta06A_linear_2J6");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        var compute = await folder.RunAsync(Evaluation.Script($"{reference.StyleLines()}\ncompute between all group/group all"));
        var write = await folder.RunAsync(Evaluation.Script($"{reference.StyleLines()}\npair_write 1 1 10 r 1.0 4.0 table.txt Ta"));

        compute.ShouldFailWith("ERROR: Pair style", "does not support compute group/group");
        write.ShouldFailWith("ERROR: Pair style", "does not support pair_write");
    }

    private static double[] Energies(string output) =>
        [.. output.Split('\n', StringSplitOptions.TrimEntries)
            .SkipWhile(line => !line.StartsWith("Step ", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("Loop", StringComparison.Ordinal))
            .Where(line => !line.StartsWith("WARNING", StringComparison.Ordinal))
            .Select(line => Evaluation.Numbers(line)[1])];

    private static Evaluation Combine(double a, Evaluation first, double b, Evaluation second)
    {
        double[] Sum(double[] x, double[] y) => [.. x.Zip(y, (p, q) => a * p + b * q)];
        return new Evaluation(
            a * first.Energy + b * second.Energy,
            Sum(first.Virial, second.Virial),
            Sum(first.Forces, second.Forces),
            Sum(first.AtomEnergies, second.AtomEnergies),
            Sum(first.AtomVirials, second.AtomVirials));
    }
}
