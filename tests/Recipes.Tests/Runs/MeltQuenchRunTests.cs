using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Melting and quenching by real runs of LAMMPS: argon, whose melting point is known; silica, whose net has rings; and what goes wrong.</summary>
public sealed class MeltQuenchRunTests : IDisposable
{
    // Melting point of Lennard-Jones at low pressure: 0.694 epsilon/k (E. A. Mastny and J. J. de Pablo, J. Chem. Phys. 127 (2007) 104504), and 0.25 K/MPa more, as argon's; at 20 MPa.
    private const double MeltingPoint = 0.694 * ArgonRecipe.WellDepth / Potentials.Units.PhysicalConstants.Boltzmann + 5;

    private const string Melt = """
          - name: melt
            kind: melt-quench
            uses: { structure: structure.structure, model: potential.model }
            supercell: [3, 3, 3]
            runs: 2
            pressure: 200 bar
            temperature: 60 K
            equilibration: 8 ps
            heating_rate: 2 K/ps
            melt_temperature: 135 K
            hold: 16 ps
            cooling_rate: 6 K/ps
            window: 3 ps
            time_step: 5 fs
            restart_every: 1 ps
            thermostat_damping: 500 fs
            barostat_damping: 2 ps
            rdf: { cutoff: 7.5 angstrom, bin: 0.1 angstrom }
        """;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [SkippableFact]
    public void Argon_melts_somewhat_above_its_melting_point_and_neither_another_cooling_rate_nor_another_criterion_melts_it_again()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        Finish(ArgonRecipe.Write(_program.Folder, Melt));
        var record = Record();
        record.RunsMelted.ShouldBe(2, record.Verdict);
        record.Criteria.Single().Criterion.ShouldBe(MeltingCriterion.Mobility);
        record.Melting!.Value.Value.ShouldBeInRange(MeltingPoint, 1.5 * MeltingPoint, "a crystal without a surface is superheated");
        record.Runs.ShouldAllBe(run => run.Melted!.Stage == "heating" && run.Problem == null && run.Stages.Count == 5);
        record.Spacing.ShouldBe(5.3 / Math.Sqrt(2), 1e-9);

        // Before it melts nothing goes on, though atoms swing more and more; afterwards they diffuse.
        foreach (var run in record.Runs)
        {
            var windows = run.Stages[1].Windows;
            windows.Where(window => window.Temperature < 85).ShouldAllBe(window => window.Exponent < 0.5 && window.Lindemann < 0.15);
            windows[^1].Displacement.ShouldBeGreaterThan(3 * windows[0].Displacement);
            run.Stages[2].Windows.ShouldAllBe(window => window.Exponent > 0.7 && window.Lindemann > 0.3);
        }

        double Density(int state) => record.States[state].Means["density"].Value;
        record.States.Select(state => state.Name).ShouldBe(["crystal", "liquid", "glass"]);
        Density(0).ShouldBe(1.70, 0.05);
        Density(1).ShouldBeInRange(0.9, 1.25);
        Density(2).ShouldBeInRange(Density(1) + 0.1, Density(0) - 0.02, "a solid that has not found its crystal");
        record.Differences.Single().CrystalLiquid.ShouldBeGreaterThan(record.Differences[0].LiquidGlass);
        var liquid = Curves().States[1];
        liquid.Displacements.Single().Exponent.ShouldBeGreaterThan(0.75);
        Curves().States[0].Displacements.Single().Displacement[^1].ShouldBeLessThan(0.2 * liquid.Displacements.Single().Displacement[^1]);
        liquid.Pairs[0].Curve.G.Max().ShouldBeLessThan(Curves().States[0].Pairs[0].Curve.G.Max());

        var outputs = _program["run/steps/melt/outputs"];
        File.ReadLines(Path.Combine(outputs, "tables", "run-1.csv")).First().ShouldBe("stage,time_ps,temperature_K,density_g_per_cm3,pressure_MPa,energy_eV_per_atom,displacement_angstrom,lindemann,exponent");
        foreach (var state in (string[])["crystal", "liquid", "glass"])
        {
            File.Exists(Path.Combine(outputs, "tables", $"rdf-{state}.csv")).ShouldBeTrue();
            ExtendedXyz.Read(Path.Combine(outputs, $"{state}-frames.extxyz")).Count().ShouldBe(40);
        }

