using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>By the bins that a frame opens.</summary>
/// <param name="bins">What is occupied. Frames are held against it while others are offered, so nobody else may use it meanwhile.</param>
/// <param name="pick">The first frame that opens a bin, or the one that opens most.</param>
internal sealed class BinExaminer(CbadSelection bins, FramePick pick) : IRunExaminer
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public Func<Choice?> Examine(int run, FrameArchive frames)
    {
        // Of a frame only the bins are kept that nobody had when it was looked at: bins are never given up, so the decision is the same.
        var footprints = frames.Frames.Select(frame =>
        {
            var all = bins.FootprintOf(frame);
            lock (_gate)
            {
                return bins.NewOf(all);
            }
        }).ToArray();
        return () =>
        {
            lock (_gate)
            {
                return Best(footprints) is { } frame ? new Choice(frames[frame], SelectionRecord.Of(FrameChoice.Origin(run, frame), run, frame, bins.Offer(footprints[frame]))) : null;
            }
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private int? Best(CbadFootprint[] frames)
    {
        int? best = null;
        var bestCount = 0;
        for (var frame = 0; frame < frames.Length; frame++)
        {
            var count = bins.CountNew(frames[frame]);
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
