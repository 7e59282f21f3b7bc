using System.Globalization;
using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Snap;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Potentials of other origin than a fit, in steps that simulate.</summary>
public sealed class PotentialRunTests : IDisposable
{
    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [SkippableFact]
    public void A_pair_style_given_as_text_runs_every_test_of_a_potential_and_agrees_with_the_reference_that_it_imitates()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        StandInRecipe.Write(_program.Folder);

        // They do not hold diamond at its density, so the cell is kept nearly still. The wells of the stand-in reference, which LAMMPS has as gauss/cut: -depth = H/(width sqrt(2 pi)).
        string Height(double depth) => (-depth * 0.28 * Math.Sqrt(2 * Math.PI)).ToString("R", CultureInfo.InvariantCulture);
        var recipe = _program.Write("wells.yaml", $$"""
            name: wells
            steps:
              - { name: structure, kind: structure, file: diamond.vasp }
              - name: learn
                kind: potential
                uses: { structure: structure.structure }
                lammps:
                  labels: [Si, C]
                  commands:
                    - pair_style hybrid/overlay gauss/cut 3.5 gauss/cut 3.5
                    - pair_coeff * * gauss/cut 1 {{Height(3.6)}} 1.545 0.28
                    - pair_coeff * * gauss/cut 2 {{Height(0.9)}} 2.52 0.28
            {{StandInRecipe.Tests.Replace("    uses:", "    dynamics: { barostat_damping: 100 ps }\n    uses:", StringComparison.Ordinal)}}
            """);
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);

        var run = RunFolder.Open(_program["run"]);
        var test = StepJson.Read<TestRecord>(run.Steps[2].Outputs["errors"].FilePath);
        test.Errors.Frames.ShouldBe(3, text);
        test.Parity.Force.Reference.Max(Math.Abs).ShouldBeGreaterThan(0.05);
        test.Errors.ForceRmse.ShouldBeLessThan(0.05, "meV/Å: the stand-in ends its wells with the same step");
        test.Errors.EnergyRmse.ShouldBeLessThan(0.01);
        test.Errors.StressRmse!.Value.ShouldBeLessThan(1);
        test.Grades.ShouldBeNull();
        StepJson.Read<StabilityRecord[]>(run.Steps[3].Outputs["runs"].FilePath).Single().Runs.Count.ShouldBe(2);
        File.ReadAllText(_program["run/report.html"]).ShouldContain("It knows the atoms Si, C.");
    }

    [SkippableFact]
    public void Snap_files_and_a_repulsion_become_one_card_that_gives_the_published_energy()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var known = SnapReferenceCase.Find("Ta06A_zbl_overlay");
        Skip.If(known is null, "reference data are absent");
        ExtendedXyz.Write(_program["ta.extxyz"], [new AtomicConfiguration([.. Enumerable.Repeat("Ta", known.Positions.Length / 3)], known.Positions, new(known.Cell), true)]);
        Directory.CreateDirectory(_program["elsewhere"]);
        File.Copy(known.CoefficientFile, _program["elsewhere/Ta06A.snapcoeff"]);
        File.Copy(known.ParameterFile, _program["elsewhere/Ta06A.snapparam"]);
        var recipe = _program.Write("ta.yaml", """
            name: ta
            steps:
              - { name: structure, kind: structure, file: ta.extxyz }
              - name: potential
                kind: potential
                uses: { structure: structure.structure }
                potential_name: ta
                snap: { coefficients: elsewhere/Ta06A.snapcoeff, parameters: elsewhere/Ta06A.snapparam, method: PBE }
                zbl: { inner: 4.0 angstrom, outer: 4.8 angstrom }
            """);
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);

        var outputs = RunFolder.Open(_program["run"]).Steps[1].Outputs;
        StepJson.Read<PotentialRecord>(outputs["summary"].FilePath).Energy!.Value.ShouldBe(known.Energy, 1e-8 * Math.Abs(known.Energy));

        // The run folder stands alone: what the recipe named may go.
        Directory.Delete(_program["elsewhere"], true);
        using var loaded = PotentialLoader.Load(outputs["model"].FilePath);
        loaded.Species.Single().Label.ShouldBe("Ta");
        ModelCardFile.Read(outputs["model"].FilePath).Species.Single().AtomicNumber.ShouldBe(73);
    }

    [Fact]
    public async Task A_card_is_copied_with_its_files_and_with_the_cards_that_it_adds_up()
    {
        var card = SumCardIn(_program.Folder);
        var copies = Directory.CreateDirectory(_program["copies"]).FullName;
        var copy = new CardFolder(copies).CopyCard(card, "all.mof.yaml");
        Directory.Delete(_program["parts"], true);
        using var loaded = PotentialLoader.Load(copy);
        loaded.Species.Select(species => species.Label).ShouldBe(["C1a"]);
        Directory.GetFiles(copies).Select(Path.GetFileName).ShouldBe(["all.mof.yaml", "carbon.mof.yaml", "carbon.snapcoeff", "carbon.snapparam"], ignoreOrder: true);
        (await _program.Run($"validate {_program.Write("gone.yaml", "name: gone\nsteps: [{ name: p, kind: potential, card: sum.mof.yaml }]")}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("carbon.mof.yaml");
    }

    [Theory]
    [InlineData("", "there is no potential", "one of card, snap and lammps")]
    [InlineData("lammps: { labels: [C], commands: ['pair_style zero 3', 'pair_coeff * *'] }\n    card: sum.mof.yaml", "a potential is given 2 times: card, lammps", "one of card, snap and lammps")]
    [InlineData("lammps: { labels: [C], commands: ['pair_coeff * *'] }", "no command sets a pair style", "pair_style")]
    [InlineData("lammps: { labels: [C, C], commands: ['pair_style zero 3'] }", "a label of the potential is repeated", "C C")]
    [InlineData("lammps: { labels: [C], commands: ['pair_style zero 3'], files: { eam: diamond.vasp } }", "no command names the file {eam}", "{eam} in a command")]
    [InlineData("lammps: { labels: [C], commands: ['pair_style zero 3'] }\n    zbl: { inner: 1 angstrom, outer: 2 angstrom }", "zbl cannot be added to a pair style of LAMMPS", "hybrid/overlay")]
    [InlineData("lammps: { labels: [Si], commands: ['pair_style zero 3'] }", "does not know these atoms of the structure: C4a", "among its labels, Si")]
    [InlineData("card: sum.mof.yaml", "does not know these atoms of the structure: C4a", "among its labels, C1a")]
    public async Task What_is_wrong_with_a_potential_is_told_at_its_line_before_anything_runs(string options, string what, string hint)
    {
        StandInRecipe.Write(_program.Folder);
        SumCardIn(_program.Folder);
        var recipe = _program.Write("wrong.yaml", $"""
            name: wrong
            steps:
              - name: structure
                kind: structure
                file: diamond.vasp
              - name: potential
                kind: potential
                uses: {"{ structure: structure.structure }"}
                {options}
            """);
        (await _program.Run($"validate {recipe}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldStartWith(recipe + ":");
        _program.Error.ShouldContain(what);
        _program.Error.ShouldContain(hint);
        _program.Error.Split('\n').Length.ShouldBe(3, _program.Error);
    }

    /// <summary>A sum of a SNAP card in another folder and a repulsion.</summary>
    private static string SumCardIn(string folder)
    {
        var parts = Directory.CreateDirectory(Path.Combine(folder, "parts")).FullName;
        var snap = Path.Combine(parts, "carbon.mof.yaml");
        File.WriteAllText(Path.Combine(parts, "carbon.snapparam"), "rcutfac 3.0\ntwojmax 0\nbzeroflag 0\n");
        File.WriteAllText(Path.Combine(parts, "carbon.snapcoeff"), "1 2\nC1a 0.5 1.0\n0.1\n0.2\n");
        _ = SnapFiles.Read(Path.Combine(parts, "carbon.snapcoeff"), Path.Combine(parts, "carbon.snapparam"));
        var one = new ModelCard
        {
            Kind = "snap",
            Species = [new("C1a", 6, 12.011)],
            Files = new Dictionary<string, CardFile> { ["coefficients"] = ModelCardFile.Describe(snap, Path.Combine(parts, "carbon.snapcoeff")), ["parameters"] = ModelCardFile.Describe(snap, Path.Combine(parts, "carbon.snapparam")) },
            Reference = new ReferenceMethod("none", false),
        };
        ModelCardFile.Write(snap, one);
        var sum = Path.Combine(folder, "sum.mof.yaml");
        var repulsion = new CardPart { Kind = "zbl", Species = [], Zbl = new(1, 2) };
        ModelCardFile.Write(sum, one with { Kind = "sum", Files = new Dictionary<string, CardFile>(), Sum = new([ModelFiles.Sums.SumCardPart.Of(ModelCardFile.Describe(sum, snap)), ModelFiles.Sums.SumCardPart.Of(repulsion)]) });
        return sum;
    }
}
