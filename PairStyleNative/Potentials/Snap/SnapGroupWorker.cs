using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Takes one group of gathered atoms through the passes, <see cref="DensityPass"/>, <see cref="AdjointPass"/> and
/// <see cref="ForcePass"/>, and scatters the results in a fixed order. One instance serves one thread.
/// </summary>
internal sealed unsafe class SnapGroupWorker<T> : IDisposable
    where T : unmanaged, ILanes<T>
{
    private readonly SnapPlan _plan;
    private readonly SnapGather _gather;
    private readonly SnapGroupBuilder<T> _builder;
    private readonly SnapQuadratic? _quadratic;
    private readonly double[] _constants;
    private readonly double[] _quadraticEnergies = new double[T.Count];
    private readonly GradePass? _grades;
    private readonly double[] _laneGrades = new double[T.Count];
    private GatheredCenter* _centers;
    private int _lanes;

    /// <summary>Makes work memory for a plan.</summary>
    public SnapGroupWorker(SnapPlan plan, SnapGather gather)
    {
        _plan = plan;
        _gather = gather;
        var model = plan.Model;
        _builder = new SnapGroupBuilder<T>(plan, gather);
        _quadratic = model.Parameters.Quadratic ? new SnapQuadratic(model, plan.Form!) : null;
        _grades = model.Grades is null ? null : new GradePass(model, plan.Form!);
        _constants = [.. Enumerable.Range(0, model.Species.Count).Select(species => SnapConstants.EnergyAtZeroDensity(model, species))];
    }

    /// <summary>The group.</summary>
    public ref readonly SnapGroup Group => ref _builder.Group;

    /// <summary>Puts centers into the lanes.</summary>
    /// <param name="centers">Centers of the gather, the first with most neighbours; valid until <see cref="Scatter"/>.</param>
    /// <param name="lanes">How many.</param>
    /// <param name="leastNeighbors">See <see cref="SnapGroupBuilder{T}.Load"/>.</param>
    public void Load(GatheredCenter* centers, int lanes, int leastNeighbors = 0)
    {
        _centers = centers;
        _lanes = lanes;
        _builder.Load(centers, lanes, leastNeighbors);
    }

    /// <summary>Takes centers through all passes, in double precision, and adds the results.</summary>
    public EvaluationOutcome Compute(GatheredCenter* centers, int lanes, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        Load(centers, lanes);
        Run(buffers);
        return Scatter(atoms, buffers);
    }

    /// <summary>All passes, in double precision.</summary>
    public void Run(in EvaluationBuffers buffers)
    {
        DensityPass.Run<T>(_plan, _builder.Group);
        DensityPass.Spread<T>(_plan, _builder.Group);
        if (_quadratic is not null)
        {
            BispectrumPass.Run<T>(_plan, _builder.Group);
            _quadratic.SetWeights<T>(_builder.Group, _builder.LaneSpecies, _quadraticEnergies);
        }

        if (GradesWanted(buffers))
        {
            AdjointPass.RunWithInvariants<T>(_plan, _builder.Group);
            _grades!.Run<T>(_builder.Group, _builder.LaneSpecies, _laneGrades);
        }
        else
        {
            AdjointPass.Run<T>(_plan, _builder.Group);
        }

        if (GradientsWanted(buffers))
        {
            ForcePass.Run<T>(_plan, _builder.Group);
        }
    }

    /// <summary>Whether the model has extrapolation grades and the buffers want them.</summary>
    public bool GradesWanted(in EvaluationBuffers buffers) => _grades is not null && buffers.Grades is not null;

    /// <summary>Whether the buffers want something that needs the forces.</summary>
    public static bool GradientsWanted(in EvaluationBuffers buffers) =>
        buffers.Forces is not null || buffers.Virial is not null || buffers.AtomVirials is not null;

    /// <summary>Adds all results.</summary>
    public EvaluationOutcome Scatter(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var gradients = GradientsWanted(buffers);
        for (var lane = 0; lane < _lanes; lane++)
        {
            ref readonly var center = ref _centers[lane];
            var scale = atoms.ScaleOf(center.Atom);
            var energy = scale * (_quadratic is null ? _builder.Group.Energy[lane] + _constants[center.Species] : _quadraticEnergies[lane]);
            if (GradesWanted(buffers))
            {
                buffers.Grades[center.Atom] += _laneGrades[lane];
            }

            if (!GatheredScatter.AddEnergy(center, energy, buffers)
                || (gradients && !GatheredScatter.AddForces(center, scale, _gather.Neighbors + center.First, _builder.Group.Gradient + lane, T.Count, buffers)))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _builder.Dispose();
        _grades?.Dispose();
    }
}
