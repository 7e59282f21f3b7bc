using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// The sums over the edges of one atom that tensor products with harmonics come down to, channels in the lanes, two vectors (a strip) at a time. An edge has a row of features x[i][channels] at the other atom, weights
/// w[channels] and harmonics Y[j]. Couplings C_ijk do not depend on the edge, so they are applied to the sums, not to every edge. No allocation.
/// </summary>
internal static unsafe partial class EdgeKernels<T, TNumber>
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    /// <summary>Numbers from the harmonics of one edge to those of the next.</summary>
    public const int HarmonicStride = SphericalHarmonics.MaximumWidth;

    /// <summary>Vectors that an edge's derivatives are summed in: by the distance through the weights, and by every harmonic.</summary>
    public const int SumVectors = 1 + SphericalHarmonics.MaximumWidth;

    /// <summary>D[i][j][channels] = Σ_edges w·x[i]·Y[j], of one strip.</summary>
    /// <param name="count">Edges.</param>
    /// <param name="dimension">Of x.</param>
    /// <param name="degree">l of Y.</param>
    /// <param name="rows">The other atoms' features.</param>
    /// <param name="offset">Where x[0] begins in them.</param>
    /// <param name="stride">From x[i] to x[i + 1].</param>
    /// <param name="weights"><c>[count][strip]</c>.</param>
    /// <param name="harmonics">Y[0] of the first edge.</param>
    /// <param name="width">Channels, whole strips.</param>
    /// <param name="target"><c>[dimension][2·degree + 1][width]</c>, a strip of it filled.</param>
    public static void Outer(int count, int dimension, int degree, TNumber** rows, long offset, long stride, TNumber* weights, TNumber* harmonics, int width, TNumber* target)
    {
        for (var i = 0; i < dimension; i++, offset += stride, target += (2 * degree + 1) * width)
        {
            switch (degree)
            {
                case 0:
                    Outer1(count, rows, offset, weights, harmonics, width, target);
                    break;
                case 1:
                    Outer3(count, rows, offset, weights, harmonics, width, target);
                    break;
                case 2:
                    Outer5(count, rows, offset, weights, harmonics, width, target);
                    break;
                default:
                    Outer7(count, rows, offset, weights, harmonics, width, target);
                    break;
            }
        }
    }

    /// <summary>Σ_edges w·Σ_i x[i]·Y[i] of one strip, added to the target after multiplication with a factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Inner(int count, int dimension, TNumber** rows, long offset, long stride, TNumber* weights, TNumber* harmonics, TNumber factor, TNumber* target)
    {
        var lanes = T.Count;
        T a = T.Zero, b = T.Zero;
        TNumber* w = weights, y = harmonics;
        for (var e = 0; e < count; e++, w += 2 * lanes, y += HarmonicStride)
        {
            var row = rows[e] + offset;
            var v = T.Broadcast(y[0]);
            T x = v * T.Load(row), z = v * T.Load(row + lanes);
            for (var i = 1; i < dimension; i++)
            {
                row += stride;
                v = T.Broadcast(y[i]);
                x = T.MultiplyAdd(v, T.Load(row), x);
                z = T.MultiplyAdd(v, T.Load(row + lanes), z);
            }

            a = T.MultiplyAdd(x, T.Load(w), a);
            b = T.MultiplyAdd(z, T.Load(w + lanes), b);
        }

        var scale = T.Broadcast(factor);
        T.MultiplyAdd(scale, a, T.Load(target)).Store(target);
        T.MultiplyAdd(scale, b, T.Load(target + lanes)).Store(target + lanes);
    }

    /// <summary>
    /// Derivatives by weights and harmonics of what has the derivative G[i][j] by D[i][j]: with S[j] = Σ_i x[i]·G[i][j], Σ_channels w·S[j] by Y[j], and Σ_j Y[j]·S[j] by w, which times the slopes of w becomes one by the distance.
    /// </summary>
    /// <param name="count">Edges.</param>
    /// <param name="dimension">Of x.</param>
    /// <param name="degree">l of Y.</param>
    /// <param name="rows">The other atoms' features; x[i + 1] follows x[i].</param>
    /// <param name="offset">Where x[0] begins in them.</param>
    /// <param name="gradients">G, <c>[dimension][2·degree + 1][width]</c>.</param>
    /// <param name="weights">Of the edges, with slopes.</param>
    /// <param name="harmonics">Y[0] of the first edge.</param>
    /// <param name="width">Channels, whole strips.</param>
    /// <param name="sums">Of every edge <see cref="SumVectors"/> vectors whose lanes are to be summed; added to.</param>
    /// <param name="first">Which of them belongs to Y[0].</param>
    public static void Slopes(int count, int dimension, int degree, TNumber** rows, long offset, TNumber* gradients, in EdgeWeights<TNumber> weights, TNumber* harmonics, int width, TNumber* sums, int first)
    {
        switch (degree)
        {
            case 0:
                Slopes1(count, dimension, rows, offset, gradients, weights, harmonics, width, sums, first);
                break;
            case 1:
                Slopes3(count, dimension, rows, offset, gradients, weights, harmonics, width, sums, first);
                break;
            case 2:
                Slopes5(count, dimension, rows, offset, gradients, weights, harmonics, width, sums, first);
                break;
            default:
                Slopes7(count, dimension, rows, offset, gradients, weights, harmonics, width, sums, first);
                break;
        }
    }

    /// <summary>As <see cref="Slopes"/> where G[i][j] is g for i = j and zero otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InnerSlopes(int count, int dimension, TNumber** rows, long offset, TNumber* gradient, in EdgeWeights<TNumber> weights, TNumber* harmonics, int width, TNumber* sums, int first)
    {
        var lanes = T.Count;
        var w = weights.Values;
        long stride = weights.Stride, difference = weights.Slopes - weights.Values;
        for (var e = 0; e < count; e++, w += 2 * lanes, harmonics += HarmonicStride, sums += SumVectors * lanes)
        {
            var u = w;
            var along = T.Load(sums);
            for (var c = 0; c < width; c += 2 * lanes, u += stride)
            {
                T g0 = T.Load(gradient + c), g1 = T.Load(gradient + c + lanes), one = T.Zero, two = T.Zero;
                T w0 = T.Load(u) * g0, w1 = T.Load(u + lanes) * g1;
                TNumber* row = rows[e] + offset + c, target = sums + first * lanes;
                for (var i = 0; i < dimension; i++, row += width, target += lanes)
                {
                    T x = T.Load(row), z = T.Load(row + lanes), v = T.Broadcast(harmonics[i]);
                    one = T.MultiplyAdd(v, x, one);
                    two = T.MultiplyAdd(v, z, two);
                    T.MultiplyAdd(w0, x, T.MultiplyAdd(w1, z, T.Load(target))).Store(target);
                }

                along = T.MultiplyAdd(T.Load(u + difference) * g0, one, T.MultiplyAdd(T.Load(u + difference + lanes) * g1, two, along));
            }

            along.Store(sums);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outer1(int count, TNumber** rows, long offset, TNumber* weights, TNumber* harmonics, int width, TNumber* target)
    {
        var lanes = T.Count;
        T a0 = T.Zero;
        T b0 = T.Zero;
        TNumber* w = weights, y = harmonics;
        for (var e = 0; e < count; e++, w += 2 * lanes, y += HarmonicStride)
        {
            var row = rows[e] + offset;
            T x = T.Load(row) * T.Load(w), z = T.Load(row + lanes) * T.Load(w + lanes);
            var v = T.Broadcast(y[0]);
            a0 = T.MultiplyAdd(x, v, a0);
            b0 = T.MultiplyAdd(z, v, b0);
        }

        Put(target, a0, b0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outer3(int count, TNumber** rows, long offset, TNumber* weights, TNumber* harmonics, int width, TNumber* target)
    {
        var lanes = T.Count;
        T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero;
        T b0 = T.Zero, b1 = T.Zero, b2 = T.Zero;
        TNumber* w = weights, y = harmonics;
        for (var e = 0; e < count; e++, w += 2 * lanes, y += HarmonicStride)
        {
            var row = rows[e] + offset;
            T x = T.Load(row) * T.Load(w), z = T.Load(row + lanes) * T.Load(w + lanes);
            var v = T.Broadcast(y[0]);
            a0 = T.MultiplyAdd(x, v, a0);
            b0 = T.MultiplyAdd(z, v, b0);
            v = T.Broadcast(y[1]);
            a1 = T.MultiplyAdd(x, v, a1);
            b1 = T.MultiplyAdd(z, v, b1);
            v = T.Broadcast(y[2]);
            a2 = T.MultiplyAdd(x, v, a2);
            b2 = T.MultiplyAdd(z, v, b2);
        }

        Put(target, a0, b0);
        Put(target + width, a1, b1);
        Put(target + 2 * width, a2, b2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outer5(int count, TNumber** rows, long offset, TNumber* weights, TNumber* harmonics, int width, TNumber* target)
    {
        var lanes = T.Count;
        T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero, a4 = T.Zero;
        T b0 = T.Zero, b1 = T.Zero, b2 = T.Zero, b3 = T.Zero, b4 = T.Zero;
        TNumber* w = weights, y = harmonics;
        for (var e = 0; e < count; e++, w += 2 * lanes, y += HarmonicStride)
        {
            var row = rows[e] + offset;
            T x = T.Load(row) * T.Load(w), z = T.Load(row + lanes) * T.Load(w + lanes);
            var v = T.Broadcast(y[0]);
            a0 = T.MultiplyAdd(x, v, a0);
            b0 = T.MultiplyAdd(z, v, b0);
            v = T.Broadcast(y[1]);
            a1 = T.MultiplyAdd(x, v, a1);
            b1 = T.MultiplyAdd(z, v, b1);
            v = T.Broadcast(y[2]);
            a2 = T.MultiplyAdd(x, v, a2);
            b2 = T.MultiplyAdd(z, v, b2);
            v = T.Broadcast(y[3]);
            a3 = T.MultiplyAdd(x, v, a3);
            b3 = T.MultiplyAdd(z, v, b3);
            v = T.Broadcast(y[4]);
            a4 = T.MultiplyAdd(x, v, a4);
            b4 = T.MultiplyAdd(z, v, b4);
        }

        Put(target, a0, b0);
        Put(target + width, a1, b1);
        Put(target + 2 * width, a2, b2);
        Put(target + 3 * width, a3, b3);
        Put(target + 4 * width, a4, b4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Outer7(int count, TNumber** rows, long offset, TNumber* weights, TNumber* harmonics, int width, TNumber* target)
    {
        var lanes = T.Count;
        T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero, a4 = T.Zero, a5 = T.Zero, a6 = T.Zero;
        T b0 = T.Zero, b1 = T.Zero, b2 = T.Zero, b3 = T.Zero, b4 = T.Zero, b5 = T.Zero, b6 = T.Zero;
        TNumber* w = weights, y = harmonics;
        for (var e = 0; e < count; e++, w += 2 * lanes, y += HarmonicStride)
        {
            var row = rows[e] + offset;
            T x = T.Load(row) * T.Load(w), z = T.Load(row + lanes) * T.Load(w + lanes);
            var v = T.Broadcast(y[0]);
            a0 = T.MultiplyAdd(x, v, a0);
            b0 = T.MultiplyAdd(z, v, b0);
            v = T.Broadcast(y[1]);
            a1 = T.MultiplyAdd(x, v, a1);
            b1 = T.MultiplyAdd(z, v, b1);
            v = T.Broadcast(y[2]);
            a2 = T.MultiplyAdd(x, v, a2);
            b2 = T.MultiplyAdd(z, v, b2);
            v = T.Broadcast(y[3]);
            a3 = T.MultiplyAdd(x, v, a3);
            b3 = T.MultiplyAdd(z, v, b3);
            v = T.Broadcast(y[4]);
            a4 = T.MultiplyAdd(x, v, a4);
            b4 = T.MultiplyAdd(z, v, b4);
            v = T.Broadcast(y[5]);
            a5 = T.MultiplyAdd(x, v, a5);
            b5 = T.MultiplyAdd(z, v, b5);
            v = T.Broadcast(y[6]);
            a6 = T.MultiplyAdd(x, v, a6);
            b6 = T.MultiplyAdd(z, v, b6);
        }

        Put(target, a0, b0);
        Put(target + width, a1, b1);
        Put(target + 2 * width, a2, b2);
        Put(target + 3 * width, a3, b3);
        Put(target + 4 * width, a4, b4);
        Put(target + 5 * width, a5, b5);
        Put(target + 6 * width, a6, b6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(TNumber* target, T a, T b)
    {
        a.Store(target);
        b.Store(target + T.Count);
    }
}
