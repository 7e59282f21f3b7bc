using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap.Chemical;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Snap.Mixed;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// The SNAP potential as hosts use it: the fast kernel at the widest vectors of the processor. Thread-safe: every call takes
/// work memory from a pool. The same input gives the same result bit by bit.
/// </summary>
public sealed class SnapPotential : IPotential, IMixedPrecision
{
    private readonly EnginePool<ISnapEngine> _pool;
    private readonly SnapPlan? _plan;
    private readonly SnapPlan? _halfPlan;
    private readonly ChemicalPlan? _chemicalPlan;
    private readonly int _lanes;
    private bool _mixed;
    private readonly Species[] _species;

    /// <summary>Prepares a model.</summary>
    public SnapPotential(SnapModel model)
        : this(model, Processor.WidestLanes)
    {
    }

    /// <summary>Prepares a model for vectors of 8, 4 or 2 doubles, or 1 for the scalar implementation.</summary>
    internal SnapPotential(SnapModel model, int lanes)
    {
        ArgumentNullException.ThrowIfNull(model);
        Model = model;
        _lanes = lanes;
        _plan = lanes == 1 || model.Parameters.Chemical ? null : new SnapPlan(model, lanes * sizeof(double)).PrepareForces();
        // Vectors of two doubles are the narrowest.
        _halfPlan = _plan is null || lanes < 4 ? null : new SnapPlan(model, lanes / 2 * sizeof(double)).PrepareForces(_plan);
        _chemicalPlan = lanes > 1 && model.Parameters.Chemical ? new ChemicalPlan(model, lanes * sizeof(double)) : null;
        _species = [.. model.Species.Select(s => new Species(s.Label, s.AtomicNumber, s.Mass))];
        Cutoff = 2 * model.Species.Max(s => s.Radius) * model.Parameters.CutoffFactor;
        _pool = new EnginePool<ISnapEngine>(MakeEngine);
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
    public bool HasGrades => Model.Grades is not null;

    /// <inheritdoc/>
    /// <exception cref="MofException">Models with <c>chemflag</c> or <c>quadraticflag</c> compute in double precision only.</exception>
    public bool MixedPrecision
    {
        get => _mixed;
        set
        {
            if (value && (Model.Parameters.Chemical || Model.Parameters.Quadratic))
            {
                throw new MofException(ErrorKind.Unsupported, "SNAP models with chemflag or quadraticflag compute in double precision only", expected: "precision double");
            }

            if (value == _mixed)
            {
                return;
            }

            _plan?.PrepareMixedPrecision();
            _mixed = value;
            _pool.Clear();
        }
    }

    /// <inheritdoc/>
    public double PairCutoff(int first, int second) => Model.PairCutoff(first, second);

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
        _halfPlan?.Dispose();
        _chemicalPlan?.Dispose();
    }

    private ISnapEngine MakeEngine() => _lanes switch
    {
        8 when Processor.Builds512 => MakeEngine<Lanes512, Lanes256, SingleLanes512>(),
        4 when Processor.Builds256 => MakeEngine<Lanes256, Lanes128, SingleLanes256>(),
        2 when Processor.Builds128 => MakeEngine<Lanes128, Lanes128, SingleLanes128>(),
        1 => new ScalarEngine(new SnapReference(Model)),
        _ => throw Processor.NotBuilt(_lanes),
    };

    private ISnapEngine MakeEngine<T, THalf, TSingle>()
        where T : unmanaged, ILanes<T>
        where THalf : unmanaged, ILanes<THalf>
        where TSingle : unmanaged, ISingleLanes<TSingle, T> =>
        _chemicalPlan is not null ? new ChemicalEngine<T>(_chemicalPlan)
        : _mixed ? new MixedSnapEngine<T, TSingle>(_plan!)
        : new SnapEngine<T, THalf>(_plan!, _halfPlan);

    private sealed class ScalarEngine(SnapReference reference) : ISnapEngine
    {
        public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers) => reference.Compute(atoms, buffers);

        public void Dispose()
        {
        }
    }
}
