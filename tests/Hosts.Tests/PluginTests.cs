namespace MofInterop.Hosts.Tests;

[Collection(nameof(PeerLammps))]
public class PeerPluginTests(PeerLammps lammps) : PluginTests(lammps);

[Collection(nameof(NewestLammps))]
public class NewestPluginTests(NewestLammps lammps) : PluginTests(lammps);

/// <summary>mofplugin.so in a LAMMPS with the PLUGIN package.</summary>
public abstract class PluginTests(PluginLammps lammps)
{
    private const string Single = "Ta06A_linear_2J6";

    [SkippableTheory]
    [InlineData(Single, 1)]
    [InlineData("Ta06A_zbl_overlay", 1)]
    [InlineData("ZIF8_published_rattled", 2)]
    public async Task Loaded_by_name_it_gives_the_numbers_of_ML_SNAP(string name, int ranks)
    {
        var (reference, folder) = Prepare(name);
        using (folder)
        {
            var outcome = await lammps.RunAsync(folder, Evaluation.Script(reference.StyleLines()), ranks);

            Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
        }
    }

    [SkippableFact]
    public async Task In_a_folder_of_LAMMPS_PLUGIN_PATH_it_is_there_from_the_start_and_after_clear()
    {
        var (reference, folder) = Prepare(Single);
        using (folder)
        {
            var script = Evaluation.Script(reference.StyleLines(), dump: "first.dump").Replace("@load@", "", StringComparison.Ordinal);
            var again = Evaluation.Script(reference.StyleLines()).Replace("@load@", "", StringComparison.Ordinal);
            Skip.IfNot(lammps.Absent is null, lammps.Absent);

            var outcome = await lammps.RunAsync(folder, $"{script}clear\n{again}", environment: ("LAMMPS_PLUGIN_PATH", Path.GetDirectoryName(lammps.Plugin)));

            outcome.ShouldSucceed().Output.ShouldContain("Loaded 1 plugins from");
            Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
        }
    }

    [SkippableTheory]
    [InlineData("clear")]
    [InlineData("plugin clear\nclear")]
    [InlineData("plugin unload pair mof/snap\nplugin unload pair mof\nplugin unload compute mof/grade\nclear")]
    public async Task Taken_out_while_in_use_it_can_be_loaded_again(string between)
    {
        var (reference, folder) = Prepare("Ta06A_zbl_overlay");
        using (folder)
        {
            var script = Evaluation.Script(reference.StyleLines());

            var outcome = await lammps.RunAsync(folder, $"{script}{between}\n{script}");

            Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
        }
    }

    [SkippableTheory]
    [InlineData(Single, "plugin unload pair mof/snap")]
    [InlineData(Single, "plugin clear")]
    [InlineData("Ta06A_zbl_overlay", "plugin unload pair mof/snap")]
    [InlineData("Ta06A_zbl_overlay", "plugin clear")]
    public async Task Unloading_it_in_use_takes_the_pair_style_away_and_LAMMPS_goes_on(string name, string command)
    {
        var (reference, folder) = Prepare(name);
        using (folder)
        {
            var outcome = await lammps.RunAsync(folder, $"{Evaluation.Script(reference.StyleLines())}{command}\nprint \"style $(is_active(pair,single))\"\nplugin list\n");

            outcome.ShouldSucceed().Output.ShouldContain("style 0");
            outcome.Output.ShouldNotContain("pair style plugin mof/snap\n", Case.Sensitive, "after the command");
        }
    }

    [SkippableTheory]
    [InlineData("plugin unload pair mof/snap")]
    [InlineData("plugin clear")]
    public async Task Unloaded_before_use_its_styles_are_unknown(string command)
    {
        using var folder = new HostFolder();

        var outcome = await lammps.RunAsync(folder, $"@load@\n{command}\nunits metal\nregion b block 0 9 0 9 0 9\ncreate_box 1 b\npair_style mof/snap\n");

        outcome.ShouldFailWith("Unrecognized pair style 'mof/snap'");
    }

