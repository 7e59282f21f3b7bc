using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A configuration that joins, and why.</summary>
internal sealed record Choice(AtomicConfiguration Configuration, SelectionRecord Record);

/// <summary>Offers candidates to the selection in an order that does not depend on the order of arrival.</summary>
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

    /// <summary>
    /// At most one frame of each run. What each frame would add is found run by run on several threads; the runs are then offered in the order of
    /// their index, so that the choice depends on neither threads nor arrival.
    /// </summary>
    public static IReadOnlyList<Choice> OfRuns(IReadOnlyList<FrameArchive> runs, CbadSelection selection, FramePick pick, int threads)
    {
        var footprints = new CbadFootprint[runs.Count][];
        Parallel.For(0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, run =>
            footprints[run] = [.. runs[run].Frames.Select(frame => selection.NewOf(selection.FootprintOf(frame)))]);
        var chosen = new List<Choice>();
        for (var run = 0; run < runs.Count; run++)
        {
            if (Best(footprints[run], selection, pick) is { } frame)
            {
                chosen.Add(new Choice(runs[run][frame], SelectionRecord.Of($"run {run + 1}, frame {frame + 1}", run, frame, selection.Offer(footprints[run][frame]))));
            }
        }

        return chosen;
    }

    /// <summary>A frame that joins for another reason than its bins, which are occupied.</summary>
    public static Choice Joined(int run, int frame, AtomicConfiguration configuration, CbadSelection selection, string because)
    {
        var record = SelectionRecord.Of($"run {run + 1}, frame {frame + 1}", run, frame, selection.Offer(configuration));
        return new Choice(configuration, record with { Causes = [because, .. record.Causes] });
    }

    private static int? Best(CbadFootprint[] frames, CbadSelection selection, FramePick pick)
    {
        int? best = null;
        var bestCount = 0;
        for (var frame = 0; frame < frames.Length; frame++)
        {
            var count = selection.CountNew(frames[frame]);
            if (count > bestCount)
            {
                (best, bestCount) = (frame, count);
                if (pick == FramePick.First)
                {
                    break;
                }
            }
        }

        return best;
    }
}
