using MofInterop.Engine;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>The disk of a run is full, or the reference program finds no room: the machine's fault, not that of a configuration.</summary>
public sealed class FullDiskRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-full-").FullName;
    private readonly SmallDisk? _disk = SmallDisk.TryMount(64);

    public void Dispose()
    {
        _disk?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableTheory]
    [InlineData(250)]
    [InlineData(60)]
    [Trait("Category", "Slow")]
    public void The_run_stops_with_what_is_full_loses_nothing_and_goes_on_when_there_is_room(int kilobytesLeft)
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        Skip.If(_disk is null, "mounting is not permitted here");
        var recipe = StandInRecipe.Write(_folder, FaultyReference.Command(_folder, "scratch"), workers: 1);
        var folder = Path.Combine(_disk.Folder, "run");
        var ballast = _disk.Fill(kilobytesLeft * 1024);
        using (var process = new RunProcess(recipe, folder))
        {
            var (exitCode, text) = process.Finish();
            exitCode.ShouldBe(1, text);
            text.ShouldContain($"the disk is full: {_disk.Folder} has ");
            text.ShouldContain("give the same command");
            text.ShouldNotContain("defect");
            process.Survivors().ShouldBeEmpty();
        }

        Labels(folder).ShouldAllBe(label => File.ReadAllText(label).Contains("\"failure\": null", StringComparison.Ordinal), "no configuration is blamed");
        var kept = Labels(folder).Select(label => Path.GetDirectoryName(label)!).ToArray();
        var written = kept.ToDictionary(label => label, label => File.ReadAllText(Path.Combine(label, "unit.json")));
        File.Delete(ballast);
        Finish(recipe, folder);
        kept.ShouldAllBe(label => File.ReadAllText(Path.Combine(label, "unit.json")) == written[label]);
        RunFolder.Open(folder).Steps[1].SetAside.ShouldBeEmpty();

        var undisturbed = Path.Combine(_folder, "undisturbed");
        Finish(recipe, undisturbed);
        File.ReadAllText(Path.Combine(folder, "steps/learn/outputs/training.extxyz")).ShouldBe(File.ReadAllText(Path.Combine(undisturbed, "steps/learn/outputs/training.extxyz")));
    }

    [SkippableFact]
    public void A_program_that_may_write_no_more_stops_the_run_and_is_no_failed_label()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = StandInRecipe.Write(_folder, FaultyReference.Command(_folder, ",,limit,limit"), workers: 1);
        var folder = Path.Combine(_folder, "run");
        using (var process = new RunProcess(recipe, folder))
        {
            var (exitCode, text) = process.Finish();
            exitCode.ShouldBe(1, text);
            text.ShouldContain("the disk is full: ");
            text.ShouldContain("killed by signal 25");
        }

        Labels(folder).Length.ShouldBe(2);
        Finish(recipe, folder);
        var starts = FaultyReference.StartsOf(folder);
        starts.Count.ShouldBe(starts.Distinct().Count() + 2, "the third label took three starts, every other one");
    }

    private static string[] Labels(string folder)
    {
        var labels = Path.Combine(folder, "cache", "labels");
        return Directory.Exists(labels)
            ? [.. Directory.EnumerateDirectories(labels).Where(label => Path.GetFileName(label)[0] != '.').Select(label => Path.Combine(label, "label.json"))]
            : [];
    }

    private static void Finish(string recipe, string folder)
    {
        using var process = new RunProcess(recipe, folder);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(0, text);
    }
}
