using MofInterop.Cli;
using MofInterop.Potentials.Errors;

namespace MofInterop.Recipes.Tests.Cli;

public sealed class RunCommandTests : IDisposable
{
    private readonly ProgramUnderTest _program = new();

    public void Dispose() => _program.Dispose();

    private string Recipe(string text = ProgramUnderTest.Toy) => _program.Write("r.yaml", text);

    [Fact]
    public async Task A_run_tells_what_it_does_and_where_the_results_are()
    {
        (await _program.Run($"run {Recipe()} --folder {_program["run"]}")).ShouldBe(ExitCode.Success);
        _program.Output.ShouldContain("learn: to do (toy-learn): ");
        _program.Output.ShouldContain("[learn] runs of generation 1: 3 of 3");
        _program.Output.ShouldContain($": {_program["run"]}");
        File.Exists(_program["run/steps/learn/outputs/model.txt"]).ShouldBeTrue();
        File.ReadAllText(_program["run/versions.json"]).ShouldContain("mofinterop");
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_done_and_changes_nothing()
    {
        (await _program.Run($"run {Recipe()} --folder {_program["run"]} --dry-run")).ShouldBe(ExitCode.Success);
        _program.Output.ShouldContain("start: to do (toy-structure): ");
        Directory.Exists(_program["run"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Missed_quality_goals_give_exit_code_2()
    {
        (await _program.Run($"run {Recipe(ProgramUnderTest.Toy + "\n    goal: 0.001 meV/atom")} --folder {_program["run"]}")).ShouldBe(ExitCode.GoalsMissed);
        _program.Output.ShouldContain("goal missed: error of the toy");
    }

    [Fact]
    public async Task A_wrong_recipe_starts_nothing()
    {
        (await _program.Run($"run {Recipe(ProgramUnderTest.Toy.Replace("100 K", "100", StringComparison.Ordinal))} --folder {_program["run"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("r.yaml:7:30: 'schedule[1].temperature': '100' has no unit; expected a temperature in K");
        _program.Error.ShouldContain("1 problem in the recipe; nothing was started");
        Directory.Exists(_program["run"]).ShouldBeFalse();
    }

    [Fact]
    public async Task An_interrupted_run_says_how_to_go_on()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        (await _program.Run($"run {Recipe()} --folder {_program["run"]}", cancelled.Token)).ShouldBe(ExitCode.Interrupted);
        _program.Error.ShouldContain($"go on with:\n  mofinterop run {_program["r.yaml"]} --folder {_program["run"]}");
        (await _program.Run($"run {Recipe()} --folder {_program["run"]}")).ShouldBe(ExitCode.Success);
    }

    [Fact]
    public async Task The_report_is_written_after_the_run_and_again_by_its_own_command()
    {
        _program.WriteReport = (run, _) => Task.FromResult($"{run.Path}/report.html of {run.Steps.Count} steps");
        (await _program.Run($"run {Recipe()} --folder {_program["run"]}")).ShouldBe(ExitCode.Success);
        _program.Output.ShouldContain($"report: {_program["run"]}/report.html of 2 steps");
        (await _program.Run($"report {_program["run"]}")).ShouldBe(ExitCode.Success);
        (await _program.Run($"report {_program.Folder}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("this is not a run folder");
    }

    [Fact]
    public async Task A_report_that_fails_leaves_the_results()
    {
        _program.WriteReport = (_, _) => throw new MofException(ErrorKind.ToolFailure, "no matplotlib");
        (await _program.Run($"run {Recipe()} --folder {_program["run"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("the results are complete, but the report could not be written: no matplotlib");
    }
}
