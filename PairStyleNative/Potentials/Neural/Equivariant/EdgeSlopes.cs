using System.Runtime.CompilerServices;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <content>One method for each l of the harmonics: their sums stay in registers.</content>
internal static unsafe partial class EdgeKernels<T, TNumber>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slopes1(int count, int dimension, TNumber** rows, long offset, TNumber* gradients, in EdgeWeights<TNumber> weights, TNumber* harmonics, int width, TNumber* sums, int first)
    {
        var lanes = T.Count;
        var w = weights.Values;
        long stride = weights.Stride, difference = weights.Slopes - weights.Values;
        for (var e = 0; e < count; e++, w += 2 * lanes, harmonics += HarmonicStride, sums += SumVectors * lanes)
        {
            TNumber* y = harmonics, u = w, byHarmonics = sums + first * lanes;
            T along = T.Load(sums), s0 = T.Load(byHarmonics);
            for (var c = 0; c < width; c += 2 * lanes, u += stride)
            {
                T a0 = T.Zero;
                T b0 = T.Zero;
                TNumber* row = rows[e] + offset + c, g = gradients + c;
                for (var i = dimension; i > 0; i--, row += width, g += 1 * width)
                {
                    T x = T.Load(row), z = T.Load(row + lanes);
                    a0 = T.MultiplyAdd(x, T.Load(g), a0);
                    b0 = T.MultiplyAdd(z, T.Load(g + lanes), b0);
                }

                T w0 = T.Load(u), w1 = T.Load(u + lanes);
                var v = T.Broadcast(y[0]);
                var one = v * a0;
                var two = v * b0;
                s0 = T.MultiplyAdd(w0, a0, T.MultiplyAdd(w1, b0, s0));
                along = T.MultiplyAdd(T.Load(u + difference), one, T.MultiplyAdd(T.Load(u + difference + lanes), two, along));
            }

            along.Store(sums);
            s0.Store(byHarmonics);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slopes3(int count, int dimension, TNumber** rows, long offset, TNumber* gradients, in EdgeWeights<TNumber> weights, TNumber* harmonics, int width, TNumber* sums, int first)
    {
        var lanes = T.Count;
        var w = weights.Values;
        long stride = weights.Stride, difference = weights.Slopes - weights.Values;
        for (var e = 0; e < count; e++, w += 2 * lanes, harmonics += HarmonicStride, sums += SumVectors * lanes)
        {
            TNumber* y = harmonics, u = w, byHarmonics = sums + first * lanes;
            T along = T.Load(sums), s0 = T.Load(byHarmonics), s1 = T.Load(byHarmonics + lanes), s2 = T.Load(byHarmonics + 2 * lanes);
            for (var c = 0; c < width; c += 2 * lanes, u += stride)
            {
                T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero;
                T b0 = T.Zero, b1 = T.Zero, b2 = T.Zero;
                TNumber* row = rows[e] + offset + c, g = gradients + c;
                for (var i = dimension; i > 0; i--, row += width, g += 3 * width)
                {
                    T x = T.Load(row), z = T.Load(row + lanes);
                    a0 = T.MultiplyAdd(x, T.Load(g), a0);
                    b0 = T.MultiplyAdd(z, T.Load(g + lanes), b0);
                    a1 = T.MultiplyAdd(x, T.Load(g + width), a1);
                    b1 = T.MultiplyAdd(z, T.Load(g + width + lanes), b1);
                    a2 = T.MultiplyAdd(x, T.Load(g + 2 * width), a2);
                    b2 = T.MultiplyAdd(z, T.Load(g + 2 * width + lanes), b2);
                }

                T w0 = T.Load(u), w1 = T.Load(u + lanes);
                var v = T.Broadcast(y[0]);
                var one = v * a0;
                var two = v * b0;
                s0 = T.MultiplyAdd(w0, a0, T.MultiplyAdd(w1, b0, s0));
                v = T.Broadcast(y[1]);
                one = T.MultiplyAdd(v, a1, one);
                two = T.MultiplyAdd(v, b1, two);
                s1 = T.MultiplyAdd(w0, a1, T.MultiplyAdd(w1, b1, s1));
                v = T.Broadcast(y[2]);
                one = T.MultiplyAdd(v, a2, one);
                two = T.MultiplyAdd(v, b2, two);
                s2 = T.MultiplyAdd(w0, a2, T.MultiplyAdd(w1, b2, s2));
                along = T.MultiplyAdd(T.Load(u + difference), one, T.MultiplyAdd(T.Load(u + difference + lanes), two, along));
            }

            along.Store(sums);
            s0.Store(byHarmonics);
            s1.Store(byHarmonics + lanes);
            s2.Store(byHarmonics + 2 * lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slopes5(int count, int dimension, TNumber** rows, long offset, TNumber* gradients, in EdgeWeights<TNumber> weights, TNumber* harmonics, int width, TNumber* sums, int first)
    {
        var lanes = T.Count;
        var w = weights.Values;
        long stride = weights.Stride, difference = weights.Slopes - weights.Values;
        for (var e = 0; e < count; e++, w += 2 * lanes, harmonics += HarmonicStride, sums += SumVectors * lanes)
        {
            TNumber* y = harmonics, u = w, byHarmonics = sums + first * lanes;
            T along = T.Load(sums), s0 = T.Load(byHarmonics), s1 = T.Load(byHarmonics + lanes), s2 = T.Load(byHarmonics + 2 * lanes), s3 = T.Load(byHarmonics + 3 * lanes), s4 = T.Load(byHarmonics + 4 * lanes);
            for (var c = 0; c < width; c += 2 * lanes, u += stride)
            {
                T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero, a4 = T.Zero;
                T b0 = T.Zero, b1 = T.Zero, b2 = T.Zero, b3 = T.Zero, b4 = T.Zero;
                TNumber* row = rows[e] + offset + c, g = gradients + c;
                for (var i = dimension; i > 0; i--, row += width, g += 5 * width)
                {
                    T x = T.Load(row), z = T.Load(row + lanes);
                    a0 = T.MultiplyAdd(x, T.Load(g), a0);
                    b0 = T.MultiplyAdd(z, T.Load(g + lanes), b0);
                    a1 = T.MultiplyAdd(x, T.Load(g + width), a1);
                    b1 = T.MultiplyAdd(z, T.Load(g + width + lanes), b1);
                    a2 = T.MultiplyAdd(x, T.Load(g + 2 * width), a2);
                    b2 = T.MultiplyAdd(z, T.Load(g + 2 * width + lanes), b2);
                    a3 = T.MultiplyAdd(x, T.Load(g + 3 * width), a3);
                    b3 = T.MultiplyAdd(z, T.Load(g + 3 * width + lanes), b3);
                    a4 = T.MultiplyAdd(x, T.Load(g + 4 * width), a4);
                    b4 = T.MultiplyAdd(z, T.Load(g + 4 * width + lanes), b4);
                }

                T w0 = T.Load(u), w1 = T.Load(u + lanes);
                var v = T.Broadcast(y[0]);
                var one = v * a0;
                var two = v * b0;
                s0 = T.MultiplyAdd(w0, a0, T.MultiplyAdd(w1, b0, s0));
                v = T.Broadcast(y[1]);
                one = T.MultiplyAdd(v, a1, one);
                two = T.MultiplyAdd(v, b1, two);
                s1 = T.MultiplyAdd(w0, a1, T.MultiplyAdd(w1, b1, s1));
                v = T.Broadcast(y[2]);
                one = T.MultiplyAdd(v, a2, one);
                two = T.MultiplyAdd(v, b2, two);
                s2 = T.MultiplyAdd(w0, a2, T.MultiplyAdd(w1, b2, s2));
                v = T.Broadcast(y[3]);
                one = T.MultiplyAdd(v, a3, one);
                two = T.MultiplyAdd(v, b3, two);
                s3 = T.MultiplyAdd(w0, a3, T.MultiplyAdd(w1, b3, s3));
                v = T.Broadcast(y[4]);
                one = T.MultiplyAdd(v, a4, one);
                two = T.MultiplyAdd(v, b4, two);
                s4 = T.MultiplyAdd(w0, a4, T.MultiplyAdd(w1, b4, s4));
                along = T.MultiplyAdd(T.Load(u + difference), one, T.MultiplyAdd(T.Load(u + difference + lanes), two, along));
            }

            along.Store(sums);
            s0.Store(byHarmonics);
            s1.Store(byHarmonics + lanes);
            s2.Store(byHarmonics + 2 * lanes);
            s3.Store(byHarmonics + 3 * lanes);
            s4.Store(byHarmonics + 4 * lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Slopes7(int count, int dimension, TNumber** rows, long offset, TNumber* gradients, in EdgeWeights<TNumber> weights, TNumber* harmonics, int width, TNumber* sums, int first)
    {
        var lanes = T.Count;
        var w = weights.Values;
        long stride = weights.Stride, difference = weights.Slopes - weights.Values;
        for (var e = 0; e < count; e++, w += 2 * lanes, harmonics += HarmonicStride, sums += SumVectors * lanes)
        {
            TNumber* y = harmonics, u = w, byHarmonics = sums + first * lanes;
            T along = T.Load(sums), s0 = T.Load(byHarmonics), s1 = T.Load(byHarmonics + lanes), s2 = T.Load(byHarmonics + 2 * lanes), s3 = T.Load(byHarmonics + 3 * lanes), s4 = T.Load(byHarmonics + 4 * lanes), s5 = T.Load(byHarmonics + 5 * lanes), s6 = T.Load(byHarmonics + 6 * lanes);
            for (var c = 0; c < width; c += 2 * lanes, u += stride)
            {
                T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, a3 = T.Zero, a4 = T.Zero, a5 = T.Zero, a6 = T.Zero;
                T b0 = T.Zero, b1 = T.Zero, b2 = T.Zero, b3 = T.Zero, b4 = T.Zero, b5 = T.Zero, b6 = T.Zero;
                TNumber* row = rows[e] + offset + c, g = gradients + c;
                for (var i = dimension; i > 0; i--, row += width, g += 7 * width)
                {
                    T x = T.Load(row), z = T.Load(row + lanes);
                    a0 = T.MultiplyAdd(x, T.Load(g), a0);
                    b0 = T.MultiplyAdd(z, T.Load(g + lanes), b0);
                    a1 = T.MultiplyAdd(x, T.Load(g + width), a1);
                    b1 = T.MultiplyAdd(z, T.Load(g + width + lanes), b1);
                    a2 = T.MultiplyAdd(x, T.Load(g + 2 * width), a2);
                    b2 = T.MultiplyAdd(z, T.Load(g + 2 * width + lanes), b2);
                    a3 = T.MultiplyAdd(x, T.Load(g + 3 * width), a3);
                    b3 = T.MultiplyAdd(z, T.Load(g + 3 * width + lanes), b3);
                    a4 = T.MultiplyAdd(x, T.Load(g + 4 * width), a4);
                    b4 = T.MultiplyAdd(z, T.Load(g + 4 * width + lanes), b4);
                    a5 = T.MultiplyAdd(x, T.Load(g + 5 * width), a5);
                    b5 = T.MultiplyAdd(z, T.Load(g + 5 * width + lanes), b5);
                    a6 = T.MultiplyAdd(x, T.Load(g + 6 * width), a6);
                    b6 = T.MultiplyAdd(z, T.Load(g + 6 * width + lanes), b6);
                }

                T w0 = T.Load(u), w1 = T.Load(u + lanes);
                var v = T.Broadcast(y[0]);
                var one = v * a0;
                var two = v * b0;
                s0 = T.MultiplyAdd(w0, a0, T.MultiplyAdd(w1, b0, s0));
                v = T.Broadcast(y[1]);
                one = T.MultiplyAdd(v, a1, one);
                two = T.MultiplyAdd(v, b1, two);
                s1 = T.MultiplyAdd(w0, a1, T.MultiplyAdd(w1, b1, s1));
                v = T.Broadcast(y[2]);
                one = T.MultiplyAdd(v, a2, one);
                two = T.MultiplyAdd(v, b2, two);
                s2 = T.MultiplyAdd(w0, a2, T.MultiplyAdd(w1, b2, s2));
                v = T.Broadcast(y[3]);
                one = T.MultiplyAdd(v, a3, one);
                two = T.MultiplyAdd(v, b3, two);
                s3 = T.MultiplyAdd(w0, a3, T.MultiplyAdd(w1, b3, s3));
                v = T.Broadcast(y[4]);
                one = T.MultiplyAdd(v, a4, one);
                two = T.MultiplyAdd(v, b4, two);
                s4 = T.MultiplyAdd(w0, a4, T.MultiplyAdd(w1, b4, s4));
                v = T.Broadcast(y[5]);
                one = T.MultiplyAdd(v, a5, one);
                two = T.MultiplyAdd(v, b5, two);
                s5 = T.MultiplyAdd(w0, a5, T.MultiplyAdd(w1, b5, s5));
                v = T.Broadcast(y[6]);
                one = T.MultiplyAdd(v, a6, one);
                two = T.MultiplyAdd(v, b6, two);
                s6 = T.MultiplyAdd(w0, a6, T.MultiplyAdd(w1, b6, s6));
                along = T.MultiplyAdd(T.Load(u + difference), one, T.MultiplyAdd(T.Load(u + difference + lanes), two, along));
            }

            along.Store(sums);
            s0.Store(byHarmonics);
            s1.Store(byHarmonics + lanes);
            s2.Store(byHarmonics + 2 * lanes);
            s3.Store(byHarmonics + 3 * lanes);
            s4.Store(byHarmonics + 4 * lanes);
            s5.Store(byHarmonics + 5 * lanes);
            s6.Store(byHarmonics + 6 * lanes);
        }
    }
}
