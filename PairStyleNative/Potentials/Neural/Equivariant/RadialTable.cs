using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// The weights that a radial network gives an edge, as piecewise polynomials of degree five of the distance that meet with value and two derivatives. A network of thousands of multiplications has only one input:
/// so it becomes five per weight. Immutable.
/// </summary>
/// <remarks>
/// Cells of one length are cut into as many pieces each as the accuracy needs there: near the nuclei many more than elsewhere, where most neighbours are. A path's numbers lie together,
/// <c>[strips][pieces][6][strip]</c>, and edges are taken in the order of their pieces: so what is read stays in the cache, and coefficients in registers while edges share a piece.
/// </remarks>
internal sealed unsafe class RadialTable<TNumber> : IDisposable
    where TNumber : unmanaged
{
    /// <summary>Coefficients of a piece.</summary>
    private const int Coefficients = 6;

    private const int Cells = 64;

    // Slopes may be off by so much more than values.
    private const double SlopeTolerance = 10;

    private readonly NativeArray<TNumber> _data = new();
    private readonly int[] _firstPieces;
    private readonly double _cellsPerLength;
    private readonly int _functions;
    private readonly int _directedSpecies;
    private readonly int _strip;

    private RadialTable(int[] counts, double cutoff, int width, int strip, int segments, int functions, int directedSpecies)
    {
        _firstPieces = new int[Cells + 1];
        for (var cell = 0; cell < Cells; cell++)
        {
            _firstPieces[cell + 1] = _firstPieces[cell] + counts[cell];
        }

        _cellsPerLength = Cells / cutoff;
        (_functions, _directedSpecies, Strips, _strip) = (functions, directedSpecies, width / strip, strip);
        var size = SegmentSize * segments;
        NativeMemory.Clear(_data.Reserve(size), checked((nuint)size * (nuint)sizeof(TNumber)));
    }

    /// <summary>Strips of a path.</summary>
    public int Strips { get; }

    /// <summary>Number of pieces of a function.</summary>
    public int Pieces => _firstPieces[Cells];

    /// <summary>Whether the weights depend on the species of the two atoms.</summary>
    public bool OfSpecies => _functions > 1;

    /// <summary>Whether an edge has another function when it is seen from its other end.</summary>
    public bool IsDirected => _directedSpecies > 0;

    private long SegmentSize => StripSize * Strips;

    private long StripSize => (long)_functions * Pieces * Coefficients * _strip;

    /// <summary>Which function belongs to an edge from a species to its center, the first: the only one, one for each ordered, or one for each unordered pair.</summary>
    public int FunctionOf(int first, int second) => _functions == 1 ? 0 : IsDirected ? first * _directedSpecies + second : Math.Max(first, second) * (Math.Max(first, second) + 1) / 2 + Math.Min(first, second);

    /// <summary>Where a distance is found.</summary>
    /// <param name="distance">Å.</param>
    /// <param name="place">0 to 1 within the piece.</param>
    /// <param name="rate">Its derivative by the distance.</param>
    /// <returns>The piece.</returns>
    public int Locate(double distance, out double place, out double rate)
    {
        var x = distance * _cellsPerLength;
        var cell = Math.Min((int)x, Cells - 1);
        var count = _firstPieces[cell + 1] - _firstPieces[cell];
        x = (x - cell) * count;
        var piece = Math.Min((int)x, count - 1);
        (place, rate) = (x - piece, count * _cellsPerLength);
        return _firstPieces[cell] + piece;
    }

    /// <summary>Makes a table, with as many pieces as the accuracy needs.</summary>
    /// <param name="network">From the basis to the weights.</param>
    /// <param name="basis">The basis.</param>
    /// <param name="firstWeights">The first weight of every path.</param>
    /// <param name="channels">Weights of a path.</param>
    /// <param name="width">The same with what fills the last strip up.</param>
    /// <param name="strip">Numbers of a strip.</param>
    /// <param name="accuracy">Of weights, relative to the largest of them; slopes are good to ten times as much.</param>
    public static RadialTable<TNumber> Make(DenseNetwork network, BesselBasis basis, int[] firstWeights, int channels, int width, int strip, double accuracy) =>
        Tabulate([r => ScalarNetwork.Expand(network, basis.At(r))], basis.Cutoff, firstWeights, channels, width, strip, accuracy);

    /// <summary>Makes a table of functions of the distance that give all weights: one, or one for each unordered pair of species in the order 0–0, 1–0, 1–1, 2–0, …</summary>
    /// <param name="functions">From the distance to the weights.</param>
    /// <param name="cutoff">Å.</param>
    /// <param name="firstWeights">The first weight of every path.</param>
    /// <param name="channels">Weights of a path.</param>
    /// <param name="width">The same with what fills the last strip up.</param>
    /// <param name="strip">Numbers of a strip.</param>
    /// <param name="accuracy">Of weights, relative to the largest of them; slopes are good to ten times as much.</param>
    /// <param name="directedSpecies">Number of species where functions are of ordered pairs, 0–0, 0–1, …, 1–0, …; 0 otherwise.</param>
    public static RadialTable<TNumber> Tabulate(IReadOnlyList<Func<double, Jet[]>> functions, double cutoff, int[] firstWeights, int channels, int width, int strip, double accuracy, int directedSpecies = 0)
    {
        var (largest, steepest) = Sizes(functions, cutoff);
        double length = cutoff / Cells, tolerance = accuracy * largest, slopeTolerance = accuracy * SlopeTolerance * steepest;

        // One function after the other, since the nodes of a network with thousands of outputs take much memory.
        var counts = new int[Cells];
        var nodes = new Jet[Cells][][];
        foreach (var function in functions)
        {
            for (var cell = 0; cell < Cells; cell++)
            {
                nodes[cell] = Cut(function, length * cell, length, Math.Max(counts[cell], 1), tolerance, slopeTolerance);
                counts[cell] = Math.Max(counts[cell], nodes[cell].Length - 1);
            }
        }

        var table = new RadialTable<TNumber>(counts, cutoff, width, strip, firstWeights.Length, functions.Count, directedSpecies);
        for (var f = 0; f < functions.Count; f++)
        {
            for (var cell = 0; cell < Cells; cell++)
            {
                table.Fill(f, cell, functions.Count == 1 ? nodes[cell] : Nodes(functions[f], length * cell, length, counts[cell]), firstWeights, channels, length);
            }
        }

        return table;
    }

    /// <summary>A strip of the weights of edges.</summary>
    /// <param name="path">Of the table.</param>
    /// <param name="strip">Its number.</param>
    /// <param name="edges">In the order of their pieces.</param>
    /// <param name="count">Edges.</param>
    /// <param name="weights"><c>[edges][strip]</c>, filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate<T>(int path, int strip, TableEdge<TNumber>* edges, int count, TNumber* weights)
        where T : unmanaged, ILanes<T, TNumber>
    {
        var lanes = T.Count;
        var segment = _data.Pointer + path * SegmentSize + strip * StripSize;
        for (TableEdge<TNumber>* edge = edges, end = edges + count; edge < end;)
        {
            var row = edge->Row;
            var c = segment + (long)row * (2 * Coefficients * lanes);
            T a0 = T.Load(c), a1 = T.Load(c + 2 * lanes), a2 = T.Load(c + 4 * lanes), a3 = T.Load(c + 6 * lanes), a4 = T.Load(c + 8 * lanes), a5 = T.Load(c + 10 * lanes);
            c += lanes;
            T b0 = T.Load(c), b1 = T.Load(c + 2 * lanes), b2 = T.Load(c + 4 * lanes), b3 = T.Load(c + 6 * lanes), b4 = T.Load(c + 8 * lanes), b5 = T.Load(c + 10 * lanes);
            for (; edge < end && edge->Row == row; edge++)
            {
                var u = T.Broadcast(edge->Place);
                var target = weights + (long)edge->Edge * (2 * lanes);
                T x = T.MultiplyAdd(a5, u, a4), y = T.MultiplyAdd(b5, u, b4);
                x = T.MultiplyAdd(x, u, a3);
                y = T.MultiplyAdd(y, u, b3);
                x = T.MultiplyAdd(x, u, a2);
                y = T.MultiplyAdd(y, u, b2);
                x = T.MultiplyAdd(x, u, a1);
                y = T.MultiplyAdd(y, u, b1);
                T.MultiplyAdd(x, u, a0).Store(target);
                T.MultiplyAdd(y, u, b0).Store(target + lanes);
            }
        }
    }

    /// <summary>A strip of the weights of edges and of their derivatives by the distance.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Evaluate<T>(int path, int strip, TableEdge<TNumber>* edges, int count, TNumber* weights, TNumber* slopes)
        where T : unmanaged, ILanes<T, TNumber>
    {
        var lanes = T.Count;
        var segment = _data.Pointer + path * SegmentSize + strip * StripSize;
        for (TableEdge<TNumber>* edge = edges, end = edges + count; edge < end;)
        {
            var row = edge->Row;
            var c = segment + (long)row * (2 * Coefficients * lanes);
            T a0 = T.Load(c), a1 = T.Load(c + 2 * lanes), a2 = T.Load(c + 4 * lanes), a3 = T.Load(c + 6 * lanes), a4 = T.Load(c + 8 * lanes), a5 = T.Load(c + 10 * lanes);
            c += lanes;
            T b0 = T.Load(c), b1 = T.Load(c + 2 * lanes), b2 = T.Load(c + 4 * lanes), b3 = T.Load(c + 6 * lanes), b4 = T.Load(c + 8 * lanes), b5 = T.Load(c + 10 * lanes);
            for (; edge < end && edge->Row == row; edge++)
            {
                // Horner's rule for value and derivative at once.
                T u = T.Broadcast(edge->Place), rate = T.Broadcast(edge->Rate);
                var offset = (long)edge->Edge * (2 * lanes);
                T x = T.MultiplyAdd(a5, u, a4), y = T.MultiplyAdd(b5, u, b4);
                T p = T.MultiplyAdd(a5, u, x), q = T.MultiplyAdd(b5, u, y);
                x = T.MultiplyAdd(x, u, a3);
                y = T.MultiplyAdd(y, u, b3);
                p = T.MultiplyAdd(p, u, x);
                q = T.MultiplyAdd(q, u, y);
                x = T.MultiplyAdd(x, u, a2);
                y = T.MultiplyAdd(y, u, b2);
                p = T.MultiplyAdd(p, u, x);
                q = T.MultiplyAdd(q, u, y);
                x = T.MultiplyAdd(x, u, a1);
                y = T.MultiplyAdd(y, u, b1);
                (rate * T.MultiplyAdd(p, u, x)).Store(slopes + offset);
                (rate * T.MultiplyAdd(q, u, y)).Store(slopes + offset + lanes);
                T.MultiplyAdd(x, u, a0).Store(weights + offset);
                T.MultiplyAdd(y, u, b0).Store(weights + offset + lanes);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();

    // The largest value and the steepest slope of all weights, in the middles of cells.
    private static (double Largest, double Steepest) Sizes(IReadOnlyList<Func<double, Jet[]>> functions, double cutoff)
    {
        double largest = 0, steepest = 0;
        for (var n = 0; n < functions.Count * Cells; n++)
        {
            foreach (var one in functions[n / Cells](cutoff / Cells * (n % Cells + 0.5)))
            {
                (largest, steepest) = (Math.Max(largest, Math.Abs(one.Value)), Math.Max(steepest, Math.Abs(one.First)));
            }
        }

        return (largest, steepest);
    }

    private static Jet[][] Nodes(Func<double, Jet[]> function, double from, double length, int pieces)
    {
        var nodes = new Jet[pieces + 1][];
        for (var n = 0; n <= pieces; n++)
        {
            nodes[n] = function(from + length * n / pieces);
        }

        return nodes;
    }

    // The nodes of a cell that is cut into as many pieces as make it accurate, tried from so many on.
    private static Jet[][] Cut(Func<double, Jet[]> function, double from, double length, int pieces, double tolerance, double slopeTolerance)
    {
        const int Most = 128;
        for (; ; pieces *= 2)
        {
            // The nodes of half the length hold those between the present ones.
            var finer = Nodes(function, from, length, 2 * pieces);
            var error = Worst(finer, length / pieces, tolerance, slopeTolerance);
            if (error < 1 || pieces >= Most)
            {
                // Errors go as the sixth power of the length: as few pieces as will do stay longest in the cache.
                var fewer = (int)Math.Ceiling(pieces * Math.Pow(error, 1.0 / 6) * 1.05);
                return Nodes(function, from, length, fewer < pieces && fewer > pieces / 2 ? fewer : pieces);
            }
        }
    }

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

    // The error of degree five goes as x³·(1 − x)³ in a piece: largest in the middle, which is every second node, and its slope is at most 3.5 times that.
    private static double Worst(Jet[][] nodes, double length, double tolerance, double slopeTolerance)
    {
        Span<double> c = stackalloc double[Coefficients];
        var worst = 0.0;
        for (var n = 0; n + 2 < nodes.Length; n += 2)
        {
            for (var k = 0; k < nodes[n].Length; k++)
            {
                Hermite(nodes[n][k], nodes[n + 2][k], length, c);
                worst = Math.Max(worst, Math.Abs(c[0] + 0.5 * (c[1] + 0.5 * (c[2] + 0.5 * (c[3] + 0.5 * (c[4] + 0.5 * c[5])))) - nodes[n + 1][k].Value));
            }
        }

        return worst == 0 ? 0 : Math.Max(worst / tolerance, 3.5 * worst / length / slopeTolerance);
    }

    private void Fill(int function, int cell, Jet[][] nodes, int[] firstWeights, int channels, double cellLength)
    {
        Span<double> c = stackalloc double[Coefficients];
        var count = nodes.Length - 1;
        for (var path = 0; path < firstWeights.Length; path++)
        {
            for (var piece = 0; piece < count; piece++)
            {
                var row = _data.Pointer + path * SegmentSize + ((long)function * Pieces + _firstPieces[cell] + piece) * Coefficients * _strip;
                for (var u = 0; u < channels; u++)
                {
                    var weight = firstWeights[path] + u;
                    Hermite(nodes[piece][weight], nodes[piece + 1][weight], cellLength / count, c);
                    for (var k = 0; k < Coefficients; k++)
                    {
                        row[u / _strip * StripSize + k * _strip + u % _strip] = Real.Of<TNumber>(c[k]);
                    }
                }
            }
        }
    }
}

/// <summary>An edge in a <see cref="RadialTable{TNumber}"/>.</summary>
internal struct TableEdge<TNumber>
    where TNumber : unmanaged
{
    /// <summary>The piece, counted through all functions.</summary>
    public int Row;

    /// <summary>Number of the edge.</summary>
    public int Edge;

    /// <summary>0 to 1 within the piece.</summary>
    public TNumber Place;

    /// <summary>Its derivative by the distance, 1/Å.</summary>
    public TNumber Rate;
}
