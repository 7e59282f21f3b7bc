using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>The <c>unit.json</c> in a finished unit's folder.</summary>
/// <param name="Fingerprint">What the unit depends on.</param>
/// <param name="Started">When the work began.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record UnitRecord(string Fingerprint, DateTimeOffset Started, TimeSpan Elapsed)
{
    /// <summary>Its name.</summary>
    public const string FileName = "unit.json";

    // Programs may still write their last lines here.
    private static readonly string[] _logs = [".out", ".err", ".log"];

    /// <summary>Sizes of the unit's files when it was finished, by relative path; empty in records of versions that kept none.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = new Dictionary<string, long>();

    /// <summary>Writes the record, with the sizes of what is in the folder.</summary>
    public void Write(string folder)
    {
        var json = new JsonObject
        {
            ["fingerprint"] = Fingerprint,
            ["started"] = Started.ToString("O", CultureInfo.InvariantCulture),
            ["elapsed_s"] = Elapsed.TotalSeconds,
            ["files"] = new JsonObject(FilesOf(folder).Select(file => KeyValuePair.Create(Path.GetRelativePath(folder, file.FullName), (JsonNode?)file.Length))),
        };
        DurableFiles.WriteAllText(Path.Combine(folder, FileName), json.ToJsonString(ReadableJson.Options));
    }

    /// <summary>The record of a folder, or null when it is not a unit's, or is damaged.</summary>
    /// <param name="folder">The unit's folder.</param>
    /// <param name="damage">What is wrong with a unit that lost a part of itself (a power failure, a disk that was full while it was copied); null: nothing.</param>
    public static UnitRecord? Read(string folder, out string? damage)
    {
        damage = null;
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var json = JsonNode.Parse(File.ReadAllText(path))!;
            var record = new UnitRecord(
                json["fingerprint"]!.GetValue<string>(),
                DateTimeOffset.Parse(json["started"]!.GetValue<string>(), CultureInfo.InvariantCulture),
                TimeSpan.FromSeconds(json["elapsed_s"]!.GetValue<double>()))
            {
                Sizes = json["files"]?.AsObject().ToDictionary(file => file.Key, file => file.Value!.GetValue<long>()) ?? [],
            };
            damage = record.DamageIn(folder);
            return damage is null ? record : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or NullReferenceException)
        {
            damage = $"{FileName} is cut or damaged ({new FileInfo(path).Length} bytes)";
            return null;
        }
    }

    /// <summary>What a file of the unit lacks. One that is gone was taken away by somebody who has no use for it: whoever needs it will say so.</summary>
    private string? DamageIn(string folder)
    {
        foreach (var (name, size) in Sizes)
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (file.Exists && file.Length != size)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{name} has {file.Length} bytes and had {size}");
            }

            if (file.Exists && size > 0 && file.Extension == ".json" && IsBlank(file))
            {
                return $"{name} holds zeros";
            }
        }

        return null;
    }

    /// <summary>A file system may keep a file's length over a power failure and lose what was in it.</summary>
    private static bool IsBlank(FileInfo file)
    {
        using var stream = file.OpenRead();
        return stream.ReadByte() == 0;
    }

    private static IEnumerable<FileInfo> FilesOf(string folder) => new DirectoryInfo(folder)
        .EnumerateFiles("*", SearchOption.AllDirectories)
        .Where(file => file.LinkTarget is null && !_logs.Contains(file.Extension) && !file.Name.StartsWith(FileName, StringComparison.Ordinal))
        .OrderBy(file => file.FullName, StringComparer.Ordinal);
}

/// <summary>How JSON files of a run folder are written.</summary>
internal static class ReadableJson
{
    /// <summary>A file of its own.</summary>
    public static readonly JsonSerializerOptions Options = Create(indented: true);

    /// <summary>One line.</summary>
    public static readonly JsonSerializerOptions Line = Create(indented: false);

    /// <summary>The value of a file that may be cut or hold something else; null then.</summary>
    public static JsonObject? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path)) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonSerializerOptions Create(bool indented) => new()
    {
        WriteIndented = indented,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };
}
