using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>D = T'ᵀ·T and back, in the order of <see cref="DeepPotPlan{T}"/>; T is kept as <see cref="DeepPotEmbedding{T}"/> has it.</summary>
internal static unsafe class DeepPotDescriptor
{
    /// <summary>D[a][m] = Σ_c T[c][a]·T[c][m].</summary>
    /// <param name="axis">Numbers of the second factor.</param>
    /// <param name="width">Outputs of the embedding, whole vectors.</param>
    /// <param name="t">T.</param>
    /// <param name="descriptor"><c>double[axis][width]</c>, filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Make<T>(int axis, int width, double* t, double* descriptor)
        where T : unmanaged, ILanes<T>
    {
        var lanes = T.Count;
        for (var a = 0; a < axis; a++)
        {
            var own = t + a / lanes * 4 * lanes + a % lanes;
            T x0 = T.Broadcast(own[0]), x1 = T.Broadcast(own[lanes]), x2 = T.Broadcast(own[2 * lanes]), x3 = T.Broadcast(own[3 * lanes]);
            var source = t;
            for (var m = 0; m < width; m += lanes, source += 4 * lanes, descriptor += lanes)
            {
                T.MultiplyAdd(x0, T.Load(source), T.MultiplyAdd(x1, T.Load(source + lanes), T.MultiplyAdd(x2, T.Load(source + 2 * lanes), x3 * T.Load(source + 3 * lanes)))).Store(descriptor);
            }
        }
    }

    /// <summary>∂E/∂T[c][m] = factor·Σ_a G[a][m]·T[c][a], and for m below axis also factor·Σ_k G[m][k]·T[c][k].</summary>
    /// <param name="axis">Numbers of the second factor.</param>
    /// <param name="width">Outputs of the embedding, whole vectors.</param>
    /// <param name="t">T.</param>
    /// <param name="gradient">G = ∂E/∂D, <c>double[axis][width]</c>.</param>
    /// <param name="factor">Of everything.</param>
    /// <param name="slopes">Filled, as T.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Differentiate<T>(int axis, int width, double* t, double* gradient, double factor, double* slopes)
        where T : unmanaged, ILanes<T>
    {
        var lanes = T.Count;
        var scale = T.Broadcast(factor);
        for (var m = 0; m < width; m += lanes)
        {
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            for (var a = 0; a < axis; a++)
            {
                var own = t + a / lanes * 4 * lanes + a % lanes;
                var g = T.Load(gradient + (long)a * width + m);
                s0 = T.MultiplyAdd(g, T.Broadcast(own[0]), s0);
                s1 = T.MultiplyAdd(g, T.Broadcast(own[lanes]), s1);
                s2 = T.MultiplyAdd(g, T.Broadcast(own[2 * lanes]), s2);
                s3 = T.MultiplyAdd(g, T.Broadcast(own[3 * lanes]), s3);
            }

            var target = slopes + 4L * m;
            (scale * s0).Store(target);
            (scale * s1).Store(target + lanes);
            (scale * s2).Store(target + 2 * lanes);
            (scale * s3).Store(target + 3 * lanes);
        }

        for (var a = 0; a < axis; a++)
        {
            T s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            for (var m = 0; m < width; m += lanes)
            {
                var source = t + 4L * m;
                var g = T.Load(gradient + (long)a * width + m);
                s0 = T.MultiplyAdd(g, T.Load(source), s0);
                s1 = T.MultiplyAdd(g, T.Load(source + lanes), s1);
                s2 = T.MultiplyAdd(g, T.Load(source + 2 * lanes), s2);
                s3 = T.MultiplyAdd(g, T.Load(source + 3 * lanes), s3);
            }

            var target = slopes + a / lanes * 4 * lanes + a % lanes;
            target[0] += factor * T.Sum(s0);
            target[lanes] += factor * T.Sum(s1);
            target[2 * lanes] += factor * T.Sum(s2);
            target[3 * lanes] += factor * T.Sum(s3);
        }
    }
}
