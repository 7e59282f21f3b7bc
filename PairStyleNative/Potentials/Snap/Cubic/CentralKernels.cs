using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Cubic;

/// <summary>
/// The inner loops of <see cref="AdjointPass"/>: the blocks of M = (0,0) of <see cref="CubicForm"/>, where everything is real. A kernel for each width keeps
/// its sums in registers and runs through neighbouring blocks of its width.
/// </summary>
/// <remarks>
/// W and Y of an element stand together, [Re W][Im W][Re Y][Im Y], so that an element costs one address. Y of the first
/// factor is stored before that of the second is loaded: both may be the same.
/// </remarks>
internal static unsafe class CentralKernels
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
            T b0 = *weight0 * receiver0[0], r0 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                var p = T.NegatedMultiplyAdd(ui, vi, ur * vr);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, p, r0);
                var g = k0 * b0;
                if (TMode.Gradient)
                {
                    u[2] = T.MultiplyAdd(g, vr, u[2]);
                    u[3] = T.NegatedMultiplyAdd(g, vi, u[3]);
                    v[2] = T.MultiplyAdd(g, ur, v[2]);
                    v[3] = T.NegatedMultiplyAdd(g, ui, v[3]);
                }

                place += 2;
                factor += 1;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, T.Zero);
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
            T b0 = *weight0 * receiver0[0], r0 = T.Zero;
            T* receiver1 = (T*)(planes + block[3]), weight1 = (T*)(weights + block[4]);
            T b1 = *weight1 * receiver1[0], r1 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                var p = T.NegatedMultiplyAdd(ui, vi, ur * vr);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, p, r0);
                var g = k0 * b0;
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, p, r1);
                g = T.MultiplyAdd(k1, b1, g);
                if (TMode.Gradient)
                {
                    u[2] = T.MultiplyAdd(g, vr, u[2]);
                    u[3] = T.NegatedMultiplyAdd(g, vi, u[3]);
                    v[2] = T.MultiplyAdd(g, ur, v[2]);
                    v[3] = T.NegatedMultiplyAdd(g, ui, v[3]);
                }

                place += 2;
                factor += 2;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver1, weight1, invariants, r1, T.Zero);
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
            T b0 = *weight0 * receiver0[0], r0 = T.Zero;
            T* receiver1 = (T*)(planes + block[3]), weight1 = (T*)(weights + block[4]);
            T b1 = *weight1 * receiver1[0], r1 = T.Zero;
            T* receiver2 = (T*)(planes + block[5]), weight2 = (T*)(weights + block[6]);
            T b2 = *weight2 * receiver2[0], r2 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                var p = T.NegatedMultiplyAdd(ui, vi, ur * vr);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, p, r0);
                var g = k0 * b0;
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, p, r1);
                g = T.MultiplyAdd(k1, b1, g);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, p, r2);
                g = T.MultiplyAdd(k2, b2, g);
                if (TMode.Gradient)
                {
                    u[2] = T.MultiplyAdd(g, vr, u[2]);
                    u[3] = T.NegatedMultiplyAdd(g, vi, u[3]);
                    v[2] = T.MultiplyAdd(g, ur, v[2]);
                    v[3] = T.NegatedMultiplyAdd(g, ui, v[3]);
                }

                place += 2;
                factor += 3;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver1, weight1, invariants, r1, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver2, weight2, invariants, r2, T.Zero);
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
            T b0 = *weight0 * receiver0[0], r0 = T.Zero;
            T* receiver1 = (T*)(planes + block[3]), weight1 = (T*)(weights + block[4]);
            T b1 = *weight1 * receiver1[0], r1 = T.Zero;
            T* receiver2 = (T*)(planes + block[5]), weight2 = (T*)(weights + block[6]);
            T b2 = *weight2 * receiver2[0], r2 = T.Zero;
            T* receiver3 = (T*)(planes + block[7]), weight3 = (T*)(weights + block[8]);
            T b3 = *weight3 * receiver3[0], r3 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                var p = T.NegatedMultiplyAdd(ui, vi, ur * vr);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, p, r0);
                var g = k0 * b0;
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, p, r1);
                g = T.MultiplyAdd(k1, b1, g);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, p, r2);
                g = T.MultiplyAdd(k2, b2, g);
                var k3 = T.Broadcast(factor[3]);
                r3 = T.MultiplyAdd(k3, p, r3);
                g = T.MultiplyAdd(k3, b3, g);
                if (TMode.Gradient)
                {
                    u[2] = T.MultiplyAdd(g, vr, u[2]);
                    u[3] = T.NegatedMultiplyAdd(g, vi, u[3]);
                    v[2] = T.MultiplyAdd(g, ur, v[2]);
                    v[3] = T.NegatedMultiplyAdd(g, ui, v[3]);
                }

                place += 2;
                factor += 4;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver1, weight1, invariants, r1, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver2, weight2, invariants, r2, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver3, weight3, invariants, r3, T.Zero);
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
            T b0 = *weight0 * receiver0[0], r0 = T.Zero;
            T* receiver1 = (T*)(planes + block[3]), weight1 = (T*)(weights + block[4]);
            T b1 = *weight1 * receiver1[0], r1 = T.Zero;
            T* receiver2 = (T*)(planes + block[5]), weight2 = (T*)(weights + block[6]);
            T b2 = *weight2 * receiver2[0], r2 = T.Zero;
            T* receiver3 = (T*)(planes + block[7]), weight3 = (T*)(weights + block[8]);
            T b3 = *weight3 * receiver3[0], r3 = T.Zero;
            T* receiver4 = (T*)(planes + block[9]), weight4 = (T*)(weights + block[10]);
            T b4 = *weight4 * receiver4[0], r4 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                T* u = (T*)(planes + place[0]), v = (T*)(planes + place[1]);
                T ur = u[0], ui = u[1], vr = v[0], vi = v[1];
                var p = T.NegatedMultiplyAdd(ui, vi, ur * vr);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, p, r0);
                var g = k0 * b0;
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, p, r1);
                g = T.MultiplyAdd(k1, b1, g);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, p, r2);
                g = T.MultiplyAdd(k2, b2, g);
                var k3 = T.Broadcast(factor[3]);
                r3 = T.MultiplyAdd(k3, p, r3);
                g = T.MultiplyAdd(k3, b3, g);
                var k4 = T.Broadcast(factor[4]);
                r4 = T.MultiplyAdd(k4, p, r4);
                g = T.MultiplyAdd(k4, b4, g);
                if (TMode.Gradient)
                {
                    u[2] = T.MultiplyAdd(g, vr, u[2]);
                    u[3] = T.NegatedMultiplyAdd(g, vi, u[3]);
                    v[2] = T.MultiplyAdd(g, ur, v[2]);
                    v[3] = T.NegatedMultiplyAdd(g, ui, v[3]);
                }

                place += 2;
                factor += 5;
            }

            CubicPass.Finish<T, TNumber, TMode>(receiver0, weight0, invariants, r0, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver1, weight1, invariants, r1, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver2, weight2, invariants, r2, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver3, weight3, invariants, r3, T.Zero);
            CubicPass.Finish<T, TNumber, TMode>(receiver4, weight4, invariants, r4, T.Zero);
            block += 11;
        }

        cursor = new CubicCursor<TNumber> { Block = block, Place = place, Factor = factor };
    }
}
