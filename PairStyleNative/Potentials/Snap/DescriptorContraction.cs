using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Re Σ Z*·T of every segment with the three directions of two neighbours: the larger part of the work. Two segments of a
/// layer go together where there are two: less is loaded, and twelve sums keep the multipliers busy in 16 registers.
/// </summary>
internal static unsafe class DescriptorContraction
{
    /// <summary>Contracts the segments of a layer.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="j">The layer.</param>
    /// <param name="z">All values of all segments.</param>
    /// <param name="slopes">The layer's T of two neighbours, <c>[2][proper half plane][3][2]</c>.</param>
    /// <param name="slopesWidth">From the first neighbour's to the second's.</param>
    /// <param name="sums">Filled, <c>[segments][2][3]</c>.</param>
    public static void Run<T>(SnapSegments segments, int j, double* z, double* slopes, long slopesWidth, double* sums)
        where T : unmanaged, ILanes<T>
    {
        var end = segments.Densities[j] + 1;
        for (var s = j > 0 ? segments.Densities[j - 1] + 1 : 0; s < end;)
        {
            var segment = segments.Items + s;
            var values = z + 2L * segment->Start * T.Count;
            var target = sums + 6L * s * T.Count;
            if (T.ForceNeighbors == 4 && s + 2 < end)
            {
                Three<T>(segment->Count, values, slopes, slopes + slopesWidth, target);
                s += 3;
            }
            else if (s + 1 < end)
            {
                Two<T>(segment->Count, values, slopes, slopes + slopesWidth, target);
                s += 2;
            }
            else
            {
                One<T>(segment->Count, values, slopes, slopes + slopesWidth, target);
                s++;
            }
        }
    }

    /// <summary>Contracts the segments of a layer with a single neighbour's T; fills the first of the two places in <paramref name="sums"/>.</summary>
    public static void RunSingle<T>(SnapSegments segments, int j, double* z, double* slopes, double* sums)
        where T : unmanaged, ILanes<T>
    {
        var end = segments.Densities[j] + 1;
        for (var s = j > 0 ? segments.Densities[j - 1] + 1 : 0; s < end; s++)
        {
            // Where a layer has an odd number of segments the last one goes with itself.
            var segment = segments.Items + s;
            var pair = s + 1 < end;
            var target = sums + 6L * s * T.Count;
            Single<T>(segment->Count, z + 2L * segment->Start * T.Count, pair ? 2L * segment->Count * T.Count : 0, slopes, target, pair ? 6L * T.Count : 0);
            s += pair ? 1 : 0;
        }
    }

    // Two segments, or the same one twice, with one neighbour.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Single<T>(int elements, double* z, long distance, double* slopes, double* sums, long sumDistance)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        T ax = T.Zero, ay = T.Zero, az = T.Zero, bx = T.Zero, by = T.Zero, bz = T.Zero;
        for (var e = 2 * elements; e > 0; e--)
        {
            T p = T.Load(z), q = T.Load(z + distance);
            T x = T.Load(slopes), y = T.Load(slopes + 2 * count), direction = T.Load(slopes + 4 * count);
            ax = T.MultiplyAdd(p, x, ax);
            bx = T.MultiplyAdd(q, x, bx);
            ay = T.MultiplyAdd(p, y, ay);
            by = T.MultiplyAdd(q, y, by);
            az = T.MultiplyAdd(p, direction, az);
            bz = T.MultiplyAdd(q, direction, bz);
            z += count;
            slopes += (e & 1) == 0 ? count : 5 * count;
        }

        Put(sums, ax, ay, az);
        Put(sums + sumDistance, bx, by, bz);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T>(int elements, double* z, double* first, double* second, double* sums)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        T ax = T.Zero, ay = T.Zero, az = T.Zero, cx = T.Zero, cy = T.Zero, cz = T.Zero;
        // Twice: real parts, then imaginary ones.
        for (var e = 2 * elements; e > 0; e--)
        {
            var p = T.Load(z);
            ax = T.MultiplyAdd(p, T.Load(first), ax);
            ay = T.MultiplyAdd(p, T.Load(first + 2 * count), ay);
            az = T.MultiplyAdd(p, T.Load(first + 4 * count), az);
            cx = T.MultiplyAdd(p, T.Load(second), cx);
            cy = T.MultiplyAdd(p, T.Load(second + 2 * count), cy);
            cz = T.MultiplyAdd(p, T.Load(second + 4 * count), cz);
            z += count;
            var step = (e & 1) == 0 ? count : 5 * count;
            first += step;
            second += step;
        }

