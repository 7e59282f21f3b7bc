using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>The fast kernel with its work memory; one instance serves one thread at a time.</summary>
internal interface ISnapEngine : IDisposable
{
    /// <summary>See <see cref="IPotential.Compute"/>.</summary>
    EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers);
}

/// <summary>
/// The fast kernel: gathers atoms, a chunk at a time, and runs group after group, one atom a lane. The last atoms of a chunk
/// take vectors of half the size if these suffice, which some processors compute in half the time.
/// </summary>
internal sealed unsafe class SnapEngine<T, THalf> : ISnapEngine
    where T : unmanaged, ILanes<T>
    where THalf : unmanaged, ILanes<THalf>
{
    private readonly SnapGather _gather;
    private readonly SnapGroupWorker<T> _worker;
    private readonly SnapGroupWorker<THalf>? _halfWorker;

    /// <summary>Makes work memory for a plan, and for one of half the vector size where there is one.</summary>
    public SnapEngine(SnapPlan plan, SnapPlan? halfPlan)
    {
        _gather = new SnapGather(plan.Model);
        _worker = new SnapGroupWorker<T>(plan, _gather);
        _halfWorker = halfPlan is null ? null : new SnapGroupWorker<THalf>(halfPlan, _gather);
    }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        for (var begin = 0; begin < atoms.CenterCount; begin += SnapGather.ChunkSize)
        {
            var outcome = _gather.Run(atoms, begin, Math.Min(begin + SnapGather.ChunkSize, atoms.CenterCount));
            for (var first = 0; first < _gather.CenterCount && outcome.Status == EvaluationStatus.Success; first += T.Count)
            {
                var lanes = Math.Min(T.Count, _gather.CenterCount - first);
                outcome = _halfWorker is not null && lanes <= THalf.Count
                    ? _halfWorker.Compute(_gather.Centers + first, lanes, atoms, buffers)
                    : _worker.Compute(_gather.Centers + first, lanes, atoms, buffers);
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
        _halfWorker?.Dispose();
    }
}
