using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>The <c>unit.json</c> in a finished unit's folder.</summary>
internal sealed record UnitRecord(string Fingerprint, DateTimeOffset Started, TimeSpan Elapsed)
{
    private const string FileName = "unit.json";

    public void Write(string folder)
    {
        var json = new JsonObject
        {
            ["fingerprint"] = Fingerprint,
            ["started"] = Started.ToString("O", CultureInfo.InvariantCulture),
            ["elapsed_s"] = Elapsed.TotalSeconds,
        };
        DurableFiles.WriteAllText(Path.Combine(folder, FileName), json.ToJsonString(ReadableJson.Options));
    }

    /// <summary>The record of a folder, or null when it is not a unit's.</summary>
    public static UnitRecord? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var json = JsonNode.Parse(File.ReadAllText(path))!;
        return new UnitRecord(
            json["fingerprint"]!.GetValue<string>(),
            DateTimeOffset.Parse(json["started"]!.GetValue<string>(), CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(json["elapsed_s"]!.GetValue<double>()));
    }
}

/// <summary>How JSON files of a run folder are written.</summary>
internal static class ReadableJson
{
    /// <summary>A file of its own.</summary>
    public static readonly JsonSerializerOptions Options = Create(indented: true);

    /// <summary>One line.</summary>
    public static readonly JsonSerializerOptions Line = Create(indented: false);

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        WriteIndented = indented,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };
}
