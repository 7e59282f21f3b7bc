using System.Buffers;
using System.Text;

namespace MofInterop.Structures;

/// <summary>The <c>key=value</c> pairs of the second line of an extended XYZ frame, in the dialect of ASE and QUIP.</summary>
internal static class ExtendedXyzComment
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" \t\r\n\"'=[]{}\\");

    /// <summary>Reads the pairs. Values may stand in "…", '…', […] or {…}; a key without value is true (<c>T</c>).</summary>
    public static Dictionary<string, string> Parse(string line)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = 0;
        while (true)
        {
            while (at < line.Length && char.IsWhiteSpace(line[at]))
            {
                at++;
            }

            if (at >= line.Length)
            {
                return pairs;
            }

            var key = Token(line, ref at, stopAtEquals: true);
            if (at < line.Length && line[at] == '=')
            {
                at++;
                pairs[key] = Token(line, ref at, stopAtEquals: false);
            }
            else if (key.Length > 0)
            {
                pairs[key] = "T";
            }
            else
            {
                at++;
            }
        }
    }

    /// <summary>A value as it must stand in the file: quoted where it holds blanks or other signs of the syntax.</summary>
    public static string Quote(string value)
    {
        if (value.Length > 0 && !value.AsSpan().ContainsAny(Special))
        {
            return value;
        }

        var text = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return '"' + text.ReplaceLineEndings("\\n") + '"';
    }

    /// <summary>The numbers of a list value, whatever brackets and commas it has.</summary>
    public static string[] Items(string value) => value.Split([' ', '\t', ',', '[', ']', '{', '}'], StringSplitOptions.RemoveEmptyEntries);

    private static string Token(string line, ref int at, bool stopAtEquals)
    {
        if (at >= line.Length)
        {
            return "";
        }

        switch (line[at])
        {
            case '"' or '\'':
                return Quoted(line, ref at, line[at]);
            case '[' or '{':
                return Bracketed(line, ref at, line[at], line[at] == '[' ? ']' : '}');
            default:
                var start = at;
                while (at < line.Length && !char.IsWhiteSpace(line[at]) && !(stopAtEquals && line[at] == '='))
                {
                    at++;
                }

                return line[start..at];
        }
    }

    private static string Quoted(string line, ref int at, char quote)
    {
        var text = new StringBuilder();
        for (at++; at < line.Length && line[at] != quote; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length)
            {
                at++;
                text.Append(line[at] == 'n' ? '\n' : line[at]);
            }
            else
            {
                text.Append(line[at]);
            }
        }

        at++;
        return text.ToString();
    }

    private static string Bracketed(string line, ref int at, char open, char close)
    {
        var start = at;
        for (var depth = 0; at < line.Length; at++)
        {
            depth += line[at] == open ? 1 : line[at] == close ? -1 : 0;
            if (depth == 0)
            {
                at++;
                break;
            }
        }

        return line[start..at];
    }
}