    [SkippableFact]
    public async Task Loaded_twice_it_says_so_and_works()
    {
        var (reference, folder) = Prepare(Single);
        using (folder)
        {
            var outcome = await lammps.RunAsync(folder, $"@load@\n{Evaluation.Script(reference.StyleLines())}");

            outcome.ShouldSucceed().Output.ShouldContain("Ignoring load of pair style mof/snap");
            Evaluation.Read(folder, outcome).ShouldAgreeWith(reference.Expected);
        }
    }

    [SkippableFact]
    public async Task Built_for_another_version_it_refuses()
    {
        using var folder = new HostFolder();

        var outcome = await lammps.RunAsync(folder, $"plugin load {await lammps.PluginForAnotherVersionAsync()}\n");

        outcome.ShouldFailWith("ERROR: mofplugin.so: the mof pair styles were built for LAMMPS", "build them again");
    }

    [SkippableFact]
    public async Task Built_for_larger_integers_it_refuses()
    {
        using var folder = new HostFolder();

        var outcome = await lammps.RunAsync(folder, $"plugin load {await lammps.PluginForLargerIntegersAsync()}\n");

        outcome.ShouldFailWith("ERROR: mofplugin.so: the mof pair styles were built for atom ids of 64 bits, this LAMMPS has 32", "LAMMPS_SIZES=SMALLBIG");
    }

    [SkippableFact]
    public async Task A_program_that_embeds_LAMMPS_goes_on_after_a_pair_coeff_that_failed()
    {
        var (reference, folder) = Prepare("WBe_linear_2J8");
        using (folder)
        {
            var files = ReferenceAgreementTests.Files("WBe_Wood_PRB2019");

            var outcome = await lammps.RunAsLibraryAsync(folder, $"""
                units metal
                box tilt large
                read_data system.data
                @load@
                pair_style mof/snap
                ? pair_coeff * * none.snapcoeff none.snapparam W Be
                ? run 0
                ? pair_coeff * * {files} W
                ? run 0
                ? pair_coeff * * {files} W Tungsten
                ? run 0
                {reference.StyleLines()}
                run 0
                ? pair_coeff * * none.snapcoeff none.snapparam W Be
                ? run 0
                pair_coeff * * {files} W Be
                run 0
                print "energy $(pe:%.12g)"
                """);

            var failures = outcome.ShouldSucceed().Output.Split('\n').Where(line => line.StartsWith("failed: ", StringComparison.Ordinal)).ToArray();
            failures.Length.ShouldBe(8);
            foreach (var run in failures.Where((_, i) => i % 2 == 1))
            {
                run.ShouldContain("All pair coeffs are not set");
            }

            failures[0].ShouldContain("none.snapcoeff");
            failures[2].ShouldContain("got 5");
            failures[4].ShouldContain("Tungsten");
            var energy = outcome.Output.Split('\n').Last(line => line.StartsWith("energy ", StringComparison.Ordinal))["energy ".Length..];
            Evaluation.Numbers(energy)[0].ShouldBe(reference.Expected.Energy, 1e-8);
        }
    }

    [SkippableFact]
    public async Task Rerun_gives_the_energies_of_the_run()
    {
        var (reference, folder) = Prepare("ZIF8_published_rattled");
        using (folder)
        {
            await StyleCommandTests.RerunShouldGiveTheEnergiesOfTheRun(reference, script => lammps.RunAsync(folder, script));
        }
    }

