using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>
/// An embedding network as piecewise polynomials of the fifth degree, which have the network's value, slope and curvature where they meet. The network has one input, so that a
/// table loses nothing but rounding: pieces are made smaller until it is within 1e-12 of the largest output, and its slope within 1e-10 of the largest slope, at points between (in single precision,
/// whose own rounding is 6e-8, 1e-8 and 1e-7). Immutable.
/// </summary>
/// <remarks>Memory, <c>[pieces][vectors of outputs][6 coefficients][lanes]</c>: what one vector of outputs needs lies together. Polynomials are in u = (x − start)/length of a piece.</remarks>
internal sealed unsafe class EmbeddingTable<TNumber> : IDisposable
    where TNumber : unmanaged
{
    /// <summary>Coefficients of a polynomial.</summary>
    public const int Coefficients = 6;

    private const int FewestPieces = 16, MostPieces = 8192;

    private static readonly double _valueTolerance = sizeof(TNumber) == sizeof(float) ? 1e-8 : 1e-12;
    private static readonly double _slopeTolerance = sizeof(TNumber) == sizeof(float) ? 1e-7 : 1e-10;
    private static readonly double[] _probes = [0.22, 0.5, 0.78];

    private readonly NativeArray<TNumber> _data = new();

    private EmbeddingTable(double start, double end, int pieces, int vectors)
    {
        Start = start;
        Pieces = pieces;
        InverseLength = pieces / (end - start);
        Vectors = vectors;
    }

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
        for (var pieces = FewestPieces; pieces <= MostPieces; pieces *= 2)
        {
            var nodes = new (double[] Value, double[] First, double[] Second)[pieces + 1];
            for (var k = 0; k <= pieces; k++)
            {
                nodes[k] = ScalarNetwork.Expand(network, start + (end - start) * k / pieces);
            }

            if (IsExact(network, start, end, nodes))
            {
                var table = new EmbeddingTable<TNumber>(start, end, pieces, vectors);
                table.Fill(nodes, (end - start) / pieces, network.Outputs, lanes);
                return table;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    private static bool IsExact(DenseNetwork network, double start, double end, (double[] Value, double[] First, double[] Second)[] nodes)
    {
        var pieces = nodes.Length - 1;
        var length = (end - start) / pieces;
        double largest = nodes.Max(node => node.Value.Max(Math.Abs)), steepest = nodes.Max(node => node.First.Max(Math.Abs));
        var coefficients = new double[Coefficients];
        for (var piece = 0; piece < pieces; piece++)
        {
            foreach (var u in _probes)
            {
                var (value, first, _) = ScalarNetwork.Expand(network, start + (piece + u) * length);
                for (var o = 0; o < value.Length; o++)
                {
                    Solve(nodes[piece], nodes[piece + 1], o, length, coefficients);
                    double found = 0, slope = 0;
                    for (var c = Coefficients - 1; c >= 0; c--)
                    {
                        slope = slope * u + found;
                        found = found * u + coefficients[c];
                    }

                    if (Math.Abs(found - value[o]) > _valueTolerance * largest || Math.Abs(slope / length - first[o]) > _slopeTolerance * steepest)
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }

    // Value, slope and curvature of both ends.
    private static void Solve((double[] Value, double[] First, double[] Second) left, (double[] Value, double[] First, double[] Second) right, int o, double length, double[] target)
    {
        double rise = right.Value[o] - left.Value[o], g = length * left.First[o], h = length * right.First[o];
        double c = length * length * left.Second[o], d = length * length * right.Second[o];
        target[0] = left.Value[o];
        target[1] = g;
        target[2] = 0.5 * c;
        target[3] = 10 * rise - 6 * g - 4 * h - 1.5 * c + 0.5 * d;
        target[4] = -15 * rise + 8 * g + 7 * h + 1.5 * c - d;
        target[5] = 6 * rise - 3 * (g + h) - 0.5 * c + 0.5 * d;
    }

    private void Fill((double[] Value, double[] First, double[] Second)[] nodes, double length, int outputs, int lanes)
    {
        var data = _data.Reserve((long)Pieces * Vectors * Coefficients * lanes);
        var coefficients = new double[Coefficients];
        for (var piece = 0; piece < Pieces; piece++)
        {
            for (var o = 0; o < Vectors * lanes; o++)
            {
                Array.Clear(coefficients);
                if (o < outputs)
                {
                    Solve(nodes[piece], nodes[piece + 1], o, length, coefficients);
                }

                for (var c = 0; c < Coefficients; c++)
                {
                    data[(((long)piece * Vectors + o / lanes) * Coefficients + c) * lanes + o % lanes] = Real.Of<TNumber>(coefficients[c]);
                }
            }
        }
    }
}
