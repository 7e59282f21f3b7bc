using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>∂B of a neighbour from its segments' sums along the tangents T of <see cref="DescriptorSlopes"/>.</summary>
/// <remarks>
/// With V = F·s of a neighbour, the function that a product leaves to its other terms is V_x·V_y/s, whose part along l is
/// (V_x·T_l[V_y] + V_y·T_l[V_x] − λ·u_l·V_x·V_y)/s.
/// </remarks>
internal static unsafe class DescriptorSums
{
    /// <summary>Makes ∂B.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="segments">The segments.</param>
    /// <param name="group">The group.</param>
    /// <param name="n">The neighbour.</param>
    /// <param name="sums">Sums of the segments, <c>[segments][3]</c>, six vectors apart.</param>
    /// <param name="values">F·s, <c>[2J + 1]</c>.</param>
    /// <param name="work">Room for <c>[9 + 3 + 2J + 1]</c>.</param>
    /// <param name="derivatives">Filled, <c>[3][components]</c>.</param>
    public static void Run<T>(SnapPlan plan, SnapSegments segments, in SnapGroup group, int n, double* sums, double* values, double* work, double* derivatives)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        double* turns = work, switching = work + 9 * count, shapes = work + 12 * count;
        MakeTurns<T>(group.Motion + (long)n * DensityPass.MotionWidth * count, turns, switching);
        var start = T.Load(group.Wigner + 2L * n * group.WignerCount * count);
        // 1/s, or nothing where there is no neighbour.
        var inverse = start / T.MultiplyAdd(start, start, T.Broadcast(1e-300));
        for (var j = 0; j <= plan.Products.TwoJMax; j++)
        {
            (inverse * T.Load(values + j * count)).Store(shapes + j * count);
        }

        Combine<T>(segments, sums, values, shapes, turns, switching, derivatives);
    }

    // ω, [3][3], and λ·u.
    private static void MakeTurns<T>(double* motion, double* turns, double* switching)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        T sine = T.Load(motion + 4 * count), cosine = T.Load(motion + 5 * count), slope = T.Load(motion + 6 * count);
        var turn = sine * T.Load(motion + 3 * count);
        T straight = turn * cosine, aside = turn * sine, lambda = T.Load(motion + 7 * count) / slope;
        var radial = slope - straight;
        for (var k = 0; k < 3; k++)
        {
            var along = T.Load(motion + k * count);
            (lambda * along).Store(switching + k * count);
            var part = radial * along;
            int next = (k + 1) % 3, last = (k + 2) % 3;
            T nextUnit = T.Load(motion + next * count), lastUnit = T.Load(motion + last * count);
            T.MultiplyAdd(part, along, straight).Store(turns + (3 * k + k) * count);
            T.MultiplyAdd(part, nextUnit, aside * lastUnit).Store(turns + (3 * k + next) * count);
            T.MultiplyAdd(part, lastUnit, T.Zero - aside * nextUnit).Store(turns + (3 * k + last) * count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine<T>(SnapSegments segments, double* sums, double* values, double* shapes, double* turns, double* switching, double* target)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        var stride = (long)segments.ComponentCount * count;
        T xx = T.Load(turns), xy = T.Load(turns + count), xz = T.Load(turns + 2 * count);
        T yx = T.Load(turns + 3 * count), yy = T.Load(turns + 4 * count), yz = T.Load(turns + 5 * count);
        T zx = T.Load(turns + 6 * count), zy = T.Load(turns + 7 * count), zz = T.Load(turns + 8 * count);
        var component = segments.Components;
        var term = segments.Terms;
        var densities = segments.Densities;
        for (var left = segments.ComponentCount; left > 0; left--, component++, target += count)
        {
            T x = T.Zero, y = T.Zero, z = T.Zero;
            if (component->Y >= 0)
            {
                double* one = sums + 6L * densities[component->X] * count, two = sums + 6L * densities[component->Y] * count;
                var factor = T.Broadcast(component->Factor);
                T f = factor * T.Load(shapes + component->X * count), g = factor * T.Load(shapes + component->Y * count);
                var both = f * T.Load(values + component->Y * count);
                x = T.MultiplyAdd(f, T.Load(two), T.NegatedMultiplyAdd(both, T.Load(switching), g * T.Load(one)));
                y = T.MultiplyAdd(f, T.Load(two + count), T.NegatedMultiplyAdd(both, T.Load(switching + count), g * T.Load(one + count)));
                z = T.MultiplyAdd(f, T.Load(two + 2 * count), T.NegatedMultiplyAdd(both, T.Load(switching + 2 * count), g * T.Load(one + 2 * count)));
            }

            for (var end = term + component->TermCount; term < end; term++)
            {
                var factor = T.Broadcast(term->Factor);
                var sum = sums + 6L * term->Segment * count;
                x = T.MultiplyAdd(factor, T.Load(sum), x);
                y = T.MultiplyAdd(factor, T.Load(sum + count), y);
                z = T.MultiplyAdd(factor, T.Load(sum + 2 * count), z);
            }

            T.MultiplyAdd(xx, x, T.MultiplyAdd(xy, y, xz * z)).Store(target);
            T.MultiplyAdd(yx, x, T.MultiplyAdd(yy, y, yz * z)).Store(target + stride);
            T.MultiplyAdd(zx, x, T.MultiplyAdd(zy, y, zz * z)).Store(target + 2 * stride);
        }
    }
}
