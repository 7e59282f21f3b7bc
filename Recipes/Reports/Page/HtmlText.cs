using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace MofInterop.Reports;

/// <summary>Text for a page: nothing of it is taken as markup but <c>**bold**</c> and <c>`code`</c>.</summary>
internal static partial class HtmlText
{
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    public static string Inline(string text) => Bold().Replace(Code().Replace(Encode(text), "<code>$1</code>"), "<strong>$1</strong>");

    /// <summary>A name for links inside the page.</summary>
    public static string Anchor(string heading, int place) =>
        string.Create(CultureInfo.InvariantCulture, $"s{place}-{Other().Replace(heading.ToLowerInvariant(), "-").Trim('-')}");

    /// <summary>Whether a cell is a number, perhaps with a unit or a sign of comparison; such columns are aligned to the right.</summary>
    public static bool IsNumeric(string cell) => cell.Length == 0 || cell is "–" or "-" || NumberWithUnit().IsMatch(cell);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\*\*(.+?)\*\*")]
    private static partial Regex Bold();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();

    [GeneratedRegex(@"^[≤≥<>~±]?\s*[-+−]?[0-9][0-9.,]*(e[-+]?[0-9]+)?(\s*±\s*[0-9.]+)?\s*(%|[a-zA-ZµÅ³°/·⁻¹]{0,12})$", RegexOptions.IgnoreCase)]
    private static partial Regex NumberWithUnit();
}
