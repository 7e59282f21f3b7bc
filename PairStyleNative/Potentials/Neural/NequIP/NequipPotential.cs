using System.Collections.Concurrent;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.NequIP;

/// <summary>
/// NequIP (<see cref="NequipModel"/>) in stages, at the widest vectors of the processor, in the precision it was trained in unless told otherwise. Radial networks become tables when the potential is made.
/// What neighbours need of each other is only ever read, so ghosts only receive: no sum has to be returned to its owner. Per-atom virials are those of pairs of center and neighbour. Thread-safe: every call takes
/// work memory from a pool. The same input gives the same result bit by bit.
/// </summary>
public sealed unsafe class NequipPotential : IStagedPotential
{
    // Of tables: below the rounding of what is computed with them.
    private const double SingleAccuracy = 2e-8, DoubleAccuracy = 3e-11;

    private readonly ConcurrentBag<INequipEngine> _pool = [];
    private readonly IDisposable _plan;
    private readonly Func<INequipEngine> _make;
    private readonly Func<int, GhostBlock> _exchanged;

    /// <summary>Prepares a model.</summary>
    public NequipPotential(NequipModel model, NetworkPrecision precision = NetworkPrecision.AsTrained)
        : this(model, Processor.WidestLanes, precision)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles, or twice as many floats.</summary>
    internal NequipPotential(NequipModel model, int lanes, NetworkPrecision precision)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model.Checked();
        IsSingle = precision == NetworkPrecision.Single || (precision == NetworkPrecision.AsTrained && model.SinglePrecision);
        (_plan, _make, _exchanged, ValueWidth) = (lanes, IsSingle) switch
        {
            (8, true) => Prepare<SingleLanes512, float, Lanes512>(SingleAccuracy),
            (4, true) => Prepare<SingleLanes256, float, Lanes256>(SingleAccuracy),
            (_, true) => Prepare<SingleLanes128, float, Lanes128>(SingleAccuracy),
            (8, _) => Prepare<Lanes512, double, Lanes512>(DoubleAccuracy),
            (4, _) => Prepare<Lanes256, double, Lanes256>(DoubleAccuracy),
            _ => Prepare<Lanes128, double, Lanes128>(DoubleAccuracy),
        };
        _pool.Add(_make());
    }

    /// <summary>The model.</summary>
    public NequipModel Model { get; }

    /// <summary>Whether it computes in single precision.</summary>
    public bool IsSingle { get; }

    /// <inheritdoc/>
    public string Kind => "nequip";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => Model.Species;

    /// <inheritdoc/>
    public double Cutoff => Model.Basis.Cutoff;

    /// <inheritdoc/>
    public int StageCount => 2 * Model.Layers.Count - 1;

    /// <inheritdoc/>
    public int ValueWidth { get; }

    /// <inheritdoc/>
    public bool StartsFromZero => false;

    /// <inheritdoc/>
    public bool FollowsOwners => true;

    /// <inheritdoc/>
    public GhostBlock ExchangedAfter(int stage) => _exchanged(stage);

    /// <inheritdoc/>
    public double PairCutoff(int first, int second) => Cutoff;

    /// <summary>
    /// As <see cref="IPotential.Compute"/>, for views without ghosts or with <see cref="NeighborView.Owners"/>; others are
    /// <see cref="EvaluationStatus.GhostValuesUnknown"/>.
    /// </summary>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var engine = Take();
        var values = engine.ReserveValues((long)atoms.AtomCount * ValueWidth + 1);
        var outcome = StagedEvaluation.Run(this, atoms, buffers, values, exchange: null);
        _pool.Add(engine);
        return outcome;
    }

    /// <inheritdoc/>
    public EvaluationOutcome ComputeStage(int stage, in NeighborView atoms, in EvaluationBuffers buffers, double* values)
    {
        var engine = Take();
        var outcome = engine.ComputeStage(stage, atoms, buffers, values);
        _pool.Add(engine);
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_pool.TryTake(out var engine))
        {
            engine.Dispose();
        }

        _plan.Dispose();
    }

    private INequipEngine Take() => _pool.TryTake(out var pooled) ? pooled : _make();

    private (IDisposable Plan, Func<INequipEngine> Make, Func<int, GhostBlock> Exchanged, int Width) Prepare<T, TNumber, TDouble>(double accuracy)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TDouble : unmanaged, ILanes<TDouble>
    {
        var plan = new NequipPlan<T, TNumber>(Model, accuracy);
        var last = Model.Layers.Count - 1;
        return (plan, () => new NequipEngine<T, TNumber, TDouble>(plan), stage => stage < last ? plan.Sent(stage + 1) : plan.Gradients(2 * last - stage), plan.ValueWidth);
    }
}
