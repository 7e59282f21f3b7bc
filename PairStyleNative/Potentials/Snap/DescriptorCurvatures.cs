using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// The second derivatives of F = Σ U*·D of a layer (<see cref="SnapSegments"/>) along the tangents e of <see cref="DescriptorSlopes"/>.
/// </summary>
/// <remarks>
/// What e makes of W acts within rows and is anti-Hermitian, so ½(e_k·e_l + e_l·e_k)F is Σ V_kl*·D with V_kl made of U by the
/// same two steps. With A, B as for the slopes and (C·W)(ma) = (j − 2ma)·W(ma),
/// zz: −C², (xx − yy)/2: −(A² + B²), xy: −i(A² − B²), xz: ½{A + B,C}, yz: ½i{A − B,C},
/// and xx + yy + zz = −j(j + 2). These five are kept, in this order, and contracted with every neighbour's W.
/// </remarks>
internal static unsafe class DescriptorCurvatures
{
    /// <summary>Kept of a layer.</summary>
    public const int Count = 5;

    /// <summary>Makes V of the layers that need it, <c>[layers][<see cref="Count"/>][proper half plane][2]</c>.</summary>
    public static void Prepare<T>(SnapSegments segments, in SnapGroup group, T* curvatures)
        where T : unmanaged, ILanes<T>
    {
        foreach (var layer in segments.CurvedLayers)
        {
            var j = layer.J;
            for (var k = 0; k < layer.Count; k++)
            {
                int ma = k % (j + 1);
                PrepareOne(j, ma, segments.DensityWeights[layer.Proper + k], (T*)group.Full + 2L * (layer.Full + k), curvatures + 2L * k, 2L * layer.Count);
            }

            curvatures += 2L * Count * layer.Count;
        }
    }

    /// <summary>Contracts V with W of two neighbours; fills <c>[layers][<see cref="Count"/>]</c> of each.</summary>
    public static void Run<T>(SnapSegments segments, T* curvatures, T* first, T* second, T* firstSums, T* secondSums)
        where T : unmanaged, ILanes<T>
    {
        foreach (var layer in segments.CurvedLayers)
        {
            RunLayer(layer.Count, curvatures, first + 2L * layer.Half, second + 2L * layer.Half, firstSums, secondSums);
            curvatures += 2L * Count * layer.Count;
            firstSums += Count;
            secondSums += Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PrepareOne<T>(int j, int ma, double weight, T* w, T* target, long distance)
        where T : unmanaged, ILanes<T>
    {
        T a2r = T.Zero, a2i = T.Zero, b2r = T.Zero, b2i = T.Zero, a1r = T.Zero, a1i = T.Zero, b1r = T.Zero, b1i = T.Zero;
        if (ma + 1 <= j)
        {
            Scale(weight * (ma + 1) * (j - 2 * ma - 1), w + 2, out a1r, out a1i);
        }

        if (ma + 2 <= j)
        {
            Scale(weight * (ma + 1) * (ma + 2), w + 4, out a2r, out a2i);
        }

        if (ma >= 1)
        {
            Scale(weight * (j - ma + 1) * (j - 2 * ma + 1), w - 2, out b1r, out b1i);
        }

        if (ma >= 2)
        {
            Scale(weight * (j - ma + 1) * (j - ma + 2), w - 4, out b2r, out b2i);
        }

        Scale(-weight * (j - 2 * ma) * (j - 2 * ma), w, out target[0], out target[1]);
        target += distance;
        target[0] = T.Zero - (a2r + b2r);
        target[1] = T.Zero - (a2i + b2i);
        target += distance;
        target[0] = a2i - b2i;
        target[1] = b2r - a2r;
        target += distance;
        target[0] = a1r + b1r;
        target[1] = a1i + b1i;
        target += distance;
        target[0] = b1i - a1i;
        target[1] = a1r - b1r;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale<T>(double factor, T* w, out T real, out T imaginary)
        where T : unmanaged, ILanes<T>
    {
        var scale = T.Broadcast(factor);
        real = scale * w[0];
        imaginary = scale * w[1];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunLayer<T>(int elements, T* a, T* first, T* second, T* firstSums, T* secondSums)
        where T : unmanaged, ILanes<T>
    {
        T* b = a + 2L * elements, c = b + 2L * elements, d = c + 2L * elements, e = d + 2L * elements;
        T a1 = T.Zero, b1 = T.Zero, c1 = T.Zero, d1 = T.Zero, e1 = T.Zero;
        T a2 = T.Zero, b2 = T.Zero, c2 = T.Zero, d2 = T.Zero, e2 = T.Zero;
        for (var k = 0; k < 2 * elements; k++)
        {
            T x = first[k], y = second[k], v = a[k];
            a1 = T.MultiplyAdd(v, x, a1);
            a2 = T.MultiplyAdd(v, y, a2);
            v = b[k];
            b1 = T.MultiplyAdd(v, x, b1);
            b2 = T.MultiplyAdd(v, y, b2);
            v = c[k];
            c1 = T.MultiplyAdd(v, x, c1);
            c2 = T.MultiplyAdd(v, y, c2);
            v = d[k];
            d1 = T.MultiplyAdd(v, x, d1);
            d2 = T.MultiplyAdd(v, y, d2);
            v = e[k];
            e1 = T.MultiplyAdd(v, x, e1);
            e2 = T.MultiplyAdd(v, y, e2);
        }

        firstSums[0] = a1;
        firstSums[1] = b1;
        firstSums[2] = c1;
        firstSums[3] = d1;
        firstSums[4] = e1;
        secondSums[0] = a2;
        secondSums[1] = b2;
        secondSums[2] = c2;
        secondSums[3] = d2;
        secondSums[4] = e2;
    }
}
