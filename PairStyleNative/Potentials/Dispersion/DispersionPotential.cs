using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Dispersion;

/// <summary>
/// The D3 dispersion correction as hosts use it, at the widest vectors of the processor. Two stages: coordination numbers,
/// which every atom keeps as the weights of its reference molecules, then energies and forces. Thread-safe: every call takes
/// work memory from a pool. The same input gives the same result bit by bit.
/// </summary>
/// <remarks>
/// At r → 0 Becke–Johnson and zero damping are finite; atoms closer than 1e-6 Å are refused. At the cutoffs energy and
/// coordination numbers end with a step unless <see cref="DispersionSettings.SwitchingWidth"/> is set: forces are the gradient
/// of the energy on either side, but a trajectory gains or loses the step (C6/r⁶, some 1e-6 eV at 12 Å) with every pair that passes.
/// </remarks>
public sealed unsafe class DispersionPotential : IStagedPotential
{
    private readonly EnginePool<IDispersionEngine> _pool;
    private readonly int _lanes;

    /// <summary>Prepares a model.</summary>
    public DispersionPotential(DispersionModel model)
        : this(model, Processor.WidestLanes)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles.</summary>
    internal DispersionPotential(DispersionModel model, int lanes)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _lanes = lanes;
        _pool = new EnginePool<IDispersionEngine>(MakeEngine);
    }

    /// <summary>The model.</summary>
    public DispersionModel Model { get; }

    /// <inheritdoc/>
    public string Kind => "d3";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => Model.Species;

    /// <inheritdoc/>
    public double Cutoff => Model.LargestCutoff;

    /// <inheritdoc/>
    public int StageCount => 2;

    /// <inheritdoc/>
    public int ValueWidth => DispersionTable.MaximumReferences;

    /// <inheritdoc/>
    public double PairCutoff(int first, int second) => Cutoff;

    /// <summary>
    /// As <see cref="IPotential.Compute"/>, for views without ghosts or with <see cref="NeighborView.Owners"/>; others are
    /// <see cref="EvaluationStatus.GhostValuesUnknown"/>.
    /// </summary>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var engine = _pool.Take();
        var values = engine.ReserveValues((long)atoms.AtomCount * ValueWidth + 1);
        var outcome = StagedEvaluation.Run(this, atoms, buffers, values, exchange: null);
        _pool.Return(engine);
        return outcome;
    }

    /// <inheritdoc/>
    public EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values)
    {
        var engine = _pool.Take();
        var outcome = stage == 0 ? engine.FindWeights(atoms, values) : engine.Attract(atoms, buffers, values);
        _pool.Return(engine);
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose() => _pool.Dispose();

    private IDispersionEngine MakeEngine() => (_lanes, Model.Settings.Damping) switch
    {
        (8, ZeroDamping) when Processor.Builds512 => new DispersionEngine<Lanes512, ZeroAttraction>(Model),
        (4, ZeroDamping) when Processor.Builds256 => new DispersionEngine<Lanes256, ZeroAttraction>(Model),
        (2, ZeroDamping) when Processor.Builds128 => new DispersionEngine<Lanes128, ZeroAttraction>(Model),
        (8, _) when Processor.Builds512 => new DispersionEngine<Lanes512, BeckeJohnsonAttraction>(Model),
        (4, _) when Processor.Builds256 => new DispersionEngine<Lanes256, BeckeJohnsonAttraction>(Model),
        (2, _) when Processor.Builds128 => new DispersionEngine<Lanes128, BeckeJohnsonAttraction>(Model),
        _ => throw Processor.NotBuilt(_lanes),
    };
}
