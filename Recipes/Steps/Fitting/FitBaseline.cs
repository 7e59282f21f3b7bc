using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>What is taken from the labels of a fit and becomes part of its potential: repulsion, dispersion, both or nothing.</summary>
internal sealed class FitBaseline(FitOptions options, IReadOnlyList<Species> species) : IDisposable
{
    private readonly LabelBaseline[] _parts = [.. new[] { options.Zbl?.BaselineFor(species), options.D3?.BaselineFor(species) }.OfType<LabelBaseline>()];

    /// <summary>The frames with labels less all of it.</summary>
    public IReadOnlyList<AtomicConfiguration> Subtract(IReadOnlyList<AtomicConfiguration> frames) => _parts.Aggregate(frames, (rest, part) => part.Subtract(rest));

    public void Dispose()
    {
        foreach (var part in _parts)
        {
            part.Dispose();
        }
    }
}
