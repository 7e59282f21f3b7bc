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
/// The fast kernel at one lane width: gathers atoms, a chunk at a time, and runs group after group, one atom a lane.
/// </summary>
internal sealed unsafe class SnapEngine<T> : ISnapEngine
    where T : unmanaged, ILanes<T>
{
    private readonly SnapGather _gather;
    private readonly SnapGroupWorker<T> _worker;

    /// <summary>Makes work memory for a plan.</summary>
    public SnapEngine(SnapPlan plan)
    {
        _gather = new SnapGather(plan.Model);
        _worker = new SnapGroupWorker<T>(plan, _gather);
    }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        for (var begin = 0; begin < atoms.CenterCount; begin += SnapGather.ChunkSize)
        {
            var outcome = _gather.Run(atoms, begin, Math.Min(begin + SnapGather.ChunkSize, atoms.CenterCount));
            for (var first = 0; first < _gather.CenterCount && outcome.Status == EvaluationStatus.Success; first += T.Count)
            {
                _worker.Load(_gather.Centers + first, Math.Min(T.Count, _gather.CenterCount - first));
                _worker.FindAdjoint(buffers);
                outcome = _worker.Finish(atoms, buffers);
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
        _worker.Dispose();
    }
}

/// <summary>
/// The same in mixed precision: two groups at a time, which meet in <see cref="MixedAdjointPass{T, TSingle}"/>. A last group
/// without a partner, and all groups when extrapolation grades are wanted, are computed in double precision.
/// </summary>
internal sealed unsafe class MixedSnapEngine<T, TSingle> : ISnapEngine
    where T : unmanaged, ILanes<T>
    where TSingle : unmanaged, ISingleLanes<TSingle, T>
{
    private readonly SnapGather _gather;
    private readonly SnapGroupWorker<T> _lower;
    private readonly SnapGroupWorker<T> _upper;
    private readonly MixedAdjointPass<T, TSingle> _adjoint;

    /// <summary>Makes work memory for a plan that is prepared for mixed precision.</summary>
    public MixedSnapEngine(SnapPlan plan)
    {
        _gather = new SnapGather(plan.Model);
        _lower = new SnapGroupWorker<T>(plan, _gather);
        _upper = new SnapGroupWorker<T>(plan, _gather);
        _adjoint = new MixedAdjointPass<T, TSingle>(plan);
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
        _adjoint.Dispose();
    }

    private EvaluationOutcome ComputeTwo(int first, in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var second = first + T.Count;
        var both = second < _gather.CenterCount;
        _lower.Load(_gather.Centers + first, Math.Min(T.Count, _gather.CenterCount - first));
        if (both)
        {
            _upper.Load(_gather.Centers + second, Math.Min(T.Count, _gather.CenterCount - second));
        }

        if (both && !_lower.GradesWanted(buffers))
        {
            _adjoint.Run(_lower.Group, _upper.Group);
        }
        else
        {
            _lower.FindAdjoint(buffers);
            if (both)
            {
                _upper.FindAdjoint(buffers);
            }
        }

        var outcome = _lower.Finish(atoms, buffers);
        return both && outcome.Status == EvaluationStatus.Success ? _upper.Finish(atoms, buffers) : outcome;
    }
}
