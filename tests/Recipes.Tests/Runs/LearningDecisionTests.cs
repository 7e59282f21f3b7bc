using System.Text.Json.Nodes;
using MofInterop.Cli;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>How active learning chooses and when it ends, with real LAMMPS runs of diamond and the stand-in for a reference program.</summary>
public sealed class LearningDecisionTests : IDisposable
{
    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    private GenerationRecord[] Learn(string options, string? lastGeneration = null, string folder = "run")
    {
        const string Last = "{ temperature: 300 K, runs: 3, steps: 40, frames_every: 5 }";
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = StandInRecipe.Write(_program["."]);
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace(Last, lastGeneration ?? Last, StringComparison.Ordinal).TrimEnd() + "\n" + string.Concat(options.Split('\n').Select(line => $"    {line}\n")));
        using var process = new RunProcess(recipe, _program[folder]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        return StepJson.Read<GenerationRecord[]>(_program[$"{folder}/steps/learn/outputs/history.json"]);
    }

    private string Report => File.ReadAllText(_program["run/report.html"]);

    [SkippableFact]
    public void Without_criteria_all_generations_are_made_once_and_the_report_says_so()
    {
        var history = Learn(string.Empty);
        history.Select(g => g.Temperature).ShouldBe([null, 100, 300]);
        history.ShouldAllBe(g => g.Progress!.End == null && g.Progress.StopUnmet == null);
        history[2].Progress!.CellDrift!.Value.ShouldBeInRange(0, 0.1);
        ExtendedXyz.Read(_program["run/steps/learn/outputs/test.extxyz"]).ShouldBeEmpty();
        Report.ShouldContain("all generations of the recipe were made");
    }

