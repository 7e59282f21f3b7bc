using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>What is contracted with one layer of a neighbour's ∂W: the elements of the layer's proper half plane.</summary>
/// <param name="Start">First of its values in the list of all Z.</param>
/// <param name="Half">First of its elements in the half planes.</param>
/// <param name="Count">Number of elements.</param>
internal readonly record struct SnapSegment(int Start, int Half, int Count);

/// <summary>What a segment takes from the triples that a pair (x,y) leaves out.</summary>
/// <param name="Segment">The segment, of the same pair and a lower z.</param>
/// <param name="Share">Factor for z = x + y.</param>
/// <param name="Weight">Factor for z = x + y − 2.</param>
internal readonly record struct SnapTerm(int Segment, double Share, double Weight);

/// <summary>A pair of layers with triples that are left out.</summary>
/// <param name="X">x.</param>
/// <param name="Y">y.</param>
/// <param name="TermCount">Number of its terms, which follow those of the pair before.</param>
/// <param name="Sum">Where the sum of z = x + y goes, among those of segments; −1: it is not wanted.</param>
/// <param name="SumFactor">What it is multiplied by.</param>
/// <param name="Next">The same for z = x + y − 2; −1: that is not left out.</param>
/// <param name="NextFactor">What it is multiplied by.</param>
/// <param name="Product">Factor of F_x·F_y in it.</param>
/// <param name="Slopes">Factor of ∇F_x·∇F_y in it.</param>
internal readonly record struct SnapPair(int X, int Y, int TermCount, int Sum, double SumFactor, int Next, double NextFactor, double Product, double Slopes);

/// <summary>A layer whose second derivatives are needed.</summary>
/// <param name="J">j.</param>
/// <param name="Count">Elements of its proper half plane.</param>
/// <param name="Proper">First of them among all proper elements.</param>
/// <param name="Half">First of them in the half planes.</param>
/// <param name="Full">First of them in the full planes.</param>
internal readonly record struct SnapCurvedLayer(int J, int Count, int Proper, int Half, int Full);

/// <summary>How ∂B of a component follows from the sums: it is the sum of one to three of them.</summary>
/// <param name="First">The first, which is a segment: the smallest of the component.</param>
/// <param name="Second">The second; −1: none.</param>
/// <param name="Third">The third; −1: none.</param>
/// <param name="Share">What Σ Z*·W over the first is of B: how often its layer is among j1, j2, j.</param>
internal readonly record struct SnapComponent(int First, int Second, int Third, int Share);

/// <summary>
/// How <see cref="DescriptorPass"/> keeps Z: ∂B(j1,j2,j) involves, for every distinct layer z among j1, j2, j, the one
/// triple (x,y,z) made of the three; a segment holds its Z on z's proper half plane. Segments of one layer follow each
/// other, so that the layer's ∂W stay in the cache. Immutable, shared by all threads.
/// </summary>
/// <remarks>
/// With F_x(p) = Σ U_x*·D_x(p), a function of the point p on the unit sphere in four dimensions, F_x·F_y = Σ_z G_z,
/// G_z = Σ Z_xyz*·D_z, z = x−y, x−y+2, …, x+y: the product of two representations is the sum over those in it. Each is a
/// spherical harmonic, ΔG_z = −z(z+2)·G_z, so that
/// Σ_z z(z+2)·G_z = (x(x+2) + y(y+2))·F_x·F_y − 2∇F_x·∇F_y. Hence the two highest z of a pair follow from the others and from
/// F with its first and second derivatives: with N = x + y,
/// 4N·G_{N−2} = 2xy·F_x·F_y + 2∇F_x·∇F_y − Σ_{z&lt;N−2} (N(N+2) − z(z+2))·G_z.
/// These triples, half of all elements, have no segment (<see cref="LeftOut"/>); instead there is a segment of U itself in
/// each layer, for the gradients of F, and <see cref="DescriptorCurvatures"/>.
/// </remarks>
internal sealed unsafe class SnapSegments : IDisposable
{
    private const int SmallestCurvedPair = 6;

