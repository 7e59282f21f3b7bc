using MofInterop.Cli;
using MofInterop.Cp2k;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Ab-initio molecular dynamics in recipes, with the real CP2K.</summary>
public sealed class AimdRunTests : IDisposable
{
    private const string Recipe = """
        name: water
        seed: 4
        steps:
          - { name: structure, kind: structure, file: water.extxyz }
          - name: aimd
            kind: aimd
            uses: { structure: structure.structure }
            reference: { program: cp2k, method: gfn1-xtb, workers: 1 }
            temperatures: [200 K, 400 K]
            ensemble: nvt
            length: 20 fs
            equilibration: 5 fs
            frames_every: 2
            restart_every: 5
          - { name: data, kind: trajectory, uses: { structure: structure.structure, frames: aimd.frames }, labels: keep, select: all }
          - { name: fit, kind: fit, uses: { frames: data.training }, snap: { twojmax: 2 } }
        """;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public AimdRunTests() => _program.Write("water.extxyz", """
        3
        Lattice="5 0 0 0 5.2 0 0 0 5.4" Properties=species:S:1:pos:R:3 pbc="T T T"
        O 0.1 0.0 0.0
        H 0.1 0.76 0.59
        H 0.1 -0.76 0.59

        """);

    public void Dispose() => _program.Dispose();

    // It waits for CP2K to write restart files, so its time depends on the machine.
    [SkippableFact]
    [Trait("Category", "Slow")]
    public void A_temperature_series_that_is_killed_goes_on_and_its_frames_are_fitted()
    {
        Skip.IfNot(Cp2kTool.IsAvailable(new Cp2kSettings()), "CP2K is not installed");
        var recipe = _program.Write("r.yaml", Recipe);
        var restart = _program["run/steps/aimd/dynamics/200K/segment-1/md-1.restart"];
        using (var process = new RunProcess(recipe, _program["run"]))
        {
            while (!File.Exists(restart) && !process.HasExited)
            {
                Thread.Sleep(5);
            }

            process.Kill().ShouldBeTrue("it ended before it was killed");
            process.Survivors().ShouldBeEmpty();
        }

        using var again = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = again.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        Directory.GetDirectories(_program["run/steps/aimd/dynamics/200K"]).Length.ShouldBe(2);
        Directory.GetDirectories(_program["run/steps/aimd/dynamics/400K"]).Length.ShouldBe(1);

        // 40 steps of 0.5 fs, every second one, from 5 fs on.
        AtomicConfiguration[] frames = [.. ExtendedXyz.Read(_program["run/steps/aimd/outputs/frames.extxyz"], requireLabels: true)];
        frames.Length.ShouldBe(2 * 16);
        frames.Select(frame => frame.Info["time"]).Take(16).ShouldBe(Enumerable.Range(5, 16).Select(time => $"{time}"));
        frames.ShouldAllBe(frame => frame.Label!.Stress != null && frame.Types![0] == "O2a");
        frames.Select(frame => frame.Info["temperature"]).Distinct().ShouldBe(["200", "400"]);
        StepJson.Read<AimdRunRecord[]>(_program["run/steps/aimd/outputs/runs.json"]).ShouldAllBe(run => run.BrokenAt == null && run.Unlabelled == 0 && run.MeanTemperature > 20);
        ExtendedXyz.Read(_program["run/steps/data/outputs/training.extxyz"], requireLabels: true).Count().ShouldBe(32);
        StepJson.Read<FitRecord>(_program["run/steps/fit/outputs/errors.json"]).Errors[0].Frames.ShouldBe(32);
        var report = File.ReadAllText(_program["run/report.html"]);
        report.ShouldContain("Ab-initio molecular dynamics: aimd");
        report.ShouldContain("Trajectories: data");
    }

    [Theory]
    [InlineData("program: cp2k", "program: vasp", "ab-initio molecular dynamics is run by CP2K")]
    [InlineData("equilibration: 5 fs", "equilibration: 20 fs", "nothing of a run is left after its equilibration")]
    [InlineData("[200 K, 400 K]", "[200 K, 200 K]", "200K is there 2 times")]
    [InlineData("[200 K, 400 K]", "[200]", "'200' has no unit")]
    [InlineData("frames: data.training", "frames: structure.structure", "'frames' takes a frames")]
    [InlineData(", uses: { frames: data.training }", "", "there are no frames to fit")]
    public async Task What_cannot_work_is_refused_before_anything_runs(string correct, string wrong, string reason)
    {
        Recipe.ShouldContain(correct);
        _program.Write("r.yaml", Recipe.Replace(correct, wrong, StringComparison.Ordinal));
        (await _program.Run($"run {_program["r.yaml"]} --folder {_program["run"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain(reason);
        Directory.Exists(_program["run"]).ShouldBeFalse();
    }
}
