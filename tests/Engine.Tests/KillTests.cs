using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace MofInterop.Engine.Tests;

/// <summary>kill -9 of a real process at many moments, then the same command: as if nothing had happened.</summary>
public sealed partial class KillTests : IDisposable
{
    private const int Killed = 137;

    private readonly Scratch _scratch = new();

    public KillTests() => _scratch.Write("toy.yaml", Scratch.Toy);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_kill_before_any_file_operation_changes_nothing_in_the_end()
    {
        var undisturbed = Undisturbed(out var points);
        points.ShouldBeGreaterThan(60);
        var last = points;
        Parallel.For(1, points / Stride + 1, new ParallelOptions { MaxDegreeOfParallelism = 2 }, index =>
        {
            var folder = _scratch[$"run{index}"];
            var exitCode = Start(folder, index * Stride);

            // Threads that race to create a folder pass a few points more or less, so the last ones may not be reached.
            (exitCode == Killed || exitCode == 0 && index * Stride > last - 10).ShouldBeTrue($"kill at point {index * Stride} of {last}: exit code {exitCode}");
            ResumeAndCompare(folder, undisturbed);
        });
    }

    [Fact]
    public void A_process_that_is_killed_again_and_again_still_gets_through()
    {
        var undisturbed = Undisturbed(out _);
        var folder = _scratch["run"];
        var kills = 0;

        // Not always at the same point: two units of work that are both nearly finished each time would never be.
        while (Start(folder, 22 + 3 * (kills % 5)) == Killed)
        {
            (++kills).ShouldBeLessThan(100);
        }

        kills.ShouldBeGreaterThan(4);
        ResumeAndCompare(folder, undisturbed);
    }

    [Fact]
    public void A_kill_from_outside_at_any_moment_changes_nothing_in_the_end()
    {
        var undisturbed = Undisturbed(out _);
        var random = new Random(1);
        for (var attempt = 0; attempt < 6; attempt++)
        {
            var folder = _scratch[$"run{attempt}"];
            using var process = Launch(folder);
            Thread.Sleep(random.Next(100, 700));
            process.Kill();
            process.WaitForExit();
            ResumeAndCompare(folder, undisturbed);
        }
    }

    [GeneratedRegex("\"elapsed_s\": [0-9.eE+-]+")]
    private static partial Regex ElapsedPattern();

    // All points take a minute or two; a usual test run visits a quarter of them.
    private static int Stride => Environment.GetEnvironmentVariable("MOFINTEROP_THOROUGH") is null ? 4 : 1;

    private Dictionary<string, string> Undisturbed(out int points)
    {
        var folder = _scratch["undisturbed"];
        using var process = Launch(folder);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        points = int.Parse(Regex.Match(output, "points ([0-9]+)").Groups[1].Value, CultureInfo.InvariantCulture);
        return Results(folder);
    }

    private void ResumeAndCompare(string folder, Dictionary<string, string> undisturbed)
    {
        var finished = FinishedLabels(folder);
        var before = Calls(folder).Length;
        Start(folder).ShouldBe(0);
        Results(folder).ShouldBe(undisturbed);
        Calls(folder).Skip(before).ShouldAllBe(call => !finished.Contains(call), "a finished label was calculated again");
        Directory.EnumerateFileSystemEntries(folder, ".partial", SearchOption.AllDirectories)
            .SelectMany(Directory.EnumerateFileSystemEntries).ShouldBeEmpty();
        Journal.Read(Path.Combine(folder, "journal.jsonl"))[^1].Event.ShouldBe("run-finished");
    }

    /// <summary>Every file that is a result, by its content; times do not belong to results.</summary>
    private static Dictionary<string, string> Results(string folder) => Directory
        .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) is not ("journal.jsonl" or "run.log" or "step.log" or "lock" or "lock.holder" or "unit.json"))
        .ToDictionary(
            file => Path.GetRelativePath(folder, file),
            file => Path.GetFileName(file) == "outputs.json"
                ? ElapsedPattern().Replace(File.ReadAllText(file), string.Empty)
                : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));

    private static HashSet<string> FinishedLabels(string folder)
    {
        var labels = Path.Combine(folder, "cache", "labels");
        return Directory.Exists(labels)
            ? [.. Directory.EnumerateDirectories(labels).Where(label => Path.GetFileName(label)[0] != '.').Select(label => File.ReadAllText(Path.Combine(label, "frame.txt")) + " started")]
            : [];
    }

    private static string[] Calls(string folder) => File.Exists(folder + ".calls") ? File.ReadAllLines(folder + ".calls") : [];

    private int Start(string folder, int? killAt = null)
    {
        using var process = Launch(folder, killAt);
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }

    private Process Launch(string folder, int? killAt = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "MofInterop.EngineHost.dll"));
        start.ArgumentList.Add(_scratch["toy.yaml"]);
        start.ArgumentList.Add(folder);
        if (killAt is { } point)
        {
            start.ArgumentList.Add(point.ToString(CultureInfo.InvariantCulture));
        }

        start.Environment["TOY_CALLS"] = folder + ".calls";
        return Process.Start(start)!;
    }
}
