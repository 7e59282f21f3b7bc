using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// <see cref="AdjointPass"/> in single precision for two groups at once, whose lanes share registers of floats. It is where
/// most of the time goes; all else, the recursion of W, the sums over neighbours, the energy and the forces, stays in double
/// precision. One instance serves one thread.
/// </summary>
internal sealed unsafe class MixedAdjointPass<T, TSingle> : IDisposable
    where T : unmanaged, ILanes<T>
    where TSingle : unmanaged, ISingleLanes<TSingle, T>
{
    private readonly SnapPlan _plan;
    private readonly NativeArray<float> _memory = new();
    private readonly float* _full;
    private readonly float* _adjoint;
    private readonly float* _weights;

    /// <summary>Makes work memory.</summary>
    public MixedAdjointPass(SnapPlan plan)
    {
        _plan = plan;
        _full = _memory.Reserve((4L * plan.FullCount + plan.TripleCount) * TSingle.Count);
        _adjoint = _full + 2L * plan.FullCount * TSingle.Count;
        _weights = _adjoint + 2L * plan.FullCount * TSingle.Count;
    }

    /// <summary>Fills Y and the energy of both groups, as <see cref="AdjointPass.Run"/>.</summary>
    public void Run(in SnapGroup lower, in SnapGroup upper)
    {
        Narrow(lower.Full, upper.Full, _full, 2 * _plan.FullCount);
        Narrow(lower.Weights, upper.Weights, _weights, _plan.TripleCount);
        new Span<float>(_adjoint, 2 * _plan.FullCount * TSingle.Count).Clear();
        var end = default(AddWeighted);
        BlockKernels.Run<TSingle, float, AddWeighted>(_plan.SingleBlocks!, _full, _full, _weights, _adjoint, ref end);
        for (var e = 0; e < _plan.ElementCount; e++)
        {
            var place = 2L * _plan.Elements[e].Full;
            Widen(_adjoint, lower.Adjoint, upper.Adjoint, place);
            Widen(_adjoint, lower.Adjoint, upper.Adjoint, place + 1);
        }

        AdjointPass.Finish<T>(_plan, lower);
        AdjointPass.Finish<T>(_plan, upper);
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private static void Narrow(double* lower, double* upper, float* target, int count)
    {
        for (; count > 0; count--, lower += T.Count, upper += T.Count, target += TSingle.Count)
        {
            TSingle.Narrow(T.Load(lower), T.Load(upper)).Store(target);
        }
    }

    private static void Widen(float* source, double* lower, double* upper, long place)
    {
        var value = TSingle.Load(source + place * TSingle.Count);
        TSingle.WidenLower(value).Store(lower + place * T.Count);
        TSingle.WidenUpper(value).Store(upper + place * T.Count);
    }

    private struct AddWeighted : IBlockEnd<TSingle, float>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Take(float* plane, float* triple, TSingle real, TSingle imaginary)
        {
            var weight = TSingle.Load(triple);
            TSingle.MultiplyAdd(weight, real, TSingle.Load(plane)).Store(plane);
            TSingle.MultiplyAdd(weight, imaginary, TSingle.Load(plane + TSingle.Count)).Store(plane + TSingle.Count);
        }
    }
}