    [SkippableTheory]
    [InlineData("ZIF8_published_rattled")]
    [InlineData("Ta06A_zbl_overlay")]
    public async Task A_restarted_run_goes_on_as_if_it_had_not_stopped(string name)
    {
        var (reference, folder) = Prepare(name);
        using (folder)
        {
            await DynamicsTests.RestartShouldGoOn(reference, folder, script => lammps.RunAsync(folder, script));
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(0)]
    public async Task Fix_pair_gives_the_grades_of_the_compute(int trigger)
    {
        var (folder, _, model) = GradeTests.Prepare();
        using (folder)
        {
            var script = GradeTests.Script(model, "pair_style mof", run: $"""
                fix grades all pair 2 mof grade {trigger}
                dump pairs all custom 2 pairs.dump id f_grades
                dump_modify pairs sort id format float %.16g
                fix 1 all nve
                timestep 0.0005
                run 4
                """);

            var outcome = await lammps.RunAsync(folder, script);

            var (ofFix, ofCompute) = (GradeTests.Frames(folder, "pairs.dump", outcome), GradeTests.Frames(folder, "grades.dump", outcome));
            ofFix.Length.ShouldBe(3);
            for (var frame = 0; frame < 3; frame++)
            {
                ofFix[frame].ShouldAgreeWith(ofCompute[2 * frame]);
            }

            ofCompute[0].ShouldAgreeWith(model.Expected());
        }
    }

    [SkippableTheory]
    [InlineData("plugin unload compute mof/grade", "undump grades")]
    [InlineData("plugin clear", "undump grades\npair_style zero 3\npair_coeff * *")]
    public async Task Unloading_the_compute_in_use_takes_it_away_and_LAMMPS_goes_on(string command, string then)
    {
        var (folder, _, model) = GradeTests.Prepare();
        using (folder)
        {
            var outcome = await lammps.RunAsync(folder, $"{GradeTests.Script(model, "pair_style mof")}{command}\nprint \"compute $(is_defined(compute,grades))\"\n{then}\nrun 0\n");

            outcome.ShouldSucceed().Output.ShouldContain("compute 0");
        }
    }

    /// <summary>The same input with one word changed, in the same LAMMPS: what a user of pair_style snap does.</summary>
    [SkippableTheory]
    [InlineData("pair_style STYLE\npair_coeff * * FILES W Be")]
    [InlineData("pair_style STYLE\npair_coeff * * FILES W Be\npair_modify tail yes mix arithmetic")]
    [InlineData("pair_style STYLE\npair_coeff * * FILES W Be\npair_style STYLE")]
    [InlineData("pair_style hybrid STYLE zbl 3 4\npair_coeff * * STYLE FILES W NULL\npair_coeff 1*2 2 zbl 4 4")]
    [InlineData("pair_style hybrid/overlay STYLE zbl 3 4\npair_coeff * * zbl 4 4\npair_coeff 1 1 zbl 74 74\npair_coeff * * STYLE FILES W Be")]
    [InlineData("pair_style hybrid STYLE STYLE zbl 3 4\npair_coeff * * STYLE 1 FILES W NULL\npair_coeff * * STYLE 2 FILES NULL Be\npair_coeff 1 2 zbl 4 74")]
    [InlineData("pair_style hybrid/scaled 0.25 STYLE 0.75 zbl 3 4\npair_coeff * * zbl 4 4\npair_coeff * * STYLE FILES W Be")]
    [InlineData("pair_style STYLE\npair_coeff * * FILES W Be\nvariable s equal 1.5\nfix s all adapt 1 pair STYLE scale 2 2 v_s", false)]
    public async Task One_word_changed_in_the_input_of_pair_style_snap_changes_no_number(string lines, bool perAtomStress = true)
    {
        var (_, folder) = Prepare("WBe_linear_2J8");
        using (folder)
        {
            async Task<Evaluation> Run(string style)
            {
                var styleLines = lines.Replace("STYLE", style, StringComparison.Ordinal).Replace("FILES", ReferenceAgreementTests.Files("WBe_Wood_PRB2019"), StringComparison.Ordinal);
                return Evaluation.Read(folder, await lammps.RunAsync(folder, Evaluation.Script(styleLines)));
            }

            var (snap, ours) = (await Run("snap"), await Run("mof/snap"));

            // pair_style snap forgets the scale in per-atom stresses (LAMMPS 4Feb2025, pair_snap.cpp, its call of ev_tally_xyz).
            ours.ShouldAgreeWith(perAtomStress ? snap : snap with { AtomVirials = ours.AtomVirials });
        }
    }

    private static (SnapReference Reference, HostFolder Folder) Prepare(string name)
    {
        var reference = SnapReference.Load(name);
        var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));
        return (reference, folder);
    }
}
