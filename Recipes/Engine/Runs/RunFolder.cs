using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>A step as a run folder shows it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Finished">Its outputs are in place.</param>
/// <param name="Elapsed">Wall time over all processes that worked on it; of one that was killed, until its last sign of life.</param>
/// <param name="Outputs">Its outputs; empty until finished.</param>
/// <param name="Goals">Its quality goals; empty until finished.</param>
/// <param name="Warnings">Its warnings; empty until finished.</param>
/// <param name="SetAside">What it went on without; of an unfinished step: so far.</param>
/// <param name="Folder">Its folder.</param>
public sealed record StepSummary(
    string Name,
    string Kind,
    bool Finished,
    TimeSpan Elapsed,
    IReadOnlyDictionary<string, StepValue> Outputs,
    IReadOnlyList<QualityGoal> Goals,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<SetAsideItem> SetAside,
    string Folder);

/// <summary>Reads a run folder, also while a run is at work on it. Changes nothing.</summary>
public sealed class RunFolder
{
    private RunFolder(string path, JsonNode recipe)
    {
        Path = path;
        RecipeName = recipe["name"]!.GetValue<string>();
        Journal = Engine.Journal.Read(JournalFile(path));
        Steps = [.. recipe["steps"]!.AsArray().Select(step => Summarize(step!["name"]!.GetValue<string>(), step["kind"]!.GetValue<string>()))];
        Versions = ReadableJson.TryRead(System.IO.Path.Combine(path, "versions.json"))?.ToDictionary(pair => pair.Key, pair => pair.Value!.GetValue<string>()) ?? [];
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Name of the recipe.</summary>
    public string RecipeName { get; }

    /// <summary>The steps of the recipe as it was run last, in order.</summary>
    public IReadOnlyList<StepSummary> Steps { get; }

    /// <summary>Versions of the programs used.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; }

    /// <summary>The journal.</summary>
    public IReadOnlyList<JournalEntry> Journal { get; }

    /// <summary>Where the wall time of a step went; null when it ran no program, or by an earlier version that did not write that down.</summary>
    public RunTimes? Times(string step) => RunTimes.Of(Journal, step);

    /// <summary>Opens a run folder.</summary>
    /// <exception cref="MofException">It is not one.</exception>
    public static RunFolder Open(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        if (!IsRunFolder(path) || !File.Exists(ResolvedRecipeFile(path)))
        {
            throw new MofException(ErrorKind.FileFormat, "this is not a run folder", path, "a folder that mofinterop run has made", "Give the folder that 'mofinterop run' names on its first line.");
        }

        var root = new YamlReader(new ProblemList(ResolvedRecipeFile(path))).Read(File.ReadAllText(ResolvedRecipeFile(path)))
            ?? throw new MofException(ErrorKind.FileFormat, "the resolved recipe is damaged", ResolvedRecipeFile(path), remedy: "Run the recipe again in this folder.");
        return new RunFolder(path, ToJson(root)!);
    }

    internal static string JournalFile(string folder) => System.IO.Path.Combine(folder, "journal.jsonl");

    internal static bool IsRunFolder(string folder) => File.Exists(JournalFile(folder)) || File.Exists(System.IO.Path.Combine(folder, RunLock.FileName));

    /// <summary>Makes a new folder one of a run before anything runs in it, so that what else comes into it does not make it look like another folder.</summary>
    internal static void Mark(string folder)
    {
        DurableFiles.CreateFolder(folder);
        if (!IsRunFolder(folder))
        {
            File.WriteAllText(System.IO.Path.Combine(folder, RunLock.FileName), string.Empty);
        }
    }

    private static string ResolvedRecipeFile(string folder) => System.IO.Path.Combine(folder, "recipe.resolved.yaml");

    private static JsonNode? ToJson(YamlValue value) => value switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, ToJson(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(ToJson)]),
        YamlScalar scalar => scalar.Text,
        _ => null,
    };

    private StepSummary Summarize(string name, string kind)
    {
        var folder = new StepFolder(Path, name);
        var record = folder.ReadRecord();
        return new StepSummary(
            name,
            kind,
            record is not null,
            TimeSpan.FromTicks(RunTimes.Windows(Journal, name).Sum(window => (window.End - window.Begin).Ticks)),
            record?.Values(folder.Outputs) ?? new Dictionary<string, StepValue>(),
            record?.Goals ?? [],
            record?.Warnings ?? [],
            record?.SetAside ?? SetAsideSoFar(name),
            folder.Path);
    }

    /// <summary>As the journal tells it: a process that goes on with a step says again what it does without.</summary>
    private SetAsideItem[] SetAsideSoFar(string step)
    {
        var own = Journal.Where(entry => entry.Step == step).ToList();
        var start = own.FindLastIndex(entry => entry.Event == "step-started");
        return [.. own.Skip(Math.Max(0, start)).Where(entry => entry.Event == SetAsideItem.Event).Select(entry => SetAsideItem.FromJson(entry.Data))];
    }
}
