using MofInterop.Engine;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Most labels fail: the step stops and says why.</summary>
public sealed class TooFewLabelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-reference-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void The_step_stops_with_reasons_counted_and_goes_on_when_fewer_are_enough_without_a_label_done_twice()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);

        // mkdir succeeds for one process only: three of the first five labels fail.
        var script = Path.Combine(_folder, "fail.sh");
        File.WriteAllText(script, string.Concat(Enumerable.Range(1, 3).Select(n => $"mkdir ../../../failed-{n} 2>/dev/null && exit 3\n")) + "exec dotnet \"$@\"\n");
        var recipe = StandInRecipe.Write(_folder, ["/bin/sh", script, .. StandInRecipe.Command.Skip(1)], workers: 1);
        var run = Path.Combine(_folder, "run");
        using (var process = new RunProcess(recipe, run))
        {
            var (exitCode, text) = process.Finish();
            exitCode.ShouldBe(1, text);
            text.ShouldContain("labels of the distorted copies: 3 of 5 failed", Case.Sensitive, text);
            text.ShouldContain("3 × as set: ");
            text.ShouldContain("exit code 3");
            text.ShouldContain("at least 50 %");
        }

        Labels(run).ShouldBe(5);
        Directory.EnumerateFiles(Path.Combine(run, StandInRecipe.Calls)).Count().ShouldBe(2);
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("workers: 1", "workers: 1, at_least: 40 %", StringComparison.Ordinal));
        using var again = new RunProcess(recipe, run);
        var (code, output) = again.Finish();
        code.ShouldBe(0, output);
        Directory.EnumerateFiles(Path.Combine(run, StandInRecipe.Calls)).Count().ShouldBe(Labels(run) - 3, "no label is computed twice");
    }

    private static int Labels(string run) => Directory.EnumerateFiles(Path.Combine(run, "cache", "labels"), "label.json", SearchOption.AllDirectories).Count();
}
