using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Third pass: ∂E/∂r_j of every neighbour from Y and the neighbour's W, without derivatives of W.
/// </summary>
/// <remarks>
/// From W_j(ma,mb) = [t^ma] (a* − b*·t)^{j−mb}·(b + a·t)^{mb}, with a, a*, b, b* independent:
/// ∂W_j(ma,mb)/∂a* = (j−mb)·W_{j−1}(ma,mb), ∂/∂b* = −(j−mb)·W_{j−1}(ma−1,mb), ∂/∂a = mb·W_{j−1}(ma−1,mb−1),
/// ∂/∂b = mb·W_{j−1}(ma,mb−1). Sorted by the elements of layer j − 1, dE = Re Σ Y*·dW = Re(g_a·da*) + Re(g_b·db*) with
/// g_a = Σ (j−mb)·Y_j(ma,mb)*·W + (mb+1)·Y_j(ma+1,mb+1)·W*,
/// g_b = Σ −(j−mb)·Y_j(ma+1,mb)*·W + (mb+1)·Y_j(ma,mb+1)·W*, W = W_{j−1}(ma,mb) of the neighbour, switching and weight included.
/// As eight real coefficients an element, made once a group, that is 8 multiply-adds an element and neighbour. With
/// f = Re Σ Y*·W for the switching function and v = (−Im g_b, Re g_b, −Im g_a), the gradient with respect to u·sinθ0,
/// ∂E/∂r = u·[θ'·(cosθ0·v·u − sinθ0·Re g_a) + (ln s)'·f − (sinθ0/r)·v·u] + (sinθ0/r)·v.
/// W_j is a homogeneous polynomial of degree j in a, a*, b, b*, so by Euler j·f_j = Re(g_a·a*) + Re(g_b·b*) = cosθ0·Re g_a + sinθ0·v·u
/// with the parts of g that come of layer j: f costs a handful of operations a layer, and W of the top layer is never read. The sums
/// go up layer by layer, D_j with layers 1 … j: f = f_0 + Σ_j (1/j − 1/(j+1))·D_j, the last of them with 1/j alone.
/// Sums run over proper half planes with weight 2 (1 for the element that is its own mirror image).
/// </remarks>
internal static unsafe class ForcePass
{
    /// <summary>Fills the gradients of all neighbours.</summary>
    public static void Run<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        MakeCoefficients<T, double>(plan, group.Adjoint, group.Slopes);
        var n = 0;
        var memory = stackalloc double[20 * T.Count + 8];
        var sums = (T*)(((nint)memory + 63) & ~63);
        T* coefficients = (T*)group.Slopes, linear = (T*)group.Linear, motion = (T*)group.Motion;
        var stride = 2L * group.WignerCount;
        if (T.ForceNeighbors == 4)
        {
            for (; n + 4 <= group.NeighborCount; n += 4)
            {
                Contract4(plan, coefficients, linear, (T*)group.Wigner + n * stride, stride, motion + n * DensityPass.MotionWidth, sums);
                for (var k = 0; k < 4; k++)
                {
                    MakeGradient<T>(group, n + k, (double*)(sums + 5 * k));
                }
            }
        }

