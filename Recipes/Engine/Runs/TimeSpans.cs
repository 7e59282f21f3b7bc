namespace MofInterop.Engine;

/// <summary>Stretches of time.</summary>
internal static class TimeSpans
{
    /// <summary>How much time lies in at least one of some stretches, and in one of the windows.</summary>
    public static TimeSpan Covered(IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> stretches, IReadOnlyList<(DateTimeOffset Begin, DateTimeOffset End)> windows)
    {
        var all = Merged(stretches);
        var total = TimeSpan.Zero;
        foreach (var window in Merged(windows))
        {
            foreach (var one in all)
            {
                var begin = one.Begin > window.Begin ? one.Begin : window.Begin;
                var end = one.End < window.End ? one.End : window.End;
                total += end > begin ? end - begin : TimeSpan.Zero;
            }
        }

        return total;
    }

    private static List<(DateTimeOffset Begin, DateTimeOffset End)> Merged(IEnumerable<(DateTimeOffset Begin, DateTimeOffset End)> stretches)
    {
        var merged = new List<(DateTimeOffset Begin, DateTimeOffset End)>();
        foreach (var one in stretches.OrderBy(stretch => stretch.Begin))
        {
            if (merged.Count > 0 && one.Begin <= merged[^1].End)
            {
                merged[^1] = (merged[^1].Begin, one.End > merged[^1].End ? one.End : merged[^1].End);
            }
            else
            {
                merged.Add(one);
            }
        }

        return merged;
    }
}
