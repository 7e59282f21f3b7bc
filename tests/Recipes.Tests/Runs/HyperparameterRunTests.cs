using System.Text.Json.Nodes;
using MofInterop.Cli;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Hyperparameters by differential evolution, and fits that take what it found.</summary>
public sealed class HyperparameterRunTests : IDisposable
{
    private const string Recipe = """
        name: tune
        seed: 3
        steps:
          - name: tune
            kind: hyperparameters
            frames: frames.extxyz
            folds: 3
            snap: { rcutfac: 4, twojmax: 2 }
            vary:
              rfac0: { from: 0.7, to: 1 }
              radii: { each: { from: 0.3, to: 0.7 } }
              weights: { Na: { from: 0.1, to: 1.5 }, Cl: { from: 0.1, to: 1.5 } }
            population: 12
            generations: 6
          - name: before
            kind: fit
            frames: frames.extxyz
            test_fraction: 20 %
            snap: { rcutfac: 4, twojmax: 2 }
          - name: after
            kind: fit
            frames: frames.extxyz
            test_fraction: 20 %
            uses: { hyperparameters: tune.hyperparameters }
        """;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public HyperparameterRunTests() => LabelledAlloy.Write(_program["frames.extxyz"], 20);

    public void Dispose() => _program.Dispose();

    [Fact]
    public void The_search_finds_settings_with_smaller_errors_and_a_fit_takes_them()
    {
        Run(Recipe, "run");
        var search = Search("run");
        search.Folds.ShouldBe(3);
        search.Evaluations.ShouldBe(12 * 7);
        search.Generations.Count.ShouldBe(7);
        search.Best.Objective.ShouldBeLessThan(0.5 * search.Start!.Objective);
        search.Best.Objective.ShouldBe(search.Generations[^1].Best);
        search.Parameters.Select(one => one.Name).ShouldBe(["rfac0", "radii.Cl", "radii.Na", "weights.Cl", "weights.Na"]);
        search.Parameters.ShouldAllBe(one => one.Best >= one.From && one.Best <= one.To);

        double ErrorOf(string step)
        {
            var errors = StepJson.Read<FitRecord>(_program[$"run/steps/{step}/outputs/errors.json"]).Errors.First(errors => errors.Set == "held-out");
            return errors.Energy.Rmse + errors.Force.Rmse / 100 + errors.Stress.Rmse / 50;
        }

        ErrorOf("after").ShouldBeLessThan(0.7 * ErrorOf("before"));
        var found = StepJson.Read<SnapValues>(_program["run/steps/tune/outputs/hyperparameters.json"]);
        File.ReadAllText(_program["run/steps/after/outputs/potential.snapcoeff"]).ShouldContain(FormattableString.Invariant($"Na {found.Radii["Na"]} {found.Weights["Na"]}"));

        // What is pasted into a recipe is what was found.
        var pasted = string.Join('\n', File.ReadAllLines(_program["run/steps/tune/outputs/snap.yaml"]).Select(line => "    " + line));
        Run(Recipe.Replace("    uses: { hyperparameters: tune.hyperparameters }", pasted, StringComparison.Ordinal), "pasted");
        File.ReadAllText(_program["pasted/steps/after/outputs/potential.snapparam"]).ShouldBe(File.ReadAllText(_program["run/steps/after/outputs/potential.snapparam"]));
        var report = File.ReadAllText(_program["run/report.html"]);
        report.ShouldContain("Differential evolution");
        report.ShouldContain("radii.Cl");
    }

    [Fact]
    public void A_search_that_is_killed_goes_on_to_the_same_bits_and_evaluates_nothing_twice()
    {
        var recipe = Recipe[..Recipe.IndexOf("  - name: before", StringComparison.Ordinal)].Replace("generations: 6", "generations: 12", StringComparison.Ordinal);
        Run(recipe, "undisturbed");
        var kills = 0;
        for (var fewest = 20; ; fewest += 40)
        {
            using var process = new RunProcess(_program.Write("r.yaml", recipe), _program["killed"]);
            while (!process.HasExited && EvaluationsIn("killed").Length < fewest)
            {
                Thread.Sleep(5);
            }

            if (!process.Kill())
            {
                process.Finish().ExitCode.ShouldBe(ExitCode.Success);
                break;
            }

            kills++;
        }

        kills.ShouldBeGreaterThanOrEqualTo(2);
        foreach (var file in new[] { "hyperparameters.json", "search.json", "snap.yaml" })
        {
            File.ReadAllBytes(_program[$"killed/steps/tune/outputs/{file}"]).ShouldBe(File.ReadAllBytes(_program[$"undisturbed/steps/tune/outputs/{file}"]), file);
        }

        EvaluationsIn("killed").Select(Path.GetFileName).ShouldBe(EvaluationsIn("undisturbed").Select(Path.GetFileName), ignoreOrder: true);
        FinishedIn("killed").ShouldBeUnique();
    }

