using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>What a step's result depends on, and the fingerprint of that.</summary>
internal sealed class StepIdentity(JsonObject content)
{
    /// <summary>The facts, readable.</summary>
    public JsonObject Content { get; } = content;

    /// <summary>SHA-256 of the facts, hexadecimal.</summary>
    public string Fingerprint { get; } = Hash(content.ToJsonString());

    /// <summary>SHA-256 of a text, hexadecimal.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What differs from an earlier identity, in words.</summary>
    public string DifferenceFrom(JsonObject earlier)
    {
        var differences = new List<string>();
        Compare(string.Empty, earlier, Content, differences);
        var shown = differences.Take(4).ToList();
        if (differences.Count > shown.Count)
        {
            shown.Add($"{differences.Count - shown.Count} more");
        }

        return string.Join(", ", shown);
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<string> differences)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        if (before is JsonObject first && after is JsonObject second)
        {
            foreach (var key in first.Select(pair => pair.Key).Union(second.Select(pair => pair.Key)))
            {
                Compare(path.Length == 0 || path == "parameters" ? key : $"{path}.{key}", first[key], second[key], differences);
            }

            return;
        }

        differences.Add(path.StartsWith("uses.", StringComparison.Ordinal)
            ? $"what it uses as {path["uses.".Length..]} changed"
            : $"{path}: {Shorten(before)} → {Shorten(after)}");
    }

    private static string Shorten(JsonNode? value)
    {
        var text = value?.ToJsonString() ?? "(none)";
        return text.Length <= 40 ? text : text[..37] + "…";
    }
}
