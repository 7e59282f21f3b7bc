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
    private const int FramesBetweenReports = 256;

    /// <summary>Reads to the end. While frames are analysed here the reader parses the next ones on a thread of its own.</summary>
    /// <param name="trajectory">Not read before.</param>
    /// <param name="analyses">Each gets every frame.</param>
    /// <param name="progress">Told the part of the file that was read, 0 to 1; may be null.</param>
    /// <param name="cancellation">Stops between frames.</param>
    /// <returns>How many frames there were.</returns>
    public static long Run(TrajectoryReader trajectory, IReadOnlyList<IFrameAnalysis> analyses, Action<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(analyses);
        var count = 0L;
        foreach (var frame in trajectory.Frames(cancellation))
        {
            foreach (var analysis in analyses)
            {
                analysis.Add(frame);
            }

            if (++count % FramesBetweenReports == 0)
            {
                progress?.Invoke(trajectory.Fraction);
            }
        }

        return count;
    }
}
