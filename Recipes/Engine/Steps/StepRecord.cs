using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>The <c>outputs.json</c> of a finished step.</summary>
internal sealed record StepRecord(
    string Fingerprint,
    string Kind,
    TimeSpan Elapsed,
    JsonObject Outputs,
    IReadOnlyList<QualityGoal> Goals,
    IReadOnlyList<string> Warnings)
{
    public const string FileName = "outputs.json";

    /// <summary>What the step went on without.</summary>
    public IReadOnlyList<SetAsideItem> SetAside { get; init; } = [];

    public void Write(string folder)
    {
        var json = new JsonObject
        {
            ["kind"] = Kind,
            ["fingerprint"] = Fingerprint,
            ["elapsed_s"] = Elapsed.TotalSeconds,
            ["outputs"] = Outputs.DeepClone(),
            ["goals"] = new JsonArray([.. Goals.Select(goal => (JsonNode)goal.ToJson())]),
            ["warnings"] = new JsonArray([.. Warnings.Select(warning => (JsonNode)warning)]),
            ["set_aside"] = new JsonArray([.. SetAside.Select(item => (JsonNode)item.ToJson())]),
        };
        DurableFiles.WriteAllText(Path.Combine(folder, FileName), json.ToJsonString(ReadableJson.Options));
    }

    /// <summary>The record in an output folder, or null when there is none, or half of one.</summary>
    public static StepRecord? Read(string folder)
    {
        if (ReadableJson.TryRead(Path.Combine(folder, FileName)) is not { } json)
        {
            return null;
        }

        return new StepRecord(
            json["fingerprint"]!.GetValue<string>(),
            json["kind"]!.GetValue<string>(),
            TimeSpan.FromSeconds(json["elapsed_s"]!.GetValue<double>()),
            json["outputs"]!.AsObject(),
            [.. json["goals"]!.AsArray().Select(goal => QualityGoal.FromJson(goal!))],
            [.. json["warnings"]!.AsArray().Select(warning => warning!.GetValue<string>())])
        {
            SetAside = [.. json["set_aside"]?.AsArray().Select(item => SetAsideItem.FromJson(item!.AsObject())) ?? []],
        };
    }

    /// <summary>The outputs, with paths made full.</summary>
    public IReadOnlyDictionary<string, StepValue> Values(string folder) =>
        Outputs.ToDictionary(pair => pair.Key, pair => StepValue.FromJson(pair.Key, pair.Value!.AsObject(), folder));
}

/// <summary>Collects a step's outputs, goals and warnings from several threads.</summary>
internal sealed class StepRecordBuilder
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, JsonObject> _outputs = new(StringComparer.Ordinal);
    private readonly List<QualityGoal> _goals = [];
    private readonly List<string> _warnings = [];
    private readonly List<SetAsideItem> _setAside = [];

    public void SetOutput(string name, JsonObject value)
    {
        lock (_gate)
        {
            _outputs[name] = value;
        }
    }

    public bool HasOutput(string name)
    {
        lock (_gate)
        {
            return _outputs.ContainsKey(name);
        }
    }

    public void AddGoal(QualityGoal goal)
    {
        lock (_gate)
        {
            _goals.Add(goal);
        }
    }

    public void AddWarning(string text)
    {
        lock (_gate)
        {
            _warnings.Add(text);
        }
    }

    public void AddSetAside(SetAsideItem item)
    {
        lock (_gate)
        {
            _setAside.Add(item);
        }
    }

    public StepRecord Build(string fingerprint, string kind, TimeSpan elapsed)
    {
        lock (_gate)
        {
            var outputs = new JsonObject(_outputs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value.DeepClone())));
            return new StepRecord(fingerprint, kind, elapsed, outputs, [.. _goals], [.. _warnings]) { SetAside = [.. _setAside] };
        }
    }
}
