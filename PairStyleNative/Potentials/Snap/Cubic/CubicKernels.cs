using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Cubic;

/// <summary>
/// The inner loops of <see cref="AdjointPass"/>: all general blocks of <see cref="CubicForm"/>. A kernel for each width keeps
/// its 2·width sums in registers and runs through neighbouring blocks of its width.
/// </summary>
/// <remarks>
/// W and Y of an element stand together, [Re W][Im W][Re Y][Im Y], so that an element costs one address. Y of the first
/// factor is stored before that of the second is loaded: both may be the same.
/// </remarks>
internal static unsafe class CubicKernels
{

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Blocks1<T, TNumber, TMode>(int blocks, ref CubicCursor<TNumber> cursor, byte* planes, byte* weights, nint invariants)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TMode : struct, ICubicMode
    {
        int* block = cursor.Block, place = cursor.Place;
        var factor = cursor.Factor;
        for (; blocks > 0; blocks--)
        {
            T* receiver0 = (T*)(planes + block[1]), weight0 = (T*)(weights + block[2]);
            T b0 = *weight0 * receiver0[0], c0 = *weight0 * receiver0[1], r0 = T.Zero, i0 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                ComplexProduct.Multiply<T, TNumber, TMode>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                T gr = k0 * b0, gi = k0 * c0;
                if (TMode.Gradient)
                {
                    CubicPass.HandBack<T, TNumber, TMode>(u, v, ur, ui, vr, vi, gr, gi);
                }

                place += 2;
                factor += 1;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, i0);
            block += 3;
        }

        cursor = new CubicCursor<TNumber> { Block = block, Place = place, Factor = factor };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Blocks2<T, TNumber, TMode>(int blocks, ref CubicCursor<TNumber> cursor, byte* planes, byte* weights, nint invariants)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TMode : struct, ICubicMode
    {
        int* block = cursor.Block, place = cursor.Place;
        var factor = cursor.Factor;
        for (; blocks > 0; blocks--)
        {
            T* receiver0 = (T*)(planes + block[1]), weight0 = (T*)(weights + block[2]);
            T b0 = *weight0 * receiver0[0], c0 = *weight0 * receiver0[1], r0 = T.Zero, i0 = T.Zero;
            T* receiver1 = (T*)(planes + block[3]), weight1 = (T*)(weights + block[4]);
            T b1 = *weight1 * receiver1[0], c1 = *weight1 * receiver1[1], r1 = T.Zero, i1 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                ComplexProduct.Multiply<T, TNumber, TMode>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                T gr = k0 * b0, gi = k0 * c0;
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                gr = T.MultiplyAdd(k1, b1, gr);
                gi = T.MultiplyAdd(k1, c1, gi);
                if (TMode.Gradient)
                {
                    CubicPass.HandBack<T, TNumber, TMode>(u, v, ur, ui, vr, vi, gr, gi);
                }

                place += 2;
                factor += 2;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, i0);
            CubicPass.Finish<T, TNumber, TMode>(receiver1, weight1, invariants, r1, i1);
            block += 5;
        }

        cursor = new CubicCursor<TNumber> { Block = block, Place = place, Factor = factor };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Blocks3<T, TNumber, TMode>(int blocks, ref CubicCursor<TNumber> cursor, byte* planes, byte* weights, nint invariants)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TMode : struct, ICubicMode
    {
        int* block = cursor.Block, place = cursor.Place;
        var factor = cursor.Factor;
        for (; blocks > 0; blocks--)
        {
            T* receiver0 = (T*)(planes + block[1]), weight0 = (T*)(weights + block[2]);
            T b0 = *weight0 * receiver0[0], c0 = *weight0 * receiver0[1], r0 = T.Zero, i0 = T.Zero;
            T* receiver1 = (T*)(planes + block[3]), weight1 = (T*)(weights + block[4]);
            T b1 = *weight1 * receiver1[0], c1 = *weight1 * receiver1[1], r1 = T.Zero, i1 = T.Zero;
            T* receiver2 = (T*)(planes + block[5]), weight2 = (T*)(weights + block[6]);
            T b2 = *weight2 * receiver2[0], c2 = *weight2 * receiver2[1], r2 = T.Zero, i2 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                ComplexProduct.Multiply<T, TNumber, TMode>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                T gr = k0 * b0, gi = k0 * c0;
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                gr = T.MultiplyAdd(k1, b1, gr);
                gi = T.MultiplyAdd(k1, c1, gi);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                gr = T.MultiplyAdd(k2, b2, gr);
                gi = T.MultiplyAdd(k2, c2, gi);
                if (TMode.Gradient)
                {
                    CubicPass.HandBack<T, TNumber, TMode>(u, v, ur, ui, vr, vi, gr, gi);
                }

                place += 2;
                factor += 3;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, i0);
            CubicPass.Finish<T, TNumber, TMode>(receiver1, weight1, invariants, r1, i1);
            CubicPass.Finish<T, TNumber, TMode>(receiver2, weight2, invariants, r2, i2);
            block += 7;
        }

