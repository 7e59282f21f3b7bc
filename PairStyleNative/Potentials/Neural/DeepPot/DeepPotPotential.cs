using System.Collections.Concurrent;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>
/// DeepPot-SE (<see cref="DeepPotModel"/>), in double precision whatever the model was trained in. Embedding networks, which have one input, are tables made when the potential is;
/// fitting networks run for <see cref="DeepPotGather.BatchSize"/> centers at once. Per-atom virials are those of pairs of center and neighbour.
/// </summary>
public sealed class DeepPotPotential : IPotential
{
    // A bag gives a thread the engine that it used last, whose memory is in its cache.
    private readonly ConcurrentBag<IDeepPotEngine> _pool = [];
    private readonly IDisposable? _plan;
    private readonly Func<IDeepPotEngine> _make;

    /// <summary>Prepares a model.</summary>
    public DeepPotPotential(DeepPotModel model)
        : this(model, Processor.WidestLanes, tabulated: true)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles, or 1 for the scalar implementation.</summary>
    internal DeepPotPotential(DeepPotModel model, int lanes, bool tabulated)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model.Checked();
        (_plan, _make) = lanes switch
        {
            8 => Prepare<Lanes512>(tabulated),
            4 => Prepare<Lanes256>(tabulated),
            2 => Prepare<Lanes128>(tabulated),
            _ => (null, () => new ScalarEngine(Model)),
        };
        _pool.Add(_make());
    }

    /// <summary>The model.</summary>
    public DeepPotModel Model { get; }

    /// <inheritdoc/>
    public string Kind => "deeppot";

    /// <inheritdoc/>
    public IReadOnlyList<Species> Species => Model.Species;

    /// <inheritdoc/>
    public double Cutoff => Model.Cutoff;

    /// <inheritdoc/>
    public double PairCutoff(int first, int second) => Model.Cutoff;

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var engine = _pool.TryTake(out var pooled) ? pooled : _make();
        var outcome = engine.Compute(atoms, buffers);
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

        _plan?.Dispose();
    }

    private (IDisposable Plan, Func<IDeepPotEngine> Make) Prepare<T>(bool tabulated)
        where T : unmanaged, ILanes<T>
    {
        var plan = new DeepPotPlan<T>(Model, tabulated);
        return (plan, () => new DeepPotEngine<T>(plan));
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
