using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Bispectrum and its derivatives, one atom in each lane: after <see cref="DensityPass"/>, all Z of the proper half planes
/// are kept, with the factors that make them the gradients of the components, B = ⅓ Σ Z*·W and ∂B = Σ Z*·∂W.
/// </summary>
/// <remarks>
/// ∂W of a neighbour in the three directions follows from the recursion of W with constants (p,q):
/// ∂W_j(ma) = p·∂W_{j−1}(ma) + ∂p·W_{j−1}(ma) + q·∂W_{j−1}(ma−1) + ∂q·W_{j−1}(ma−1), from ∂W_0 = (ln s)'·u·W_0, with
/// ∂_k cosθ0 = −sinθ0·θ'·u_k and ∂_k(u_c·sinθ0) = cosθ0·θ'·u_c·u_k + (sinθ0/r)·(δ_ck − u_c·u_k).
/// </remarks>
internal static unsafe class DescriptorPass
{
    /// <summary>Makes all Z; <paramref name="factors"/> <c>[triples]</c>, <paramref name="weights"/> <c>[full planes][2]</c>.</summary>
    public static void MakeZ<T>(SnapPlan plan, SnapSegments segments, in SnapGroup group, double* factors, double* weights, double* z)
        where T : unmanaged, ILanes<T>
    {
        var end = new Keep<T> { Places = segments.Places, Target = z };
        BlockKernels.Run<T, Keep<T>>(plan, group.Full, factors, weights, ref end);
    }

