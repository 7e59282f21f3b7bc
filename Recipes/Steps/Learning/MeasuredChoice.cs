using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A frame, and how new it was.</summary>
internal readonly record struct MeasuredFrame(int Run, int Frame, double Value);

/// <summary>Chooses at most one frame of each run by a number, runs in the order of their index.</summary>
internal static class MeasuredChoice
{
    /// <summary>By a measure that does not change while frames are chosen.</summary>
    /// <param name="runs">Frames of the runs.</param>
    /// <param name="create">Makes a measure; called once for each thread.</param>
    /// <param name="threshold">A frame joins above this.</param>
    /// <param name="pick">The first above it, or the largest.</param>
    /// <param name="threads">Threads; the choice does not depend on them.</param>
    public static IReadOnlyList<MeasuredFrame> OfRuns(IReadOnlyList<FrameArchive> runs, Func<IFrameMeasure> create, double threshold, FramePick pick, int threads)
    {
        var best = new MeasuredFrame?[runs.Count];
        Parallel.For(0, runs.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, create, (run, _, measure) =>
        {
            var values = runs[run].Frames.Select((frame, place) => new MeasuredFrame(run, place, measure.Of(frame))).Where(one => one.Value > threshold);
            best[run] = pick == FramePick.First ? First(values) : Largest(values);
            return measure;
        }, measure => measure.Dispose());
        return [.. best.OfType<MeasuredFrame>()];
    }

    /// <summary>
    /// By the distance to the nearest configuration that is trained on or was chosen before: that of <see cref="FrameFingerprints"/> with coordinates
    /// divided by their standard deviations over the training set.
    /// </summary>
    public static IReadOnlyList<MeasuredFrame> Farthest(IReadOnlyList<FrameArchive> runs, Func<IReadOnlyList<AtomicConfiguration>, double[][]> fingerprints, IReadOnlyList<AtomicConfiguration> training, double threshold, FramePick pick)
    {
        var known = new KnownPoints(fingerprints(training));
        var chosen = new List<MeasuredFrame>();
        for (var run = 0; run < runs.Count; run++)
        {
            var points = fingerprints([.. runs[run].Frames]);
            var here = run;
            var values = points.Select((point, place) => new MeasuredFrame(here, place, known.Distance(point))).Where(one => one.Value > threshold);
            if ((pick == FramePick.First ? First(values) : Largest(values)) is { } one)
            {
                chosen.Add(one);
                known.Add(points[one.Frame]);
            }
        }

        return chosen;
    }

    private static MeasuredFrame? First(IEnumerable<MeasuredFrame> values) => values.Cast<MeasuredFrame?>().FirstOrDefault();

    // MaxBy keeps the earliest of equals.
    private static MeasuredFrame? Largest(IEnumerable<MeasuredFrame> values) => values.Cast<MeasuredFrame?>().MaxBy(one => one!.Value.Value);
}
