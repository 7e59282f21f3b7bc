namespace MofInterop.Potentials.Snap;

/// <summary>
/// The list of multiplications that makes every Z from W, the same for every species and every atom.
/// </summary>
/// <remarks>
/// Y is the gradient of the cubic form E = Σ β·B: for every ordered triple (x,y,z) with x ≥ y,
/// Y_z(M) += β′(x,y,z)·n_z·Σ C_a·C_b·n_x·n_y·W_x·W_y, the sum running over pairs of elements whose orders add to M
/// (LAMMPS <c>SNA::compute_yi</c>, with the square roots n of <see cref="SnapPlanes"/>).
/// A <i>block</i> is (x,y,M): its products W_x·W_y are formed once and used for every z that M allows,
/// z = max(|2Ma|,|2Mb|,x−y), …, min(2J,x+y) in steps of 2, here called the block's width. Blocks are sorted by
/// width so that a kernel of each width runs through all of its blocks. Where x = y in one density, swapped pairs are merged.
/// Only M of the proper half plane are listed.
/// </remarks>
internal sealed class SnapProducts
{
    /// <summary>The largest number of z that one block may have; wider ones are split, which keeps accumulators in registers.</summary>
    public const int MaximumWidth = 5;

    private readonly List<int>[] _blocks = MakeLists<int>();
    private readonly List<int>[] _elements = MakeLists<int>();
    private readonly List<double>[] _factors = MakeLists<double>();
    private readonly bool _oneDensity;
    private readonly Func<int, int, int>? _leaveOut;
    private readonly int[] _componentOfTriple;
    private readonly double[] _factorOfTriple;

    /// <summary>Lists the products.</summary>
    /// <param name="twoJMax">twojmax.</param>
    /// <param name="normalized"><c>bnormflag</c>.</param>
    /// <param name="oneDensity">False where W_x and W_y are of two densities, so that no two products for x = y are the same.</param>
    /// <param name="leaveOut">How many of the highest z of a pair x ≥ y, counted from x + y even if that is above 2J, have no blocks; null: none.</param>
    public SnapProducts(int twoJMax, bool normalized, bool oneDensity = true, Func<int, int, int>? leaveOut = null)
    {
        _leaveOut = leaveOut;
        TwoJMax = twoJMax;
        _oneDensity = oneDensity;
        for (var x = 0; x <= twoJMax; x++)
        {
            for (var y = 0; y <= x; y++)
            {
                var first = Triples.Count;
                for (var z = x - y; z <= Math.Min(twoJMax, x + y); z += 2)
                {
                    Triples.Add((x, y, z));
                }

                AddPair(x, y, first);
            }
        }

        var components = SnapIndices.Components(twoJMax);
        _componentOfTriple = new int[Triples.Count];
        _factorOfTriple = new double[Triples.Count];
        for (var t = 0; t < Triples.Count; t++)
        {
            (var component, _factorOfTriple[t]) = ComponentOf(Triples[t].X, Triples[t].Y, Triples[t].Z, normalized);
            _componentOfTriple[t] = Array.IndexOf(components, component);
        }
    }

    /// <summary>twojmax.</summary>
    public int TwoJMax { get; }

    /// <summary>All (x,y,z), z fastest: the places of the weights β′.</summary>
    public List<(int X, int Y, int Z)> Triples { get; } = [];

    /// <summary>
    /// For blocks of a width: number of products, place of the first triple, then a place in the full plane of Y for every z.
    /// </summary>
    public IReadOnlyList<int> Blocks(int width) => _blocks[width];

    /// <summary>For blocks of a width, one after the other: places in the full planes of both factors of every product.</summary>
    public IReadOnlyList<int> Elements(int width) => _elements[width];

    /// <summary>For blocks of a width, one after the other: for every product the factor of every z.</summary>
    public IReadOnlyList<double> Factors(int width) => _factors[width];

    /// <summary>The component, in LAMMPS's order, that a triple belongs to.</summary>
    public int ComponentOf(int triple) => _componentOfTriple[triple];

