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
                _worker.Run(buffers);
                outcome = _worker.Scatter(atoms, buffers);
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
