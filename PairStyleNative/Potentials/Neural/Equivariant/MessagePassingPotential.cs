using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>A network made ready for one width of vectors and one precision.</summary>
/// <param name="Plan">What all threads share.</param>
/// <param name="Make">Makes work memory.</param>
/// <param name="Exchanged">See <see cref="IStagedPotential.ExchangedAfter"/>.</param>
/// <param name="ValueWidth">See <see cref="IStagedPotential.ValueWidth"/>.</param>
internal readonly record struct PreparedNetwork(IDisposable Plan, Func<IStageEngine> Make, Func<int, GhostBlock> Exchanged, int ValueWidth);

/// <summary>
/// A network whose layers pass messages between neighbours, in stages, at the widest vectors of the processor, in the precision it was trained in unless told otherwise. Radial networks become tables when the
/// potential is made. What neighbours need of each other is only ever read, so ghosts only receive: no sum has to be returned to its owner. Per-atom virials are those of pairs of center and neighbour. Thread-safe:
/// every call takes work memory from a pool. The same input gives the same result bit by bit.
/// </summary>
public abstract unsafe class MessagePassingPotential : IStagedPotential
{
    private readonly EnginePool<IStageEngine> _pool;
    private readonly PreparedNetwork _network;

    private protected MessagePassingPotential(string kind, IReadOnlyList<Species> species, double cutoff, int layers, bool isSingle, in PreparedNetwork network)
    {
        Kind = kind;
        Species = species;
        Cutoff = cutoff;
        StageCount = 2 * layers - 1;
        IsSingle = isSingle;
        _network = network;
        _pool = new EnginePool<IStageEngine>(network.Make);
    }

    /// <summary>Whether it computes in single precision.</summary>
    public bool IsSingle { get; }

    /// <inheritdoc/>
    public string Kind { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species { get; }

    /// <inheritdoc/>
    public double Cutoff { get; }

    /// <inheritdoc/>
    public int StageCount { get; }

    /// <inheritdoc/>
    public int ValueWidth => _network.ValueWidth;

    /// <inheritdoc/>
    public bool StartsFromZero => false;

    /// <inheritdoc/>
    public bool FollowsOwners => true;

    /// <inheritdoc/>
    public GhostBlock ExchangedAfter(int stage) => _network.Exchanged(stage);

    /// <inheritdoc/>
    public virtual double PairCutoff(int first, int second) => Cutoff;

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
        var outcome = engine.ComputeStage(stage, atoms, buffers, values);
        _pool.Return(engine);
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _network.Plan.Dispose();
        GC.SuppressFinalize(this);
    }
}
