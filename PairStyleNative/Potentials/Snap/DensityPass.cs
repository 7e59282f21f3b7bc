using System.Numerics;
using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// First pass: the Wigner functions of every neighbour and their sum, one atom in each lane.
/// </summary>
/// <remarks>
/// With θ0 and u as in <see cref="WignerFunctions"/>, a = cosθ0 − i·u_z·sinθ0 and b = (u_y − i·u_x)·sinθ0. The pair (sinθ0, cosθ0)
/// times the sign of sinθ0 has period π; it is computed as (cos x, −sin x), x = θ0 − π/2 brought into ±π/2.
/// From W_0 = switching·weight,
/// W_j(ma,mb) = a*·W_{j−1}(ma,mb) − b*·W_{j−1}(ma−1,mb) for 2mb &lt; j, and
/// W_j(ma,mb) = b·W_{j−1}(ma,mb−1) + a·W_{j−1}(ma−1,mb−1) for the middle row 2mb = j:
/// a row of length j makes a row of length j + 1 with two complex constants. Two neighbours go through the recursion
/// together, which halves the traffic of the sums. The switching function ½(1 + cos 2h) is sin²(π/2 − h), which stays
/// accurate towards the cutoff.
/// </remarks>
internal static unsafe class DensityPass
{
    /// <summary>Vectors of a neighbour's geometry: x, y, z of r_j − r_i, cutoff, 1/(cutoff − rmin0), weight.</summary>
    public const int GeometryWidth = 6;

    /// <summary>Vectors kept for the force pass: u_x, u_y, u_z, 1/r, sinθ0, cosθ0, dθ0/dr, d(ln switching)/dr.</summary>
    public const int MotionWidth = 8;

