namespace MofInterop.Potentials.Snap.Cubic;

/// <summary>
/// E = Σ β·B as a cubic form in W, listed for a pass that finds the form and its whole gradient at once.
/// </summary>
/// <remarks>
/// <para>
/// A component B(j1,j2,j) is Σ_M U_z*(M)·Z_z(M) times (j+1)/(z+1), Z_z(M) = Σ C_a·C_b·U_x·U_y over pairs of elements whose
/// orders add to M, for whichever of the three is called z (<see cref="ProductChoice"/>). So every component is listed
/// once: ½E = Σ β′ Σ_M Re[W_z(M)*·Σ K·W_x·W_y], M over the proper half planes, K holding the n of <see cref="SnapPlanes"/>
/// and, at M = (0,0), which is its own mirror image, ½.
/// </para>
/// <para>
/// A <i>block</i> is (x,y,M) with its z, at most <see cref="MaximumWidth"/>. For every element, a pair of factors, it needs
/// P = W_x·W_y for Z_z += K_z·P, and G = Σ_z K_z·β′·W_z for the gradient: Y_x += G·W_y*, Y_y += G·W_x*. In the end
/// Y_z += β′·Z_z. These are 12 + 4·width operations an element; the product alone, as the three Z of a component each need
/// it, takes 4 + 2·width. Y is gathered on full planes and folded to half planes afterwards. Where x = y, swapped pairs
/// are merged.
/// </para>
/// <para>
/// At M = (0,0) mirroring a pair gives the complex conjugate of its product: half of the pairs do, everything is real, and
/// an element takes 6 + 2·width operations.
/// </para>
/// </remarks>
internal sealed class CubicForm : ISnapWeights
{
    /// <summary>The largest number of z that one block may have; wider ones are split, which keeps accumulators in registers.</summary>
    public const int MaximumWidth = 5;

    private readonly (int X, int Y, int Z)[] _triples;
    private readonly double[] _factors;

    /// <summary>Lists the form.</summary>
    /// <param name="twoJMax">twojmax.</param>
    /// <param name="normalized"><c>bnormflag</c>.</param>
    public CubicForm(int twoJMax, bool normalized)
    {
        var components = SnapIndices.Components(twoJMax);
        _triples = ProductChoice.Find(twoJMax);
        _factors = [.. components.Select((c, k) => (normalized ? 1 : c.J + 1.0) / (_triples[k].Z + 1))];
        var products = Enumerable.Range(0, components.Length).GroupBy(k => (_triples[k].X, _triples[k].Y)).OrderBy(p => p.Key);
        foreach (var product in products)
        {
            AddProduct(product.Key.X, product.Key.Y, [.. product.OrderBy(k => _triples[k].Z)]);
        }
    }

    /// <summary>All blocks.</summary>
    public List<CubicBlock> Blocks { get; } = [];

    /// <inheritdoc/>
    public int WeightCount => _triples.Length;

    /// <inheritdoc/>
    public void FillWeights(ReadOnlySpan<double> beta, Span<double> weights)
    {
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = _factors[k] * beta[k];
        }
    }

    /// <inheritdoc/>
    public int InvariantOf(int component) => component;

    /// <inheritdoc/>
    public double ScaleOf(int component) => 2 * _factors[component];

    private void AddProduct(int x, int y, int[] components)
    {
        var top = components.Max(k => _triples[k].Z);
        for (var mb = -top; mb <= 0; mb += 2)
        {
            for (var ma = -top; ma <= (mb == 0 ? 0 : top); ma += 2)
            {
                int[] reached = [.. components.Where(k => _triples[k].Z >= Math.Max(Math.Abs(ma), Math.Abs(mb)))];
                foreach (var some in reached.Chunk(MaximumWidth))
                {
                    AddBlock(x, y, ma, mb, some);
                }
            }
        }
    }

    private void AddBlock(int x, int y, int ma, int mb, int[] components)
    {
        var central = ma == 0 && mb == 0;
        var block = new CubicBlock((x, y), central, components, [.. components.Select(k => Place(_triples[k].Z, ma, mb))], [], []);
        for (var b = Math.Max(-x, mb - y); b <= Math.Min(x, mb + y); b += 2)
        {
            for (var a = Math.Max(-x, ma - y); a <= Math.Min(x, ma + y); a += 2)
            {
                // The pair with both elements swapped (x = y) or mirrored (M = 0) has its first element here.
                var partner = (mb - b).CompareTo(b) is var byRow && byRow != 0 ? byRow : (ma - a).CompareTo(a);
                if ((x == y || central) && partner < 0)
                {
                    continue;
                }

                var factor = ((x == y || central) && partner != 0 ? 2.0 : 1.0) * (central ? 0.5 : 1.0);
                block.Elements.Add((Place(x, a, b), Place(y, ma - a, mb - b)));
                block.Factors.Add([.. components.Select(k => factor * Factor(x, y, _triples[k].Z, a, b, ma, mb))]);
            }
        }

        Blocks.Add(block);
    }

    private static double Factor(int x, int y, int z, int a, int b, int ma, int mb)
    {
        int xa = (x + a) / 2, xb = (x + b) / 2, ya = (y + ma - a) / 2, yb = (y + mb - b) / 2;
        return ClebschGordan.Coefficient(x, y, z, xa, ya) * ClebschGordan.Coefficient(x, y, z, xb, yb)
            * SnapPlanes.Norm(x, xa, xb) * SnapPlanes.Norm(y, ya, yb) * SnapPlanes.Norm(z, (z + ma) / 2, (z + mb) / 2);
    }

    // Orders are doubled and centred here: M = 2m − j.
    private static int Place(int j, int a, int b) => SnapIndices.LayerStart(j) + (j + 1) * ((j + b) / 2) + (j + a) / 2;
}

/// <summary>A block of <see cref="CubicForm"/>.</summary>
/// <param name="Product">(x,y).</param>
/// <param name="Central">Whether M = (0,0).</param>
/// <param name="Components">Components of every z: places of β′ and of the invariants.</param>
/// <param name="Receivers">Place of (z,M) in the full planes for every z.</param>
/// <param name="Elements">Places of both factors in the full planes.</param>
/// <param name="Factors">K of every z for every element.</param>
internal sealed record CubicBlock((int X, int Y) Product, bool Central, int[] Components, int[] Receivers, List<(int X, int Y)> Elements, List<double[]> Factors)
{
    /// <summary>Number of z.</summary>
    public int Width => Components.Length;
}
