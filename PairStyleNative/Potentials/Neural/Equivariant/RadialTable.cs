using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// The weights that a radial network gives an edge, as piecewise polynomials of degree five of the distance that meet with value and two derivatives. A network of thousands of multiplications has only one input:
/// so it becomes five per weight. Immutable.
/// </summary>
/// <remarks>A path's numbers lie together, <c>[pieces][6][channels]</c>: all edges of some atoms take one path after the other, whose table stays in the second-level cache.</remarks>
internal sealed unsafe class RadialTable<TNumber> : IDisposable
    where TNumber : unmanaged
{
    /// <summary>Coefficients of a piece.</summary>
    public const int Coefficients = 6;

    // Slopes may be off by so much more than values.
    private const double SlopeTolerance = 10;

    private readonly NativeArray<TNumber> _data = new();
    private readonly int _functions;
    private readonly int _directedSpecies;

    private RadialTable(int pieces, double cutoff, int width, int segments, int functions, int directedSpecies)
    {
        (Width, _directedSpecies) = (width, directedSpecies);
        Pieces = pieces;
        PiecesPerLength = pieces / cutoff;
        SegmentSize = (long)functions * pieces * Coefficients * width;
        _functions = functions;
        _data.Reserve(SegmentSize * segments);
    }

    /// <summary>Numbers of a path with what fills the last vectors up.</summary>
    public int Width { get; }

    /// <summary>Number of pieces.</summary>
    public int Pieces { get; }

    /// <summary>Whether an edge has another function when it is seen from its other end.</summary>
    public bool IsDirected => _directedSpecies > 0;

    /// <summary>1/Å.</summary>
    public double PiecesPerLength { get; }

    /// <summary>Numbers of one path.</summary>
    public long SegmentSize { get; }

    /// <summary>The first piece of a path.</summary>
    public TNumber* Segment(int path) => _data.Pointer + path * SegmentSize;

    /// <summary>Which function belongs to an edge from a species to its center, the first: the only one, one for each ordered, or one for each unordered pair.</summary>
    public int FunctionOf(int first, int second) => _functions == 1 ? 0 : IsDirected ? first * _directedSpecies + second : Math.Max(first, second) * (Math.Max(first, second) + 1) / 2 + Math.Min(first, second);

    /// <summary>Makes a table, with as many pieces as the accuracy needs.</summary>
    /// <param name="network">From the basis to the weights.</param>
    /// <param name="basis">The basis.</param>
    /// <param name="firstWeights">The first weight of every path.</param>
    /// <param name="channels">Weights of a path.</param>
    /// <param name="width">The same with what fills the last vectors up.</param>
    /// <param name="accuracy">Of weights, relative to the largest of them; slopes are good to ten times as much.</param>
    public static RadialTable<TNumber> Make(DenseNetwork network, BesselBasis basis, int[] firstWeights, int channels, int width, double accuracy) =>
        Tabulate([r => ScalarNetwork.Expand(network, basis.At(r))], basis.Cutoff, firstWeights, channels, width, accuracy);

    /// <summary>Makes a table of functions of the distance that give all weights: one, or one for each unordered pair of species in the order 0–0, 1–0, 1–1, 2–0, …</summary>
    /// <param name="functions">From the distance to the weights.</param>
    /// <param name="cutoff">Å.</param>
    /// <param name="firstWeights">The first weight of every path.</param>
    /// <param name="channels">Weights of a path.</param>
    /// <param name="width">The same with what fills the last vectors up.</param>
    /// <param name="accuracy">Of weights, relative to the largest of them; slopes are good to ten times as much.</param>
    /// <param name="directedSpecies">Number of species where functions are of ordered pairs, 0–0, 0–1, …, 1–0, …; 0 otherwise.</param>
    public static RadialTable<TNumber> Tabulate(IReadOnlyList<Func<double, Jet[]>> functions, double cutoff, int[] firstWeights, int channels, int width, double accuracy, int directedSpecies = 0)
    {
        // One after the other, since the nodes of a network with thousands of outputs take much memory.
        var single = functions.Count == 1 ? Refine(functions[0], cutoff, accuracy) : null;
        var pieces = single?.Length - 1 ?? functions.Max(function => Refine(function, cutoff, accuracy).Length - 1);
        var table = new RadialTable<TNumber>(pieces, cutoff, width, firstWeights.Length, functions.Count, directedSpecies);
        for (var f = 0; f < functions.Count; f++)
        {
            table.Fill(f, single ?? Nodes(functions[f], cutoff, pieces, coarser: null), firstWeights, channels, width, cutoff / pieces);
        }

        return table;
    }

    // Nodes of a function as close together as the accuracy needs.
    private static Jet[][] Refine(Func<double, Jet[]> function, double cutoff, double accuracy)
    {
        const int Fewest = 32, Most = 4096;
        var nodes = Nodes(function, cutoff, Fewest, coarser: null);
        while (true)
        {
            // The nodes of half the length hold those between the present ones.
            var pieces = nodes.Length - 1;
            var finer = pieces < Most ? Nodes(function, cutoff, 2 * pieces, nodes) : null;
            var error = finer is null ? 0 : Worst(nodes, finer, cutoff / pieces) / accuracy;
            if (error < 1)
            {
                // Errors go as the sixth power of the length: as few pieces as will do stay longest in the cache.
                var fewer = (int)Math.Ceiling(pieces * Math.Pow(error, 1.0 / 6) * 1.05);
                return fewer < pieces && fewer > pieces / 2 ? Nodes(function, cutoff, fewer, coarser: null) : nodes;
            }

            nodes = finer!;
        }
    }

    /// <summary>Weights of edges.</summary>
    /// <param name="count">Edges.</param>
    /// <param name="segment">Of the path.</param>
    /// <param name="width">Numbers of a path.</param>
    /// <param name="pieces">Of every edge, where its piece begins in a segment.</param>
    /// <param name="places">Of every edge, 0 to 1 within its piece.</param>
    /// <param name="weights"><c>[count][width]</c>, filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Evaluate<T>(int count, TNumber* segment, int width, int* pieces, TNumber* places, TNumber* weights)
        where T : unmanaged, ILanes<T, TNumber>
    {
        var lanes = T.Count;
        for (var e = 0; e < count; e++)
        {
            var c = segment + pieces[e];
            var u = T.Broadcast(places[e]);
            for (var k = 0; k < width; k += lanes, c += lanes, weights += lanes)
            {
                var value = T.MultiplyAdd(T.Load(c + 5 * width), u, T.Load(c + 4 * width));
                value = T.MultiplyAdd(value, u, T.Load(c + 3 * width));
                value = T.MultiplyAdd(value, u, T.Load(c + 2 * width));
                value = T.MultiplyAdd(value, u, T.Load(c + width));
                T.MultiplyAdd(value, u, T.Load(c)).Store(weights);
            }
        }
    }

    /// <summary>Weights of edges and their derivatives by the distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Evaluate<T>(int count, TNumber* segment, int width, int* pieces, TNumber* places, double piecesPerLength, TNumber* weights, TNumber* slopes)
        where T : unmanaged, ILanes<T, TNumber>
    {
        var lanes = T.Count;
        for (var e = 0; e < count; e++)
        {
            var c = segment + pieces[e];
            T u = T.Broadcast(places[e]), factor = T.Broadcast(Real.Of<TNumber>(piecesPerLength));
            for (var k = 0; k < width; k += lanes, c += lanes, weights += lanes, slopes += lanes)
            {
                // Horner's rule for value and derivative at once.
                var value = T.Load(c + 5 * width);
                var slope = value;
                value = T.MultiplyAdd(value, u, T.Load(c + 4 * width));
                slope = T.MultiplyAdd(slope, u, value);
                value = T.MultiplyAdd(value, u, T.Load(c + 3 * width));
                slope = T.MultiplyAdd(slope, u, value);
                value = T.MultiplyAdd(value, u, T.Load(c + 2 * width));
                slope = T.MultiplyAdd(slope, u, value);
                value = T.MultiplyAdd(value, u, T.Load(c + width));
                (factor * T.MultiplyAdd(slope, u, value)).Store(slopes);
                T.MultiplyAdd(value, u, T.Load(c)).Store(weights);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    private static Jet[][] Nodes(Func<double, Jet[]> function, double cutoff, int pieces, Jet[][]? coarser) =>
        [.. Enumerable.Range(0, pieces + 1).Select(n => coarser is not null && n % 2 == 0 ? coarser[n / 2] : function(cutoff * n / pieces))];

    // Value and two derivatives at both ends, by the place in the piece.
    private static void Hermite(in Jet left, in Jet right, double length, Span<double> c)
    {
        double f = left.Value, d = left.First * length, s = left.Second * length * length;
        double rise = right.Value - f - d - 0.5 * s, turn = right.First * length - d - s, bend = right.Second * length * length - s;
        c[0] = f;
        c[1] = d;
        c[2] = 0.5 * s;
        c[3] = 10 * rise - 4 * turn + 0.5 * bend;
        c[4] = -15 * rise + 7 * turn - bend;
        c[5] = 6 * rise - 3 * turn + 0.5 * bend;
    }

    // The error of degree five goes as x³·(1 − x)³ in a piece: largest in the middle, and its slope is at most 3.5 times that.
    private static double Worst(Jet[][] nodes, Jet[][] finer, double length)
    {
        Span<double> c = stackalloc double[Coefficients];
        double worst = 0, largest = 0, steepest = 0;
        for (var n = 0; n + 1 < nodes.Length; n++)
        {
            for (var k = 0; k < nodes[n].Length; k++)
            {
                Hermite(nodes[n][k], nodes[n + 1][k], length, c);
                var middle = finer[2 * n + 1][k];
                worst = Math.Max(worst, Math.Abs(c[0] + 0.5 * (c[1] + 0.5 * (c[2] + 0.5 * (c[3] + 0.5 * (c[4] + 0.5 * c[5])))) - middle.Value));
                largest = Math.Max(largest, Math.Abs(middle.Value));
                steepest = Math.Max(steepest, Math.Abs(middle.First));
            }
        }

        return worst == 0 ? 0 : Math.Max(worst / largest, 3.5 * worst / length / (SlopeTolerance * steepest));
    }

    private void Fill(int function, Jet[][] nodes, int[] firstWeights, int channels, int width, double length)
    {
        Span<double> c = stackalloc double[Coefficients];
        for (var path = 0; path < firstWeights.Length; path++)
        {
            var first = Segment(path) + (long)function * Pieces * Coefficients * width;
            new Span<TNumber>(first, checked(Pieces * Coefficients * width)).Clear();
            for (var piece = 0; piece < Pieces; piece++)
            {
                var target = first + (long)piece * Coefficients * width;
                for (var u = 0; u < channels; u++)
                {
                    Hermite(nodes[piece][firstWeights[path] + u], nodes[piece + 1][firstWeights[path] + u], length, c);
                    for (var k = 0; k < Coefficients; k++)
                    {
                        target[k * width + u] = Real.Of<TNumber>(c[k]);
                    }
                }
            }
        }
    }
}