    private readonly NativeArray<SnapSegment> _segments = new();
    private readonly NativeArray<SnapPair> _pairs = new();
    private readonly NativeArray<SnapTerm> _terms = new();
    private readonly NativeArray<SnapComponent> _components = new();
    private readonly NativeArray<int> _densities = new();
    private readonly NativeArray<double> _densityWeights = new();

    /// <summary>Lists the segments of a plan.</summary>
    public SnapSegments(SnapPlan plan)
    {
        var products = plan.Products;
        var sumOf = new int[products.Triples.Count];
        Array.Fill(sumOf, -1);
        var segments = new List<SnapSegment>();
        var densities = _densities.Reserve(products.TwoJMax + 1);
        for (var z = 0; z <= products.TwoJMax; z++)
        {
            foreach (var t in Enumerable.Range(0, sumOf.Length).Where(t => products.Triples[t].Z == z && !IsLeftOut(products, t)).OrderBy(products.ComponentOf))
            {
                sumOf[t] = segments.Count;
                segments.Add(Next(z));
            }

            densities[z] = segments.Count;
            segments.Add(Next(z));
        }

        SumCount = Count = _segments.Fill(segments);
        for (var t = 0; t < sumOf.Length; t++)
        {
            sumOf[t] = sumOf[t] < 0 ? SumCount++ : sumOf[t];
        }

        FillDensityWeights(plan);
        Blocks = MakeBlocks(plan, sumOf);
        FillPairs(products, sumOf);
        FillComponents(products, sumOf);
    }

    /// <summary>How many z of a pair x ≥ y are left out, from x + y downwards. Small ones are not worth second derivatives, nor are those of the top layer.</summary>
    public static int LeftOut(int twoJMax, int x, int y)
    {
        var curved = x < twoJMax && y > 0 && x + y >= SmallestCurvedPair && x + y <= twoJMax + 2;
        return curved ? 2 : x + y > 0 ? 1 : 0;
    }

    /// <summary>Number of segments.</summary>
    public int Count { get; }

    /// <summary>Number of sums: those of segments, then those of the triples that are left out.</summary>
    public int SumCount { get; }

    /// <summary>The segments.</summary>
    public SnapSegment* Items => _segments.Pointer;

    /// <summary>The segment of U itself in every layer.</summary>
    public int* Densities => _densities.Pointer;

    /// <summary>
    /// What makes the values of these segments from the summed W, layer after layer: n² for U from W on both sides
    /// (<see cref="SnapPlanes"/>), times 2 where the mirror image is another element.
    /// </summary>
    public double* DensityWeights => _densityWeights.Pointer;

    /// <summary>Number of <see cref="Components"/>.</summary>
    public int ComponentCount { get; private set; }

    /// <summary>All components.</summary>
    public SnapComponent* Components => _components.Pointer;

    /// <summary>Number of <see cref="Pairs"/>.</summary>
    public int PairCount { get; private set; }

    /// <summary>The pairs (x,y) with triples that are left out.</summary>
    public SnapPair* Pairs => _pairs.Pointer;

    /// <summary>Their terms.</summary>
    public SnapTerm* Terms => _terms.Pointer;

    /// <summary>The layers whose second derivatives <see cref="Pairs"/> need.</summary>
    public SnapCurvedLayer[] CurvedLayers { get; private set; } = [];

    /// <summary>Number of their proper elements.</summary>
    public int CurvedCount { get; private set; }

    /// <summary>Number of values in all segments.</summary>
    public int ValueCount { get; private set; }

    /// <summary>The products that make the values of all other segments.</summary>
    public SnapBlocks Blocks { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _segments.Dispose();
        _pairs.Dispose();
        _terms.Dispose();
        _components.Dispose();
        _densities.Dispose();
        _densityWeights.Dispose();
        Blocks.Dispose();
    }

    private static bool IsLeftOut(SnapProducts products, int triple)
    {
        var (x, y, z) = products.Triples[triple];
        return z > x + y - 2 * LeftOut(products.TwoJMax, x, y);
    }

    private SnapSegment Next(int layer)
    {
        var segment = new SnapSegment(ValueCount, SnapPlanes.HalfStart(layer), SnapPlanes.ProperCount(layer));
        ValueCount += segment.Count;
        return segment;
    }

