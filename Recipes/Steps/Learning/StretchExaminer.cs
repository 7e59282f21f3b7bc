using System.Globalization;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>
/// By the most stretched bond: of the frames of a run in which it is beyond a threshold one is drawn. The most stretched one would always be of a run that explodes,
/// and the first one hardly stretched; how much a potential learns about a bond that goes depends on how many such frames it has.
/// </summary>
/// <param name="graph">The bonds.</param>
/// <param name="threshold">See <see cref="BondGraph.StretchOf"/>.</param>
/// <param name="seed">What the draw depends on, besides the run: the same gives the same frames.</param>
/// <param name="bins">Counts what the chosen frames open.</param>
internal sealed class StretchExaminer(BondGraph graph, double threshold, string seed, CbadSelection bins) : IRunExaminer
{
    /// <inheritdoc/>
    public Func<Choice?> Examine(int run, FrameArchive frames)
    {
        var stretched = frames.Frames.Select((frame, index) => (Index: index, Stretch: graph.StretchOf(frame))).Where(one => one.Stretch > threshold).ToArray();
        if (stretched.Length == 0)
        {
            return () => null;
        }

        var random = DeterministicRandom.ForStream(0, string.Create(CultureInfo.InvariantCulture, $"{seed} {run}"));
        var (frame, stretch) = stretched[(int)(random.NextUnit() * stretched.Length)];
        return () => FrameChoice.Joined(run, frame, frames[frame], bins, string.Create(CultureInfo.InvariantCulture, $"a bond is {stretch:0.00} times as long as at the start, one of {stretched.Length} frames above {threshold:0.##}"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
