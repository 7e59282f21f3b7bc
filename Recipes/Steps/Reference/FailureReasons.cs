using System.Text.RegularExpressions;

namespace MofInterop.Steps;

/// <summary>Failures counted by their reason.</summary>
public static partial class FailureReasons
{
    private const int ShownCharacters = 240;

    /// <summary>Reasons with how often each was met, the most frequent first.</summary>
    public static IReadOnlyList<(string Reason, int Count)> Count(IEnumerable<string> failures) =>
    [
        .. failures.GroupBy(Of, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Count())),
    ];

    /// <summary>The first line without what differs from one label to the next: folders, times, and which atom or number it was.</summary>
    private static string Of(string failure)
    {
        var line = failure.Split('\n')[0];
        line = Folders().Replace(line, "…");
        line = Seconds().Replace(line, "after … s");
        line = Atoms().Replace(line, "atom …");
        line = Sizes().Replace(line, "is … $1");

        // The command stands in the middle, how it ended at the end.
        return line.Length <= ShownCharacters ? line : $"{line[..(ShownCharacters / 3)]}…{line[^(2 * ShownCharacters / 3)..]}";
    }

    [GeneratedRegex(@"(/[^\s;'`]+)*/cache/[^\s;'`]+")]
    private static partial Regex Folders();

    [GeneratedRegex(@"after [0-9.]+ s")]
    private static partial Regex Seconds();

    [GeneratedRegex(@"atom [0-9]+\b")]
    private static partial Regex Atoms();

    [GeneratedRegex(@"is [-0-9.e+]+ (eV)")]
    private static partial Regex Sizes();
}
