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
        var view = ViewOf(configuration);
        var width = 3L * _list.AtomCount;
        var forces = _forces.Reserve(width);
        new Span<double>(forces, checked((int)width)).Clear();
        var virial = new double[9];
        double energy = 0;
        fixed (double* virialPointer = virial)
        {
            var outcome = _potential.Compute(view, new EvaluationBuffers { Energy = &energy, Forces = forces, Virial = virialPointer });
            RequireSuccess(outcome);
        }

        _list.FoldImages(forces, 3);
        var stress = configuration.Periodic ? Voigt.StressFromVirial(virial, configuration.Cell!.Volume) : null;
        return new ReferenceLabel(energy, new Span<double>(forces, 3 * configuration.Count).ToArray(), stress);
    }

    /// <summary>The extrapolation grade of every atom, <c>[natoms]</c>; see <see cref="EvaluationBuffers.Grades"/>.</summary>
    /// <exception cref="MofException">The potential has none, or as <see cref="Evaluate"/>.</exception>
    public double[] Grades(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!_potential.HasGrades)
        {
            throw new MofException(ErrorKind.Unsupported, "extrapolation grades are wanted, but the potential has none");
        }

        var view = ViewOf(configuration);
        var grades = new double[view.AtomCount];
        fixed (double* pointer = grades)
        {
            RequireSuccess(_potential.Compute(view, new EvaluationBuffers { Grades = pointer }));
        }

        return grades[..configuration.Count];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _list.Dispose();
        _forces.Dispose();
    }

    private static void RequireSuccess(in EvaluationOutcome outcome)
    {
        if (outcome.Status != EvaluationStatus.Success)
        {
            throw new MofException(ErrorKind.NumericalFailure, $"the potential cannot compute the configuration: {outcome.Status}", where: $"atom {outcome.Atom} (counted from 0)");
        }
    }

    private NeighborView ViewOf(AtomicConfiguration configuration)
    {
        var species = _species.PlacesOf(configuration);
        var periodic = configuration.Periodic;
        _list.Build(configuration.Positions, configuration.Cell, periodic, periodic, periodic, _potential.Cutoff);
        return _list.View(species);
    }
}
