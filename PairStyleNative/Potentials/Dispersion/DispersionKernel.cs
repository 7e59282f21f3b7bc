using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Dispersion;

/// <summary>
/// The vectorised loops: every lane is another neighbour of one center.
/// </summary>
/// <remarks>
/// C6 of a pair is a bilinear form of weights: the weight of references (a, b), exp(−4 ((CN_i − CN_a)² + (CN_j − CN_b)²)) over its
/// sum, is w_a(i)·w_b(j) with w_a = exp(−4 (CN − CN_a)²) / Σ. So with u_b = Σ_a w_a(i) C6_ab, once for a center and an element,
/// C6_ij = Σ_b u_b w_b(j): at most five multiplications a pair and no exponential.
/// dw_a/dCN = 8 w_a (CN_a − Σ_c w_c CN_c): the weights alone are enough, no coordination number travels.
/// </remarks>
internal static unsafe class DispersionKernel<T>
    where T : unmanaged, ILanes<T>
{
    /// <summary>Sums of <see cref="Attract"/>: Σ C6 g; Σ dC6/dCN g; Σ C6 (g′/r) times x, y, z, xx, xy, xz, yy, yz, zz.</summary>
    public const int AttractionSums = 11;

    /// <summary>Sums of <see cref="Pull"/>: Σ (dCN/dr)/r times x, y, z, xx, xy, xz, yy, yz, zz.</summary>
    public const int PullSums = 9;

    // exp of more than this would not be finite, and the count is 1e-304 long before.
    private const double LargestExponent = 700;

    /// <summary>Σ 1/(1 + exp(−16 (R/r − 1))) over the neighbours collected.</summary>
    /// <param name="neighbors">With covalent distances, within the cutoff.</param>
    /// <param name="edge">What happens at the cutoff.</param>
    /// <param name="smallest">The smallest square of a distance, Å², or more than any.</param>
    public static double Coordination(DispersionGather neighbors, in DispersionEdge edge, out double smallest)
    {
        double* xs = neighbors.X, ys = neighbors.Y, zs = neighbors.Z, radii = neighbors.Radii;
        var count = neighbors.PaddedCount;
        var sum = T.Zero;
        var least = T.Broadcast(double.MaxValue);
        for (var k = 0; k < count; k += T.Count)
        {
            T x = T.Load(xs + k), y = T.Load(ys + k), z = T.Load(zs + k);
            var square = T.MultiplyAdd(x, x, T.MultiplyAdd(y, y, z * z));
            var distance = T.Sqrt(square);
            least = T.Min(least, square);
            var counted = T.Broadcast(1) / (T.Broadcast(1) + Decay(T.Load(radii + k) / distance));
            if (edge.IsSmooth)
            {
                edge.Switch(distance, out var factor, out _);
                counted *= factor;
            }

            sum += counted;
        }

        var memory = stackalloc double[16];
        var lanes = (double*)(((nint)memory + 63) & ~63);
        least.Store(lanes);
        smallest = lanes[0];
        for (var lane = 1; lane < T.Count; lane++)
        {
            smallest = Math.Min(smallest, lanes[lane]);
        }

        sum.Store(lanes);
        var total = 0.0;
        for (var lane = 0; lane < T.Count; lane++)
        {
            total += lanes[lane];
        }

        return total;
    }

    /// <summary>Adds the attraction of the neighbours collected to sums.</summary>
    /// <param name="neighbors">With all arrays filled.</param>
    /// <param name="form">Of any pair of elements.</param>
    /// <param name="scaled">Whether there are scales.</param>
    /// <param name="edge">What happens at the cutoff.</param>
    /// <param name="sums"><see cref="AttractionSums"/> vectors.</param>
    public static void Attract<TDamping>(DispersionGather neighbors, in DispersionPair form, bool scaled, in DispersionEdge edge, double* sums)
        where TDamping : struct, IDampedAttraction
    {
        double* xs = neighbors.X, ys = neighbors.Y, zs = neighbors.Z, coefficients = neighbors.Coefficients, derivatives = neighbors.Derivatives;
        double* radii6 = neighbors.Radii6, radii8 = neighbors.Radii8, factors8 = neighbors.Factors8, scales = neighbors.Scales;
        var count = neighbors.PaddedCount;
        var energy = T.Load(sums);
        var response = T.Load(sums + 1 * T.Count);
        var fx = T.Load(sums + 2 * T.Count);
        var fy = T.Load(sums + 3 * T.Count);
        var fz = T.Load(sums + 4 * T.Count);
        var xx = T.Load(sums + 5 * T.Count);
        var xy = T.Load(sums + 6 * T.Count);
        var xz = T.Load(sums + 7 * T.Count);
        var yy = T.Load(sums + 8 * T.Count);
        var yz = T.Load(sums + 9 * T.Count);
        var zz = T.Load(sums + 10 * T.Count);
        for (var k = 0; k < count; k += T.Count)
        {
            T x = T.Load(xs + k), y = T.Load(ys + k), z = T.Load(zs + k);
            var square = T.MultiplyAdd(x, x, T.MultiplyAdd(y, y, z * z));
            TDamping.Evaluate(form, T.Load(radii6 + k), T.Load(radii8 + k), T.Load(factors8 + k), square, out var value, out var slope);
            if (edge.IsSmooth)
            {
                Switch(edge, square, ref value, ref slope);
            }
            else if (edge.IsStep)
            {
                var step = edge.Step(square);
                value *= step;
                slope *= step;
            }

            T coefficient = T.Load(coefficients + k), derivative = T.Load(derivatives + k);
            energy = T.MultiplyAdd(coefficient, value, energy);
            if (scaled)
            {
                var scale = T.Load(scales + k);
                coefficient *= scale;
                derivative *= scale;
            }

            response = T.MultiplyAdd(derivative, value, response);
            slope *= coefficient;
            T sx = slope * x, sy = slope * y, sz = slope * z;
            fx += sx;
            fy += sy;
            fz += sz;
            xx = T.MultiplyAdd(sx, x, xx);
            xy = T.MultiplyAdd(sx, y, xy);
            xz = T.MultiplyAdd(sx, z, xz);
            yy = T.MultiplyAdd(sy, y, yy);
            yz = T.MultiplyAdd(sy, z, yz);
            zz = T.MultiplyAdd(sz, z, zz);
        }

        energy.Store(sums);
        response.Store(sums + 1 * T.Count);
        fx.Store(sums + 2 * T.Count);
        fy.Store(sums + 3 * T.Count);
        fz.Store(sums + 4 * T.Count);
        xx.Store(sums + 5 * T.Count);
        xy.Store(sums + 6 * T.Count);
        xz.Store(sums + 7 * T.Count);
        yy.Store(sums + 8 * T.Count);
        yz.Store(sums + 9 * T.Count);
        zz.Store(sums + 10 * T.Count);
    }

    /// <summary>
    /// Adds the gradient of the coordination number to sums, and leaves the gradient with respect to each neighbour's position,
    /// times <paramref name="factor"/>, in <see cref="DispersionGather.Radii6"/>, <see cref="DispersionGather.Radii8"/> and
    /// <see cref="DispersionGather.Factors8"/>.
    /// </summary>
    /// <param name="neighbors">With covalent distances.</param>
    /// <param name="factor">dE/dCN of the center, eV.</param>
    /// <param name="edge">What happens at the cutoff.</param>
    /// <param name="sums"><see cref="PullSums"/> vectors.</param>
    public static void Pull(DispersionGather neighbors, double factor, in DispersionEdge edge, double* sums)
    {
        double* xs = neighbors.X, ys = neighbors.Y, zs = neighbors.Z, radii = neighbors.Radii;
        double* gradientX = neighbors.Radii6, gradientY = neighbors.Radii8, gradientZ = neighbors.Factors8;
        var count = neighbors.PaddedCount;
        var fx = T.Load(sums);
        var fy = T.Load(sums + 1 * T.Count);
        var fz = T.Load(sums + 2 * T.Count);
        var xx = T.Load(sums + 3 * T.Count);
        var xy = T.Load(sums + 4 * T.Count);
        var xz = T.Load(sums + 5 * T.Count);
        var yy = T.Load(sums + 6 * T.Count);
        var yz = T.Load(sums + 7 * T.Count);
        var zz = T.Load(sums + 8 * T.Count);
        for (var k = 0; k < count; k += T.Count)
        {
            T x = T.Load(xs + k), y = T.Load(ys + k), z = T.Load(zs + k);
            var square = T.MultiplyAdd(x, x, T.MultiplyAdd(y, y, z * z));
            var distance = T.Sqrt(square);
            var inverse = T.Broadcast(1) / distance;
            var ratio = T.Load(radii + k) * inverse;
            var decay = Decay(ratio);
            var counted = T.Broadcast(1) / (T.Broadcast(1) + decay);
            // dCN/dr = −c²·exp·16 R/r², over r.
            var slope = T.Broadcast(-DispersionModel.CountingSteepness) * decay * counted * counted * ratio * inverse * inverse;
            if (edge.IsSmooth)
            {
                edge.Switch(distance, out var switching, out var switchingSlope);
                slope = T.MultiplyAdd(slope, switching, counted * switchingSlope * inverse);
            }
            else if (edge.IsStep)
            {
                slope *= edge.Step(square);
            }

            slope *= T.Broadcast(factor);
            T sx = slope * x, sy = slope * y, sz = slope * z;
            sx.Store(gradientX + k);
            sy.Store(gradientY + k);
            sz.Store(gradientZ + k);
            fx += sx;
            fy += sy;
            fz += sz;
            xx = T.MultiplyAdd(sx, x, xx);
            xy = T.MultiplyAdd(sx, y, xy);
            xz = T.MultiplyAdd(sx, z, xz);
            yy = T.MultiplyAdd(sy, y, yy);
            yz = T.MultiplyAdd(sy, z, yz);
            zz = T.MultiplyAdd(sz, z, zz);
        }

        fx.Store(sums);
        fy.Store(sums + 1 * T.Count);
        fz.Store(sums + 2 * T.Count);
        xx.Store(sums + 3 * T.Count);
        xy.Store(sums + 4 * T.Count);
        xz.Store(sums + 5 * T.Count);
        yy.Store(sums + 6 * T.Count);
        yz.Store(sums + 7 * T.Count);
        zz.Store(sums + 8 * T.Count);
    }

    // exp(−16 (R/r − 1)).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Decay(T ratio)
    {
        var exponent = T.MultiplyAdd(ratio, T.Broadcast(DispersionModel.CountingSteepness), T.Broadcast(-DispersionModel.CountingSteepness));
        return Exponential.Of(T.Zero - T.Min(exponent, T.Broadcast(LargestExponent)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Switch(in DispersionEdge edge, T square, ref T value, ref T slope)
    {
        var distance = T.Sqrt(square);
        edge.Switch(distance, out var factor, out var factorSlope);
        slope = T.MultiplyAdd(slope, factor, value * factorSlope / distance);
        value *= factor;
    }
}