    /// <summary>Fills the Wigner functions of all neighbours and their sum with the central atom's own density.</summary>
    public static void Run<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        // As long as its constants have registers.
        if (T.ForceNeighbors == 4 && Processor.AddsBesideMultiplying)
        {
            Run<T, ByAdditions>(plan, group);
        }
        else
        {
            Run<T, ByMultiplications>(plan, group);
        }
    }

    /// <summary>Mirrors the sum of the half planes to the full planes.</summary>
    public static void Mirror<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        for (var e = 0; e < plan.ElementCount; e++)
        {
            var element = plan.Elements[e];
            var source = group.Sum + 2L * element.Half * count;
            T real = T.Load(source), imaginary = T.Load(source + count);
            var sign = T.Broadcast(element.Sign);
            (sign * real).Store(group.Full + 2L * element.Mirror * count);
            (T.Zero - sign * imaginary).Store(group.Full + 2L * element.Mirror * count + count);
            real.Store(group.Full + 2L * element.Full * count);
            imaginary.Store(group.Full + 2L * element.Full * count + count);
        }
    }

    /// <summary>Mirrors the sum of the half planes to the planes of the adjoint pass, and clears their Y.</summary>
    public static void Spread<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        for (var e = 0; e < plan.ElementCount; e++)
        {
            ref readonly var element = ref plan.Elements[e];
            var source = (T*)group.Sum + 2L * element.Half;
            SpreadOne<T, double>(element, source[0], source[1], (T*)group.Planes);
        }
    }

    /// <summary>One element of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void SpreadOne<T, TNumber>(in SnapElement element, T real, T imaginary, T* planes)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged, INumberBase<TNumber>
    {
        var sign = T.Broadcast(TNumber.CreateTruncating(element.Sign));
        T* mirror = planes + 4L * element.Mirror, own = planes + 4L * element.Full;
        mirror[0] = sign * real;
        mirror[1] = T.NegatedMultiplyAdd(sign, imaginary, T.Zero);
        own[0] = real;
        own[1] = imaginary;
        mirror[2] = mirror[3] = own[2] = own[3] = T.Zero;
    }

    /// <summary>Sets the sum to the central atom's own density.</summary>
    internal static void StartSum<T>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
    {
        new Span<double>(group.Sum, 2 * plan.HalfCount * T.Count).Clear();
        var self = T.Load(group.Self);
        for (var j = 0; j <= plan.Model.Parameters.TwoJMax; j++)
        {
            for (var m = 0; 2 * m <= j; m++)
            {
                self.Store(group.Sum + 2L * (SnapPlanes.HalfStart(j) + m * (j + 1) + m) * T.Count);
            }
        }
    }

    // Writes (a*, −b*, b, a), each [re][im], to constants, W_0 to wigner, and what the force pass needs to Motion.
    internal static void Prepare<T>(SnapParameters parameters, in SnapGroup group, int n, double* constants, double* wigner)
        where T : unmanaged, ILanes<T>
    {
        var count = T.Count;
        var geometry = group.Geometry + (long)n * GeometryWidth * count;
        T x = T.Load(geometry), y = T.Load(geometry + count), z = T.Load(geometry + 2 * count);
        T cutoff = T.Load(geometry + 3 * count), inverse = T.Load(geometry + 4 * count), weight = T.Load(geometry + 5 * count);
        var r = T.Sqrt(x * x + y * y + z * z);
        var perDistance = T.Broadcast(1) / r;
        T ux = x * perDistance, uy = y * perDistance, uz = z * perDistance;
        var slope = T.Broadcast(parameters.AngleFactor * Math.PI) * inverse;
        var angle = (r - T.Broadcast(parameters.MinimumDistance)) * slope;
        var turns = T.Floor(angle * T.Broadcast(1 / Math.PI));
        var reduced = T.NegatedMultiplyAdd(turns, T.Broadcast(Math.PI), angle) - T.Broadcast(Math.PI / 2);
        Trigonometry.SinCos(reduced, out var minusCosine, out var sine);
        var cosine = T.Zero - minusCosine;
        T switching = T.Broadcast(1), logarithmicSlope = T.Zero;
        if (parameters.Switching)
        {
            var quarter = T.Broadcast(Math.PI / 2);
            var rest = T.Min((cutoff - r) * inverse * quarter, quarter);
            Trigonometry.SinCos(rest, out var root, out var rootCosine);
            switching = root * root;
            logarithmicSlope = T.Broadcast(-Math.PI) * inverse * rootCosine / root;
        }

        var motion = group.Motion + (long)n * MotionWidth * count;
        ux.Store(motion);
        uy.Store(motion + count);
        uz.Store(motion + 2 * count);
        perDistance.Store(motion + 3 * count);
        sine.Store(motion + 4 * count);
        cosine.Store(motion + 5 * count);
        slope.Store(motion + 6 * count);
        logarithmicSlope.Store(motion + 7 * count);
        (switching * weight).Store(wigner);
        T.Zero.Store(wigner + count);
        if (parameters.InnerSwitching)
        {
            SwitchInner<T>(parameters, group, n, wigner);
        }

        T aImaginary = uz * sine, bReal = uy * sine, bImaginary = ux * sine;
        cosine.Store(constants);
        aImaginary.Store(constants + count);
        (T.Zero - bReal).Store(constants + 2 * count);
        (T.Zero - bImaginary).Store(constants + 3 * count);
        bReal.Store(constants + 4 * count);
        (T.Zero - bImaginary).Store(constants + 5 * count);
        cosine.Store(constants + 6 * count);
        (T.Zero - aImaginary).Store(constants + 7 * count);
    }

    // Rarely used, hence lane by lane with the scalar function.
    private static void SwitchInner<T>(SnapParameters parameters, in SnapGroup group, int n, double* wigner)
        where T : unmanaged, ILanes<T>
    {
        var geometry = group.Geometry + (long)n * GeometryWidth * T.Count;
        var inner = group.Inner + 2L * n * T.Count;
        for (var lane = 0; lane < T.Count; lane++)
        {
            double x = geometry[lane], y = geometry[T.Count + lane], z = geometry[2 * T.Count + lane];
            var neighbor = new SnapNeighbor(x, y, z, Math.Sqrt(x * x + y * y + z * z), geometry[3 * T.Count + lane], 1, inner[lane], inner[T.Count + lane], 0, 0);
            var (value, derivative) = SnapSwitching.Evaluate(parameters, neighbor);
            wigner[lane] = value * geometry[5 * T.Count + lane];
            group.Motion[((long)n * MotionWidth + 7) * T.Count + lane] = value > 0 ? derivative / value : 0;
        }
    }

    private static void Run<T, TArithmetic>(SnapPlan plan, in SnapGroup group)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
    {
        StartSum<T>(plan, group);
        var memory = stackalloc double[16 * T.Count + 8];
        var constants = (T*)(((nint)memory + 63) & ~63);
        var stride = 2L * group.WignerCount;
        var kept = group.WignerCount == plan.HalfCount ? plan.RowCount : plan.LowerRowCount;
        for (var n = 0; n < group.NeighborCount; n += 2)
        {
            T* first = (T*)group.Wigner + n * stride, second = first + stride;
            Prepare<T>(plan.Model.Parameters, group, n, (double*)constants, (double*)first);
            Prepare<T>(plan.Model.Parameters, group, n + 1, (double*)(constants + 8), (double*)second);
            Recur<T, TArithmetic>(plan.Rows, kept, constants, first, second, (T*)group.Sum);
            AddTop<T, TArithmetic>(plan.Rows + kept, plan.RowCount - kept, constants, first, second, (T*)group.Sum);
        }
    }

    // W of two neighbours from W_0, and its sum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Recur<T, TArithmetic>(SnapRow* rows, int count, T* constants, T* first, T* second, T* sum)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
    {
        sum[0] += first[0] + second[0];
        for (var end = rows + count; rows < end; rows++)
        {
            var c = constants + rows->Middle * 4;
            T pr = c[0], pi = c[1], qr = c[2], qi = c[3], pSum = pr + pi, pRest = pi - pr, qSum = qr + qi, qRest = qi - qr;
            T sr = c[8], si = c[9], tr = c[10], ti = c[11], sSum = sr + si, sRest = si - sr, tSum = tr + ti, tRest = ti - tr;
            T* from1 = first + 2L * rows->Source, from2 = second + 2L * rows->Source;
            T* to1 = first + 2L * rows->Target, to2 = second + 2L * rows->Target, total = sum + 2L * rows->Target;
            // Element ma of the source row times q, waiting for element ma + 1 times p.
            T carry1r = T.Zero, carry1i = T.Zero, carry2r = T.Zero, carry2i = T.Zero;
            for (var ma = rows->Length; ma > 0; ma--)
            {
                T wr = from1[0], wi = from1[1], vr, vi, xr, xi;
                var both = wr + wi;
                Add<T, TArithmetic>(pr, pi, pSum, pRest, wr, wi, both, carry1r, carry1i, out vr, out vi);
                Multiply<T, TArithmetic>(qr, qi, qSum, qRest, wr, wi, both, out carry1r, out carry1i);
                to1[0] = vr;
                to1[1] = vi;
                wr = from2[0];
                wi = from2[1];
                both = wr + wi;
                Add<T, TArithmetic>(sr, si, sSum, sRest, wr, wi, both, carry2r, carry2i, out xr, out xi);
                Multiply<T, TArithmetic>(tr, ti, tSum, tRest, wr, wi, both, out carry2r, out carry2i);
                to2[0] = xr;
                to2[1] = xi;
                total[0] += vr + xr;
                total[1] += vi + xi;
                from1 += 2;
                from2 += 2;
                to1 += 2;
                to2 += 2;
                total += 2;
            }

            to1[0] = carry1r;
            to1[1] = carry1i;
            to2[0] = carry2r;
            to2[1] = carry2i;
            total[0] += carry1r + carry2r;
            total[1] += carry1i + carry2i;
        }
    }

    // The rows of the top layer, which are added to the sum and not kept.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddTop<T, TArithmetic>(SnapRow* rows, int count, T* constants, T* first, T* second, T* sum)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
    {
        for (var end = rows + count; rows < end; rows++)
        {
            var c = constants + rows->Middle * 4;
            T pr = c[0], pi = c[1], qr = c[2], qi = c[3], pSum = pr + pi, pRest = pi - pr, qSum = qr + qi, qRest = qi - qr;
            T sr = c[8], si = c[9], tr = c[10], ti = c[11], sSum = sr + si, sRest = si - sr, tSum = tr + ti, tRest = ti - tr;
            T* from1 = first + 2L * rows->Source, from2 = second + 2L * rows->Source, total = sum + 2L * rows->Target;
            T carryReal = T.Zero, carryImaginary = T.Zero;
            for (var ma = rows->Length; ma > 0; ma--)
            {
                T wr = from1[0], wi = from1[1], xr = from2[0], xi = from2[1], wBoth = wr + wi, xBoth = xr + xi;
                Add<T, TArithmetic>(pr, pi, pSum, pRest, wr, wi, wBoth, total[0] + carryReal, total[1] + carryImaginary, out var real, out var imaginary);
                Add<T, TArithmetic>(sr, si, sSum, sRest, xr, xi, xBoth, real, imaginary, out total[0], out total[1]);
                Multiply<T, TArithmetic>(qr, qi, qSum, qRest, wr, wi, wBoth, out real, out imaginary);
                Add<T, TArithmetic>(tr, ti, tSum, tRest, xr, xi, xBoth, real, imaginary, out carryReal, out carryImaginary);
                from1 += 2;
                from2 += 2;
                total += 2;
            }

            total[0] += carryReal;
            total[1] += carryImaginary;
        }
    }

    // c·w, given Re c + Im c, Im c − Re c and Re w + Im w, which are not used by multiplications.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply<T, TArithmetic>(T cr, T ci, T sum, T rest, T wr, T wi, T both, out T real, out T imaginary)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
    {
        var common = cr * (TArithmetic.Additions ? both : wr);
        real = T.NegatedMultiplyAdd(TArithmetic.Additions ? sum : ci, wi, common);
        imaginary = TArithmetic.Additions ? T.MultiplyAdd(rest, wr, common) : T.MultiplyAdd(ci, wr, cr * wi);
    }

    // c·w + (real, imaginary).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<T, TArithmetic>(T cr, T ci, T sum, T rest, T wr, T wi, T both, T addReal, T addImaginary, out T real, out T imaginary)
        where T : unmanaged, ILanes<T>
        where TArithmetic : struct, IComplexArithmetic
    {
        if (TArithmetic.Additions)
        {
            var common = cr * both;
            real = T.NegatedMultiplyAdd(sum, wi, common + addReal);
            imaginary = T.MultiplyAdd(rest, wr, common + addImaginary);
        }
        else
        {
            real = T.NegatedMultiplyAdd(ci, wi, T.MultiplyAdd(cr, wr, addReal));
            imaginary = T.MultiplyAdd(ci, wr, T.MultiplyAdd(cr, wi, addImaginary));
        }
    }
}