        var report = File.ReadAllText(_program["run/report.html"]);
        report.ShouldContain("melted in 2 of 2 runs");
        report.ShouldContain("some 20 % above");
        File.Exists(_program["run/figures/melt-time.svg"]).ShouldBeTrue();

        Stages().Length.ShouldBe(10);
        Finish(ArgonRecipe.Write(_program.Folder, Melt.Replace("cooling_rate: 6 K/ps", "cooling_rate: 12 K/ps", StringComparison.Ordinal)));
        Stages().Length.ShouldBe(14, "cooling and glass of two runs");
        Record().Melting.ShouldBe(record.Melting);
        Record().CoolingRate.ShouldBe(12, 0.5);

        Finish(ArgonRecipe.Write(_program.Folder, Melt + "\n    criteria: { lindemann: 5 }\n"));
        Stages().Length.ShouldBe(14);
        Record().RunsMelted.ShouldBe(0);
        Record().Verdict.ShouldBe("did not melt: no criterion was met in any run up to 135 K; what was cooled is the crystal");
        File.ReadAllText(_program["run/report.html"]).ShouldContain("It did not melt");
    }

    [SkippableFact]
    public void A_run_that_is_killed_while_it_heats_goes_on_there_and_repeats_no_stage()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var slow = Melt.Replace("runs: 2", "runs: 1", StringComparison.Ordinal).Replace("melt_temperature: 135 K", "melt_temperature: 80 K", StringComparison.Ordinal)
            .Replace("heating_rate: 2 K/ps", "heating_rate: 0.2 K/ps", StringComparison.Ordinal).Replace("restart_every: 1 ps", "restart_every: 1.035 ps", StringComparison.Ordinal).Replace("pressure: 200 bar", "ensemble: nvt", StringComparison.Ordinal);
        var recipe = ArgonRecipe.Write(_program.Folder, slow);
        using (var first = new RunProcess(recipe, _program["run"]))
        {
            SpinWait.SpinUntil(() => first.HasExited || RestartFiles("run-1-heating-*") >= 3, TimeSpan.FromMinutes(4)).ShouldBeTrue();
            first.Kill().ShouldBeTrue("it was to be killed on its way");
            first.Survivors().ShouldBeEmpty();
        }

        var crystal = Stages().Single();
        var made = File.GetLastWriteTimeUtc(Path.Combine(crystal, "unit.json"));
        Finish(recipe);
        File.GetLastWriteTimeUtc(Path.Combine(crystal, "unit.json")).ShouldBe(made);
        Stages().Length.ShouldBe(5);
        var heating = Stages().Single(folder => Directory.GetDirectories(Path.Combine(folder, "lammps")).Length == 2);
        File.ReadAllText(Path.Combine(heating, "lammps", "segment-1", "in.lammps")).ShouldContain("# run-1-heating");
        SampleSeries.Read(Path.Combine(heating, "series.csv")).Select(sample => sample.Time).ShouldBe([.. Enumerable.Range(0, 1001).Select(k => 100.0 * k)], 1e-6);
        Directory.EnumerateFiles(_program["run/cache"], "restart.*", SearchOption.AllDirectories).ShouldBeEmpty();

        // Each stage begins where the one before it ended: one path, of which no frame is lost or double.
        var record = Record();
        record.Runs[0].Stages.Select(stage => stage.Length).ShouldBe([8, 100, 16, 20.0 / 6, 8], 0.1);
        record.Runs[0].Stages[1].Windows.Count.ShouldBe(33);
        record.Verdict.ShouldStartWith("did not melt");
    }

    [SkippableFact]
    public void A_run_that_blows_up_is_told_with_its_stage_and_the_others_go_on()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        const string cold = """
              - name: melt
                kind: melt-quench
                uses: { structure: structure.structure, model: potential.model }
                supercell: [3, 3, 3]
                runs: 4
                ensemble: nvt
                temperature: 40 K
                melt_temperature: 60 K
                heating_rate: 10 K/ps
                cooling_rate: 10 K/ps
                equilibration: 2 ps
                hold: 1 ps
                window: 1 ps
                time_step: 5 fs
                start: { displacement: 0.75 angstrom, strain: 0 % }
            """;
        Finish(ArgonRecipe.Write(_program.Folder, cold));
        var record = Record();
        record.Runs.Where(run => run.Problem is not null).ShouldNotBeEmpty();
        record.Runs.Where(run => run.Problem is not null).ShouldAllBe(run => run.Problem!.StartsWith("crystal: ") && run.Problem.EndsWith("ps of the stage, at 40 K") && run.Stages.Count == 1);
        var whole = record.Runs.Count(run => run.Problem is null);
        whole.ShouldBeInRange(1, 3);
        record.States[2].Runs.ShouldBe(whole);
        File.ReadAllText(_program["run/report.html"]).ShouldContain("ended early: crystal: ");

        // None at all: an error, which says where the first one ended.
        using var process = new RunProcess(ArgonRecipe.Write(_program.Folder, cold.Replace("0.75 angstrom", "1.25 angstrom", StringComparison.Ordinal)), _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Error);
        text.ShouldContain("no run came to a glass; run-1 ended in crystal: ");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Silica_loses_its_rings_and_its_glass_goes_into_later_steps()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        _program.Write("cristobalite.vasp", Cristobalite());
        Finish(_program.Write("silica.yaml", """
            name: silica
            seed: 5
            steps:
              - { name: structure, kind: structure, file: cristobalite.vasp }
              - name: potential
                kind: potential
                uses: { structure: structure.structure }
                lammps:                # B. W. H. van Beest, G. J. Kramer and R. A. van Santen, Phys. Rev. Lett. 64 (1990) 1955; Coulomb's forces end at 8 Å, ZBL within 1.4 Å
                  labels: [Si, O]
                  commands:
                    - fix charges all property/atom q ghost yes
                    - set type 1 charge 2.4
                    - set type 2 charge -1.2
                    - pair_style hybrid/overlay buck 8.0 coul/dsf 0.2 8.0 zbl 0.8 1.4
                    - 'pair_coeff * * coul/dsf'
                    - 'pair_coeff 1 2 buck 18003.7572 0.205205 133.5381'
                    - 'pair_coeff 2 2 buck 1388.773 0.362319 175.0'
                    - 'pair_coeff 1 1 zbl 14 14'
                    - 'pair_coeff 1 2 zbl 14 8'
                    - 'pair_coeff 2 2 zbl 8 8'
              - name: melt
                kind: melt-quench
                uses: { structure: structure.structure, model: potential.model }
                supercell: [2, 2, 2]
                runs: 1
                ensemble: nvt
                temperature: 300 K
                equilibration: 4 ps
                heating_rate: 500 K/ps
                melt_temperature: 6000 K
                hold: 8 ps
                cooling_rate: 500 K/ps
                window: 1 ps
                frames_every: 25 fs
                time_step: 1 fs
                criteria: { atoms: [Si], decided_by: [mobility, rings] }
                network: { metals: [Si], bonded_within: 2.2 angstrom, rings_every: 4, largest_ring: 10 }
                rdf: { cutoff: 7 angstrom, bin: 0.05 angstrom }
              - name: frames
                kind: network
                uses: { structure: melt.crystal, frames: melt.glass-frames }
                metals: [Si]
                bonded_within: 2.2 angstrom
                largest_ring: 10
              - name: itself
                kind: network
                uses: { structure: melt.structure }
                metals: [Si]
                bonded_within: 2.2 angstrom
                largest_ring: 10
              - name: pores
                kind: pores
                uses: { structure: melt.structure }
                probes: [1 angstrom]
                grid: 0.4 angstrom
                distribution_samples: 0
              - name: rest
                kind: relaxation
                uses: { structure: melt.structure, model: potential.model }
                cell: fixed
                force_tolerance: 1e-2 eV/angstrom
            """));
        var record = Record();
        record.RunsMelted.ShouldBe(1, record.Verdict);
        record.Melting!.Value.Value.ShouldBeInRange(4500, 6600);
        record.Criteria.Select(one => (one.Criterion, one.Decides)).ShouldBe([(MeltingCriterion.Mobility, true), (MeltingCriterion.Coordination, false), (MeltingCriterion.Rings, true)]);
        MeltStateRecord crystal = record.States[0], liquid = record.States[1], glass = record.States[2];

        // Cristobalite: twelve rings of six through each silicon atom, two for each. A tetrahedron stays one in melt and glass; the rings are other ones.
        crystal.Rings.Keys.ShouldBe([6]);
        crystal.Rings[6].Value.ShouldBe(2, 1e-12);
        crystal.Means["coordination"].Value.ShouldBe(4, 1e-12);
        crystal.Means["intact"].Value.ShouldBe(1, 1e-12);
        liquid.Means["coordination"].Value.ShouldBeInRange(3.7, 3.97);
        liquid.Means["intact"].Value.ShouldBeInRange(0.7, 0.95);
        liquid.Rings[6].Value.ShouldBeLessThan(0.6);
        glass.Means["coordination"].Value.ShouldBe(4, 0.06);
        glass.Means["intact"].Value.ShouldBeGreaterThan(0.95);
        glass.Rings.Keys.ShouldBeSubsetOf([2, 3, 4, 5, 6, 7, 8, 9, 10]);
        glass.Rings[5].Value.ShouldBeGreaterThan(0.1);
        glass.Rings[6].Value.ShouldBeLessThan(1);
        record.Runs[0].Criteria[2].Lost.ShouldBeNull("rings do not come back");
        record.Differences.Count.ShouldBe(4);
        record.Differences[^1].CrystalGlass.ShouldBeGreaterThan(0.1);

        // Later steps see the glass with the crystal's types, and the net as it is now.
        var given = ExtendedXyz.Read(_program["run/steps/melt/outputs/glass.extxyz"]).Single();
        given.Types!.Distinct().Order().ShouldBe(["O2a", "Si4a"]);
        Network("frames").Quantities[0].Value.ShouldBe(glass.Means["coordination"].Value, 0.02);
        Network("itself").Rings.Sum(ring => ring.PerNode).ShouldBeGreaterThan(1);
        File.ReadAllText(_program["run/steps/pores/outputs/pores.json"]).ShouldContain("largest included sphere");
        StepJson.Read<RelaxationRecord>(_program["run/steps/rest/outputs/relaxation.json"]).After.Energy.ShouldBeLessThan(StepJson.Read<RelaxationRecord>(_program["run/steps/rest/outputs/relaxation.json"]).Before.Energy - 1);
        var report = File.ReadAllText(_program["run/report.html"]);
        report.ShouldContain("Primitive rings per metal");
        report.ShouldContain("Angle O-Si-O");
    }

    [Theory]
    [InlineData("melt_temperature: 135 K", "melt_temperature: 50 K", "50 K is not above the 60 K from which the crystal is heated", "a higher temperature")]
    [InlineData("heating_rate: 2 K/ps", "heating_rate: 0 K/ps", "0 K/ps", "a heating or cooling rate")]
    [InlineData("cooling_rate: 6 K/ps", "cooling_rate: -1 K/ps", "-1 K/ps", "a heating or cooling rate")]
    [InlineData("heating_rate: 2 K/ps", "heating_rate: 2 K", "'2 K' is a temperature, not a heating or cooling rate", "10 K/ps")]
    [InlineData("cooling_rate: 6 K/ps", "cooling_rate: 60 K/ps", "the cooling takes 1.2 ps, less than a window of 3 ps", "at least 3 ps")]
    [InlineData("hold: 16 ps", "hold: 2 ps", "the hold takes 2 ps, less than a window of 3 ps", "Hold longer")]
    [InlineData("window: 3 ps", "window: 0.5 ps", "a window of 0.5 ps holds 5 frames", "at least 8: 0.8 ps")]
    [InlineData("supercell: [3, 3, 3]", "supercell: [3, 3, 3, 3]", "a supercell of 4 numbers", "three")]
    [InlineData("runs: 2", "network: {}", "has no metal", "metals: [SYMBOL]")]
    [InlineData("runs: 2", "criteria: { coordination: 90 % }", "has no metal", "metals: [SYMBOL]")]
    [InlineData("runs: 2", "criteria: { decided_by: [rings] }", "has no metal", "metals: [SYMBOL]")]
    [InlineData("runs: 2", "criteria: { atoms: [Zn] }", "no atom of the structure is a 'Zn'", "Ar")]
    [InlineData("runs: 2", "criteria: { decided_by: [colour] }", "colour", "mobility")]
    [InlineData("runs: 2", "angles: [{ between: [Ar, Kr, Ar], cutoffs: [4 angstrom] }]", "no atom of the structure is a 'Kr'", "Ar")]
    public async Task What_cannot_be_meant_is_told_at_its_line_before_anything_runs(string correct, string wrong, string what, string hint)
    {
        Melt.ShouldContain(correct);
        var recipe = ArgonRecipe.Write(_program.Folder, Melt.Replace(correct, wrong, StringComparison.Ordinal));
        (await _program.Run($"validate {recipe}")).ShouldBe(ExitCode.Error);
        var line = Array.FindIndex(File.ReadAllLines(recipe), text => text.Contains(wrong, StringComparison.Ordinal)) + 1;
        _program.Error.ShouldContain($"argon.yaml:{line}:");
        _program.Error.ShouldContain(what);
        _program.Error.ShouldContain(hint);
    }

    [SkippableFact]
    public async Task The_shipped_recipe_of_zif4_has_no_problems_beside_its_crystal_and_a_potential()
    {
        Skip.If(ReferenceData.Find("mof/structures/ZIF-4.cif") is null, "reference data are absent");
        File.Copy(ReferenceData.Find("mof/structures/ZIF-4.cif")!, _program["zif4.cif"]);
        const string card = "    card: zif4.mof.yaml\n";
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "Recipes", "library", "zif4-melt-quench.yaml"));
        shipped.ShouldContain(card);
        var recipe = _program.Write("zif4.yaml", shipped.Replace(card, "    lammps: { labels: [Zn, N, C, H], commands: [pair_style lj/cut 5.0, 'pair_coeff * * 0.01 1.5'] }\n", StringComparison.Ordinal));
        (await _program.Run($"run {recipe} --dry-run --decks {_program["decks"]}")).ShouldBe(ExitCode.Success, _program.Error);
        File.ReadAllText(_program["decks/melt/run-1-crystal/in.lammps"]).ShouldContain("run 200000 upto");
    }

    private static string Cristobalite()
    {
        // Ideal beta-cristobalite, Fd-3m, a = 7.16 Å: silicon as carbon in diamond, oxygen in the middle between.
        (double X, double Y, double Z)[] centred = [(0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)];
        (double X, double Y, double Z)[] silicon = [(0, 0, 0), (0.25, 0.25, 0.25)];
        (double X, double Y, double Z)[] oxygen = [(0.125, 0.125, 0.125), (0.125, 0.375, 0.375), (0.375, 0.125, 0.375), (0.375, 0.375, 0.125)];
        var sites = silicon.Concat(oxygen).SelectMany(site => centred.Select(shift => FormattableString.Invariant($"{(site.X + shift.X) % 1} {(site.Y + shift.Y) % 1} {(site.Z + shift.Z) % 1}\n")));
        return "cristobalite\n7.16\n1 0 0\n0 1 0\n0 0 1\nSi O\n8 16\nDirect\n" + string.Concat(sites);
    }

    private string[] Stages() => [.. Directory.GetDirectories(_program["run/cache/melt-stages"]).Where(folder => File.Exists(Path.Combine(folder, "stage.json")))];

    private int RestartFiles(string run) => Directory.Exists(_program["run/steps/melt/dynamics"])
        ? Directory.GetDirectories(_program["run/steps/melt/dynamics"], run).Sum(folder => Directory.GetFiles(folder, "restart.*", SearchOption.AllDirectories).Length)
        : 0;

    private MeltQuenchRecord Record() => StepJson.Read<MeltQuenchRecord>(_program["run/steps/melt/outputs/melt-quench.json"]);

    private CurveResults Curves() => StepJson.Read<CurveResults>(_program["run/steps/melt/outputs/curves.json"]);

    private NetworkRecord Network(string step) => StepJson.Read<NetworkRecord>(_program[$"run/steps/{step}/outputs/network.json"]);

    private void Finish(string recipe)
    {
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
    }
}