    [SkippableFact]
    public void Two_steps_that_learn_have_figures_of_their_own()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = StandInRecipe.Write(_program["."]);
        var text = File.ReadAllText(recipe).TrimEnd();
        var second = text[text.IndexOf("  - name: learn", StringComparison.Ordinal)..].Replace("name: learn", "name: again", StringComparison.Ordinal)
            .Replace("uses: { structure: structure.structure }", "uses: { structure: structure.structure, initial: learn.training }", StringComparison.Ordinal);
        File.WriteAllText(recipe, $"{text}\n{second}\n");
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, output) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, output);
        Report.ShouldContain("Active learning: again</h2>");
        string[] figures = [.. Directory.GetFiles(_program["run/figures"]).Select(file => Path.GetFileName(file))];
        figures.ShouldContain("learn-generations-progress.svg");
        figures.ShouldContain("again-generations-progress.svg");
    }

    [SkippableFact]
    public void The_loop_ends_when_its_criteria_held_often_enough_and_the_report_says_why()
    {
        var history = Learn("stop: { generations: 1, when: { intact_runs: 0 %, new_bins: 100 % } }");
        history.Select(g => g.Temperature).ShouldBe([null, 100]);
        history[^1].Progress!.End.ShouldBe("every criterion of `stop` held for 1 generations in a row");
        Report.ShouldContain("every criterion of");
    }

    [SkippableFact]
    public void A_criterion_that_never_holds_is_named_for_every_generation()
    {
        var history = Learn("stop: { when: { force_error: 1e-9 meV/angstrom, cell_drift: 1e-9 % } }");
        history.Length.ShouldBe(3);
        history[2].Progress!.StopUnmet!.ShouldContain(text => text.StartsWith("the drift of the cell lengths is ", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_temperature_is_repeated_with_new_runs_until_it_may_not_be_any_more()
    {
        var history = Learn("repeat: { at_most: 2, until: { cell_drift: 1e-9 % } }");
        history.Select(g => (g.Temperature, g.Progress!.Round)).ShouldBe([(null, 1), (100, 1), (100, 2), (300, 1), (300, 2)]);
        history[1].Progress!.NotYet.ShouldBe(["the drift of the cell lengths is not known"]);
        history[2].Progress!.MeanCellLengths.ShouldNotBe(history[1].Progress!.MeanCellLengths);
        Report.ShouldContain("100 K was left after 2 generations although the drift of the cell lengths is");
    }

    [SkippableFact]
    public void The_growing_test_set_takes_its_part_of_the_labels_and_is_never_fitted()
    {
        var history = Learn("test_fraction: 25 %");
        var test = ExtendedXyz.Read(_program["run/steps/learn/outputs/test.extxyz"], requireLabels: true).ToList();
        var training = ExtendedXyz.Read(_program["run/steps/learn/outputs/training.extxyz"], requireLabels: true).ToList();
        test.Count.ShouldBe((test.Count + training.Count) / 4);
        test.Count.ShouldBeGreaterThan(0);
        history[^1].Progress!.TestErrors!.Frames.ShouldBe(test.Count);
        history[^1].ErrorsAfter.Frames.ShouldBe(training.Count);
        test.Select(frame => frame.Label!.Energy).Intersect(training.Select(frame => frame.Label!.Energy)).ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData("farthest-point, distance: 0.1", "standard deviations from the nearest training configuration")]
    [InlineData("extrapolation-grade, grade: 0.01, stop_grade: 1e6", "extrapolation grade ")]
    [InlineData("stretched-bonds, stretched: 1.005, stop_grade: 1e6", "times as long as at the start, one of")]
    [InlineData("committee, members: 3, disagreement: 1e-6 meV/angstrom", "the committee disagrees by ")]
    public void Every_method_chooses_at_most_one_frame_of_a_run_and_the_journal_says_why(string method, string because)
    {
        var history = Learn($"selection: {{ method: {method} }}");
        history.Skip(1).ShouldAllBe(g => g.Selected.Select(s => s.Run).Distinct().Count() == g.Selected.Count);
        history.Skip(1).Sum(g => g.Selected.Count).ShouldBeGreaterThan(0);
        history.Skip(1).SelectMany(g => g.Selected).ShouldAllBe(s => s.Causes[0].Contains(because));
        File.ReadLines(_program["run/journal.jsonl"]).Select(line => JsonNode.Parse(line)!).Where(line => (string?)line["event"] == "frame-selected" && (int?)line["generation"] > 0)
            .ShouldAllBe(line => ((string)line["because"]!).Contains(because));
    }

    [SkippableFact]
    public void A_run_whose_grade_passes_the_limit_is_stopped_and_offers_a_frame_before()
    {
        var history = Learn("selection: { method: extrapolation-grade, grade: 0.01, stop_grade: 1.2 }");
        var stopped = history.Skip(1).SelectMany(g => g.Runs.Select((run, index) => (g, run, index))).Where(one => one.run.Problem is not null).ToArray();
        stopped.ShouldNotBeEmpty();
        stopped[0].run.Problem!.ShouldContain("is above grade_stop 1.2");
        foreach (var (g, run, index) in stopped.Where(one => one.run.IntactFrames > 0))
        {
            g.Selected.Single(s => s.Run == index).Frame.ShouldBeLessThan(run.IntactFrames);
        }
    }

    [SkippableFact]
    public void With_stretch_frames_of_a_going_bond_are_candidates_and_the_run_still_counts_as_broken()
    {
        const string Hot = "{ temperature: 20000 K, runs: 6, steps: 80, frames_every: 2 }";
        var without = Learn("selection: { pick: most-new }", Hot)[^1];
        var with = Learn("selection: { pick: most-new }", Hot.Replace(" }", ", stretch: 2.2 }", StringComparison.Ordinal), "stretched")[^1];
        without.Runs.ShouldContain(run => run.Problem != null && run.Problem.Contains(" is ", StringComparison.Ordinal));
        with.Runs.Select(run => (run.Intact, run.Problem, run.IntactFrames, run.IntactFemtoseconds)).ShouldBe(without.Runs.Select(run => (run.Intact, run.Problem, run.IntactFrames, run.IntactFemtoseconds)));
        without.Candidates.ShouldBe(without.Runs.Sum(run => run.IntactFrames));
        with.Candidates.ShouldBeGreaterThan(without.Candidates);
        with.Selected.ShouldContain(frame => frame.Frame >= with.Runs[frame.Run].IntactFrames);
    }

    [SkippableFact]
    public void Late_labels_join_the_next_generation_and_the_recorded_set_decides_again_on_resume()
    {
        var history = Learn("close_labels: { enough: 50 %, patience: 0 s }");
        var late = history[0].Progress!.Late;
        late.ShouldBeInRange(1, 3);
        history[0].ErrorsAfter.Frames.ShouldBe(history[0].Selected.Count - late);
        history[^1].Progress!.Late.ShouldBe(0);
        history[^1].ErrorsAfter.Frames.ShouldBe(history.Sum(g => g.Selected.Count));

        // All labels are there now; the recorded sets decide all the same.
        var training = File.ReadAllText(_program["run/steps/learn/outputs/training.extxyz"]);
        Directory.Delete(_program["run/steps/learn/outputs"], true);
        using var process = new RunProcess(_program["diamond.yaml"], _program["run"]);
        process.Finish().ExitCode.ShouldBe(ExitCode.Success);
        File.ReadAllText(_program["run/steps/learn/outputs/training.extxyz"]).ShouldBe(training);
        StepJson.Read<GenerationRecord[]>(_program["run/steps/learn/outputs/history.json"])[0].Progress!.Late.ShouldBe(late);
    }

    [Theory]
    [InlineData("stop: { when: {} }", "no criterion is given")]
    [InlineData("selection: { method: random }", "active learning cannot choose at random")]
    [InlineData("selection: { method: stretched-bonds, stretched: 1.5 }", "frames with a bond beyond 1.5 lengths are wanted, and a generation keeps none beyond 1.4")]
    [InlineData("test_fraction: 80 %", "test_fraction")]
    public async Task Options_that_mean_nothing_are_refused_before_anything_runs(string option, string message)
    {
        var recipe = StandInRecipe.Write(_program["."]);
        File.WriteAllText(recipe, File.ReadAllText(recipe).TrimEnd() + $"\n    {option}\n");
        (await _program.Run($"validate {recipe}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain(message);
    }

    [SkippableFact]
    public void Learning_curves_of_all_methods_come_from_labels_that_exist()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = StandInRecipe.Write(_program["."], extra: """
              - name: curve
                kind: learning-curve
                uses: { structure: structure.structure, training: learn.training, test: learn.training }
                methods: [random, cbad, farthest-point, extrapolation-grade, committee]
                resolution_factors: [1, 4, 40]
                selection: { members: 2 }
                snap: { twojmax: 2 }
            """);
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        var points = StepJson.Read<LearningCurvePoint[]>(_program["run/steps/curve/outputs/curve.json"]);
        points.Select(point => point.Method).Distinct().Count().ShouldBe(5);
        var cbad = points.Where(point => point.Method == SelectionMethod.Cbad).ToArray();
        cbad.Select(point => point.ResolutionFactor!.Value).ShouldBe(cbad.Select(point => point.ResolutionFactor!.Value).OrderDescending());
        cbad.Select(point => point.Frames).ShouldBe(cbad.Select(point => point.Frames).Order());
        foreach (var line in points.GroupBy(point => point.Method))
        {
            line.Select(point => point.Frames).ShouldBe(cbad.Select(point => point.Frames));
            line.ShouldAllBe(point => point.Chosen.Distinct().Count() == point.Frames);
        }

        // All methods choose all frames in the end: the same fit, to the last bit.
        var all = ExtendedXyz.Read(_program["run/steps/learn/outputs/training.extxyz"]).Count();
        points.Where(point => point.Frames == all).Select(point => point.Errors.ForceRmse).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
        File.ReadAllLines(_program["run/steps/curve/outputs/curve.csv"]).Length.ShouldBe(points.Length + 1);
        Report.ShouldContain("Learning curve: force");
    }
}
