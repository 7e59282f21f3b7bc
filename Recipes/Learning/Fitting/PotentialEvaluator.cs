using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>Runs a potential on configurations. One instance serves one thread; the potential stays the caller's.</summary>
public sealed unsafe class PotentialEvaluator : IDisposable
{
    private readonly IPotential _potential;
    private readonly NeighborList _list = new();
    private readonly NativeArray<double> _forces = new();
    private readonly SpeciesLookup _species;

    /// <summary>Prepares to evaluate a potential.</summary>
    public PotentialEvaluator(IPotential potential)
    {
        ArgumentNullException.ThrowIfNull(potential);
        _potential = potential;
        _species = new SpeciesLookup(potential.Species.Select(s => s.Label));
    }

    /// <summary>Energy (eV), forces (eV/Å) and, in a cell, stress (eV/Å³, ASE sign and order) by the potential.</summary>
    /// <exception cref="MofException">An atom's label is no species of the potential, or it cannot compute the configuration.</exception>
    public ReferenceLabel Evaluate(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var species = _species.PlacesOf(configuration);
        var periodic = configuration.Periodic;
        _list.Build(configuration.Positions, configuration.Cell, periodic, periodic, periodic, _potential.Cutoff);
        var width = 3L * _list.AtomCount;
        var forces = _forces.Reserve(width);
        new Span<double>(forces, checked((int)width)).Clear();
        var virial = new double[9];
        double energy = 0;
        fixed (double* virialPointer = virial)
        {
            var outcome = _potential.Compute(_list.View(species), new EvaluationBuffers { Energy = &energy, Forces = forces, Virial = virialPointer });
            if (outcome.Status != EvaluationStatus.Success)
            {
                throw new MofException(ErrorKind.NumericalFailure, $"the potential cannot compute the configuration: {outcome.Status}", where: $"atom {outcome.Atom} (counted from 0)");
            }
        }

        _list.FoldImages(forces, 3);
        var stress = periodic ? Voigt.StressFromVirial(virial, configuration.Cell!.Volume) : null;
        return new ReferenceLabel(energy, new Span<double>(forces, 3 * configuration.Count).ToArray(), stress);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _list.Dispose();
        _forces.Dispose();
    }
}
