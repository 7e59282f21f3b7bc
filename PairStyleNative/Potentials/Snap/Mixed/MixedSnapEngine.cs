using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Mixed;

/// <summary>
/// The fast kernel in mixed precision: two groups at a time, whose lanes share registers of floats where single precision
/// does (<see cref="MixedGroup{T, TSingle}"/>). A last group without a partner, and all groups when extrapolation grades
/// are wanted or 2J is 0, are computed in double precision.
/// </summary>
internal sealed unsafe class MixedSnapEngine<T, TSingle> : ISnapEngine
    where T : unmanaged, ILanes<T>
    where TSingle : unmanaged, ISingleLanes<TSingle, T>
{
    private readonly SnapGather _gather;
    private readonly SnapGroupWorker<T> _lower;
    private readonly SnapGroupWorker<T> _upper;
    private readonly MixedGroup<T, TSingle> _both;
    private readonly bool _withoutGain;

    /// <summary>Makes work memory for a plan that is prepared for mixed precision.</summary>
    public MixedSnapEngine(SnapPlan plan)
    {
        _gather = new SnapGather(plan.Model);
        _lower = new SnapGroupWorker<T>(plan, _gather);
        _upper = new SnapGroupWorker<T>(plan, _gather);
        _both = new MixedGroup<T, TSingle>(plan);
        // A single layer is the top one, of which mixed precision keeps nothing.
        _withoutGain = plan.Model.Parameters.TwoJMax == 0;
    }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        for (var begin = 0; begin < atoms.CenterCount; begin += SnapGather.ChunkSize)
        {
            var outcome = _gather.Run(atoms, begin, Math.Min(begin + SnapGather.ChunkSize, atoms.CenterCount));
            for (var first = 0; first < _gather.CenterCount && outcome.Status == EvaluationStatus.Success; first += 2 * T.Count)
            {
                outcome = ComputeTwo(first, atoms, buffers);
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
        _lower.Dispose();
        _upper.Dispose();
        _both.Dispose();
    }

    private EvaluationOutcome ComputeTwo(int first, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var second = first + T.Count;
        _lower.Load(_gather.Centers + first, Math.Min(T.Count, _gather.CenterCount - first));
        if (second >= _gather.CenterCount)
        {
            _lower.Run(buffers);
            return _lower.Scatter(atoms, buffers);
        }

        // Sorted by number of neighbours: the upper group has as many at most.
        _upper.Load(_gather.Centers + second, Math.Min(T.Count, _gather.CenterCount - second), _lower.Group.NeighborCount);
        if (_withoutGain || _lower.GradesWanted(buffers))
        {
            _lower.Run(buffers);
            _upper.Run(buffers);
        }
        else
        {
            _both.Run(_lower.Group, _upper.Group, SnapGroupWorker<T>.GradientsWanted(buffers));
        }

        var outcome = _lower.Scatter(atoms, buffers);
        return outcome.Status == EvaluationStatus.Success ? _upper.Scatter(atoms, buffers) : outcome;
    }
}
