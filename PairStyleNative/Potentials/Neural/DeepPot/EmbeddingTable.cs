using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>
/// An embedding network as piecewise polynomials, which have the network's value, slope and curvature where they meet: of the fifth degree in single precision, in double of the seventh, which have its value and slope in
/// the middle of a piece too. The network has one input, so that a table loses nothing but rounding: pieces are made smaller until it is within 1e-12 of the largest output, and its slope within 1e-10 of the largest slope,
/// at points between (in single precision, whose own rounding is 6e-8, 1e-8 and 1e-7). Immutable.
/// </summary>
/// <remarks>
/// Memory, <c>[pieces][vectors of outputs][coefficients][lanes]</c>: what one vector of outputs needs lies together. Polynomials are in u = (x − start)/length of a piece. What counts is that the pieces in use stay in the
/// second-level cache: in double the fifth degree takes four to five times as many.
/// </remarks>
internal sealed unsafe class EmbeddingTable<TNumber> : IDisposable
    where TNumber : unmanaged
{
    private const int FewestPieces = 16, MostPieces = 8192, MostCoefficients = 8;

    private static readonly double _valueTolerance = IsSingle ? 1e-8 : 1e-12;
    private static readonly double _slopeTolerance = IsSingle ? 1e-7 : 1e-10;
    private static readonly double[] _probes = [0.12, 0.24, 0.38, 0.62, 0.76, 0.88];

    private readonly NativeArray<TNumber> _data = new();

    private EmbeddingTable(double start, double end, int pieces, int vectors)
    {
        Start = start;
        Pieces = pieces;
        InverseLength = pieces / (end - start);
        Vectors = vectors;
    }

    /// <summary>Coefficients of a polynomial.</summary>
    public static int Coefficients => IsSingle ? 6 : MostCoefficients;

    private static bool IsSingle => sizeof(TNumber) == sizeof(float);

    /// <summary>The smallest input.</summary>
    public double Start { get; }

    /// <summary>Number of pieces.</summary>
    public int Pieces { get; }

    /// <summary>One over the length of a piece.</summary>
    public double InverseLength { get; }

    /// <summary>Vectors of outputs.</summary>
    public int Vectors { get; }

    /// <summary>The coefficients.</summary>
    public TNumber* Data => _data.Pointer;

    /// <summary>Makes a table, or null where the network bends too much for one of reasonable size.</summary>
    /// <param name="network">With one input.</param>
    /// <param name="start">The smallest input.</param>
    /// <param name="end">The largest.</param>
    /// <param name="lanes">Numbers of a vector.</param>
    public static EmbeddingTable<TNumber>? Make(DenseNetwork network, double start, double end, int lanes)
    {
        var vectors = (network.Outputs + lanes - 1) / lanes;
        // 16, 24, 32, 48, 64, …
        for (var pieces = FewestPieces; pieces <= MostPieces; pieces = int.IsPow2(pieces) ? pieces / 2 * 3 : pieces / 3 * 4)
        {
            var length = (end - start) / pieces;
            if (Coarsely(network, start, length, pieces))
            {
                var polynomials = Polynomials(network, start, length, pieces);
                if (IsExact(network, start, length, polynomials))
                {
                    var table = new EmbeddingTable<TNumber>(start, end, pieces, vectors);
                    table.Fill(polynomials, network.Outputs, lanes);
                    return table;
                }
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    // Whether every thirteenth piece is good enough: most trials end here.
    private static bool Coarsely(DenseNetwork network, double start, double length, int pieces)
    {
        for (var piece = 0; piece < pieces; piece += 13)
        {
            if (!IsExact(network, start + piece * length, length, Polynomials(network, start + piece * length, length, 1)))
            {
                return false;
            }
        }

        return true;
    }

    // [pieces][outputs][coefficients].
    private static double[][][] Polynomials(DenseNetwork network, double start, double length, int pieces)
    {
        var polynomials = new double[pieces][][];
        var left = ScalarNetwork.Expand(network, start);
        for (var piece = 0; piece < pieces; piece++)
        {
            var right = ScalarNetwork.Expand(network, start + length * (piece + 1));
            polynomials[piece] = [.. Enumerable.Range(0, network.Outputs).Select(o => Solve(left, right, o, length))];
            if (!IsSingle)
            {
                var (value, first, _) = ScalarNetwork.Expand(network, start + length * (piece + 0.5));
                for (var o = 0; o < network.Outputs; o++)
                {
                    AddMiddle(polynomials[piece][o], value[o], length * first[o]);
                }
            }

            left = right;
        }

        return polynomials;
    }

    private static bool IsExact(DenseNetwork network, double start, double length, double[][][] polynomials)
    {
        double largest = 0, steepest = 0, valueError = 0, slopeError = 0;
        for (var piece = 0; piece < polynomials.Length; piece++)
        {
            foreach (var u in _probes)
            {
                var (value, first, _) = ScalarNetwork.Expand(network, start + (piece + u) * length);
                for (var o = 0; o < value.Length; o++)
                {
                    var (found, slope) = At(polynomials[piece][o], u);
                    (largest, steepest) = (Math.Max(largest, Math.Abs(value[o])), Math.Max(steepest, Math.Abs(first[o])));
                    (valueError, slopeError) = (Math.Max(valueError, Math.Abs(found - value[o])), Math.Max(slopeError, Math.Abs(slope / length - first[o])));
                }
            }
        }

        return valueError <= _valueTolerance * largest && slopeError <= _slopeTolerance * steepest;
    }

    private static (double Value, double Slope) At(double[] polynomial, double u)
    {
        double value = 0, slope = 0;
        for (var c = polynomial.Length - 1; c >= 0; c--)
        {
            slope = slope * u + value;
            value = value * u + polynomial[c];
        }

        return (value, slope);
    }

    // Value, slope and curvature of both ends.
    private static double[] Solve((double[] Value, double[] First, double[] Second) left, (double[] Value, double[] First, double[] Second) right, int o, double length)
    {
        double rise = right.Value[o] - left.Value[o], g = length * left.First[o], h = length * right.First[o];
        double c = length * length * left.Second[o], d = length * length * right.Second[o];
        var target = new double[Coefficients];
        target[0] = left.Value[o];
        target[1] = g;
        target[2] = 0.5 * c;
        target[3] = 10 * rise - 6 * g - 4 * h - 1.5 * c + 0.5 * d;
        target[4] = -15 * rise + 8 * g + 7 * h + 1.5 * c - d;
        target[5] = 6 * rise - 3 * (g + h) - 0.5 * c + 0.5 * d;
        return target;
    }

    // Adds u³(1 − u)³·(α + β(u − ½)), which changes nothing at the ends, so that value and slope at ½ are these.
    private static void AddMiddle(double[] target, double value, double slope)
    {
        var (found, foundSlope) = At(target, 0.5);
        double beta = 64 * (slope - foundSlope), alpha = 64 * (value - found) - 0.5 * beta;
        target[3] += alpha;
        target[4] += beta - 3 * alpha;
        target[5] += 3 * (alpha - beta);
        target[6] += 3 * beta - alpha;
        target[7] -= beta;
    }

    private void Fill(double[][][] polynomials, int outputs, int lanes)
    {
        var data = _data.Reserve((long)Pieces * Vectors * Coefficients * lanes);
        for (var piece = 0; piece < Pieces; piece++)
        {
            for (var o = 0; o < Vectors * lanes; o++)
            {
                for (var c = 0; c < Coefficients; c++)
                {
                    data[(((long)piece * Vectors + o / lanes) * Coefficients + c) * lanes + o % lanes] = Real.Of<TNumber>(o < outputs ? polynomials[piece][o][c] : 0);
                }
            }
        }
    }
}
