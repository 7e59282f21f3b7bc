using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

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
        var n = 0;
        var memory = stackalloc double[20 * T.Count + 8];
        var sums = (T*)(((nint)memory + 63) & ~63);
        T* coefficients = (T*)group.Slopes, linear = (T*)group.Linear, motion = (T*)group.Motion;
        for (var e = 0; e < plan.SlopeCount; e++)
        {
            MakeCoefficients<T, double>(plan.Slopes[e], (T*)group.Adjoint, coefficients + 8L * e);
        }

        var stride = 2L * group.WignerCount;
        if (T.ForceNeighbors == 4)
        {
            for (; n + 4 <= group.NeighborCount; n += 4)
            {
                Contract4(plan, coefficients, linear, (T*)group.Wigner + n * stride, stride, motion + n * DensityPass.MotionWidth, sums);
                MakeGradients(group, n, 4, sums);
            }
        }

        for (; n < group.NeighborCount; n += 2)
        {
            Contract2(plan, coefficients, linear, (T*)group.Wigner + n * stride, stride, motion + n * DensityPass.MotionWidth, sums);
            MakeGradients(group, n, 2, sums);
        }
    }

    private static void MakeGradients<T>(in SnapGroup group, int n, int count, T* sums)
        where T : unmanaged, ILanes<T>
    {
        for (var k = 0; k < count; k++, sums += 5)
        {
            MakeGradient(group, n + k, sums[0], sums[1], sums[2], sums[3], sums[4]);
        }
    }

    /// <summary>
    /// Coefficients of W_r, W_i in Re g_a, then Im g_a, Re g_b, Im g_b, <c>[8]</c>: (A,B) belong to W and W* in g_a, (C,D) in g_b.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void MakeCoefficients<T, TNumber>(in SnapSlope slope, T* adjoint, T* target)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged, INumberBase<TNumber>
    {
        T* below = adjoint + 2L * slope.Below, above = adjoint + 2L * slope.Above;
        T lower = T.Broadcast(TNumber.CreateTruncating(slope.Lower)), upper = T.Broadcast(TNumber.CreateTruncating(slope.Upper));
        T ar = lower * below[0], ai = lower * below[1], cr = lower * below[2], ci = lower * below[3];
        T dr = upper * above[0], di = upper * above[1], br = upper * above[2], bi = upper * above[3];
        // g_a: A = ar − i·ai, B = br + i·bi; A·W + B·W*.
        target[0] = ar + br;
        target[1] = ai + bi;
        target[2] = bi - ai;
        target[3] = ar - br;
        // g_b: C = −cr + i·ci, D = dr + i·di; C·W + D·W*.
        target[4] = dr - cr;
        target[5] = di - ci;
        target[6] = ci + di;
        target[7] = T.Zero - (cr + dr);
    }

    /// <summary>The gradient of a neighbour from its sums.</summary>
    internal static void MakeGradient<T>(in SnapGroup group, int n, T aReal, T aImaginary, T bReal, T bImaginary, T f)
        where T : unmanaged, ILanes<T>
    {
        var motion = (T*)group.Motion + (long)n * DensityPass.MotionWidth;
        T ux = motion[0], uy = motion[1], uz = motion[2], perDistance = motion[3], sine = motion[4], cosine = motion[5];
        T vz = T.Zero - aImaginary, vy = bReal, vx = T.Zero - bImaginary;
        var along = ux * vx + uy * vy + uz * vz;
        var turn = sine * perDistance;
        var radial = motion[6] * (cosine * along - sine * aReal) + motion[7] * f - turn * along;
        var target = (T*)group.Gradient + 3L * n;
        target[0] = T.MultiplyAdd(ux, radial, turn * vx);
        target[1] = T.MultiplyAdd(uy, radial, turn * vy);
        target[2] = T.MultiplyAdd(uz, radial, turn * vz);
    }

    /// <summary>cosθ0·Re g_a + sinθ0·v·u, from what <see cref="DensityPass"/> keeps of the neighbour.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Along<T>(T* motion, T ar, T ai, T br, T bi)
        where T : unmanaged, ILanes<T>
    {
        var along = T.NegatedMultiplyAdd(motion[0], bi, T.NegatedMultiplyAdd(motion[2], ai, motion[1] * br));
        return T.MultiplyAdd(motion[5], ar, motion[4] * along);
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
}
