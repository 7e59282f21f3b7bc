using System.Runtime.ExceptionServices;
using MofInterop.Structures;

namespace MofInterop.Analysis;

/// <summary>Something that grows with every frame of one trajectory and takes memory that does not depend on how many there are.</summary>
public interface IFrameAnalysis
{
    /// <summary>Takes a frame into account; its arrays are not kept.</summary>
    void Add(TrajectoryFrame frame);
}

/// <summary>Sends the frames of a trajectory through several analyses in one pass.</summary>
public static class TrajectoryPass
{
    // A batch is long enough that waiting for each other costs nothing, and short enough for the caches.
    private const int AtomsInBatch = 8192, MostInBatch = 32, FramesBetweenReports = 256;

    /// <summary>
    /// Reads to the end. While a batch of frames is analysed the reader parses the next ones on a thread of its own. Each analysis gets every frame in order and is at work on one thread at a time; different ones
    /// may be at work on several, so that they must not share what they change.
    /// </summary>
    /// <param name="trajectory">Not read before.</param>
    /// <param name="analyses">Each gets every frame.</param>
    /// <param name="progress">Told the part of the file that was read, 0 to 1; may be null.</param>
    /// <param name="cancellation">Stops between batches.</param>
    /// <returns>How many frames there were.</returns>
    public static long Run(TrajectoryReader trajectory, IReadOnlyList<IFrameAnalysis> analyses, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(analyses);
        var count = 0L;
        foreach (var frames in trajectory.Batches(Math.Clamp(AtomsInBatch / trajectory.Atoms.Count, 1, MostInBatch), cancellation))
        {
            Analyse(frames, analyses);
            var reports = count / FramesBetweenReports;
            count += frames.Count;
            if (count / FramesBetweenReports > reports)
            {
                progress?.Invoke(trajectory.Fraction);
            }
        }

        return count;
    }

    // Where several fail, the first in order tells why, whichever was faster.
    private static void Analyse(IReadOnlyList<TrajectoryFrame> frames, IReadOnlyList<IFrameAnalysis> analyses)
    {
        var faults = new Exception?[analyses.Count];
        Parallel.For(0, analyses.Count, k =>
        {
            try
            {
                foreach (var frame in frames)
                {
                    analyses[k].Add(frame);
                }
            }
            catch (Exception fault)
            {
                faults[k] = fault;
            }
        });
        if (Array.Find(faults, fault => fault is not null) is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }
    }
}
