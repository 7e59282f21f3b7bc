using System.Globalization;
using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// By the distance to the nearest configuration that is trained on or was chosen before: that of <see cref="FrameFingerprints"/> with coordinates
/// divided by their standard deviations over the training set.
/// </summary>
/// <param name="fingerprints">Points of configurations; may be called from several threads.</param>
/// <param name="training">What is known at the start.</param>
/// <param name="threshold">A frame joins above this.</param>
/// <param name="pick">The first above it, or the farthest.</param>
/// <param name="bins">Counts what the chosen frames open.</param>
internal sealed class FarthestExaminer(Func<IReadOnlyList<AtomicConfiguration>, double[][]> fingerprints, IReadOnlyList<AtomicConfiguration> training, double threshold, FramePick pick, CbadSelection bins) : IRunExaminer
{
    private readonly Lazy<KnownPoints> _known = new(() => new KnownPoints(fingerprints(training)));

    /// <inheritdoc/>
    public Func<Choice?> Examine(int run, FrameArchive frames)
    {
        var points = fingerprints([.. frames.Frames]);
        var known = _known.Value;
        return () =>
        {
            if (MeasuredFrames.Pick(points.Select(known.Distance), threshold, pick) is not { } one)
            {
                return null;
            }

            known.Add(points[one.Frame]);
            return FrameChoice.Joined(run, one.Frame, frames[one.Frame], bins, string.Create(CultureInfo.InvariantCulture, $"{one.Value:0.##} standard deviations from the nearest training configuration"));
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
