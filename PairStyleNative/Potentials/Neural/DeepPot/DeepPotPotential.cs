using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>
/// DeepPot-SE (<see cref="DeepPotModel"/>) at the widest vectors of the processor, in the precision it was trained in unless told otherwise; distances, the rows of the environment, and sums over atoms are in double. Embedding
/// networks, which have one input, are tables made when the potential is; fitting networks run for up to <see cref="DeepPotGather.BatchSize"/> centers at once. Per-atom virials are those of pairs of center and neighbour.
/// </summary>
public sealed class DeepPotPotential : IPotential
{
    // Species that atoms are of, in a model of all elements.
    private const int MostOccurring = 4;

    private readonly EnginePool<IDeepPotEngine> _pool;
    private readonly IDisposable? _plan;

    /// <summary>Prepares a model.</summary>
    public DeepPotPotential(DeepPotModel model, NetworkPrecision precision = NetworkPrecision.AsTrained)
        : this(model, Processor.WidestLanes, precision, tabulated: true)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles or twice as many floats, or 1 for the scalar implementation.</summary>
    internal DeepPotPotential(DeepPotModel model, int lanes, NetworkPrecision precision, bool tabulated)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model.Checked();
        IsSingle = precision.IsSingle(model.SinglePrecision);
        (_plan, var make) = (lanes, IsSingle) switch
        {
            (1, _) => (null, () => new ScalarEngine(Model)),
            (8, true) when Processor.Builds512 => Prepare<SingleLanes512, float, SingleActivation<SingleLanes512, Lanes512>>(tabulated),
            (4, true) when Processor.Builds256 => Prepare<SingleLanes256, float, SingleActivation<SingleLanes256, Lanes256>>(tabulated),
            (2, true) when Processor.Builds128 => Prepare<SingleLanes128, float, SingleActivation<SingleLanes128, Lanes128>>(tabulated),
            (8, _) when Processor.Builds512 => Prepare<Lanes512, double, DoubleActivation<Lanes512>>(tabulated),
            (4, _) when Processor.Builds256 => Prepare<Lanes256, double, DoubleActivation<Lanes256>>(tabulated),
            (2, _) when Processor.Builds128 => Prepare<Lanes128, double, DoubleActivation<Lanes128>>(tabulated),
            _ => throw Processor.NotBuilt(lanes),
        };
        _pool = new EnginePool<IDeepPotEngine>(make);
    }

    /// <summary>The model.</summary>
    public DeepPotModel Model { get; }

    /// <summary>Whether it computes in single precision.</summary>
    public bool IsSingle { get; }

    /// <inheritdoc/>
    public string Kind => "deeppot";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => Model.Species;

    /// <inheritdoc/>
    public double Cutoff => Model.Cutoff;

    /// <summary>The weights of all fitting networks are read for each share, and centers of a species fill whole blocks of rows.</summary>
    public int SmallestShare => 2 * DeepPotGather.BatchSize * Math.Min(Model.Species.Count, MostOccurring);

    /// <inheritdoc/>
    public double PairCutoff(int first, int second) => Model.Cutoff;

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var engine = _pool.Take();
        var outcome = engine.Compute(atoms, buffers);
        _pool.Return(engine);
        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _plan?.Dispose();
    }

    private (IDisposable Plan, Func<IDeepPotEngine> Make) Prepare<T, TNumber, TActivation>(bool tabulated)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TActivation : struct, IActivationKernel<TNumber>
    {
        var plan = new DeepPotPlan<T, TNumber, TActivation>(Model, tabulated);
        return (plan, () => new DeepPotEngine<T, TNumber, TActivation>(plan));
    }

    private sealed class ScalarEngine(DeepPotModel model) : IDeepPotEngine
    {
        public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
        {
            DeepPotReference.Compute(model, atoms, buffers);
            return EvaluationOutcome.Success;
        }

        public void Dispose()
        {
        }
    }
}