    private void FillDensityWeights(SnapPlan plan)
    {
        var weight = _densityWeights.Reserve(plan.ElementCount);
        for (var j = 0; j <= plan.Products.TwoJMax; j++)
        {
            for (var k = 0; k < SnapPlanes.ProperCount(j); k++, weight++)
            {
                var norm = SnapPlanes.Norm(j, k % (j + 1), k / (j + 1));
                *weight = norm * norm * plan.Elements[weight - _densityWeights.Pointer].Weight;
            }
        }
    }

    // Values hold the factors that make them the gradients of the components, and 2 where the mirror image is another element.
    private SnapBlocks MakeBlocks(SnapPlan plan, int[] sumOf)
    {
        var products = plan.Products;
        var weights = new Span<SnapElement>(plan.Elements, plan.ElementCount).ToArray().ToDictionary(element => element.Full, element => element.Weight);
        // Proper elements lead the rows of full and of half planes alike.
        return new SnapBlocks(products, plan.VectorSize, static _ => true, (t, place) =>
            (Items[sumOf[t]].Start + place - SnapIndices.LayerStart(products.Triples[t].Z), products.FactorOf(t) * weights[place]));
    }

    private void FillPairs(SnapProducts products, int[] sumOf)
    {
        var pairs = new List<SnapPair>();
        var terms = new List<SnapTerm>();
        foreach (var triples in Enumerable.Range(0, sumOf.Length).GroupBy(t => (products.Triples[t].X, products.Triples[t].Y)).Where(pair => pair.Any(t => IsLeftOut(products, t))))
        {
            var (x, y) = triples.Key;
            var n = x + y;
            var kept = triples.Where(t => !IsLeftOut(products, t)).ToArray();
            var sum = triples.Where(t => products.Triples[t].Z == n).DefaultIfEmpty(-1).Single();
            var next = triples.Where(t => products.Triples[t].Z == n - 2 && IsLeftOut(products, t)).DefaultIfEmpty(-1).Single();
            // Segments hold Z times their own triple's factor.
            terms.AddRange(kept.Select(t => (Place: sumOf[t], Factor: products.FactorOf(t), Z: products.Triples[t].Z))
                .Select(t => new SnapTerm(t.Place, 1 / t.Factor, (n * (n + 2) - t.Z * (t.Z + 2)) / (4.0 * n * t.Factor))));
            pairs.Add(new SnapPair(
                x, y, kept.Length, sum < 0 ? -1 : sumOf[sum], sum < 0 ? 0 : products.FactorOf(sum), next < 0 ? -1 : sumOf[next], next < 0 ? 0 : products.FactorOf(next), x * y / (2.0 * n), 1 / (2.0 * n)));
        }

        PairCount = _pairs.Fill(pairs);
        _terms.Fill(terms);
        CurvedLayers = [.. pairs.Where(pair => pair.Next >= 0).SelectMany(pair => (int[])[pair.X, pair.Y]).Distinct().Order().Select(j => new SnapCurvedLayer(
            j, SnapPlanes.ProperCount(j), Enumerable.Range(0, j).Sum(SnapPlanes.ProperCount), SnapPlanes.HalfStart(j), SnapIndices.LayerStart(j)))];
        CurvedCount = CurvedLayers.Sum(layer => layer.Count);
    }

    private void FillComponents(SnapProducts products, int[] sumOf)
    {
        var components = new List<SnapComponent>();
        foreach (var triples in Enumerable.Range(0, sumOf.Length).GroupBy(products.ComponentOf).OrderBy(group => group.Key))
        {
            int[] places = [.. triples.OrderBy(t => IsLeftOut(products, t)).ThenBy(t => products.Triples[t].Z)];
            var (a, b, c) = products.Triples[places[0]];
            int At(int k) => k < places.Length ? sumOf[places[k]] : -1;
            components.Add(new SnapComponent(At(0), At(1), At(2), 1 + (a == c ? 1 : 0) + (b == c ? 1 : 0)));
        }

        ComponentCount = _components.Fill(components);
    }
}
