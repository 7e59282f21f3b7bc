using System.Runtime.CompilerServices;
using MofInterop.Potentials.Snap.Lanes;

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

    /// <summary>Σ 1/(1 + exp(−16 (R/r − 1))) over neighbours.</summary>
    /// <param name="squares">r², Å², <paramref name="count"/> of them, whole vectors.</param>
    /// <param name="radii">R, Å.</param>
    /// <param name="count">A multiple of the number of lanes.</param>
    /// <param name="edge">What happens at the cutoff.</param>
    /// <param name="smallest">The smallest square, or more than any.</param>
    public static double Coordination(double* squares, double* radii, int count, in DispersionSwitch edge, out double smallest)
    {
        var sum = T.Zero;
        var least = T.Broadcast(double.MaxValue);
        for (var k = 0; k < count; k += T.Count)
        {
            var square = T.Load(squares + k);
            var distance = T.Sqrt(square);
            least = T.Min(least, square);
            var counted = T.Broadcast(1) / (T.Broadcast(1) + Decay(T.Load(radii + k) / distance));
            if (edge.IsOn)
            {
                edge.Evaluate(distance, out var factor, out _);
                counted *= factor;
            }

            sum += counted;
        }

        var lanes = stackalloc double[16];
        lanes = (double*)(((nint)lanes + 63) & ~63);
        least.Store(lanes);
        smallest = double.MaxValue;
        for (var lane = 0; lane < T.Count; lane++)
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

    /// <summary>Adds the attraction of one bucket to sums, for the center whose weights made <paramref name="mixed"/>.</summary>
    /// <param name="blocks">Of the bucket, see <see cref="DispersionGather"/>.</param>
    /// <param name="count">A multiple of the number of lanes.</param>
    /// <param name="pair">The two elements.</param>
    /// <param name="references">Of the neighbours' element.</param>
    /// <param name="mixed">u and du/dCN for each of them, one after the other.</param>
    /// <param name="scaled">Whether the bucket holds scales.</param>
    /// <param name="edge">What happens at the cutoff.</param>
    /// <param name="sums"><see cref="AttractionSums"/> vectors.</param>
    public static void Attract<TDamping>(double* blocks, int count, in DispersionPair pair, int references, double* mixed, bool scaled, in DispersionSwitch edge, double* sums)
        where TDamping : struct, IDampedAttraction
    {
        const int Row = DispersionGather.BlockLength;
        T energy = T.Load(sums), response = T.Load(sums + T.Count);
        T fx = T.Load(sums + 2 * T.Count), fy = T.Load(sums + 3 * T.Count), fz = T.Load(sums + 4 * T.Count);
        T xx = T.Load(sums + 5 * T.Count), xy = T.Load(sums + 6 * T.Count), xz = T.Load(sums + 7 * T.Count);
        T yy = T.Load(sums + 8 * T.Count), yz = T.Load(sums + 9 * T.Count), zz = T.Load(sums + 10 * T.Count);
        for (var k = 0; k < count; k += T.Count)
        {
            var atom = DispersionGather.Atom(blocks, k);
            T x = T.Load(atom), y = T.Load(atom + Row), z = T.Load(atom + 2 * Row);
            var square = T.MultiplyAdd(x, x, T.MultiplyAdd(y, y, z * z));
            T coefficient = T.Zero, derivative = T.Zero;
            var weights = atom + DispersionGather.Weights * Row;
            for (var b = 0; b < references; b++, weights += Row)
            {
                var w = T.Load(weights);
                coefficient = T.MultiplyAdd(w, T.Broadcast(mixed[2 * b]), coefficient);
                derivative = T.MultiplyAdd(w, T.Broadcast(mixed[2 * b + 1]), derivative);
            }

            TDamping.Evaluate(pair, square, out var value, out var slope);
            if (edge.IsOn)
            {
                Switch(edge, square, ref value, ref slope);
            }

            energy = T.MultiplyAdd(coefficient, value, energy);
            if (scaled)
            {
                var scale = T.Load(atom + DispersionGather.Scales * Row);
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
        response.Store(sums + T.Count);
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
    /// Adds the gradient of the coordination number over one bucket to sums, and leaves the gradient with respect to each
    /// neighbour's position, times <paramref name="factor"/>, in the bucket's first rows of weights.
    /// </summary>
    /// <param name="blocks">Of the bucket, see <see cref="DispersionGather"/>.</param>
    /// <param name="count">A multiple of the number of lanes.</param>
    /// <param name="radius">Covalent distance, Å.</param>
    /// <param name="factor">dE/dCN of the center, eV.</param>
    /// <param name="edge">What happens at the cutoff.</param>
    /// <param name="sums"><see cref="PullSums"/> vectors.</param>
    public static void Pull(double* blocks, int count, double radius, double factor, in DispersionSwitch edge, double* sums)
    {
        const int Row = DispersionGather.BlockLength;
        T fx = T.Load(sums), fy = T.Load(sums + T.Count), fz = T.Load(sums + 2 * T.Count);
        T xx = T.Load(sums + 3 * T.Count), xy = T.Load(sums + 4 * T.Count), xz = T.Load(sums + 5 * T.Count);
        T yy = T.Load(sums + 6 * T.Count), yz = T.Load(sums + 7 * T.Count), zz = T.Load(sums + 8 * T.Count);
        for (var k = 0; k < count; k += T.Count)
        {
            var atom = DispersionGather.Atom(blocks, k);
            T x = T.Load(atom), y = T.Load(atom + Row), z = T.Load(atom + 2 * Row);
            var distance = T.Sqrt(T.MultiplyAdd(x, x, T.MultiplyAdd(y, y, z * z)));
            var inverse = T.Broadcast(1) / distance;
            var ratio = T.Broadcast(radius) * inverse;
            var decay = Decay(ratio);
            var counted = T.Broadcast(1) / (T.Broadcast(1) + decay);
            // dCN/dr = −c²·exp·16 R/r², over r.
            var slope = T.Broadcast(-DispersionModel.CountingSteepness) * decay * counted * counted * ratio * inverse * inverse;
            if (edge.IsOn)
            {
                edge.Evaluate(distance, out var switching, out var switchingSlope);
                slope = T.MultiplyAdd(slope, switching, counted * switchingSlope * inverse);
            }

            slope *= T.Broadcast(factor);
            T sx = slope * x, sy = slope * y, sz = slope * z;
            var gradient = atom + DispersionGather.Weights * Row;
            sx.Store(gradient);
            sy.Store(gradient + Row);
            sz.Store(gradient + 2 * Row);
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
        fy.Store(sums + T.Count);
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
    private static void Switch(in DispersionSwitch edge, T square, ref T value, ref T slope)
    {
        var distance = T.Sqrt(square);
        edge.Evaluate(distance, out var factor, out var factorSlope);
        slope = T.MultiplyAdd(slope, factor, value * factorSlope / distance);
        value *= factor;
    }
}
