using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// Labelled frames that never join a fit: of all labels in the order of selection every (1/fraction)-th, so that each generation gives its part
/// and a resumed run takes the same ones.
/// </summary>
/// <param name="fraction">0 to less than 1.</param>
internal sealed class GrowingTestSet(double fraction)
{
    // 0.1·10 is 1 to the last bit or not: what is meant is the whole number.
    private const double Rounding = 1e-9;

    private readonly List<AtomicConfiguration> _frames = [];
    private int _seen;

    /// <summary>In the order of selection.</summary>
    public IReadOnlyList<AtomicConfiguration> Frames => _frames;

    /// <summary>Takes its part of new labelled frames; returns the others.</summary>
    public IReadOnlyList<AtomicConfiguration> Divide(IReadOnlyList<AtomicConfiguration> labelled)
    {
        var rest = new List<AtomicConfiguration>();
        foreach (var frame in labelled)
        {
            var due = Math.Floor((_seen + 1) * fraction + Rounding) > Math.Floor(_seen * fraction + Rounding);
            _seen++;
            (due ? _frames : rest).Add(frame);
        }

        return rest;
    }
}