    /// <summary>β′/β of a triple: its Z times this is the gradient of its component with respect to W_z.</summary>
    public double FactorOf(int triple) => _factorOfTriple[triple];

    private static (BispectrumIndex Component, double Factor) ComponentOf(int x, int y, int z, bool normalized)
    {
        Span<int> sorted = [x, y, z];
        sorted.Sort();
        // B = Σ U_z*·Z(x,y,z) has z largest; of the orders of (x,y,z) with x ≥ y, those with equal entries stand for several.
        var multiplicity = x == y && y == z ? 3 : z == x || z == y ? 2 : 1;
        var factor = multiplicity * (sorted[2] + 1.0) / (z + 1);
        return (new BispectrumIndex(sorted[1], sorted[0], sorted[2]), normalized ? factor / (sorted[2] + 1) : factor);
    }

    private static List<TItem>[] MakeLists<TItem>()
    {
        var lists = new List<TItem>[MaximumWidth + 1];
        for (var k = 0; k < lists.Length; k++)
        {
            lists[k] = [];
        }

        return lists;
    }

    private void AddPair(int x, int y, int firstTriple)
    {
        var top = Math.Min(TwoJMax, x + y - 2 * (_leaveOut?.Invoke(x, y) ?? 0));
        // Orders are doubled and centred here: M = 2m − j.
        for (var mb = -(x + y); mb <= 0; mb += 2)
        {
            for (var ma = -(x + y); ma <= (mb == 0 ? 0 : x + y); ma += 2)
            {
                var lowest = Math.Max(Math.Max(Math.Abs(ma), Math.Abs(mb)), x - y);
                for (var z = lowest; z <= top; z += 2 * MaximumWidth)
                {
                    var width = Math.Min(MaximumWidth, (top - z) / 2 + 1);
                    AddBlock(x, y, ma, mb, z, width, firstTriple + (z - (x - y)) / 2);
                }
            }
        }
    }

    private void AddBlock(int x, int y, int ma, int mb, int lowest, int width, int firstTriple)
    {
        var header = _blocks[width].Count;
        _blocks[width].Add(0);
        _blocks[width].Add(firstTriple);
        for (var k = 0; k < width; k++)
        {
            var z = lowest + 2 * k;
            _blocks[width].Add(Place(z, ma, mb));
        }

        var merge = x == y && _oneDensity;
        for (var b = Math.Max(-x, mb - y); b <= Math.Min(x, mb + y); b += 2)
        {
            for (var a = Math.Max(-x, ma - y); a <= Math.Min(x, ma + y); a += 2)
            {
                // The same two elements in the other order.
                var swapped = (mb - b).CompareTo(b) is var byRow && byRow != 0 ? byRow : (ma - a).CompareTo(a);
                if (merge && swapped < 0)
                {
                    continue;
                }

                _blocks[width][header]++;
                _elements[width].Add(Place(x, a, b));
                _elements[width].Add(Place(y, ma - a, mb - b));
                for (var k = 0; k < width; k++)
                {
                    var factor = Factor(x, y, lowest + 2 * k, a, b, ma, mb);
                    _factors[width].Add(merge && swapped != 0 ? 2 * factor : factor);
                }
            }
        }
    }

    private static double Factor(int x, int y, int z, int a, int b, int ma, int mb)
    {
        int xa = (x + a) / 2, xb = (x + b) / 2, ya = (y + ma - a) / 2, yb = (y + mb - b) / 2;
        return ClebschGordan.Coefficient(x, y, z, xa, ya) * ClebschGordan.Coefficient(x, y, z, xb, yb)
            * SnapPlanes.Norm(x, xa, xb) * SnapPlanes.Norm(y, ya, yb) * SnapPlanes.Norm(z, (z + ma) / 2, (z + mb) / 2);
    }

    private static int Place(int j, int a, int b) => SnapIndices.LayerStart(j) + (j + 1) * ((j + b) / 2) + (j + a) / 2;
}
