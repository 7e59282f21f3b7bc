using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>What becomes of a block's sum Z_z(M) for one z.</summary>
internal unsafe interface IBlockEnd<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Takes Z.</summary>
    /// <param name="plane">The place of (z,M) in an array of full planes.</param>
    /// <param name="triple">The place of (x,y,z) in an array of triples.</param>
    /// <param name="real">Re Z.</param>
    /// <param name="imaginary">Im Z.</param>
    void Take(double* plane, double* triple, T real, T imaginary);
}

/// <summary>
/// The inner loops of <see cref="DescriptorPass"/> and of several densities: all blocks of <see cref="SnapProducts"/>.
/// A kernel for each width keeps its 2·width sums in registers and runs through all blocks of its width, so that there
/// are five calls a group.
/// </summary>
internal static unsafe class BlockKernels
{
    /// <summary>Forms Z from the W_x of one density and the W_y of another, or the same; both are full planes.</summary>
    public static void Run<T, TEnd>(SnapBlocks blocks, double* first, double* second, double* triples, double* planes, ref TEnd end)
        where T : unmanaged, ILanes<T>
        where TEnd : struct, IBlockEnd<T>
    {
        if (T.ForceNeighbors == 4 && Processor.AddsBesideMultiplying)
        {
            Run<T, ByAdditions, TEnd>(blocks, first, second, triples, planes, ref end);
        }
        else
        {
            Run<T, ByMultiplications, TEnd>(blocks, first, second, triples, planes, ref end);
        }
    }

