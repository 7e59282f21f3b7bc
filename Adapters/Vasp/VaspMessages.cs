using System.Text.RegularExpressions;

namespace MofInterop.Vasp;

/// <summary>What VASP says about a run in boxes and single lines on its standard output.</summary>
public static partial class VaspMessages
{
    private const int MostKept = 6;

    /// <summary>
    /// The texts of boxes (<c>| ... |</c> between dashes, drawn banners left out) and of lines that tell an error, in order, each once. Advice boxes come too.
    /// </summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var messages = new List<string>();
        var box = new List<string>();
        foreach (var line in lines)
        {
            var text = line.Trim();
            if (text.Length > 1 && text[0] == '|' && text[^1] == '|')
            {
                var inside = text[1..^1].Trim();
                if (inside.Length > 0 && !Banner().IsMatch(inside))
                {
                    box.Add(inside);
                }

                continue;
            }

            if (box.Count > 0)
            {
                Add(string.Join(' ', box));
                box.Clear();
            }

            if (Trouble().IsMatch(text))
            {
                Add(text);
            }
        }

        if (box.Count > 0)
        {
            Add(string.Join(' ', box));
        }

        return messages;

        void Add(string message)
        {
            message = Blanks().Replace(message, " ");
            if (!messages.Contains(message) && messages.Count < MostKept)
            {
                messages.Add(message);
            }
        }
    }

    // Banners are WARNING, ERROR or ADVICE drawn of their own letters and exclamation marks: W    W  AA    RRRRR …
    [GeneratedRegex(@"^(?=.*\s\s)(([A-Z!#])\2*|[A-Z]{1,2})(\s+(([A-Z!#])\5*|[A-Z]{1,2}))*$|^[-=]+$")]
    private static partial Regex Banner();

    [GeneratedRegex(@"VERY BAD NEWS|^Error |^ERROR|very serious problem|EDDDAV|EDDRMM|ZBRENT|Sub-Space-Matrix|forrtl:|internal error", RegexOptions.None)]
    private static partial Regex Trouble();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
