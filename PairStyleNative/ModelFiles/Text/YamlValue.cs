using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Text;

/// <summary>A scalar of a YAML file.</summary>
/// <param name="Text">As it stands in the file.</param>
/// <param name="Where"><c>file:line:column</c>.</param>
/// <param name="Name">The full key.</param>
internal sealed record YamlValue(string Text, string Where, string Name)
{
    /// <summary>A finite number.</summary>
    public double Number() => Numbers.ReadDouble(Text, Where, Name);

    /// <summary>An integer of at least <paramref name="minimum"/>.</summary>
    public int Integer(int minimum)
    {
        var value = Numbers.ReadInteger(Text, Where, Name);
        return value >= minimum ? value : throw Wrong($"an integer of at least {minimum}");
    }

    /// <summary>A number followed by this unit.</summary>
    public double Quantity(string unit)
    {
        var end = Text.IndexOf(' ', StringComparison.Ordinal);
        return end > 0 && Text[end..].Trim() == unit
            ? Numbers.ReadDouble(Text[..end], Where, Name)
            : throw Wrong($"a number and its unit, {unit}");
    }

    /// <summary>One of a few words.</summary>
    public string OneOf(params string[] words) => words.Contains(Text, StringComparer.Ordinal) ? Text : throw Wrong("one of " + string.Join(", ", words));

    /// <summary>The error that this value is not what it should be.</summary>
    public MofException Wrong(string expected) => new(ErrorKind.FileFormat, $"'{Name}' is '{Text}'", Where, expected);
}