    private static void Run<T, TArithmetic, TEnd>(SnapBlocks blocks, double* first, double* second, double* triples, double* planes, ref TEnd end)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
        where TEnd : struct, IBlockEnd<T>
    {
        Blocks1<T, TArithmetic, TEnd>(blocks.Count(1), blocks.Blocks(1), blocks.Places(1), blocks.Factors(1), (byte*)first, (byte*)second, (byte*)triples, (byte*)planes, ref end);
        Blocks2<T, TArithmetic, TEnd>(blocks.Count(2), blocks.Blocks(2), blocks.Places(2), blocks.Factors(2), (byte*)first, (byte*)second, (byte*)triples, (byte*)planes, ref end);
        Blocks3<T, TArithmetic, TEnd>(blocks.Count(3), blocks.Blocks(3), blocks.Places(3), blocks.Factors(3), (byte*)first, (byte*)second, (byte*)triples, (byte*)planes, ref end);
        Blocks4<T, TArithmetic, TEnd>(blocks.Count(4), blocks.Blocks(4), blocks.Places(4), blocks.Factors(4), (byte*)first, (byte*)second, (byte*)triples, (byte*)planes, ref end);
        Blocks5<T, TArithmetic, TEnd>(blocks.Count(5), blocks.Blocks(5), blocks.Places(5), blocks.Factors(5), (byte*)first, (byte*)second, (byte*)triples, (byte*)planes, ref end);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks1<T, TArithmetic, TEnd>(int blocks, int* block, int* place, double* factor, byte* first, byte* second, byte* triples, byte* planes, ref TEnd end)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
        where TEnd : struct, IBlockEnd<T>
    {
        var count = T.Count;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                double* u = (double*)(first + place[0]), v = (double*)(second + place[1]);
                T ur = T.Load(u), ui = T.Load(u + count), vr = T.Load(v), vi = T.Load(v + count);
                ComplexProduct.Multiply<T, double, TArithmetic>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                place += 2;
                factor += 1;
            }

            var triple = (double*)(triples + block[1]);
            end.Take((double*)(planes + block[2]), triple, r0, i0);
            block += 3;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks2<T, TArithmetic, TEnd>(int blocks, int* block, int* place, double* factor, byte* first, byte* second, byte* triples, byte* planes, ref TEnd end)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
        where TEnd : struct, IBlockEnd<T>
    {
        var count = T.Count;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero;
            T r1 = T.Zero, i1 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                double* u = (double*)(first + place[0]), v = (double*)(second + place[1]);
                T ur = T.Load(u), ui = T.Load(u + count), vr = T.Load(v), vi = T.Load(v + count);
                ComplexProduct.Multiply<T, double, TArithmetic>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                place += 2;
                factor += 2;
            }

            var triple = (double*)(triples + block[1]);
            end.Take((double*)(planes + block[2]), triple, r0, i0);
            end.Take((double*)(planes + block[3]), triple + count, r1, i1);
            block += 4;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks3<T, TArithmetic, TEnd>(int blocks, int* block, int* place, double* factor, byte* first, byte* second, byte* triples, byte* planes, ref TEnd end)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
        where TEnd : struct, IBlockEnd<T>
    {
        var count = T.Count;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero;
            T r1 = T.Zero, i1 = T.Zero;
            T r2 = T.Zero, i2 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                double* u = (double*)(first + place[0]), v = (double*)(second + place[1]);
                T ur = T.Load(u), ui = T.Load(u + count), vr = T.Load(v), vi = T.Load(v + count);
                ComplexProduct.Multiply<T, double, TArithmetic>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                place += 2;
                factor += 3;
            }

            var triple = (double*)(triples + block[1]);
            end.Take((double*)(planes + block[2]), triple, r0, i0);
            end.Take((double*)(planes + block[3]), triple + count, r1, i1);
            end.Take((double*)(planes + block[4]), triple + 2 * count, r2, i2);
            block += 5;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks4<T, TArithmetic, TEnd>(int blocks, int* block, int* place, double* factor, byte* first, byte* second, byte* triples, byte* planes, ref TEnd end)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
        where TEnd : struct, IBlockEnd<T>
    {
        var count = T.Count;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero;
            T r1 = T.Zero, i1 = T.Zero;
            T r2 = T.Zero, i2 = T.Zero;
            T r3 = T.Zero, i3 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                double* u = (double*)(first + place[0]), v = (double*)(second + place[1]);
                T ur = T.Load(u), ui = T.Load(u + count), vr = T.Load(v), vi = T.Load(v + count);
                ComplexProduct.Multiply<T, double, TArithmetic>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                var k3 = T.Broadcast(factor[3]);
                r3 = T.MultiplyAdd(k3, pr, r3);
                i3 = T.MultiplyAdd(k3, pi, i3);
                place += 2;
                factor += 4;
            }

            var triple = (double*)(triples + block[1]);
            end.Take((double*)(planes + block[2]), triple, r0, i0);
            end.Take((double*)(planes + block[3]), triple + count, r1, i1);
            end.Take((double*)(planes + block[4]), triple + 2 * count, r2, i2);
            end.Take((double*)(planes + block[5]), triple + 3 * count, r3, i3);
            block += 6;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks5<T, TArithmetic, TEnd>(int blocks, int* block, int* place, double* factor, byte* first, byte* second, byte* triples, byte* planes, ref TEnd end)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
        where TEnd : struct, IBlockEnd<T>
    {
        var count = T.Count;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero;
            T r1 = T.Zero, i1 = T.Zero;
            T r2 = T.Zero, i2 = T.Zero;
            T r3 = T.Zero, i3 = T.Zero;
            T r4 = T.Zero, i4 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                double* u = (double*)(first + place[0]), v = (double*)(second + place[1]);
                T ur = T.Load(u), ui = T.Load(u + count), vr = T.Load(v), vi = T.Load(v + count);
                ComplexProduct.Multiply<T, double, TArithmetic>(ur, ui, vr, vi, out var pr, out var pi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                var k3 = T.Broadcast(factor[3]);
                r3 = T.MultiplyAdd(k3, pr, r3);
                i3 = T.MultiplyAdd(k3, pi, i3);
                var k4 = T.Broadcast(factor[4]);
                r4 = T.MultiplyAdd(k4, pr, r4);
                i4 = T.MultiplyAdd(k4, pi, i4);
                place += 2;
                factor += 5;
            }

            var triple = (double*)(triples + block[1]);
            end.Take((double*)(planes + block[2]), triple, r0, i0);
            end.Take((double*)(planes + block[3]), triple + count, r1, i1);
            end.Take((double*)(planes + block[4]), triple + 2 * count, r2, i2);
            end.Take((double*)(planes + block[5]), triple + 3 * count, r3, i3);
            end.Take((double*)(planes + block[6]), triple + 4 * count, r4, i4);
            block += 7;
        }
    }
}
