using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A configuration that joins, and why.</summary>
internal sealed record Choice(AtomicConfiguration Configuration, SelectionRecord Record);

/// <summary>Makes choices of configurations.</summary>
internal static class FrameChoice
{
    /// <summary>Offers copies one after the other until <paramref name="atMost"/> have joined.</summary>
    public static IReadOnlyList<Choice> OfCopies(IReadOnlyList<AtomicConfiguration> copies, CbadSelection selection, int atMost)
    {
        var chosen = new List<Choice>();
        for (var copy = 0; copy < copies.Count && chosen.Count < atMost; copy++)
        {
            var verdict = selection.Offer(copies[copy]);
            if (verdict.Joins)
            {
                chosen.Add(new Choice(copies[copy], SelectionRecord.Of($"copy {copy + 1}", copy, 0, verdict)));
            }
        }

        return chosen;
    }

    /// <summary>Where a frame of a run comes from, in words.</summary>
    public static string Origin(int run, int frame) => $"run {run + 1}, frame {frame + 1}";

    /// <summary>A frame that joins for another reason than its bins, which are occupied.</summary>
    public static Choice Joined(int run, int frame, AtomicConfiguration configuration, CbadSelection selection, string because)
    {
        var record = SelectionRecord.Of(Origin(run, frame), run, frame, selection.Offer(configuration));
        return new Choice(configuration, record with { Causes = [because, .. record.Causes] });
    }
}
