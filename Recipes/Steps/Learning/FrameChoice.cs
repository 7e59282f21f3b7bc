using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A configuration that joins, and why.</summary>
internal sealed record Choice(AtomicConfiguration Configuration, SelectionRecord Record);

/// <summary>Offers candidates to the selection in an order that does not depend on the order of arrival.</summary>
internal static class FrameChoice
{
    private const int CausesKept = 12;

    /// <summary>Offers copies one after the other until <paramref name="atMost"/> have joined.</summary>
    public static IReadOnlyList<Choice> OfCopies(IReadOnlyList<AtomicConfiguration> copies, CbadSelection selection, int atMost)
    {
        var chosen = new List<Choice>();
        for (var copy = 0; copy < copies.Count && chosen.Count < atMost; copy++)
        {
            var verdict = selection.Offer(copies[copy]);
            if (verdict.Joins)
            {
                chosen.Add(new Choice(copies[copy], Describe($"copy {copy + 1}", copy, 0, verdict)));
            }
        }

        return chosen;
    }

    /// <summary>At most one frame of a run; null when none is new. Runs are to be offered in the order of their index.</summary>
    public static Choice? OfRun(int run, IReadOnlyList<AtomicConfiguration> frames, CbadSelection selection, FramePick pick)
    {
        var best = -1;
        var bestCount = 0;
        for (var frame = 0; frame < frames.Count; frame++)
        {
            var count = selection.Judge(frames[frame]).NewBins.Count;
            if (count > bestCount)
            {
                (best, bestCount) = (frame, count);
                if (pick == FramePick.First)
                {
                    break;
                }
            }
        }

        return best < 0 ? null : new Choice(frames[best], Describe($"run {run + 1}, frame {best + 1}", run, best, selection.Offer(frames[best])));
    }

    private static SelectionRecord Describe(string origin, int run, int frame, CbadVerdict verdict) =>
        new(origin, run, frame, verdict.NewBins.Count, [.. verdict.NewBins.Take(CausesKept).Select(bin => bin.ToString())]);
}
