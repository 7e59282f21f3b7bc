using MofInterop.Cli;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>A potential that is worse than the recipe wants.</summary>
public sealed class MissedGoalTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-goals-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void The_report_says_so_on_top_and_the_exit_code_is_2()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var demanding = StandInRecipe.Tests.Replace("    frames: 3", "    frames: 3\n    force_goal: 0.000001 meV/angstrom", StringComparison.Ordinal);
        var recipe = StandInRecipe.Write(_folder, extra: demanding);
        var run = Path.Combine(_folder, "run");
        using var process = new RunProcess(recipe, run);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.GoalsMissed, text);
        text.ShouldContain("force RMSE of the held-out frames");

        var page = File.ReadAllText(Path.Combine(run, "report.html"));
        var missed = page.IndexOf("1 of 1 goals were missed", StringComparison.Ordinal);
        missed.ShouldBeGreaterThan(0);
        missed.ShouldBeLessThan(page.IndexOf(">Active learning<", StringComparison.Ordinal));
        foreach (var heading in new[] { "Structure", "Held-out test", "Stability", "Steps and versions" })
        {
            page.ShouldContain($">{heading}<");
        }

        File.Exists(Path.Combine(run, "figures", "test-force.svg")).ShouldBeTrue();
    }
}
