namespace MofInterop.Engine;

/// <summary>A place in a text file, both counted from 1.</summary>
internal readonly record struct TextPosition(int Line, int Column);

/// <summary>A YAML value that knows where it stands.</summary>
internal abstract record YamlValue(TextPosition Start);

/// <summary>A scalar; <paramref name="Plain"/> when it is not quoted.</summary>
internal sealed record YamlScalar(TextPosition Start, string Text, bool Plain) : YamlValue(Start)
{
    /// <summary>Nothing after the colon, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => Plain && Text is "" or "~" or "null" or "Null" or "NULL";
}

/// <summary>A sequence.</summary>
internal sealed record YamlList(TextPosition Start, IReadOnlyList<YamlValue> Items) : YamlValue(Start);

/// <summary>A mapping in file order; its keys are different from each other.</summary>
internal sealed record YamlMap(TextPosition Start, IReadOnlyList<KeyValuePair<YamlScalar, YamlValue>> Entries) : YamlValue(Start)
{
    /// <summary>The value of a key, or null.</summary>
    public YamlValue? this[string key] => Entries.FirstOrDefault(entry => entry.Key.Text == key).Value;
}
