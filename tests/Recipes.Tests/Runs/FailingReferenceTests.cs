using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>The reference program alone is killed.</summary>
public sealed class FailingReferenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-reference-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Runs with a reference program of which the first calls die by SIGKILL; returns the run folder.</summary>
    private RunFolder Run(string name, int deaths)
    {
        // mkdir succeeds for one process only, so exactly the first calls die.
        var suicide = string.Concat(Enumerable.Range(1, deaths).Select(death => $"mkdir ../../../death-{death} 2>/dev/null && kill -9 $$\n"));
        var script = Path.Combine(_folder, name + ".sh");
        File.WriteAllText(script, suicide + "exec dotnet \"$@\"\n");
        var recipe = StandInRecipe.Write(_folder, ["/bin/sh", script, .. StandInRecipe.Command.Skip(1)], workers: 1);
        using var process = new RunProcess(recipe, Path.Combine(_folder, name));
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(0, text);
        return RunFolder.Open(Path.Combine(_folder, name));
    }

    private static AtomicConfiguration[] Training(RunFolder run) => [.. ExtendedXyz.Read(run.Steps[1].Outputs["training"].FilePath)];

    [SkippableFact]
    public void A_reference_calculation_that_is_killed_once_is_repeated_and_says_so()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var run = Run("once", deaths: 1);
        run.Steps.ShouldAllBe(step => step.Warnings.Count == 0);
        Training(run)[0].Info["origin"].ShouldBe("copy 1");
        Directory.EnumerateFiles(Path.Combine(run.Path, "cache", "labels"), "label.json", SearchOption.AllDirectories)
            .Count(file => File.ReadAllText(file).Contains("again after signal 9", StringComparison.Ordinal)).ShouldBe(1);
    }

    [SkippableFact]
    public void One_that_is_killed_twice_is_set_aside_with_its_reason_and_the_run_goes_on()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var run = Run("twice", deaths: 2);
        var warning = run.Steps[1].Warnings.Single();
        warning.ShouldStartWith("labels of the distorted copies: copy 1 has no label and is set aside: as set: reference: `/bin/sh ");
        warning.ShouldContain("was killed by signal 9 after");
        warning.ShouldContain("; again after signal 9: reference: ");
        var folder = warning.Split("Look in ")[1].Split([';', '\n'])[0];
        File.Exists(Path.Combine(folder, "input.extxyz")).ShouldBeTrue($"the folder to look in: {folder}");
        Training(run)[0].Info["origin"].ShouldBe("copy 2");
    }
}
