using System.Collections.Concurrent;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Mace;

/// <summary>
/// MACE (<see cref="MaceModel"/>) in stages, at the widest vectors of the processor, in the precision it was trained in unless told otherwise. Radial networks become tables when the potential is made. What
/// neighbours need of each other is only ever read, so ghosts only receive: no sum has to be returned to its owner. Per-atom virials are those of pairs of center and neighbour. Thread-safe: every call takes work
/// memory from a pool. The same input gives the same result bit by bit.
/// </summary>
public sealed unsafe class MacePotential : IStagedPotential
{
    // Of tables: below the rounding of what is computed with them.
    private const double SingleAccuracy = 2e-8, DoubleAccuracy = 2e-11;

    private readonly ConcurrentBag<IMaceEngine> _pool = [];
    private readonly IDisposable _plan;
    private readonly Func<IMaceEngine> _make;
    private readonly Func<int, GhostBlock> _exchanged;

    /// <summary>Prepares a model.</summary>
    public MacePotential(MaceModel model, NetworkPrecision precision = NetworkPrecision.AsTrained)
        : this(model, Processor.WidestLanes, precision)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles, or twice as many floats.</summary>
    internal MacePotential(MaceModel model, int lanes, NetworkPrecision precision)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model.Checked();
        IsSingle = precision == NetworkPrecision.Single || (precision == NetworkPrecision.AsTrained && model.SinglePrecision);
        (_plan, _make, _exchanged, ValueWidth) = (lanes, IsSingle) switch
        {
            (8, true) => Prepare<SingleLanes512, float>(SingleAccuracy),
            (4, true) => Prepare<SingleLanes256, float>(SingleAccuracy),
            (_, true) => Prepare<SingleLanes128, float>(SingleAccuracy),
            (8, _) => Prepare<Lanes512, double>(DoubleAccuracy),
            (4, _) => Prepare<Lanes256, double>(DoubleAccuracy),
            _ => Prepare<Lanes128, double>(DoubleAccuracy),
        };
        _pool.Add(_make());
    }

    /// <summary>The model.</summary>
    public MaceModel Model { get; }

    /// <summary>Whether it computes in single precision.</summary>
    public bool IsSingle { get; }

    /// <inheritdoc/>
    public string Kind => "mace";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => Model.Species;

    /// <inheritdoc/>
    public double Cutoff => Model.Cutoff;

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

    private IMaceEngine Take() => _pool.TryTake(out var pooled) ? pooled : _make();

    private (IDisposable Plan, Func<IMaceEngine> Make, Func<int, GhostBlock> Exchanged, int Width) Prepare<T, TNumber>(double accuracy)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var plan = new MacePlan<T, TNumber>(Model, accuracy);
        var last = Model.Layers.Count - 1;
        return (plan, () => new MaceEngine<T, TNumber>(plan), stage => stage < last ? plan.Sent(stage + 1) : plan.Gradients(2 * last - stage), plan.ValueWidth);
    }
}
