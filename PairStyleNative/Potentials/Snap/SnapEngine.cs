using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>The fast kernel with its work memory; one instance serves one thread at a time.</summary>
internal interface ISnapEngine : IDisposable
{
    /// <summary>See <see cref="IPotential.Compute"/>.</summary>
    EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers);
}

/// <summary>
/// The fast kernel at one lane width: gathers atoms into groups, one atom a lane, runs <see cref="DensityPass"/>,
/// <see cref="AdjointPass"/> and <see cref="ForcePass"/> on each group and scatters the results in a fixed order.
/// </summary>
internal sealed unsafe class SnapEngine<T> : ISnapEngine
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

    /// <summary>Makes work memory for a plan.</summary>
    public SnapEngine(SnapPlan plan)
    {
        _plan = plan;
        var model = plan.Model;
        _gather = new SnapGather(model);
        _builder = new SnapGroupBuilder<T>(plan, _gather);
        _quadratic = model.Parameters.Quadratic ? new SnapQuadratic(model, plan.Products) : null;
        _grades = model.Grades is null ? null : new GradePass(model, plan.Products);
        _constants = [.. Enumerable.Range(0, model.Species.Count).Select(species => SnapConstants.EnergyAtZeroDensity(model, species))];
    }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var gradients = buffers.Forces is not null || buffers.Virial is not null || buffers.AtomVirials is not null;
        for (var begin = 0; begin < atoms.CenterCount; begin += SnapGather.ChunkSize)
        {
            var outcome = _gather.Run(atoms, begin, Math.Min(begin + SnapGather.ChunkSize, atoms.CenterCount));
            for (var first = 0; first < _gather.CenterCount && outcome.Status == EvaluationStatus.Success; first += T.Count)
            {
                var lanes = Math.Min(T.Count, _gather.CenterCount - first);
                _builder.Load(_gather.Centers + first, lanes);
                Run(_builder.Group, gradients, _grades is not null && buffers.Grades is not null);
                outcome = Scatter(atoms, _gather.Centers + first, lanes, gradients, buffers);
            }

            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gather.Dispose();
        _builder.Dispose();
        _grades?.Dispose();
    }

    private void Run(in SnapGroup group, bool gradients, bool grades)
    {
        DensityPass.Run<T>(_plan, group);
        DensityPass.Mirror<T>(_plan, group);
        if (_quadratic is not null)
        {
            BispectrumPass.Run<T>(_plan, group);
            _quadratic.SetWeights<T>(group, _builder.LaneSpecies, _quadraticEnergies);
        }

        if (grades)
        {
            AdjointPass.RunWithInvariants<T>(_plan, group);
            _grades!.Run<T>(group, _builder.LaneSpecies, _laneGrades);
        }
        else
        {
            AdjointPass.Run<T>(_plan, group);
        }

        if (gradients)
        {
            ForcePass.Run<T>(_plan, group);
        }
    }

    private EvaluationOutcome Scatter(in NeighborView atoms, GatheredCenter* centers, int lanes, bool gradients, in EvaluationBuffers buffers)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            var scale = atoms.ScaleOf(centers[lane].Atom);
            var energy = scale * (_quadratic is null ? _builder.Group.Energy[lane] + _constants[centers[lane].Species] : _quadraticEnergies[lane]);
            if (buffers.Grades is not null && _grades is not null)
            {
                buffers.Grades[centers[lane].Atom] += _laneGrades[lane];
            }

            if (!SnapScatter.AddEnergy(centers[lane], energy, buffers)
                || (gradients && !SnapScatter.AddForces(centers[lane], scale, _gather.Neighbors + centers[lane].First, _builder.Group.Gradient + lane, T.Count, buffers)))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, centers[lane].Atom);
            }
        }

        return EvaluationOutcome.Success;
    }
}
