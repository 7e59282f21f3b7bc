using System.Globalization;
using System.Text;

namespace MofInterop.ModelFiles.Cards;

/// <summary>Pieces of YAML.</summary>
internal static class CardText
{
    /// <summary>Appends a key and its value, nothing where there is no value.</summary>
    public static void Line(StringBuilder text, int indent, string key, string? value)
    {
        if (value is not null)
        {
            text.Append(' ', indent).Append(key).Append(": ").Append(value).Append('\n');
        }
    }

    /// <summary>A text as a scalar: plain where no reader could take it for anything else ("No" is an element and, in YAML 1.1, a Boolean).</summary>
    public static string Quote(string value)
    {
        var plain = value.Length > 2 && char.IsAsciiLetter(value[0]) && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/')
            && value is not ("null" or "true" or "false" or "yes" or "off");
        if (plain)
        {
            return value;
        }

        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:X2}"),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }
}
