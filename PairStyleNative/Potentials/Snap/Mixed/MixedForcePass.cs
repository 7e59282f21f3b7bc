using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Mixed;

/// <summary>
/// <see cref="ForcePass"/> for two groups in single precision. One instance serves one thread.
/// </summary>
/// <remarks>
/// The contraction is cut into short parts: rounding of one long sum would be the largest error of all. A part of the
/// coefficients stays in the innermost cache while all neighbours pass by. Of W the layers below the top one suffice: W_j is
/// homogeneous of degree j in (a*, b*, a, b), so that with f_j, the layer's part in f = Re Σ Y*·W,
/// Σ j·f_j = Re(g_a·a*) + Re(g_b·b*), and f = Σ (1 − j/2J)·f_j + (Re(g_a·a*) + Re(g_b·b*))/2J.
/// </remarks>
internal sealed unsafe class MixedForcePass<T, TSingle> : IDisposable
    where T : unmanaged, ILanes<T>
    where TSingle : unmanaged, ISingleLanes<TSingle, T>
{
    private const int PartLength = 16;
    private const int CoefficientsWidth = 10;
    private const int SumsWidth = 5;

    private readonly SnapPlan _plan;
    private readonly NativeArray<float> _memory = new();
    private readonly NativeArray<double> _sums = new();
    private readonly NativeArray<float> _shares = new();

    /// <summary>Makes work memory for a plan with <c>2J &gt; 0</c>.</summary>
    public MixedForcePass(SnapPlan plan)
    {
        _plan = plan;
        _memory.Reserve((long)CoefficientsWidth * plan.SlopeCount * TSingle.Count + 1);
        var twoJMax = plan.Model.Parameters.TwoJMax;
        _shares.Fill([.. Enumerable.Range(0, twoJMax).SelectMany(j => Enumerable.Repeat(1f - (float)j / twoJMax, SnapPlanes.ProperCount(j)))]);
    }

    /// <summary>Fills the gradients of all neighbours of both groups.</summary>
    /// <param name="lower">The lower half of the lanes.</param>
    /// <param name="upper">The upper half, with as many neighbours.</param>
    /// <param name="wigner">W of every neighbour, <c>[neighbors][half planes below the top layer][2]</c>.</param>
    /// <param name="adjoint">Y, <c>[full planes][2]</c>.</param>
    /// <param name="linear">Y with its half plane weights, <c>[half planes][2]</c>.</param>
    public void Run(in SnapGroup lower, in SnapGroup upper, float* wigner, float* adjoint, float* linear)
    {
        MakeCoefficients((TSingle*)adjoint, (TSingle*)linear);
        var length = 2 * SumsWidth * lower.NeighborCount * T.Count;
        var sums = _sums.Reserve(length + 1);
        new Span<double>(sums, length).Clear();
        var coefficients = _memory.Pointer;
        for (var begin = 0; begin < _plan.SlopeCount; begin += PartLength, coefficients += CoefficientsWidth * PartLength * TSingle.Count)
        {
            AddPart(_plan.Slopes + begin, Math.Min(PartLength, _plan.SlopeCount - begin), coefficients, lower.NeighborCount, wigner, 2L * lower.WignerCount * TSingle.Count, sums);
        }

        for (var n = 0; n < lower.NeighborCount; n++, sums += 2 * SumsWidth * T.Count)
        {
            MakeGradient(lower, n, (T*)sums);
            MakeGradient(upper, n, (T*)sums + 1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _sums.Dispose();
        _shares.Dispose();
    }

    // Those of ForcePass, and behind these the coefficients of W_r, W_i in the part of f.
    private void MakeCoefficients(TSingle* adjoint, TSingle* linear)
    {
        var target = (TSingle*)_memory.Pointer;
        for (var e = 0; e < _plan.SlopeCount; e++, target += CoefficientsWidth)
        {
            ref readonly var slope = ref _plan.Slopes[e];
            ForcePass.MakeCoefficients<TSingle, float>(slope, adjoint, target);
            var share = TSingle.Broadcast(_shares.Pointer[e]);
            var part = linear + 2L * slope.Half;
            target[8] = share * part[0];
            target[9] = share * part[1];
        }
    }

    // Adds some slopes to the sums of all neighbours, [neighbors][5][groups]: Re g_a, Im g_a, Re g_b, Im g_b, the part of f.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPart(SnapSlope* slopes, int slopeCount, float* coefficients, int neighbors, float* wigner, long stride, double* sums)
    {
        var count = TSingle.Count;
        for (; neighbors > 0; neighbors -= 2)
        {
            TSingle ar0 = TSingle.Zero, ai0 = TSingle.Zero, br0 = TSingle.Zero, bi0 = TSingle.Zero, f0 = TSingle.Zero;
            TSingle ar1 = TSingle.Zero, ai1 = TSingle.Zero, br1 = TSingle.Zero, bi1 = TSingle.Zero, f1 = TSingle.Zero;
            var slope = slopes;
            var from = coefficients;
            for (var e = slopeCount; e > 0; e--)
            {
                var w = wigner + 2L * slope->Half * count;
                TSingle r0 = TSingle.Load(w), i0 = TSingle.Load(w + count);
                w += stride;
                TSingle r1 = TSingle.Load(w), i1 = TSingle.Load(w + count);
                var c = TSingle.Load(from);
                ar0 = TSingle.MultiplyAdd(c, r0, ar0);
                ar1 = TSingle.MultiplyAdd(c, r1, ar1);
                c = TSingle.Load(from + count);
                ar0 = TSingle.MultiplyAdd(c, i0, ar0);
                ar1 = TSingle.MultiplyAdd(c, i1, ar1);
                c = TSingle.Load(from + 2 * count);
                ai0 = TSingle.MultiplyAdd(c, r0, ai0);
                ai1 = TSingle.MultiplyAdd(c, r1, ai1);
                c = TSingle.Load(from + 3 * count);
                ai0 = TSingle.MultiplyAdd(c, i0, ai0);
                ai1 = TSingle.MultiplyAdd(c, i1, ai1);
                c = TSingle.Load(from + 4 * count);
                br0 = TSingle.MultiplyAdd(c, r0, br0);
                br1 = TSingle.MultiplyAdd(c, r1, br1);
                c = TSingle.Load(from + 5 * count);
                br0 = TSingle.MultiplyAdd(c, i0, br0);
                br1 = TSingle.MultiplyAdd(c, i1, br1);
                c = TSingle.Load(from + 6 * count);
                bi0 = TSingle.MultiplyAdd(c, r0, bi0);
                bi1 = TSingle.MultiplyAdd(c, r1, bi1);
                c = TSingle.Load(from + 7 * count);
                bi0 = TSingle.MultiplyAdd(c, i0, bi0);
                bi1 = TSingle.MultiplyAdd(c, i1, bi1);
                c = TSingle.Load(from + 8 * count);
                f0 = TSingle.MultiplyAdd(c, r0, f0);
                f1 = TSingle.MultiplyAdd(c, r1, f1);
                c = TSingle.Load(from + 9 * count);
                f0 = TSingle.MultiplyAdd(c, i0, f0);
                f1 = TSingle.MultiplyAdd(c, i1, f1);
                from += CoefficientsWidth * count;
                slope++;
            }

            Add(ar0, sums);
            Add(ai0, sums + 2 * T.Count);
            Add(br0, sums + 4 * T.Count);
            Add(bi0, sums + 6 * T.Count);
            Add(f0, sums + 8 * T.Count);
            Add(ar1, sums + 10 * T.Count);
            Add(ai1, sums + 12 * T.Count);
            Add(br1, sums + 14 * T.Count);
            Add(bi1, sums + 16 * T.Count);
            Add(f1, sums + 18 * T.Count);
            sums += 4 * SumsWidth * T.Count;
            wigner += 2 * stride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TSingle part, double* sums)
    {
        (T.Load(sums) + TSingle.WidenLower(part)).Store(sums);
        (T.Load(sums + T.Count) + TSingle.WidenUpper(part)).Store(sums + T.Count);
    }

    // Of one of the groups; its sums are two vectors apart.
    private void MakeGradient(in SnapGroup group, int n, T* sums)
    {
        T aReal = sums[0], aImaginary = sums[2], bReal = sums[4], bImaginary = sums[6];
        var along = ForcePass.Along((T*)group.Motion + (long)n * DensityPass.MotionWidth, aReal, aImaginary, bReal, bImaginary);
        var f = T.MultiplyAdd(T.Broadcast(1.0 / _plan.Model.Parameters.TwoJMax), along, sums[8]);
        ForcePass.MakeGradient(group, n, aReal, aImaginary, bReal, bImaginary, f);
    }
}
