using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>Work memory of a thread and the way through a computation.</summary>
internal interface IAllegroEngine : IDisposable
{
    /// <summary>See <see cref="IPotential.Compute"/>.</summary>
    EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers);
}

/// <summary>
/// Allegro (<see cref="AllegroModel"/>) at the widest vectors of the processor, in the precision it was trained in unless told otherwise; sums over atoms are in double. Strictly local: an atom's energy depends on its neighbours within the
/// cutoff, however many layers there are. Per-atom virials are those of pairs of center and neighbour.
/// </summary>
public sealed class AllegroPotential : IPotential
{
    private readonly EnginePool<IAllegroEngine> _pool;
    private readonly IDisposable? _plan;

    /// <summary>Prepares a model.</summary>
    public AllegroPotential(AllegroModel model, NetworkPrecision precision = NetworkPrecision.AsTrained)
        : this(model, Processor.WidestLanes, precision)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles or twice as many floats, or 1 for the scalar implementation.</summary>
    internal AllegroPotential(AllegroModel model, int lanes, NetworkPrecision precision)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model.Checked();
        IsSingle = precision.IsSingle(model.SinglePrecision);
        (_plan, var make) = (lanes, IsSingle) switch
        {
            (1, _) => (null, () => new ScalarEngine(Model)),
            (8, true) when Processor.Builds512 => Prepare<SingleLanes512, float, SingleSilu<SingleLanes512, Lanes512>>(),
            (4, true) when Processor.Builds256 => Prepare<SingleLanes256, float, SingleSilu<SingleLanes256, Lanes256>>(),
            (2, true) when Processor.Builds128 => Prepare<SingleLanes128, float, SingleSilu<SingleLanes128, Lanes128>>(),
            (8, _) when Processor.Builds512 => Prepare<Lanes512, double, DoubleSilu<Lanes512>>(),
            (4, _) when Processor.Builds256 => Prepare<Lanes256, double, DoubleSilu<Lanes256>>(),
            (2, _) when Processor.Builds128 => Prepare<Lanes128, double, DoubleSilu<Lanes128>>(),
            _ => throw Processor.NotBuilt(lanes),
        };
        _pool = new EnginePool<IAllegroEngine>(make);
    }

    /// <summary>The model.</summary>
    public AllegroModel Model { get; }

    /// <summary>Whether it computes in single precision.</summary>
    public bool IsSingle { get; }

    /// <inheritdoc/>
    public string Kind => "allegro";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => Model.Species;

    /// <inheritdoc/>
    public double Cutoff => Model.Cutoff;

    /// <inheritdoc/>
    public double PairCutoff(int first, int second) => Model.Input.Cutoffs is { } cutoffs ? Math.Max(cutoffs.Of(first, second), cutoffs.Of(second, first)) : Cutoff;

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

    private (IDisposable Plan, Func<IAllegroEngine> Make) Prepare<T, TNumber, TSilu>()
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TSilu : struct, ISiluKernel<TNumber>
    {
        var plan = new AllegroPlan<T, TNumber, TSilu>(Model);
        return (plan, () => new AllegroEngine<T, TNumber, TSilu>(plan));
    }

    private sealed class ScalarEngine(AllegroModel model) : IAllegroEngine
    {
        private readonly AllegroGather _gather = new(model);

        public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
        {
            // Faults are found before anything is added.
            _gather.Start();
            while (_gather.IsLeft(atoms))
            {
                var outcome = _gather.Run(atoms, 1);
                if (outcome.Status != EvaluationStatus.Success)
                {
                    return outcome;
                }
            }

            AllegroReference.Compute(model, atoms, buffers);
            return EvaluationOutcome.Success;
        }

        public void Dispose() => _gather.Dispose();
    }
}