    [Fact]
    public async Task The_number_of_cores_changes_nothing()
    {
        var recipe = _program.Write("r.yaml", Recipe);
        foreach (var cores in new[] { 1, 2 })
        {
            (await _program.Run($"run {recipe} --folder {_program[$"cores{cores}"]} --cores {cores}")).ShouldBe(ExitCode.Success, _program.Error);
        }

        File.ReadAllBytes(_program["cores2/steps/tune/outputs/search.json"]).ShouldBe(File.ReadAllBytes(_program["cores1/steps/tune/outputs/search.json"]));
    }

    [Fact]
    public async Task A_longer_search_computes_only_what_is_new()
    {
        (await _program.Run($"run {_program.Write("r.yaml", Recipe)} --folder {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var before = EvaluationsIn("run").Length;
        (await _program.Run($"run {_program.Write("r.yaml", Recipe.Replace("generations: 6", "generations: 8", StringComparison.Ordinal))} --folder {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        EvaluationsIn("run").Length.ShouldBeInRange(before + 1, before + 2 * 12);
        Search("run").Evaluations.ShouldBe(9 * 12);
        FinishedIn("run").ShouldBeUnique();
    }

    [Fact]
    public async Task Errors_are_measured_on_test_frames_where_there_are_some_and_ridge_and_choices_are_searched()
    {
        LabelledAlloy.Write(_program["test.extxyz"], 6, seed: 2);
        var recipe = Recipe[..Recipe.IndexOf("  - name: before", StringComparison.Ordinal)]
            .Replace("folds: 3", "test_frames: test.extxyz\n    at_most: 10", StringComparison.Ordinal)
            .Replace("vary:", "objective: { energy_error: 2 meV/atom, cost: 0.1 }\n    vary:\n      twojmax: [2, 4]\n      ridge: { from: 1e-10, to: 1e-4, per_decade: 1 }\n      energy_error: { from: 0.1 meV/atom, to: 10 meV/atom }", StringComparison.Ordinal);
        (await _program.Run($"run {_program.Write("r.yaml", recipe)} --folder {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var search = Search("run");
        (search.Frames, search.TestFrames, search.Folds).ShouldBe((16, 6, 0));
        search.Parameters.Select(one => one.Name).ShouldContain("twojmax");
        search.Best.Ridge.ShouldBeInRange(1e-10, 1e-4);
        StepJson.Read<SnapValues>(_program["run/steps/tune/outputs/hyperparameters.json"]).Ridge.ShouldBe(search.Best.Ridge);
        new[] { 2.0, 4.0 }.ShouldContain(search.Parameters.Single(one => one.Name == "twojmax").Best);
    }

    [Fact]
    public async Task Frames_that_cannot_be_fitted_are_told_with_their_reason()
    {
        var text = File.ReadAllLines(_program["frames.extxyz"]);
        var first = text[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var second = text[3].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        text[3] = string.Join(' ', [second[0], .. first[1..4], .. second[4..]]);
        File.WriteAllLines(_program["frames.extxyz"], text);
        (await _program.Run($"run {_program.Write("r.yaml", Recipe)} --folder {_program["run"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("none of 12 candidates could be fitted. The first reason: ");
        _program.Error.ShouldContain("the descriptors cannot be computed");
    }

    [Theory]
    [InlineData("radii: { each:", "radii: { K:", "r.yaml:11:19: radii of 'K' are to be varied, which no atom is; expected one of Cl, Na, their elements, or each")]
    [InlineData("rfac0: { from: 0.7, to: 1 }", "rfac0: { from: 0.7, to: 1.1 }", "r.yaml:10:14: the limits are 0.7 and 1.1; expected 0 < from < to ≤ 1")]
    [InlineData("{ Na: { from: 0.1, to: 1.5 }", "{ Na: { from: 1.5, to: 0.1 }", "r.yaml:12:22: the limits are 1.5 and 0.1; expected from < to")]
    [InlineData("to: 0.7 }", "too: 0.7 }", "r.yaml:11:35: unknown key 'too'; expected one of from, to. Did you mean 'to'?")]
    [InlineData("population: 12", "population: 3", "r.yaml:13:17: 'population' is 3; expected a whole number at least 4")]
    [InlineData("snap: { rcutfac: 4, twojmax: 2 }\n    vary", "snap: { radii: { K: 1 } }\n    vary", "r.yaml:8:11: there is a radius for 'K', which no atom is")]
    [InlineData("snap: { rcutfac: 4, twojmax: 2 }\n    vary", "snap: { cross_validation: {} }\n    vary", "r.yaml:8:31: a search chooses the ridge by `vary`")]
    [InlineData("uses: { hyperparameters: tune.hyperparameters }", "uses: { hyperparameters: tune.hyperparameters }\n    snap: { twojmax: 4 }", "hyperparameters are given and taken from an earlier step at once")]
    [InlineData("frames: frames.extxyz\n    folds", "frames: frame.extxyz\n    folds", "r.yaml:6:13: 'frames': there is no file or folder 'frame.extxyz'")]
    public async Task A_mistake_is_told_with_its_place_before_anything_runs(string right, string wrong, string message)
    {
        (await _program.Run($"run {_program.Write("r.yaml", Recipe.Replace(right, wrong, StringComparison.Ordinal))} --folder {_program["run"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain(message);
        Directory.Exists(_program["run"]).ShouldBeFalse();
    }

    [Fact]
    public void A_fit_chooses_its_ridge_by_cross_validation_and_reports_the_curve()
    {
        const string Fit = """
            name: fit
            steps:
              - name: fit
                kind: fit
                frames: frames.extxyz
                snap: { rcutfac: 4, twojmax: 2, cross_validation: { folds: 4, from: 1e-10, to: 1e-2, per_decade: 2 } }
            """;
        Run(Fit, "run");
        var curve = StepJson.Read<FitRecord>(_program["run/steps/fit/outputs/errors.json"]).RidgeCurve!;
        curve.Folds.ShouldBe(4);
        curve.Points.Count.ShouldBe(17);
        curve.Points.Select(point => point.Ridge).ShouldContain(curve.Chosen);
        File.ReadAllText(_program["run/report.html"]).ShouldContain("chosen by cross-validation with 4 folds");
        Run(Fit.Replace("cross_validation: { folds: 4, from: 1e-10, to: 1e-2, per_decade: 2 }", "ridge: 1e-6", StringComparison.Ordinal), "plain");
        File.ReadAllText(_program["plain/steps/fit/outputs/errors.json"]).ShouldNotContain("ridge_curve");
    }

    [Theory]
    [InlineData("from: 1e-2, to: 1e-5", "r.yaml:6:73: the range of ridges ends at 1E-05 and begins at 0.01; expected from below to")]
    [InlineData("folds: 1", "r.yaml:6:64: 'snap.cross_validation.folds' is 1; expected a whole number at least 2 and at most 100")]
    public async Task A_mistake_about_cross_validation_is_told_with_its_place(string wrong, string message)
    {
        var recipe = "name: fit\nsteps:\n  - name: fit\n    kind: fit\n    frames: frames.extxyz\n    snap: { rcutfac: 4, twojmax: 2, cross_validation: { " + wrong + " } }\n";
        (await _program.Run($"validate {_program.Write("r.yaml", recipe)}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain(message);
        (await _program.Run($"validate {_program.Write("r.yaml", recipe.Replace("cross_validation: { " + wrong + " }", "ridge: 1e-4, cross_validation: {}", StringComparison.Ordinal))}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("the ridge is given and is to be chosen by cross-validation at once; expected ridge or cross_validation");
    }

    private void Run(string recipe, string folder)
    {
        using var process = new RunProcess(_program.Write("r.yaml", recipe), _program[folder]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
    }

    private HyperparameterRecord Search(string run) => StepJson.Read<HyperparameterRecord>(_program[$"{run}/steps/tune/outputs/search.json"]);

    private string[] EvaluationsIn(string run)
    {
        var cache = _program[$"{run}/cache/hyperparameters"];
        return Directory.Exists(cache) ? [.. Directory.GetDirectories(cache).Where(folder => Path.GetFileName(folder)[0] != '.')] : [];
    }

    private IEnumerable<string> FinishedIn(string run) => File.ReadAllLines(_program[$"{run}/journal.jsonl"])
        .Select(line => JsonNode.Parse(line)!)
        .Where(entry => (string?)entry["event"] == "unit-finished")
        .Select(entry => (string)entry["unit"]!);
}
