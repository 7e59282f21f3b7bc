using System.Collections.Concurrent;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>By a measure that does not change while frames are chosen: each run is decided by itself.</summary>
/// <param name="create">Makes a measure; called at most once for each run that is examined at the same time.</param>
/// <param name="threshold">A frame joins above this.</param>
/// <param name="pick">The first above it, or the largest.</param>
/// <param name="bins">Counts what the chosen frames open.</param>
/// <param name="because">The value in words.</param>
/// <param name="release">Called at the end, after the measures are disposed of: gives back what they share.</param>
internal sealed class MeasuredExaminer(Func<IFrameMeasure> create, double threshold, FramePick pick, CbadSelection bins, Func<double, string> because, Action? release = null) : IRunExaminer
{
    private readonly ConcurrentBag<IFrameMeasure> _idle = [];

    /// <inheritdoc/>
    public Func<Choice?> Examine(int run, FrameArchive frames)
    {
        if (!_idle.TryTake(out var measure))
        {
            measure = create();
        }

        // Not returned after a fault: what it left behind in the measure is not known.
        var best = MeasuredFrames.Pick(frames.Frames.Select(measure.Of), threshold, pick);
        _idle.Add(measure);
        return () => best is { } one ? FrameChoice.Joined(run, one.Frame, frames[one.Frame], bins, because(one.Value)) : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryTake(out var measure))
        {
            measure.Dispose();
        }

        release?.Invoke();
    }
}