        cursor = new CubicCursor<TNumber> { Block = block, Place = place, Factor = factor };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Blocks4<T, TNumber, TMode>(int blocks, ref CubicCursor<TNumber> cursor, byte* planes, byte* weights, nint invariants)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TMode : struct, ICubicMode
    {
        int* block = cursor.Block, place = cursor.Place;
        var factor = cursor.Factor;
        for (; blocks > 0; blocks--)
        {
            T* receiver0 = (T*)(planes + block[1]), weight0 = (T*)(weights + block[2]);
            T b0 = *weight0 * receiver0[0], c0 = *weight0 * receiver0[1], r0 = T.Zero, i0 = T.Zero;
            T* receiver1 = (T*)(planes + block[3]), weight1 = (T*)(weights + block[4]);
            T b1 = *weight1 * receiver1[0], c1 = *weight1 * receiver1[1], r1 = T.Zero, i1 = T.Zero;
            T* receiver2 = (T*)(planes + block[5]), weight2 = (T*)(weights + block[6]);
            T b2 = *weight2 * receiver2[0], c2 = *weight2 * receiver2[1], r2 = T.Zero, i2 = T.Zero;
            T* receiver3 = (T*)(planes + block[7]), weight3 = (T*)(weights + block[8]);
            T b3 = *weight3 * receiver3[0], c3 = *weight3 * receiver3[1], r3 = T.Zero, i3 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                ComplexProduct.Multiply<T, TNumber, TMode>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                T gr = k0 * b0, gi = k0 * c0;
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                gr = T.MultiplyAdd(k1, b1, gr);
                gi = T.MultiplyAdd(k1, c1, gi);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                gr = T.MultiplyAdd(k2, b2, gr);
                gi = T.MultiplyAdd(k2, c2, gi);
                var k3 = T.Broadcast(factor[3]);
                r3 = T.MultiplyAdd(k3, pr, r3);
                i3 = T.MultiplyAdd(k3, pi, i3);
                gr = T.MultiplyAdd(k3, b3, gr);
                gi = T.MultiplyAdd(k3, c3, gi);
                if (TMode.Gradient)
                {
                    CubicPass.HandBack<T, TNumber, TMode>(u, v, ur, ui, vr, vi, gr, gi);
                }

                place += 2;
                factor += 4;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, i0);
            CubicPass.Finish<T, TNumber, TMode>(receiver1, weight1, invariants, r1, i1);
            CubicPass.Finish<T, TNumber, TMode>(receiver2, weight2, invariants, r2, i2);
            CubicPass.Finish<T, TNumber, TMode>(receiver3, weight3, invariants, r3, i3);
            block += 9;
        }

        cursor = new CubicCursor<TNumber> { Block = block, Place = place, Factor = factor };
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Blocks5<T, TNumber, TMode>(int blocks, ref CubicCursor<TNumber> cursor, byte* planes, byte* weights, nint invariants)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
        where TMode : struct, ICubicMode
    {
        int* block = cursor.Block, place = cursor.Place;
        var factor = cursor.Factor;
        for (; blocks > 0; blocks--)
        {
            T* receiver0 = (T*)(planes + block[1]), weight0 = (T*)(weights + block[2]);
            T b0 = *weight0 * receiver0[0], c0 = *weight0 * receiver0[1], r0 = T.Zero, i0 = T.Zero;
            T* receiver1 = (T*)(planes + block[3]), weight1 = (T*)(weights + block[4]);
            T b1 = *weight1 * receiver1[0], c1 = *weight1 * receiver1[1], r1 = T.Zero, i1 = T.Zero;
            T* receiver2 = (T*)(planes + block[5]), weight2 = (T*)(weights + block[6]);
            T b2 = *weight2 * receiver2[0], c2 = *weight2 * receiver2[1], r2 = T.Zero, i2 = T.Zero;
            T* receiver3 = (T*)(planes + block[7]), weight3 = (T*)(weights + block[8]);
            T b3 = *weight3 * receiver3[0], c3 = *weight3 * receiver3[1], r3 = T.Zero, i3 = T.Zero;
            T* receiver4 = (T*)(planes + block[9]), weight4 = (T*)(weights + block[10]);
            T b4 = *weight4 * receiver4[0], c4 = *weight4 * receiver4[1], r4 = T.Zero, i4 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                ComplexProduct.Multiply<T, TNumber, TMode>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                T gr = k0 * b0, gi = k0 * c0;
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                gr = T.MultiplyAdd(k1, b1, gr);
                gi = T.MultiplyAdd(k1, c1, gi);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                gr = T.MultiplyAdd(k2, b2, gr);
                gi = T.MultiplyAdd(k2, c2, gi);
                var k3 = T.Broadcast(factor[3]);
                r3 = T.MultiplyAdd(k3, pr, r3);
                i3 = T.MultiplyAdd(k3, pi, i3);
                gr = T.MultiplyAdd(k3, b3, gr);
                gi = T.MultiplyAdd(k3, c3, gi);
                var k4 = T.Broadcast(factor[4]);
                r4 = T.MultiplyAdd(k4, pr, r4);
                i4 = T.MultiplyAdd(k4, pi, i4);
                gr = T.MultiplyAdd(k4, b4, gr);
                gi = T.MultiplyAdd(k4, c4, gi);
                if (TMode.Gradient)
                {
                    CubicPass.HandBack<T, TNumber, TMode>(u, v, ur, ui, vr, vi, gr, gi);
                }

                place += 2;
                factor += 5;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, i0);
            CubicPass.Finish<T, TNumber, TMode>(receiver1, weight1, invariants, r1, i1);
            CubicPass.Finish<T, TNumber, TMode>(receiver2, weight2, invariants, r2, i2);
            CubicPass.Finish<T, TNumber, TMode>(receiver3, weight3, invariants, r3, i3);
            CubicPass.Finish<T, TNumber, TMode>(receiver4, weight4, invariants, r4, i4);
            block += 11;
        }

        cursor = new CubicCursor<TNumber> { Block = block, Place = place, Factor = factor };
    }
}
