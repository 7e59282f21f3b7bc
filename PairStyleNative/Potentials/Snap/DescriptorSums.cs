using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>∂B of a neighbour from its segments' sums along the tangents T of <see cref="DescriptorSlopes"/>.</summary>
/// <remarks>
/// First the sums of the triples that <see cref="SnapSegments"/> leave out, from F of both layers and its derivatives
/// f_l = e_l F, f_kl. The part of s·F_x·F_y along l is s·(F_x·f_l,y + F_y·f_l,x + λ·u_l·F_x·F_y), that of s·∇F_x·∇F_y is
/// s·(Σ_k (f_kl,x·f_k,y + f_kl,y·f_k,x) + λ·u_l·∇F_x·∇F_y), in which f_kl may be symmetrized: [e_k,e_l] = −2ε_klm·e_m cancels.
/// </remarks>
internal static unsafe class DescriptorSums
{
    /// <summary>Numbers of a layer: F, f_x, f_y, f_z, f_xx, f_yy, f_zz, f_xy, f_xz, f_yz.</summary>
    private const int LayerWidth = 10;

    /// <summary>Vectors of work memory for a value of twojmax.</summary>
    public static int WorkWidth(int twoJMax) => 12 + LayerWidth * (twoJMax + 1);

    /// <summary>Makes ∂B.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="segments">The segments.</param>
    /// <param name="group">The group.</param>
    /// <param name="n">The neighbour.</param>
    /// <param name="sums">Sums of the segments, <c>[sums][3]</c>, six vectors apart; those of the triples that are left out are filled.</param>
    /// <param name="values">F·s, <c>[2J + 1]</c>.</param>
    /// <param name="curvatures">Sums of <see cref="DescriptorCurvatures"/>.</param>
    /// <param name="work">Room, <see cref="WorkWidth"/>.</param>
    /// <param name="derivatives">Filled, <c>[3][components]</c>.</param>
    /// <param name="stride">From one direction of the derivatives to the next.</param>
    public static void Run<T>(SnapPlan plan, SnapSegments segments, in SnapGroup group, int n, double* sums, double* values, double* curvatures, double* work, double* derivatives, long stride)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        double* turns = work, switching = work + 9 * count, layers = work + 12 * count;
        MakeTurns<T>(group.Motion + (long)n * DensityPass.MotionWidth * count, turns, switching);
        var start = T.Load(group.Wigner + 2L * n * group.WignerCount * count);
        // 1/s, or nothing where there is no neighbour.
        var inverse = start / T.MultiplyAdd(start, start, T.Broadcast(1e-300));
        MakeLayers(segments, plan.Products.TwoJMax, inverse, (T*)sums, (T*)values, (T*)switching, (T*)layers);
        Bend(segments, (T*)curvatures, inverse, (T*)layers);
        AddPairs(segments, (T*)layers, start, (T*)switching, (T*)sums);
        Combine<T>(segments, sums, turns, derivatives, stride);
    }

    private static void MakeLayers<T>(SnapSegments segments, int twoJMax, T inverse, T* sums, T* values, T* switching, T* layers)
        where T : unmanaged, ILanes<T>
    {
        for (var j = 0; j <= twoJMax; j++, layers += LayerWidth)
        {
            var slopes = sums + 6L * segments.Densities[j];
            var value = values[j];
            layers[0] = inverse * value;
            for (var l = 0; l < 3; l++)
            {
                layers[1 + l] = inverse * T.NegatedMultiplyAdd(switching[l], value, slopes[l]);
            }
        }
    }

    private static void Bend<T>(SnapSegments segments, T* curvatures, T inverse, T* layers)
        where T : unmanaged, ILanes<T>
    {
        foreach (var curved in segments.CurvedLayers)
        {
            var layer = layers + LayerWidth * curved.J;
            T zz = inverse * curvatures[0], difference = inverse * curvatures[1];
            // Half of xx + yy.
            var half = T.Broadcast(-0.5) * T.MultiplyAdd(T.Broadcast(curved.J * (curved.J + 2)), layer[0], zz);
            layer[4] = half + difference;
            layer[5] = half - difference;
            layer[6] = zz;
            layer[7] = inverse * curvatures[2];
            layer[8] = inverse * curvatures[3];
            layer[9] = inverse * curvatures[4];
            curvatures += DescriptorCurvatures.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPairs<T>(SnapSegments segments, T* layers, T scale, T* switching, T* sums)
        where T : unmanaged, ILanes<T>
    {
        T lx = switching[0], ly = switching[1], lz = switching[2];
        var pair = segments.Pairs;
        var term = segments.Terms;
        for (var left = segments.PairCount; left > 0; left--, pair++)
        {
            T* x = layers + LayerWidth * pair->X, y = layers + LayerWidth * pair->Y;
            T fx = x[0], fy = y[0];
            var both = fx * fy;
            var px = T.MultiplyAdd(fx, y[1], T.MultiplyAdd(fy, x[1], lx * both));
            var py = T.MultiplyAdd(fx, y[2], T.MultiplyAdd(fy, x[2], ly * both));
            var pz = T.MultiplyAdd(fx, y[3], T.MultiplyAdd(fy, x[3], lz * both));
            T rx = scale * px, ry = scale * py, rz = scale * pz, nx = T.Zero, ny = T.Zero, nz = T.Zero;
            if (pair->Next >= 0)
            {
                var dot = T.MultiplyAdd(x[1], y[1], T.MultiplyAdd(x[2], y[2], x[3] * y[3]));
                T product = scale * T.Broadcast(pair->Product), slopes = scale * T.Broadcast(pair->Slopes);
                nx = T.MultiplyAdd(product, px, slopes * T.MultiplyAdd(lx, dot, Bend(x[4], x[7], x[8], y) + Bend(y[4], y[7], y[8], x)));
                ny = T.MultiplyAdd(product, py, slopes * T.MultiplyAdd(ly, dot, Bend(x[7], x[5], x[9], y) + Bend(y[7], y[5], y[9], x)));
                nz = T.MultiplyAdd(product, pz, slopes * T.MultiplyAdd(lz, dot, Bend(x[8], x[9], x[6], y) + Bend(y[8], y[9], y[6], x)));
            }

            for (var end = term + pair->TermCount; term < end; term++)
            {
                var sum = sums + 6L * term->Segment;
                T share = T.Broadcast(term->Share), weight = T.Broadcast(term->Weight), part = sum[0];
                rx = T.NegatedMultiplyAdd(share, part, rx);
                nx = T.NegatedMultiplyAdd(weight, part, nx);
                part = sum[1];
                ry = T.NegatedMultiplyAdd(share, part, ry);
                ny = T.NegatedMultiplyAdd(weight, part, ny);
                part = sum[2];
                rz = T.NegatedMultiplyAdd(share, part, rz);
                nz = T.NegatedMultiplyAdd(weight, part, nz);
            }

            if (pair->Next >= 0)
            {
                Put(sums + 6L * pair->Next, pair->NextFactor, nx, ny, nz);
                rx -= nx;
                ry -= ny;
                rz -= nz;
            }

            if (pair->Sum >= 0)
            {
                Put(sums + 6L * pair->Sum, pair->SumFactor, rx, ry, rz);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Bend<T>(T a, T b, T c, T* layer)
        where T : unmanaged, ILanes<T> => T.MultiplyAdd(a, layer[1], T.MultiplyAdd(b, layer[2], c * layer[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<T>(T* target, double factor, T x, T y, T z)
        where T : unmanaged, ILanes<T>
    {
        var scale = T.Broadcast(factor);
        target[0] = scale * x;
        target[1] = scale * y;
        target[2] = scale * z;
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
    private static void Combine<T>(SnapSegments segments, double* sums, double* turns, double* target, long stride)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        T xx = T.Load(turns), xy = T.Load(turns + count), xz = T.Load(turns + 2 * count);
        T yx = T.Load(turns + 3 * count), yy = T.Load(turns + 4 * count), yz = T.Load(turns + 5 * count);
        T zx = T.Load(turns + 6 * count), zy = T.Load(turns + 7 * count), zz = T.Load(turns + 8 * count);
        var component = segments.Components;
        for (var left = segments.ComponentCount; left > 0; left--, component++, target += count)
        {
            var sum = sums + 6L * component->First * count;
            T x = T.Load(sum), y = T.Load(sum + count), z = T.Load(sum + 2 * count);
            if (component->Second >= 0)
            {
                sum = sums + 6L * component->Second * count;
                x += T.Load(sum);
                y += T.Load(sum + count);
                z += T.Load(sum + 2 * count);
            }

            if (component->Third >= 0)
            {
                sum = sums + 6L * component->Third * count;
                x += T.Load(sum);
                y += T.Load(sum + count);
                z += T.Load(sum + 2 * count);
            }

            T.MultiplyAdd(xx, x, T.MultiplyAdd(xy, y, xz * z)).Store(target);
            T.MultiplyAdd(yx, x, T.MultiplyAdd(yy, y, yz * z)).Store(target + stride);
            T.MultiplyAdd(zx, x, T.MultiplyAdd(zy, y, zz * z)).Store(target + 2 * stride);
        }
    }
}