        Put(sums, ax, ay, az);
        Put(sums + 3 * count, cx, cy, cz);
    }

    // Sums a, b of the first neighbour with the two segments, c, d of the second.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<T>(int elements, double* z, double* first, double* second, double* sums)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        var other = z + 2L * elements * count;
        T ax = T.Zero, ay = T.Zero, az = T.Zero, bx = T.Zero, by = T.Zero, bz = T.Zero;
        T cx = T.Zero, cy = T.Zero, cz = T.Zero, dx = T.Zero, dy = T.Zero, dz = T.Zero;
        for (var e = 2 * elements; e > 0; e--)
        {
            T p = T.Load(z), q = T.Load(other);
            var t = T.Load(first);
            ax = T.MultiplyAdd(p, t, ax);
            bx = T.MultiplyAdd(q, t, bx);
            t = T.Load(first + 2 * count);
            ay = T.MultiplyAdd(p, t, ay);
            by = T.MultiplyAdd(q, t, by);
            t = T.Load(first + 4 * count);
            az = T.MultiplyAdd(p, t, az);
            bz = T.MultiplyAdd(q, t, bz);
            t = T.Load(second);
            cx = T.MultiplyAdd(p, t, cx);
            dx = T.MultiplyAdd(q, t, dx);
            t = T.Load(second + 2 * count);
            cy = T.MultiplyAdd(p, t, cy);
            dy = T.MultiplyAdd(q, t, dy);
            t = T.Load(second + 4 * count);
            cz = T.MultiplyAdd(p, t, cz);
            dz = T.MultiplyAdd(q, t, dz);
            z += count;
            other += count;
            var step = (e & 1) == 0 ? count : 5 * count;
            first += step;
            second += step;
        }

        Put(sums, ax, ay, az);
        Put(sums + 3 * count, cx, cy, cz);
        Put(sums + 6 * count, bx, by, bz);
        Put(sums + 9 * count, dx, dy, dz);
    }

    // The same for three segments: 22 registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<T>(int elements, double* z, double* first, double* second, double* sums)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        double* other = z + 2L * elements * count, third = other + 2L * elements * count;
        T ax = T.Zero, ay = T.Zero, az = T.Zero, bx = T.Zero, by = T.Zero, bz = T.Zero, cx = T.Zero, cy = T.Zero, cz = T.Zero;
        T dx = T.Zero, dy = T.Zero, dz = T.Zero, ex = T.Zero, ey = T.Zero, ez = T.Zero, fx = T.Zero, fy = T.Zero, fz = T.Zero;
        for (var e = 2 * elements; e > 0; e--)
        {
            T p = T.Load(z), q = T.Load(other), r = T.Load(third);
            var t = T.Load(first);
            ax = T.MultiplyAdd(p, t, ax);
            bx = T.MultiplyAdd(q, t, bx);
            cx = T.MultiplyAdd(r, t, cx);
            t = T.Load(first + 2 * count);
            ay = T.MultiplyAdd(p, t, ay);
            by = T.MultiplyAdd(q, t, by);
            cy = T.MultiplyAdd(r, t, cy);
            t = T.Load(first + 4 * count);
            az = T.MultiplyAdd(p, t, az);
            bz = T.MultiplyAdd(q, t, bz);
            cz = T.MultiplyAdd(r, t, cz);
            t = T.Load(second);
            dx = T.MultiplyAdd(p, t, dx);
            ex = T.MultiplyAdd(q, t, ex);
            fx = T.MultiplyAdd(r, t, fx);
            t = T.Load(second + 2 * count);
            dy = T.MultiplyAdd(p, t, dy);
            ey = T.MultiplyAdd(q, t, ey);
            fy = T.MultiplyAdd(r, t, fy);
            t = T.Load(second + 4 * count);
            dz = T.MultiplyAdd(p, t, dz);
            ez = T.MultiplyAdd(q, t, ez);
            fz = T.MultiplyAdd(r, t, fz);
            z += count;
            other += count;
            third += count;
            var step = (e & 1) == 0 ? count : 5 * count;
            first += step;
            second += step;
        }

        Put(sums, ax, ay, az);
        Put(sums + 3 * count, dx, dy, dz);
        Put(sums + 6 * count, bx, by, bz);
        Put(sums + 9 * count, ex, ey, ez);
        Put(sums + 12 * count, cx, cy, cz);
        Put(sums + 15 * count, fx, fy, fz);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<T>(double* target, T x, T y, T z)
        where T : unmanaged, ILanes<T>
    {
        x.Store(target);
        y.Store(target + T.Count);
        z.Store(target + 2 * T.Count);
    }
}
