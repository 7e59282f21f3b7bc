using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Chemical;

/// <summary>One ordered pair of densities whose products are made.</summary>
internal unsafe struct DensityPair
{
    /// <summary>Full planes of κ, which gives W_x.</summary>
    public double* First;

    /// <summary>Full planes of λ, which gives W_y.</summary>
    public double* Second;

    /// <summary>β′ of κ, λ, <c>[μ][triples]</c>.</summary>
    public double* Weights;
}

/// <summary>The densities μ that receive β′·Z.</summary>
internal unsafe struct DensityReceivers
{
    /// <summary>Number of densities.</summary>
    public int Count;

    /// <summary>Y of the first density, <c>[full planes][2]</c>.</summary>
    public double* Planes;

    /// <summary>For every density how many numbers its Y, and its weights, lie behind those of the first, <c>[Count][2]</c>.</summary>
    public long* Offsets;
}

/// <summary>
/// <see cref="BlockKernels"/> for two pairs of densities at once, for processors with 32 registers: places and factors
/// serve both, the ends of blocks, which a processor cannot foresee, come half as often, and Y is read and written once
/// for two Z. With four densities a step takes three quarters of the time that one pair after the other takes.
/// </summary>
internal static unsafe class PairedBlockKernels
{
    /// <summary>Adds β′·Z of both pairs to Y of all receivers.</summary>
    public static void Run<T>(SnapBlocks blocks, in DensityPair one, in DensityPair other, in DensityReceivers receivers)
        where T : unmanaged, ILanes<T>
    {
        Blocks1<T>(blocks.Count(1), blocks.Blocks(1), blocks.Places(1), blocks.Factors(1), one, other, receivers);
        Blocks2<T>(blocks.Count(2), blocks.Blocks(2), blocks.Places(2), blocks.Factors(2), one, other, receivers);
        Blocks3<T>(blocks.Count(3), blocks.Blocks(3), blocks.Places(3), blocks.Factors(3), one, other, receivers);
        Blocks4<T>(blocks.Count(4), blocks.Blocks(4), blocks.Places(4), blocks.Factors(4), one, other, receivers);
        Blocks5<T>(blocks.Count(5), blocks.Blocks(5), blocks.Places(5), blocks.Factors(5), one, other, receivers);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T>(in DensityReceivers receivers, int place, double* weights, double* otherWeights, T real, T imaginary, T otherReal, T otherImaginary)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        var offset = receivers.Offsets;
        var planes = (double*)((byte*)receivers.Planes + place);
        for (var k = receivers.Count; k > 0; k--, offset += 2)
        {
            var plane = planes + offset[0];
            T weight = T.Load(weights + offset[1]), otherWeight = T.Load(otherWeights + offset[1]);
            T.MultiplyAdd(otherWeight, otherReal, T.MultiplyAdd(weight, real, T.Load(plane))).Store(plane);
            T.MultiplyAdd(otherWeight, otherImaginary, T.MultiplyAdd(weight, imaginary, T.Load(plane + count))).Store(plane + count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks1<T>(int blocks, int* block, int* place, double* factor, in DensityPair one, in DensityPair other, in DensityReceivers receivers)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        byte* u = (byte*)one.First, v = (byte*)one.Second, s = (byte*)other.First, t = (byte*)other.Second;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero, x0 = T.Zero, y0 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                int a = place[0], b = place[1];
                double* first = (double*)(u + a), second = (double*)(v + b);
                T ar = T.Load(first), ai = T.Load(first + count), br = T.Load(second), bi = T.Load(second + count);
                var pr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var pi = T.MultiplyAdd(ai, br, ar * bi);
                first = (double*)(s + a);
                second = (double*)(t + b);
                ar = T.Load(first);
                ai = T.Load(first + count);
                br = T.Load(second);
                bi = T.Load(second + count);
                var qr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var qi = T.MultiplyAdd(ai, br, ar * bi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                x0 = T.MultiplyAdd(k0, qr, x0);
                y0 = T.MultiplyAdd(k0, qi, y0);
                place += 2;
                factor += 1;
            }

            double* weights = (double*)((byte*)one.Weights + block[1]), otherWeights = (double*)((byte*)other.Weights + block[1]);
            Add(receivers, block[2], weights, otherWeights, r0, i0, x0, y0);
            block += 3;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks2<T>(int blocks, int* block, int* place, double* factor, in DensityPair one, in DensityPair other, in DensityReceivers receivers)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        byte* u = (byte*)one.First, v = (byte*)one.Second, s = (byte*)other.First, t = (byte*)other.Second;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero, x0 = T.Zero, y0 = T.Zero;
            T r1 = T.Zero, i1 = T.Zero, x1 = T.Zero, y1 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                int a = place[0], b = place[1];
                double* first = (double*)(u + a), second = (double*)(v + b);
                T ar = T.Load(first), ai = T.Load(first + count), br = T.Load(second), bi = T.Load(second + count);
                var pr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var pi = T.MultiplyAdd(ai, br, ar * bi);
                first = (double*)(s + a);
                second = (double*)(t + b);
                ar = T.Load(first);
                ai = T.Load(first + count);
                br = T.Load(second);
                bi = T.Load(second + count);
                var qr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var qi = T.MultiplyAdd(ai, br, ar * bi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                x0 = T.MultiplyAdd(k0, qr, x0);
                y0 = T.MultiplyAdd(k0, qi, y0);
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                x1 = T.MultiplyAdd(k1, qr, x1);
                y1 = T.MultiplyAdd(k1, qi, y1);
                place += 2;
                factor += 2;
            }

            double* weights = (double*)((byte*)one.Weights + block[1]), otherWeights = (double*)((byte*)other.Weights + block[1]);
            Add(receivers, block[2], weights, otherWeights, r0, i0, x0, y0);
            Add(receivers, block[3], weights + count, otherWeights + count, r1, i1, x1, y1);
            block += 4;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks3<T>(int blocks, int* block, int* place, double* factor, in DensityPair one, in DensityPair other, in DensityReceivers receivers)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        byte* u = (byte*)one.First, v = (byte*)one.Second, s = (byte*)other.First, t = (byte*)other.Second;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero, x0 = T.Zero, y0 = T.Zero;
            T r1 = T.Zero, i1 = T.Zero, x1 = T.Zero, y1 = T.Zero;
            T r2 = T.Zero, i2 = T.Zero, x2 = T.Zero, y2 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                int a = place[0], b = place[1];
                double* first = (double*)(u + a), second = (double*)(v + b);
                T ar = T.Load(first), ai = T.Load(first + count), br = T.Load(second), bi = T.Load(second + count);
                var pr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var pi = T.MultiplyAdd(ai, br, ar * bi);
                first = (double*)(s + a);
                second = (double*)(t + b);
                ar = T.Load(first);
                ai = T.Load(first + count);
                br = T.Load(second);
                bi = T.Load(second + count);
                var qr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var qi = T.MultiplyAdd(ai, br, ar * bi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                x0 = T.MultiplyAdd(k0, qr, x0);
                y0 = T.MultiplyAdd(k0, qi, y0);
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                x1 = T.MultiplyAdd(k1, qr, x1);
                y1 = T.MultiplyAdd(k1, qi, y1);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                x2 = T.MultiplyAdd(k2, qr, x2);
                y2 = T.MultiplyAdd(k2, qi, y2);
                place += 2;
                factor += 3;
            }

            double* weights = (double*)((byte*)one.Weights + block[1]), otherWeights = (double*)((byte*)other.Weights + block[1]);
            Add(receivers, block[2], weights, otherWeights, r0, i0, x0, y0);
            Add(receivers, block[3], weights + count, otherWeights + count, r1, i1, x1, y1);
            Add(receivers, block[4], weights + 2 * count, otherWeights + 2 * count, r2, i2, x2, y2);
            block += 5;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks4<T>(int blocks, int* block, int* place, double* factor, in DensityPair one, in DensityPair other, in DensityReceivers receivers)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        byte* u = (byte*)one.First, v = (byte*)one.Second, s = (byte*)other.First, t = (byte*)other.Second;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero, x0 = T.Zero, y0 = T.Zero;
            T r1 = T.Zero, i1 = T.Zero, x1 = T.Zero, y1 = T.Zero;
            T r2 = T.Zero, i2 = T.Zero, x2 = T.Zero, y2 = T.Zero;
            T r3 = T.Zero, i3 = T.Zero, x3 = T.Zero, y3 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                int a = place[0], b = place[1];
                double* first = (double*)(u + a), second = (double*)(v + b);
                T ar = T.Load(first), ai = T.Load(first + count), br = T.Load(second), bi = T.Load(second + count);
                var pr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var pi = T.MultiplyAdd(ai, br, ar * bi);
                first = (double*)(s + a);
                second = (double*)(t + b);
                ar = T.Load(first);
                ai = T.Load(first + count);
                br = T.Load(second);
                bi = T.Load(second + count);
                var qr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var qi = T.MultiplyAdd(ai, br, ar * bi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                x0 = T.MultiplyAdd(k0, qr, x0);
                y0 = T.MultiplyAdd(k0, qi, y0);
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                x1 = T.MultiplyAdd(k1, qr, x1);
                y1 = T.MultiplyAdd(k1, qi, y1);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                x2 = T.MultiplyAdd(k2, qr, x2);
                y2 = T.MultiplyAdd(k2, qi, y2);
                var k3 = T.Broadcast(factor[3]);
                r3 = T.MultiplyAdd(k3, pr, r3);
                i3 = T.MultiplyAdd(k3, pi, i3);
                x3 = T.MultiplyAdd(k3, qr, x3);
                y3 = T.MultiplyAdd(k3, qi, y3);
                place += 2;
                factor += 4;
            }

            double* weights = (double*)((byte*)one.Weights + block[1]), otherWeights = (double*)((byte*)other.Weights + block[1]);
            Add(receivers, block[2], weights, otherWeights, r0, i0, x0, y0);
            Add(receivers, block[3], weights + count, otherWeights + count, r1, i1, x1, y1);
            Add(receivers, block[4], weights + 2 * count, otherWeights + 2 * count, r2, i2, x2, y2);
            Add(receivers, block[5], weights + 3 * count, otherWeights + 3 * count, r3, i3, x3, y3);
            block += 6;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Blocks5<T>(int blocks, int* block, int* place, double* factor, in DensityPair one, in DensityPair other, in DensityReceivers receivers)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        byte* u = (byte*)one.First, v = (byte*)one.Second, s = (byte*)other.First, t = (byte*)other.Second;
        for (; blocks > 0; blocks--)
        {
            T r0 = T.Zero, i0 = T.Zero, x0 = T.Zero, y0 = T.Zero;
            T r1 = T.Zero, i1 = T.Zero, x1 = T.Zero, y1 = T.Zero;
            T r2 = T.Zero, i2 = T.Zero, x2 = T.Zero, y2 = T.Zero;
            T r3 = T.Zero, i3 = T.Zero, x3 = T.Zero, y3 = T.Zero;
            T r4 = T.Zero, i4 = T.Zero, x4 = T.Zero, y4 = T.Zero;
            for (var n = block[0]; n > 0; n--)
            {
                int a = place[0], b = place[1];
                double* first = (double*)(u + a), second = (double*)(v + b);
                T ar = T.Load(first), ai = T.Load(first + count), br = T.Load(second), bi = T.Load(second + count);
                var pr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var pi = T.MultiplyAdd(ai, br, ar * bi);
                first = (double*)(s + a);
                second = (double*)(t + b);
                ar = T.Load(first);
                ai = T.Load(first + count);
                br = T.Load(second);
                bi = T.Load(second + count);
                var qr = T.NegatedMultiplyAdd(ai, bi, ar * br);
                var qi = T.MultiplyAdd(ai, br, ar * bi);
                var k0 = T.Broadcast(factor[0]);
                r0 = T.MultiplyAdd(k0, pr, r0);
                i0 = T.MultiplyAdd(k0, pi, i0);
                x0 = T.MultiplyAdd(k0, qr, x0);
                y0 = T.MultiplyAdd(k0, qi, y0);
                var k1 = T.Broadcast(factor[1]);
                r1 = T.MultiplyAdd(k1, pr, r1);
                i1 = T.MultiplyAdd(k1, pi, i1);
                x1 = T.MultiplyAdd(k1, qr, x1);
                y1 = T.MultiplyAdd(k1, qi, y1);
                var k2 = T.Broadcast(factor[2]);
                r2 = T.MultiplyAdd(k2, pr, r2);
                i2 = T.MultiplyAdd(k2, pi, i2);
                x2 = T.MultiplyAdd(k2, qr, x2);
                y2 = T.MultiplyAdd(k2, qi, y2);
                var k3 = T.Broadcast(factor[3]);
                r3 = T.MultiplyAdd(k3, pr, r3);
                i3 = T.MultiplyAdd(k3, pi, i3);
                x3 = T.MultiplyAdd(k3, qr, x3);
                y3 = T.MultiplyAdd(k3, qi, y3);
                var k4 = T.Broadcast(factor[4]);
                r4 = T.MultiplyAdd(k4, pr, r4);
                i4 = T.MultiplyAdd(k4, pi, i4);
                x4 = T.MultiplyAdd(k4, qr, x4);
                y4 = T.MultiplyAdd(k4, qi, y4);
                place += 2;
                factor += 5;
            }

            double* weights = (double*)((byte*)one.Weights + block[1]), otherWeights = (double*)((byte*)other.Weights + block[1]);
            Add(receivers, block[2], weights, otherWeights, r0, i0, x0, y0);
            Add(receivers, block[3], weights + count, otherWeights + count, r1, i1, x1, y1);
            Add(receivers, block[4], weights + 2 * count, otherWeights + 2 * count, r2, i2, x2, y2);
            Add(receivers, block[5], weights + 3 * count, otherWeights + 3 * count, r3, i3, x3, y3);
            Add(receivers, block[6], weights + 4 * count, otherWeights + 4 * count, r4, i4, x4, y4);
            block += 7;
        }
    }
}
