using System.Globalization;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>LAMMPS is killed, hangs, or loses frames; a script stands between it and the suite.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class DynamicsFaultTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-dynamics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("kill -9 $$", "was killed by signal 9")]
    [InlineData("sleep 1234", "was stopped at its time limit of 40 s")]
    [Trait("Category", "Slow")]
    public void A_run_that_is_killed_or_hangs_once_is_made_once_more_with_the_same_result(string fault, string said)
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = Recipe();
        var (folder, text) = Run(recipe, "disturbed", $"mkdir {_folder}/once 2>/dev/null && {{ {fault}; }}\nexec \"$LAMMPS\" \"$@\"\n", 0);
        text.ShouldContain("is made once more: ");
        text.ShouldContain(said);
        var (undisturbed, _) = Run(recipe, "undisturbed", "exec \"$LAMMPS\" \"$@\"\n", 0);
        foreach (var result in new[] { "training.extxyz", "diamond.snapcoeff" })
        {
            File.ReadAllText(Path.Combine(folder, "steps/learn/outputs", result)).ShouldBe(File.ReadAllText(Path.Combine(undisturbed, "steps/learn/outputs", result)), result);
        }
    }

    [SkippableFact]
    public void Frames_that_end_early_although_all_steps_were_made_stop_the_step_and_cost_one_run()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = Recipe();
        FaultyReference.Change(recipe, "temperature: 100 K, runs: 3, steps: 40, frames_every: 5", "temperature: 10 K, runs: 3, steps: 3, frames_every: 1");
        var (folder, text) = Run(recipe, "run", "\"$LAMMPS\" \"$@\" || exit 1\nfor dump in *.lammpstrj; do head -n 20 $dump > cut && mv cut $dump; done\n", 1);
        text.ShouldContain("LAMMPS made all 3 steps, but its frames end at step ");
        var labels = Directory.EnumerateFiles(Path.Combine(folder, "cache", "labels"), "label.json", SearchOption.AllDirectories).ToArray();
        labels.ShouldNotBeEmpty();
        var (_, again) = Run(recipe, "run", "exec \"$LAMMPS\" \"$@\"\n", 0);
        again.ShouldContain("learn: goes on where it stopped");
        Directory.EnumerateFiles(Path.Combine(folder, StandInRecipe.Calls)).Count()
            .ShouldBe(Directory.EnumerateFiles(Path.Combine(folder, "cache", "labels"), "label.json", SearchOption.AllDirectories).Count(), "no label is computed twice");
    }

    private string Recipe()
    {
        var recipe = StandInRecipe.Write(_folder);
        FaultyReference.Change(recipe, "snap: { twojmax: 4 }", "snap: { twojmax: 4 }\n    dynamics: { time_limit: 40 s }");
        return recipe;
    }

    private (string Folder, string Text) Run(string recipe, string name, string script, int expected)
    {
        var wrapper = Path.Combine(_folder, "lmp-faulty");
        File.WriteAllText(wrapper, "#!/bin/sh\n" + script);
        File.SetUnixFileMode(wrapper, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var folder = Path.Combine(_folder, name);
        var environment = new Dictionary<string, string> { ["MOFINTEROP_LMP_MOF"] = wrapper, ["LAMMPS"] = Repository.Artifact("bin", "lmp-mof") };
        using var process = new RunProcess(recipe, folder, environment, []);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(expected, string.Create(CultureInfo.InvariantCulture, $"{name}: {text}"));
        process.Survivors().ShouldBeEmpty();
        return (folder, text);
    }
}