        for (; n < group.NeighborCount; n += 2)
        {
            Contract2(plan, coefficients, linear, (T*)group.Wigner + n * stride, stride, motion + n * DensityPass.MotionWidth, sums);
            MakeGradient<T>(group, n, (double*)sums);
            MakeGradient<T>(group, n + 1, (double*)(sums + 5));
        }
    }

    // Coefficients of W_r, W_i in Re g_a, then Im g_a, Re g_b, Im g_b: (A,B) belong to W and W* in g_a, (C,D) in g_b.
    internal static void MakeCoefficients<T, TNumber>(SnapPlan plan, TNumber* adjoint, TNumber* target)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged, INumberBase<TNumber>
    {
        var count = T.Count;
        for (var e = 0; e < plan.SlopeCount; e++)
        {
            var slope = plan.Slopes[e];
            TNumber* below = adjoint + 2L * slope.Below * count, above = adjoint + 2L * slope.Above * count;
            T lower = T.Broadcast(TNumber.CreateTruncating(slope.Lower)), upper = T.Broadcast(TNumber.CreateTruncating(slope.Upper));
            T ar = lower * T.Load(below), ai = lower * T.Load(below + count);
            T cr = lower * T.Load(below + 2 * count), ci = lower * T.Load(below + 3 * count);
            T dr = upper * T.Load(above), di = upper * T.Load(above + count);
            T br = upper * T.Load(above + 2 * count), bi = upper * T.Load(above + 3 * count);
            // g_a: A = ar − i·ai, B = br + i·bi; A·W + B·W*.
            (ar + br).Store(target);
            (ai + bi).Store(target + count);
            (bi - ai).Store(target + 2 * count);
            (ar - br).Store(target + 3 * count);
            // g_b: C = −cr + i·ci, D = dr + i·di; C·W + D·W*.
            (dr - cr).Store(target + 4 * count);
            (di - ci).Store(target + 5 * count);
            (ci + di).Store(target + 6 * count);
            (T.Zero - (cr + dr)).Store(target + 7 * count);
            target += 8 * count;
        }
    }

    /// <summary>The gradient of a neighbour from its sums <c>[5]</c>.</summary>
    internal static void MakeGradient<T>(in SnapGroup group, int n, double* sums)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        var motion = group.Motion + (long)n * DensityPass.MotionWidth * count;
        T ux = T.Load(motion), uy = T.Load(motion + count), uz = T.Load(motion + 2 * count);
        T perDistance = T.Load(motion + 3 * count), sine = T.Load(motion + 4 * count), cosine = T.Load(motion + 5 * count);
        T slope = T.Load(motion + 6 * count), logarithmicSlope = T.Load(motion + 7 * count);
        var aReal = T.Load(sums);
        T vz = T.Zero - T.Load(sums + count), vy = T.Load(sums + 2 * count), vx = T.Zero - T.Load(sums + 3 * count);
        var f = T.Load(sums + 4 * count);
        var along = ux * vx + uy * vy + uz * vz;
        var turn = sine * perDistance;
        var radial = slope * (cosine * along - sine * aReal) + logarithmicSlope * f - turn * along;
        var target = group.Gradient + 3L * n * count;
        T.MultiplyAdd(ux, radial, turn * vx).Store(target);
        T.MultiplyAdd(uy, radial, turn * vy).Store(target + count);
        T.MultiplyAdd(uz, radial, turn * vz).Store(target + 2 * count);
    }

    // Sums [4][5]: Re g_a, Im g_a, Re g_b, Im g_b, f of 4 consecutive neighbours.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Contract4<T>(SnapPlan plan, T* coefficients, T* linear, T* wigner, long stride, T* motion, T* sums)
        where T : unmanaged, ILanes<T>
    {
        T ar0 = T.Zero, ai0 = T.Zero, br0 = T.Zero, bi0 = T.Zero, f0 = linear[0] * wigner[0];
        T ar1 = T.Zero, ai1 = T.Zero, br1 = T.Zero, bi1 = T.Zero, f1 = linear[0] * wigner[stride];
        T ar2 = T.Zero, ai2 = T.Zero, br2 = T.Zero, bi2 = T.Zero, f2 = linear[0] * wigner[2 * stride];
        T ar3 = T.Zero, ai3 = T.Zero, br3 = T.Zero, bi3 = T.Zero, f3 = linear[0] * wigner[3 * stride];
        var slope = plan.Slopes;
        for (var j = 1; j <= plan.Model.Parameters.TwoJMax; j++)
        {
            for (var e = SnapPlanes.ProperCount(j - 1); e > 0; e--)
            {
                var w = wigner + 2L * slope->Half;
                T r0 = w[0], i0 = w[1];
                w += stride;
                T r1 = w[0], i1 = w[1];
                w += stride;
                T r2 = w[0], i2 = w[1];
                w += stride;
                T r3 = w[0], i3 = w[1];
                var c = coefficients[0];
                ar0 = T.MultiplyAdd(c, r0, ar0);
                ar1 = T.MultiplyAdd(c, r1, ar1);
                ar2 = T.MultiplyAdd(c, r2, ar2);
                ar3 = T.MultiplyAdd(c, r3, ar3);
                c = coefficients[1];
                ar0 = T.MultiplyAdd(c, i0, ar0);
                ar1 = T.MultiplyAdd(c, i1, ar1);
                ar2 = T.MultiplyAdd(c, i2, ar2);
                ar3 = T.MultiplyAdd(c, i3, ar3);
                c = coefficients[2];
                ai0 = T.MultiplyAdd(c, r0, ai0);
                ai1 = T.MultiplyAdd(c, r1, ai1);
                ai2 = T.MultiplyAdd(c, r2, ai2);
                ai3 = T.MultiplyAdd(c, r3, ai3);
                c = coefficients[3];
                ai0 = T.MultiplyAdd(c, i0, ai0);
                ai1 = T.MultiplyAdd(c, i1, ai1);
                ai2 = T.MultiplyAdd(c, i2, ai2);
                ai3 = T.MultiplyAdd(c, i3, ai3);
                c = coefficients[4];
                br0 = T.MultiplyAdd(c, r0, br0);
                br1 = T.MultiplyAdd(c, r1, br1);
                br2 = T.MultiplyAdd(c, r2, br2);
                br3 = T.MultiplyAdd(c, r3, br3);
                c = coefficients[5];
                br0 = T.MultiplyAdd(c, i0, br0);
                br1 = T.MultiplyAdd(c, i1, br1);
                br2 = T.MultiplyAdd(c, i2, br2);
                br3 = T.MultiplyAdd(c, i3, br3);
                c = coefficients[6];
                bi0 = T.MultiplyAdd(c, r0, bi0);
                bi1 = T.MultiplyAdd(c, r1, bi1);
                bi2 = T.MultiplyAdd(c, r2, bi2);
                bi3 = T.MultiplyAdd(c, r3, bi3);
                c = coefficients[7];
                bi0 = T.MultiplyAdd(c, i0, bi0);
                bi1 = T.MultiplyAdd(c, i1, bi1);
                bi2 = T.MultiplyAdd(c, i2, bi2);
                bi3 = T.MultiplyAdd(c, i3, bi3);
                coefficients += 8;
                slope++;
            }

            var share = T.Broadcast(j < plan.Model.Parameters.TwoJMax ? 1.0 / j - 1.0 / (j + 1) : 1.0 / j);
            f0 = T.MultiplyAdd(share, Along(motion, ar0, ai0, br0, bi0), f0);
            f1 = T.MultiplyAdd(share, Along(motion + DensityPass.MotionWidth, ar1, ai1, br1, bi1), f1);
            f2 = T.MultiplyAdd(share, Along(motion + 2 * DensityPass.MotionWidth, ar2, ai2, br2, bi2), f2);
            f3 = T.MultiplyAdd(share, Along(motion + 3 * DensityPass.MotionWidth, ar3, ai3, br3, bi3), f3);
        }

        (sums[0], sums[1], sums[2], sums[3], sums[4]) = (ar0, ai0, br0, bi0, f0);
        (sums[5], sums[6], sums[7], sums[8], sums[9]) = (ar1, ai1, br1, bi1, f1);
        (sums[10], sums[11], sums[12], sums[13], sums[14]) = (ar2, ai2, br2, bi2, f2);
        (sums[15], sums[16], sums[17], sums[18], sums[19]) = (ar3, ai3, br3, bi3, f3);
    }

    // Sums [2][5]: Re g_a, Im g_a, Re g_b, Im g_b, f of 2 consecutive neighbours.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Contract2<T>(SnapPlan plan, T* coefficients, T* linear, T* wigner, long stride, T* motion, T* sums)
        where T : unmanaged, ILanes<T>
    {
        T ar0 = T.Zero, ai0 = T.Zero, br0 = T.Zero, bi0 = T.Zero, f0 = linear[0] * wigner[0];
        T ar1 = T.Zero, ai1 = T.Zero, br1 = T.Zero, bi1 = T.Zero, f1 = linear[0] * wigner[stride];
        var slope = plan.Slopes;
        for (var j = 1; j <= plan.Model.Parameters.TwoJMax; j++)
        {
            for (var e = SnapPlanes.ProperCount(j - 1); e > 0; e--)
            {
                var w = wigner + 2L * slope->Half;
                T r0 = w[0], i0 = w[1];
                w += stride;
                T r1 = w[0], i1 = w[1];
                var c = coefficients[0];
                ar0 = T.MultiplyAdd(c, r0, ar0);
                ar1 = T.MultiplyAdd(c, r1, ar1);
                c = coefficients[1];
                ar0 = T.MultiplyAdd(c, i0, ar0);
                ar1 = T.MultiplyAdd(c, i1, ar1);
                c = coefficients[2];
                ai0 = T.MultiplyAdd(c, r0, ai0);
                ai1 = T.MultiplyAdd(c, r1, ai1);
                c = coefficients[3];
                ai0 = T.MultiplyAdd(c, i0, ai0);
                ai1 = T.MultiplyAdd(c, i1, ai1);
                c = coefficients[4];
                br0 = T.MultiplyAdd(c, r0, br0);
                br1 = T.MultiplyAdd(c, r1, br1);
                c = coefficients[5];
                br0 = T.MultiplyAdd(c, i0, br0);
                br1 = T.MultiplyAdd(c, i1, br1);
                c = coefficients[6];
                bi0 = T.MultiplyAdd(c, r0, bi0);
                bi1 = T.MultiplyAdd(c, r1, bi1);
                c = coefficients[7];
                bi0 = T.MultiplyAdd(c, i0, bi0);
                bi1 = T.MultiplyAdd(c, i1, bi1);
                coefficients += 8;
                slope++;
            }

            var share = T.Broadcast(j < plan.Model.Parameters.TwoJMax ? 1.0 / j - 1.0 / (j + 1) : 1.0 / j);
            f0 = T.MultiplyAdd(share, Along(motion, ar0, ai0, br0, bi0), f0);
            f1 = T.MultiplyAdd(share, Along(motion + DensityPass.MotionWidth, ar1, ai1, br1, bi1), f1);
        }

        (sums[0], sums[1], sums[2], sums[3], sums[4]) = (ar0, ai0, br0, bi0, f0);
        (sums[5], sums[6], sums[7], sums[8], sums[9]) = (ar1, ai1, br1, bi1, f1);
    }

    // cosθ0·Re g_a + sinθ0·v·u.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Along<T>(T* motion, T ar, T ai, T br, T bi)
        where T : unmanaged, ILanes<T>
    {
        var along = T.NegatedMultiplyAdd(motion[0], bi, T.NegatedMultiplyAdd(motion[2], ai, motion[1] * br));
        return T.MultiplyAdd(motion[5], ar, motion[4] * along);
    }

    /// <summary>The same with f by its definition, over some slopes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void ContractPart<T, TNumber>(SnapPlan plan, int begin, int slopes, TNumber* coefficients, TNumber* linear, TNumber* wigner, TNumber* sums)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var count = T.Count;
        var stride = 2L * plan.HalfCount * count;
        T ar0 = T.Zero, ai0 = T.Zero, br0 = T.Zero, bi0 = T.Zero, f0 = T.Zero;
        T ar1 = T.Zero, ai1 = T.Zero, br1 = T.Zero, bi1 = T.Zero, f1 = T.Zero;
        var slope = plan.Slopes + begin;
        coefficients += 8L * begin * count;
        for (var e = slopes; e > 0; e--)
        {
            var place = 2L * slope->Half * count;
            var w = wigner + place;
            T r0 = T.Load(w), i0 = T.Load(w + count);
            w += stride;
            T r1 = T.Load(w), i1 = T.Load(w + count);
            var c = T.Load(coefficients);
            ar0 = T.MultiplyAdd(c, r0, ar0);
            ar1 = T.MultiplyAdd(c, r1, ar1);
            c = T.Load(coefficients + count);
            ar0 = T.MultiplyAdd(c, i0, ar0);
            ar1 = T.MultiplyAdd(c, i1, ar1);
            c = T.Load(coefficients + 2 * count);
            ai0 = T.MultiplyAdd(c, r0, ai0);
            ai1 = T.MultiplyAdd(c, r1, ai1);
            c = T.Load(coefficients + 3 * count);
            ai0 = T.MultiplyAdd(c, i0, ai0);
            ai1 = T.MultiplyAdd(c, i1, ai1);
            c = T.Load(coefficients + 4 * count);
            br0 = T.MultiplyAdd(c, r0, br0);
            br1 = T.MultiplyAdd(c, r1, br1);
            c = T.Load(coefficients + 5 * count);
            br0 = T.MultiplyAdd(c, i0, br0);
            br1 = T.MultiplyAdd(c, i1, br1);
            c = T.Load(coefficients + 6 * count);
            bi0 = T.MultiplyAdd(c, r0, bi0);
            bi1 = T.MultiplyAdd(c, r1, bi1);
            c = T.Load(coefficients + 7 * count);
            bi0 = T.MultiplyAdd(c, i0, bi0);
            bi1 = T.MultiplyAdd(c, i1, bi1);
            c = T.Load(linear + place);
            f0 = T.MultiplyAdd(c, r0, f0);
            f1 = T.MultiplyAdd(c, r1, f1);
            c = T.Load(linear + place + count);
            f0 = T.MultiplyAdd(c, i0, f0);
            f1 = T.MultiplyAdd(c, i1, f1);
            coefficients += 8 * count;
            slope++;
        }

        ar0.Store(sums);
        ai0.Store(sums + count);
        br0.Store(sums + 2 * count);
        bi0.Store(sums + 3 * count);
        f0.Store(sums + 4 * count);
        ar1.Store(sums + 5 * count);
        ai1.Store(sums + 6 * count);
        br1.Store(sums + 7 * count);
        bi1.Store(sums + 8 * count);
        f1.Store(sums + 9 * count);
    }

    /// <summary>Adds the top layer to these sums; it has no layer above it, hence a part in f only.</summary>
    internal static void AddTop2<T, TNumber>(SnapPlan plan, TNumber* linear, TNumber* wigner, TNumber* sums)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var count = T.Count;
        var stride = 2L * plan.HalfCount * count;
        T f0 = T.Load(sums + 4 * count), f1 = T.Load(sums + 9 * count);
        var top = plan.TopHalf;
        for (var e = plan.TopCount; e > 0; e--, top++)
        {
            var place = 2L * top * count;
            T lr = T.Load(linear + place), li = T.Load(linear + place + count);
            var w = wigner + place;
            f0 = T.MultiplyAdd(lr, T.Load(w), T.MultiplyAdd(li, T.Load(w + count), f0));
            w += stride;
            f1 = T.MultiplyAdd(lr, T.Load(w), T.MultiplyAdd(li, T.Load(w + count), f1));
        }

        f0.Store(sums + 4 * count);
        f1.Store(sums + 9 * count);
    }
}
