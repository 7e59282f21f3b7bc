using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine.Tests;

public sealed class RunTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly RecordingSink _sink = new();

    public void Dispose() => _scratch.Dispose();

    private Task<RunOutcome> Run(string recipe, CancellationToken cancellation = default) =>
        RunEngine.RunAsync(_scratch.Recipe(recipe), _scratch["run"], new RunSettings { Progress = _sink, Cores = 1 }, cancellation);

    private static string Lines(IEnumerable<string> lines) => string.Join('\n', lines);

    [Fact]
    public async Task A_run_folder_holds_recipe_versions_steps_and_journal()
    {
        var outcome = await Run(Scratch.Toy + "\n    goal: 1000 meV/atom");
        outcome.GoalsMet.ShouldBeTrue();
        var folder = RunFolder.Open(_scratch["run"]);
        folder.RecipeName.ShouldBe("toy");
        folder.Versions["toy"].ShouldBe("1.0");
        folder.Steps.Select(step => (step.Name, step.Kind, step.Finished)).ShouldBe([("start", "toy-structure", true), ("learn", "toy-learn", true)]);
        File.Exists(folder.Steps[1].Outputs["model"].FilePath).ShouldBeTrue();
        folder.Steps[1].Outputs["error"].Value!.GetValue<double>().ShouldBeGreaterThan(0);
        folder.Steps[1].Goals.ShouldHaveSingleItem().Limit.ShouldBe(1000);
        folder.Journal.Select(entry => entry.Event).ShouldContain("run-finished");
        File.ReadAllText(_scratch["run/recipe.yaml"]).ShouldStartWith(Scratch.Toy);
        File.ReadAllText(_scratch["run/steps/start/inputs/numbers.txt"]).ShouldBe("1\n2\n3.5\n");
        File.ReadAllText(_scratch["run/run.log"]).ShouldContain("finished in");
        _sink.Updates.Last(update => update.Finished).Done.ShouldBe(2);
    }

    [Fact]
    public async Task The_same_command_again_does_nothing_and_still_knows_the_missed_goal()
    {
        const string Recipe = Scratch.Toy + "\n    goal: 0.001 meV/atom";
        (await Run(Recipe)).GoalsMet.ShouldBeFalse();
        var model = File.GetLastWriteTimeUtc(_scratch["run/steps/learn/outputs/model.txt"]);
        _sink.Messages.Clear();
        (await Run(Recipe)).GoalsMet.ShouldBeFalse();
        Lines(_sink.Messages).ShouldContain("learn: finished earlier");
        File.GetLastWriteTimeUtc(_scratch["run/steps/learn/outputs/model.txt"]).ShouldBe(model);
    }

    [Fact]
    public async Task A_changed_step_runs_again_with_what_depends_on_it_and_says_so_before()
    {
        await Run(Scratch.Toy);
        _sink.Messages.Clear();
        await Run(Scratch.Toy.Replace("file: numbers.txt", "file: numbers.txt\n    displacement: 0.2 angstrom", StringComparison.Ordinal));
        _sink.Messages[1].ShouldBe("  start: runs again, because it changed (displacement: 0.1 → 0.2); the earlier results are kept in superseded/");
        _sink.Messages[2].ShouldBe("  learn: runs again, because it changed (what it uses as structure changed); the earlier results are kept in superseded/");
        File.Exists(_scratch["run/superseded/learn-1/outputs/model.txt"]).ShouldBeTrue();
    }

    [Fact]
    public async Task A_change_leaves_the_steps_before_it_alone()
    {
        await Run(Scratch.Toy);
        var plan = RunPlan.Create(_scratch.Recipe(Scratch.Toy.Replace("runs: 2", "runs: 3", StringComparison.Ordinal)), _scratch["run"]);
        plan.Steps.Select(step => step.State).ShouldBe([StepState.Finished, StepState.Changed]);
        plan.Steps[1].Reason.ShouldBe("runs: 2 → 3");
    }

    [Theory]
    [InlineData("runs: 2", "runs: 2\n    at_a_time: 1")]
    [InlineData("100 K", "100.0 K")]
    [InlineData("length: 0.5 ps", "length: 500 fs")]
    [InlineData("name: toy", "# a comment\nname: toy")]
    public async Task A_change_that_cannot_change_the_result_repeats_nothing(string before, string after)
    {
        await Run(Scratch.Toy);
        var plan = RunPlan.Create(_scratch.Recipe(Scratch.Toy.Replace(before, after, StringComparison.Ordinal)), _scratch["run"]);
        plan.Steps.ShouldAllBe(step => step.State == StepState.Finished);
    }

    [Fact]
    public async Task Another_content_of_an_input_file_counts_as_a_change()
    {
        await Run(Scratch.Toy);
        _scratch.Write("numbers.txt", "1\n2\n4\n");
        RunPlan.Create(_scratch.Recipe(Scratch.Toy), _scratch["run"]).Steps[0].State.ShouldBe(StepState.Changed);
    }

    [Fact]
    public async Task Labels_of_an_earlier_version_of_the_recipe_are_found_again()
    {
        await Run(Scratch.Toy);
        var before = Directory.GetDirectories(_scratch["run/cache/labels"]).Length;
        await Run(Scratch.Toy.Replace("      - temperature: 200 K\n        length: 0.5 ps", "      - temperature: 300 K", StringComparison.Ordinal));
        // The first generation's two labels are the same frames; only the second generation's two are new.
        (Directory.GetDirectories(_scratch["run/cache/labels"]).Length - before).ShouldBe(2);
    }

    [Fact]
    public async Task A_second_run_on_the_folder_is_refused_and_names_the_process()
    {
        Directory.CreateDirectory(_scratch["run"]);
        using var held = RunLock.Take(_scratch["run"]);
        var error = await Should.ThrowAsync<MofException>(() => Run(Scratch.Toy));
        error.Message.ShouldContain($"process {Environment.ProcessId} on");
    }

    [Fact]
    public async Task A_folder_with_other_things_is_refused()
    {
        Directory.CreateDirectory(_scratch["run"]);
        _scratch.Write("run/thesis.tex", "important");
        (await Should.ThrowAsync<MofException>(() => Run(Scratch.Toy))).Message.ShouldContain("this folder holds something else than a run");
    }

    [Fact]
    public async Task A_failing_step_names_itself_and_keeps_what_was_finished()
    {
        var catalog = Scratch.Catalog.Add(new FailingStep());
        var text = Scratch.Toy + "\n  - name: last\n    kind: failing\n    uses: {model: learn.model}\n";
        var recipe = RecipeLoader.Parse(text, _scratch["r.yaml"], catalog).Require();
        var error = await Should.ThrowAsync<MofException>(() => RunEngine.RunAsync(recipe, _scratch["run"], new RunSettings { Progress = _sink }));
        error.Message.ShouldBe("step last, atom 3: the program failed; expected luck. Try again.");
        var steps = RunFolder.Open(_scratch["run"]).Steps;
        steps.Select(step => step.Finished).ShouldBe([true, true, false]);
        File.ReadAllText(_scratch["run/steps/last/step.log"]).ShouldContain("FailingStep.RunAsync");
    }

    [Fact]
    public async Task An_interrupted_run_says_so_and_goes_on_later()
    {
        using var cancellation = new CancellationTokenSource();
        var catalog = Scratch.Catalog.Add(new InterruptedStep(cancellation));
        var recipe = RecipeLoader.Parse("name: x\nsteps:\n  - name: only\n    kind: interrupted\n", _scratch["r.yaml"], catalog).Require();
        var settings = new RunSettings { Progress = _sink };
        await Should.ThrowAsync<OperationCanceledException>(() => RunEngine.RunAsync(recipe, _scratch["run"], settings, cancellation.Token));
        RunPlan.Create(recipe, _scratch["run"]).Steps[0].State.ShouldBe(StepState.Continue);
        await RunEngine.RunAsync(recipe, _scratch["run"], settings);
        RunFolder.Open(_scratch["run"]).Journal.Select(entry => entry.Event)
            .ShouldBe(["run-started", "step-started", "unit-finished", "run-interrupted", "run-started", "step-started", "step-finished", "run-finished"]);
    }

    [Fact]
    public void Seeds_depend_on_recipe_step_and_purpose_only()
    {
        var learn = _scratch.Recipe(Scratch.Toy).Steps[1];
        learn.Seed("a").ShouldBe(_scratch.Recipe(Scratch.Toy.Replace("runs: 2", "runs: 3", StringComparison.Ordinal)).Steps[1].Seed("a"));
        learn.Seed("a").ShouldNotBe(learn.Seed("b"));
        learn.Seed("a").ShouldNotBe(_scratch.Recipe(Scratch.Toy.Replace("seed: 7", "seed: 8", StringComparison.Ordinal)).Steps[1].Seed("a"));
        Enumerable.Range(0, 1000).Select(index => learn.Seed($"{index}")).ShouldAllBe(seed => seed >= 1 && seed <= 900_000_000);
    }

    private sealed class FailingStep : RecipeStep<NoOptions>
    {
        public override string Kind => "failing";

        public override string Summary => "Fails.";

        public override IReadOnlyList<StepInput> Inputs => [new("model", "model", "Anything.")];

        public override Task RunAsync(NoOptions options, StepContext context, CancellationToken cancellation) =>
            throw new MofException(ErrorKind.ToolFailure, "the program failed", "atom 3", "luck", "Try again.");
    }

    private sealed class InterruptedStep(CancellationTokenSource source) : RecipeStep<NoOptions>
    {
        public override string Kind => "interrupted";

        public override string Summary => "Is interrupted when it runs first.";

        public override async Task RunAsync(NoOptions options, StepContext context, CancellationToken cancellation)
        {
            var first = !context.HasUnit("one", "f");
            await context.OnceAsync("one", "f", (_, _) => Task.CompletedTask, cancellation);
            if (first)
            {
                await source.CancelAsync();

                // A program that was ended fails in its own way.
                throw new MofException(ErrorKind.ToolFailure, "killed");
            }
        }
    }
}
