using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>Where the numbers of D stand that are kept: rows a = 0 … axis−1 of m = a … width−1, since D[a][m] = D[m][a].</summary>
/// <param name="Width">Outputs of the embedding.</param>
/// <param name="Axis">Numbers of the second factor.</param>
internal readonly record struct DescriptorLayout(int Width, int Axis)
{
    /// <summary>How many.</summary>
    public int Count => Row(Axis) + Axis;

    /// <summary>Where D[a][m] is, for any a below axis and m.</summary>
    public int PlaceOf(int a, int m) => a <= m ? Row(a) + m : Row(m) + a;

    /// <summary>Where D[a][0] would be; the row begins at m = a.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Row(int a) => a * Width - a * (a + 1) / 2;
}

/// <summary>D = T'ᵀ·T and back, in the form of <see cref="DescriptorLayout"/>; T is <c>[4][whole vectors]</c>, zero behind the outputs of the embedding.</summary>
internal static unsafe class DeepPotDescriptor<T, TNumber>
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
{
    /// <summary>D[a][m] = Σ_c T[c][a]·T[c][m].</summary>
    /// <param name="layout">What is kept.</param>
    /// <param name="width">From row to row of T.</param>
    /// <param name="t">T, and room of one vector behind it.</param>
    /// <param name="descriptor">Filled, and a vector behind it changed.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Make(DescriptorLayout layout, int width, TNumber* t, TNumber* descriptor)
    {
        for (var a = 0; a < layout.Axis; a++)
        {
            T x0 = T.Broadcast(t[a]), x1 = T.Broadcast(t[width + a]), x2 = T.Broadcast(t[2 * width + a]), x3 = T.Broadcast(t[3 * width + a]);
            var target = descriptor + layout.Row(a);
            // The last vector reaches into the next row, which is written after it.
            for (var m = a; m < layout.Width; m += T.Count)
            {
                T t0 = Unsafe.ReadUnaligned<T>(t + m), t1 = Unsafe.ReadUnaligned<T>(t + width + m), t2 = Unsafe.ReadUnaligned<T>(t + 2 * width + m), t3 = Unsafe.ReadUnaligned<T>(t + 3 * width + m);
                Unsafe.WriteUnaligned(target + m, T.MultiplyAdd(x0, t0, T.MultiplyAdd(x1, t1, T.MultiplyAdd(x2, t2, x3 * t3))));
            }
        }
    }

    /// <summary>∂E/∂T[c][m] = Σ_a G[a][m]·T[c][a], and for a below axis also Σ_m G[a][m]·T[c][m].</summary>
    /// <param name="layout">What is kept of D.</param>
    /// <param name="width">From row to row of T.</param>
    /// <param name="t">T.</param>
    /// <param name="gradient">G = ∂E/∂D, as D, and finite numbers for a vector behind its end.</param>
    /// <param name="square"><c>[axis][axis, whole vectors]</c>, for use in here.</param>
    /// <param name="slopes">Filled, as T.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Differentiate(DescriptorLayout layout, int width, TNumber* t, TNumber* gradient, TNumber* square, TNumber* slopes)
    {
        var first = (layout.Axis + T.Count - 1) / T.Count * T.Count;
        Unfold(layout, first, gradient, square);
        for (var m = 0; m < width; m += T.Count)
        {
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            for (var a = 0; a < layout.Axis; a++)
            {
                var g = m < first ? T.Load(square + a * first + m) : Unsafe.ReadUnaligned<T>(gradient + layout.Row(a) + m);
                s0 = T.MultiplyAdd(g, T.Broadcast(t[a]), s0);
                s1 = T.MultiplyAdd(g, T.Broadcast(t[width + a]), s1);
                s2 = T.MultiplyAdd(g, T.Broadcast(t[2 * width + a]), s2);
                s3 = T.MultiplyAdd(g, T.Broadcast(t[3 * width + a]), s3);
            }

            s0.Store(slopes + m);
            s1.Store(slopes + width + m);
            s2.Store(slopes + 2 * width + m);
            s3.Store(slopes + 3 * width + m);
        }

        for (var a = 0; a < layout.Axis; a++)
        {
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            var row = gradient + layout.Row(a);
            for (var m = first; m < width; m += T.Count)
            {
                var g = Unsafe.ReadUnaligned<T>(row + m);
                s0 = T.MultiplyAdd(g, T.Load(t + m), s0);
                s1 = T.MultiplyAdd(g, T.Load(t + width + m), s1);
                s2 = T.MultiplyAdd(g, T.Load(t + 2 * width + m), s2);
                s3 = T.MultiplyAdd(g, T.Load(t + 3 * width + m), s3);
            }

            double r0 = T.Sum(s0), r1 = T.Sum(s1), r2 = T.Sum(s2), r3 = T.Sum(s3);
            for (var m = layout.Axis; m < first && m < layout.Width; m++)
            {
                var g = Real.From(row[m]);
                r0 += g * Real.From(t[m]);
                r1 += g * Real.From(t[width + m]);
                r2 += g * Real.From(t[2 * width + m]);
                r3 += g * Real.From(t[3 * width + m]);
            }

            Add(slopes + a, r0);
            Add(slopes + width + a, r1);
            Add(slopes + 2 * width + a, r2);
            Add(slopes + 3 * width + a, r3);
        }
    }

    // The first vectors of all rows with both of what stands once in G: a number of the diagonal acts through either factor. What is not below axis acts through the second one only.
    private static void Unfold(DescriptorLayout layout, int first, TNumber* gradient, TNumber* square)
    {
        for (var a = 0; a < layout.Axis; a++)
        {
            var row = gradient + layout.Row(a);
            for (var m = a; m < first; m++)
            {
                square[a * first + m] = row[m];
                if (m == a)
                {
                    square[a * first + a] = Real.Of<TNumber>(2 * Real.From(row[a]));
                }
                else if (m < layout.Axis)
                {
                    square[m * first + a] = row[m];
                }
            }
        }
    }

    private static void Add(TNumber* target, double value) => *target = Real.Of<TNumber>(Real.From(*target) + value);
}
