using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>Takes the bispectrum of one atom.</summary>
/// <param name="species">The atom's species in the model.</param>
/// <param name="bispectrum">Reused for the next atom.</param>
internal delegate void EnvironmentVisitor(int species, ReadOnlySpan<double> bispectrum);

/// <summary>The bispectra of the atoms of configurations, without derivatives. Not thread-safe.</summary>
internal sealed class SnapEnvironments : IDisposable
{
    private readonly SnapDescriptors _descriptors;
    private readonly SpeciesLookup _species;
    private readonly NeighborList _list = new();
    private readonly double _cutoff;

    /// <summary>Makes work space for a model; its coefficients are not used.</summary>
    public SnapEnvironments(SnapModel model)
    {
        _descriptors = new SnapDescriptors(model);
        _species = new SpeciesLookup(model.Species.Select(s => s.Label));
        _cutoff = 2 * model.Species.Max(s => s.Radius) * model.Parameters.CutoffFactor;
    }

    /// <summary>Visits all atoms of a configuration, in an order that depends on it alone.</summary>
    /// <exception cref="MofException">An atom's label is no species of the model, or the descriptors cannot be computed.</exception>
    public void Visit(AtomicConfiguration configuration, EnvironmentVisitor visitor)
    {
        var species = _species.PlacesOf(configuration);
        var periodic = configuration.Periodic;
        _list.Build(configuration.Positions, configuration.Cell, periodic, periodic, periodic, _cutoff);
        var outcome = _descriptors.Compute(_list.View(species), new Consumer(visitor), derivatives: false);
        if (outcome.Status != EvaluationStatus.Success)
        {
            throw new MofException(ErrorKind.NumericalFailure, $"the descriptors cannot be computed: {outcome.Status}", where: $"atom {outcome.Atom} (counted from 0)");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _descriptors.Dispose();
        _list.Dispose();
    }

    private sealed class Consumer(EnvironmentVisitor visitor) : ISnapDescriptorConsumer
    {
        public void Accept(in SnapAtomDescriptors descriptors) => visitor(descriptors.Species, descriptors.Bispectrum);
    }
}
