using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Chemical;

/// <summary>
/// The fast kernel of models with <c>chemflag</c> at one lane width: the passes of the linear kernel for every density,
/// with <see cref="DensityPairs{T}"/> in the place of its products; a neighbour feels Y of its own species's density.
/// </summary>
internal sealed unsafe class ChemicalEngine<T> : ISnapEngine
    where T : unmanaged, ILanes<T>
{
    private readonly ChemicalPlan _plan;
    private readonly SnapGather _gather;
    private readonly ChemicalGroupBuilder<T> _builder;
    private readonly DensityPairs<T> _pairs;
    private readonly SnapQuadratic? _quadratic;
    private readonly double[] _constants;
    private readonly double[] _energies = new double[T.Count];

    /// <summary>Makes work memory for a plan.</summary>
    public ChemicalEngine(ChemicalPlan plan)
    {
        _plan = plan;
        var model = plan.Layers.Model;
        _gather = new SnapGather(model);
        _builder = new ChemicalGroupBuilder<T>(plan, _gather);
        _pairs = new DensityPairs<T>(plan);
        _quadratic = model.Parameters.Quadratic ? new SnapQuadratic(model, plan) : null;
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
                Run(gradients);
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
        _pairs.Dispose();
    }

    private void Run(bool gradients)
    {
        ReadOnlySpan<SnapGroup> groups = _builder.Groups;
        var present = _builder.Present;
        var layers = _plan.Layers;
        foreach (var density in present)
        {
            DensityPass.Run<T>(layers, groups[density]);
            DensityPass.Mirror<T>(layers, groups[density]);
        }

        if (_quadratic is not null)
        {
            foreach (var density in present)
            {
                Contract<T>.Weigh(layers, groups[density], groups[density].Adjoint);
            }

            new Span<double>(groups[0].Invariants, _plan.WeightCount * T.Count).Clear();
            _pairs.Contract(groups, present);
            _quadratic.SetWeights<T>(groups[0], _builder.LaneSpecies, _energies);
        }

        foreach (var density in present)
        {
            new Span<double>(groups[density].Adjoint, 2 * layers.FullCount * T.Count).Clear();
        }

        _pairs.AddWeighted(groups, present);
        foreach (var density in present)
        {
            AdjointPass.MirrorAndFinish<T>(layers, groups[density]);
            if (gradients && groups[density].NeighborCount > 0)
            {
                ForcePass.Run<T>(layers, groups[density]);
            }
        }
    }

    private EvaluationOutcome Scatter(in NeighborView atoms, GatheredCenter* centers, int lanes, bool gradients, in EvaluationBuffers buffers)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            ref readonly var center = ref centers[lane];
            var scale = atoms.ScaleOf(center.Atom);
            if (!GatheredScatter.AddEnergy(center, scale * EnergyOf(center, lane), buffers)
                || (gradients && !GatheredScatter.AddForces(center, scale, _gather.Neighbors + center.First, _builder.Unload(center, lane), 1, buffers)))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    private double EnergyOf(in GatheredCenter center, int lane)
    {
        if (_quadratic is not null)
        {
            return _energies[lane];
        }

        var energy = _constants[center.Species];
        foreach (var density in _builder.Present)
        {
            energy += _builder.Groups[density].Energy[lane];
        }

        return energy;
    }
}
