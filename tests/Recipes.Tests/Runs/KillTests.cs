using System.Globalization;
using System.Text.RegularExpressions;
using MofInterop.Engine;
using Xunit.Abstractions;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>kill -9 of a whole run, again and again, in the middle of everything: in the end as if nothing had happened.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Kills at least; the seed and the machine decide how many there are.</summary>
    private const int FewestKills = 12;

    private const int MostLives = 80;

    /// <summary>A life ends at the latest when so many units of work were finished in it.</summary>
    private const int UnitsInOneLife = 5;

    /// <summary>Files and folders whose appearance under the run folder is a moment to kill at, each once.</summary>
    private static readonly (string Moment, string Pattern)[] Moments =
    [
        ("start", "^lock.holder$"),
        ("reference starts", @"^cache/labels/\.partial/[^/]+/input\.extxyz$"),
        ("reference has written", @"^cache/labels/\.partial/[^/]+/output\.extxyz$"),
        ("label recorded", @"^cache/labels/\.partial/[^/]+/unit\.json(\.new)?$"),
        ("label in place", "^cache/labels/[0-9a-f]{32}$"),
        ("fit starts", @"^steps/learn/units/\.partial/[^/]+fit-[0-9]+$"),
        ("fit written", @"^steps/learn/units/\.partial/[^/]+fit-[0-9]+/[^/]+$"),
        ("fit in place", "^steps/learn/units/generation-0[0-9]/fit$"),
        ("molecular dynamics starts", @"^steps/learn/units/\.partial/[^/]+run[^/]+$"),
        ("molecular dynamics runs", @"^steps/learn/units/\.partial/[^/]+run[^/]+/[^/]+\.out$"),
        ("frames written", @"^steps/learn/units/\.partial/[^/]+/intact\.extxyz$"),
        ("run in place", "^steps/learn/units/generation-0[0-9]/run-0[0-9]$"),
        ("outputs written", @"^steps/learn/\.partial/outputs/[^/]+$"),
        ("outputs in place", "^steps/learn/outputs$"),
        ("ramp", "^steps/test/units/.*$"),
        ("test in place", "^steps/test/outputs$"),
        ("stability", "^steps/stability/units/.*$"),
    ];

    /// <summary>What must be bit-identical.</summary>
    private static readonly string[] Results =
    [
        "steps/learn/outputs/training.extxyz", "steps/learn/outputs/diamond.snapcoeff", "steps/learn/outputs/diamond.snapparam", "steps/learn/outputs/diamond.mof.yaml",
        "steps/test/outputs/frames.extxyz", "steps/test/outputs/errors.json", "steps/stability/outputs/runs.json",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-kill-").FullName;
    private readonly List<(string Moment, Regex Pattern)> _pending = [.. Moments.Select(moment => (moment.Moment, new Regex(moment.Pattern)))];
    private readonly Random _random = new(2026);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void A_run_that_is_killed_at_many_moments_gives_the_same_training_set_and_potential_to_the_bit()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = StandInRecipe.Write(_folder, extra: StandInRecipe.Tests);
        var undisturbed = Path.Combine(_folder, "undisturbed");
        Run(recipe, undisturbed);
        var folder = Path.Combine(_folder, "killed");
        var finished = new Dictionary<string, Label>();
        var kills = new List<string>();
        for (var life = 0; RunUntilKilled(recipe, folder, life) is { } moment; life++)
        {
            kills.Add(moment);
            kills.Count.ShouldBeLessThan(MostLives, string.Join(", ", kills));
            foreach (var (key, label) in Labels(folder))
            {
                finished.TryAdd(key, label);
            }
        }

        output.WriteLine($"{kills.Count} kills: {string.Join(", ", kills)}");
        kills.Count.ShouldBeGreaterThanOrEqualTo(FewestKills, string.Join(", ", kills));
        new[] { "reference starts", "label in place", "fit starts", "molecular dynamics starts", "outputs in place" }.ShouldBeSubsetOf(kills);
        foreach (var result in Results)
        {
            File.ReadAllBytes(Path.Combine(folder, result)).ShouldBe(File.ReadAllBytes(Path.Combine(undisturbed, result)), result);
        }

        // Nothing that was finished was lost or calculated again, and nothing unfinished is left.
        var labels = Labels(folder);
        labels.Keys.ShouldBe(Labels(undisturbed).Keys, ignoreOrder: true);
        foreach (var (key, label) in finished)
        {
            labels[key].ShouldBe(label, $"label {key}");
        }

        FinishedLabels(folder).ShouldBeUnique();
        Directory.EnumerateFileSystemEntries(folder, ".partial", SearchOption.AllDirectories).SelectMany(Directory.EnumerateFileSystemEntries).ShouldBeEmpty();
    }

    private static void Run(string recipe, string folder)
    {
        using var process = new RunProcess(recipe, folder);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(0, text);
    }

    /// <summary>Runs until a moment that has not been yet, and kills; returns the moment, or null when the run came to its end.</summary>
    private string? RunUntilKilled(string recipe, string folder, int life)
    {
        var latest = life % 4 == 3 ? TimeSpan.FromMilliseconds(_random.Next(200, 2500)) : TimeSpan.MaxValue;
        using var process = new RunProcess(recipe, folder);
        string? reached = null;
        while (!process.HasExited && reached is null)
        {
            var entries = NewEntries(folder, process.StartTime);
            if (_pending.FindIndex(moment => entries.Exists(moment.Pattern.IsMatch)) is var place and >= 0)
            {
                reached = _pending[place].Moment;
                _pending.RemoveAt(place);

                // Not always the very first instant of it.
                Thread.Sleep(life % 2 * _random.Next(0, 60));
            }
            else if (entries.Count(entry => Path.GetFileName(entry) == "unit.json" && !entry.Contains(".partial", StringComparison.Ordinal)) >= UnitsInOneLife)
            {
                reached = $"{UnitsInOneLife} units of work";
            }
            else if (DateTime.UtcNow - process.StartTime > latest)
            {
                reached = string.Create(CultureInfo.InvariantCulture, $"{latest.TotalMilliseconds:0} ms");
            }
        }

        if (reached is not null && process.Kill())
        {
            process.Survivors().ShouldBeEmpty("programs that outlive the run that started them");
            return reached;
        }

        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(0, text);
        return null;
    }

    /// <summary>Files and folders below a run folder that were written since a time, relative to it.</summary>
    private static List<string> NewEntries(string folder, DateTime since)
    {
        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Where(entry => File.GetLastWriteTimeUtc(entry) >= since).Select(entry => Path.GetRelativePath(folder, entry))]
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder moved away while it was listed; the next look will do.
            return [];
        }
    }

    /// <summary>A finished label: when it was made, its content, and how often the reference program came to this energy.</summary>
    private sealed record Label(string Unit, string Content, int Calls);

    private static Dictionary<string, Label> Labels(string folder)
    {
        var labels = Path.Combine(folder, "cache", "labels");
        var calls = Path.Combine(folder, StandInRecipe.Calls);
        var energies = Directory.Exists(calls) ? Directory.EnumerateFiles(calls).Select(File.ReadAllText).ToArray() : [];
        return Directory.Exists(labels)
            ? Directory.EnumerateDirectories(labels).Where(label => Path.GetFileName(label)[0] != '.').ToDictionary(
                label => Path.GetFileName(label),
                label =>
                {
                    var content = File.ReadAllText(Path.Combine(label, "label.json"));
                    var energy = Regex.Match(content, "\"energy\": ([-0-9.eE+]+)").Groups[1].Value;
                    return new Label(File.ReadAllText(Path.Combine(label, "unit.json")), content, energies.Count(other => other == energy));
                })
            : [];
    }

    /// <summary>Every label that the journal says was finished.</summary>
    private static IEnumerable<string> FinishedLabels(string folder) => RunFolder.Open(folder).Journal
        .Where(entry => entry.Event == "unit-finished")
        .Select(entry => entry.Data["unit"]!.GetValue<string>())
        .Where(unit => unit.StartsWith("labels/", StringComparison.Ordinal));
}