    /// <summary>B of every component, the isolated atom's left in, <c>[components]</c>.</summary>
    public static void MakeBispectrum<T>(SnapSegments segments, int components, in SnapGroup group, double* z, double* bispectrum)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        new Span<double>(bispectrum, components * count).Clear();
        for (var s = 0; s < segments.Count; s++)
        {
            var segment = segments.Items[s];
            double* one = z + 2L * segment.Start * count, w = group.Sum + 2L * segment.Half * count;
            T real = T.Zero, imaginary = T.Zero;
            for (var e = 0; e < segment.Count; e++)
            {
                real = T.MultiplyAdd(T.Load(one), T.Load(w), real);
                imaginary = T.MultiplyAdd(T.Load(one + count), T.Load(w + count), imaginary);
                one += 2 * count;
                w += 2 * count;
            }

            var target = bispectrum + (long)segment.Component * count;
            T.MultiplyAdd(T.Broadcast(1.0 / 3), real + imaginary, T.Load(target)).Store(target);
        }
    }

    /// <summary>∂W of one neighbour, <c>[half planes][3][2]</c>.</summary>
    public static void MakeSlopes<T>(SnapPlan plan, in SnapGroup group, int n, double* slopes)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        var constants = stackalloc double[32 * count + 8];
        constants = (double*)(((nint)constants + 63) & ~63);
        var wigner = group.Wigner + 2L * n * plan.WignerCount * count;
        var motion = group.Motion + (long)n * DensityPass.MotionWidth * count;
        var start = T.Load(wigner) * T.Load(motion + 7 * count);
        for (var k = 0; k < 3; k++)
        {
            (start * T.Load(motion + k * count)).Store(slopes + 2 * k * count);
            T.Zero.Store(slopes + (2 * k + 1) * count);
        }

        MakeConstants<T>(motion, constants);
        for (var r = 0; r < plan.RowCount; r++)
        {
            var row = plan.Rows[r];
            var middle = row.Middle * 16 * count;
            for (var k = 0; k < 3; k++)
            {
                SlopeRow<T>(row, wigner, slopes + 2 * k * count, constants + middle, constants + middle + 4 * (k + 1) * count);
            }
        }
    }

    /// <summary>∂B of one neighbour, <c>[3][components]</c>.</summary>
    public static void Contract<T>(SnapSegments segments, int components, double* z, double* slopes, double* derivatives)
        where T : unmanaged, ILanes<T>
    {
        new Span<double>(derivatives, 3 * components * T.Count).Clear();
        for (var s = 0; s < segments.Count; s++)
        {
            ContractOne<T>(segments.Items[s], components, z, slopes, derivatives);
        }
    }

    /// <summary>
    /// ∂B of two neighbours at once, <c>[2][3][components]</c>, from their slopes <c>[2][half planes][3][2]</c>; two segments of
    /// a layer together where there are two. Less is loaded, and there are sums enough to keep the multipliers busy, but
    /// they need 32 registers.
    /// </summary>
    public static void ContractPair<T>(SnapSegments segments, int components, double* z, double* slopes, long slopesWidth, double* derivatives)
        where T : unmanaged, ILanes<T>
    {
        var width = 3L * components * T.Count;
        new Span<double>(derivatives, (int)(2 * width)).Clear();
        for (var s = 0; s < segments.Count; s++)
        {
            var segment = segments.Items + s;
            if (s + 1 < segments.Count && segment[1].Half == segment->Half)
            {
                ContractFour<T>(segment[0], segment[1], components, z, slopes, slopes + slopesWidth, derivatives);
                s++;
            }
            else
            {
                ContractOne<T>(*segment, components, z, slopes, derivatives);
                ContractOne<T>(*segment, components, z, slopes + slopesWidth, derivatives + width);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ContractOne<T>(in SnapSegment segment, int components, double* z, double* slopes, double* derivatives)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        double* one = z + 2L * segment.Start * count, w = slopes + 6L * segment.Half * count;
        T xr = T.Zero, xi = T.Zero, yr = T.Zero, yi = T.Zero, zr = T.Zero, zi = T.Zero;
        for (var e = segment.Count; e > 0; e--)
        {
            T real = T.Load(one), imaginary = T.Load(one + count);
            xr = T.MultiplyAdd(real, T.Load(w), xr);
            xi = T.MultiplyAdd(imaginary, T.Load(w + count), xi);
            yr = T.MultiplyAdd(real, T.Load(w + 2 * count), yr);
            yi = T.MultiplyAdd(imaginary, T.Load(w + 3 * count), yi);
            zr = T.MultiplyAdd(real, T.Load(w + 4 * count), zr);
            zi = T.MultiplyAdd(imaginary, T.Load(w + 5 * count), zi);
            one += 2 * count;
            w += 6 * count;
        }

        AddTo(derivatives + (long)segment.Component * count, (long)components * count, xr + xi, yr + yi, zr + zi);
    }

    // Sums a, b of the first neighbour with the two segments, c, d of the second; in each real and imaginary products together.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ContractFour<T>(in SnapSegment first, in SnapSegment second, int components, double* z, double* slopes, double* otherSlopes, double* derivatives)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        double* one = z + 2L * first.Start * count, two = z + 2L * second.Start * count, w = slopes + 6L * first.Half * count, v = otherSlopes + 6L * first.Half * count;
        T ax = T.Zero, ay = T.Zero, az = T.Zero, bx = T.Zero, by = T.Zero, bz = T.Zero;
        T cx = T.Zero, cy = T.Zero, cz = T.Zero, dx = T.Zero, dy = T.Zero, dz = T.Zero;
        // Twice: real parts, then imaginary ones.
        for (var e = 2 * first.Count; e > 0; e--)
        {
            T p = T.Load(one), q = T.Load(two);
            T x = T.Load(w), y = T.Load(w + 2 * count), direction = T.Load(w + 4 * count);
            ax = T.MultiplyAdd(p, x, ax);
            bx = T.MultiplyAdd(q, x, bx);
            ay = T.MultiplyAdd(p, y, ay);
            by = T.MultiplyAdd(q, y, by);
            az = T.MultiplyAdd(p, direction, az);
            bz = T.MultiplyAdd(q, direction, bz);
            x = T.Load(v);
            y = T.Load(v + 2 * count);
            direction = T.Load(v + 4 * count);
            cx = T.MultiplyAdd(p, x, cx);
            dx = T.MultiplyAdd(q, x, dx);
            cy = T.MultiplyAdd(p, y, cy);
            dy = T.MultiplyAdd(q, y, dy);
            cz = T.MultiplyAdd(p, direction, cz);
            dz = T.MultiplyAdd(q, direction, dz);
            one += count;
            two += count;
            var step = (e & 1) == 0 ? count : 5 * count;
            w += step;
            v += step;
        }

        var stride = (long)components * count;
        double* target = derivatives + (long)first.Component * count, otherTarget = derivatives + (long)second.Component * count;
        AddTo(target, stride, ax, ay, az);
        AddTo(otherTarget, stride, bx, by, bz);
        AddTo(target + 3 * stride, stride, cx, cy, cz);
        AddTo(otherTarget + 3 * stride, stride, dx, dy, dz);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo<T>(double* target, long stride, T x, T y, T z)
        where T : unmanaged, ILanes<T>
    {
        (T.Load(target) + x).Store(target);
        (T.Load(target + stride) + y).Store(target + stride);
        (T.Load(target + 2 * stride) + z).Store(target + 2 * stride);
    }

    // For both kinds of row (as DensityPass): p, q, then ∂p, ∂q in three directions, each [re][im].
    private static void MakeConstants<T>(double* motion, double* constants)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        T perDistance = T.Load(motion + 3 * count), sine = T.Load(motion + 4 * count), cosine = T.Load(motion + 5 * count), slope = T.Load(motion + 6 * count);
        T ux = T.Load(motion), uy = T.Load(motion + count), uz = T.Load(motion + 2 * count);
        Write<T>(constants, cosine, uz * sine, uy * sine, ux * sine);
        var turn = sine * perDistance;
        var radial = cosine * slope - turn;
        for (var k = 0; k < 3; k++)
        {
            var along = T.Load(motion + k * count);
            T across = along * radial, none = T.Zero;
            Write<T>(
                constants + 4 * (k + 1) * count,
                none - sine * slope * along,
                T.MultiplyAdd(uz, across, k == 2 ? turn : none),
                T.MultiplyAdd(uy, across, k == 1 ? turn : none),
                T.MultiplyAdd(ux, across, k == 0 ? turn : none));
        }
    }

    // (a*, −b*) and, for middle rows, (b, a), from a = c − i·z and b = y − i·x.
    private static void Write<T>(double* target, T c, T z, T y, T x)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        T minusX = T.Zero - x, minusY = T.Zero - y, minusZ = T.Zero - z;
        c.Store(target);
        z.Store(target + count);
        minusY.Store(target + 2 * count);
        minusX.Store(target + 3 * count);
        target += 16 * count;
        y.Store(target);
        minusX.Store(target + count);
        c.Store(target + 2 * count);
        minusZ.Store(target + 3 * count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SlopeRow<T>(in SnapRow row, double* wigner, double* slopes, double* constants, double* changes)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        T pr = T.Load(constants), pi = T.Load(constants + count), qr = T.Load(constants + 2 * count), qi = T.Load(constants + 3 * count);
        T sr = T.Load(changes), si = T.Load(changes + count), tr = T.Load(changes + 2 * count), ti = T.Load(changes + 3 * count);
        double* w = wigner + 2L * row.Source * count, d = slopes + 6L * row.Source * count, to = slopes + 6L * row.Target * count;
        T carryReal = T.Zero, carryImaginary = T.Zero;
        for (var ma = row.Length; ma > 0; ma--)
        {
            T wr = T.Load(w), wi = T.Load(w + count), dr = T.Load(d), di = T.Load(d + count);
            var real = T.NegatedMultiplyAdd(si, wi, T.MultiplyAdd(sr, wr, carryReal));
            var imaginary = T.MultiplyAdd(si, wr, T.MultiplyAdd(sr, wi, carryImaginary));
            T.NegatedMultiplyAdd(pi, di, T.MultiplyAdd(pr, dr, real)).Store(to);
            T.MultiplyAdd(pi, dr, T.MultiplyAdd(pr, di, imaginary)).Store(to + count);
            carryReal = T.NegatedMultiplyAdd(qi, di, T.MultiplyAdd(qr, dr, T.NegatedMultiplyAdd(ti, wi, tr * wr)));
            carryImaginary = T.MultiplyAdd(qi, dr, T.MultiplyAdd(qr, di, T.MultiplyAdd(ti, wr, tr * wi)));
            w += 2 * count;
            d += 6 * count;
            to += 6 * count;
        }

        carryReal.Store(to);
        carryImaginary.Store(to + count);
    }

    private struct Keep<T> : IBlockEnd<T>
        where T : unmanaged, ILanes<T>
    {
        public int* Places;
        public double* Target;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Take(double* plane, double* triple, T real, T imaginary)
        {
            var factor = T.Load(triple) * T.Load(plane);
            var target = Target + 2L * *Places * T.Count;
            Places++;
            (factor * real).Store(target);
            (factor * imaginary).Store(target + T.Count);
        }
    }
}
