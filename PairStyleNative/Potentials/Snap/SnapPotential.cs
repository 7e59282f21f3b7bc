using System.Collections.Concurrent;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>The SNAP potential as hosts use it. Thread-safe; results depend on the input only.</summary>
public sealed class SnapPotential : IPotential
{
    private readonly ConcurrentBag<SnapReference> _pool = [];
    private readonly Species[] _species;

    /// <summary>Prepares a model.</summary>
    public SnapPotential(SnapModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _species = [.. model.Species.Select(s => new Species(s.Label, s.AtomicNumber, s.Mass))];
        Cutoff = 2 * model.Species.Max(s => s.Radius) * model.Parameters.CutoffFactor;
    }

    /// <summary>The model.</summary>
    public SnapModel Model { get; }

    /// <inheritdoc/>
    public string Kind => "snap";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => _species;

    /// <inheritdoc/>
    public double Cutoff { get; }

    /// <inheritdoc/>
    public double PairCutoff(int first, int second) => Model.PairCutoff(first, second);

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var work = _pool.TryTake(out var pooled) ? pooled : new SnapReference(Model);
        var outcome = work.Compute(atoms, buffers);
        _pool.Add(work);
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Clear();
}
