using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>What is contracted with one layer of a neighbour's ∂W: the elements of the layer's proper half plane.</summary>
/// <param name="Start">First of its values in the list of all Z.</param>
/// <param name="Half">First of its elements in the half planes.</param>
/// <param name="Count">Number of elements.</param>
internal readonly record struct SnapSegment(int Start, int Half, int Count);

/// <summary>A segment's sum times a factor.</summary>
internal readonly record struct SnapTerm(int Segment, double Factor);

/// <summary>
/// How ∂B of a component follows from the segments' sums: its terms and, where <see cref="Y"/> ≥ 0, the gradient of a product.
/// </summary>
/// <param name="TermCount">Number of its terms, which follow those of the component before.</param>
/// <param name="X">One layer of the product.</param>
/// <param name="Y">The other; −1: there is none.</param>
/// <param name="Factor">Factor of the product.</param>
/// <param name="Segment">The smallest segment that is the component's own.</param>
/// <param name="Share">What Σ Z*·W over this segment is of B: how often its layer is among j1, j2, j.</param>
internal readonly record struct SnapComponent(int TermCount, int X, int Y, double Factor, int Segment, int Share);

/// <summary>
/// How <see cref="DescriptorPass"/> keeps Z: ∂B(j1,j2,j) involves, for every distinct layer z among j1, j2, j, the one
/// triple (x,y,z) made of the three; a segment holds its Z on z's proper half plane. Segments of one layer follow each
/// other, so that the layer's ∂W stay in the cache. Immutable, shared by all threads.
/// </summary>
/// <remarks>
/// Triples with z = x + y ≤ 2J, a quarter of all elements, have no segment. With F_x(p) = Σ U_x*·D_x(p), a function of
/// the point p on the unit sphere in four dimensions, F_x·F_y = Σ_z Σ Z_xyz*·D_z, z = x−y, x−y+2, …, x+y: the product of
/// two representations is the sum over those in it. The last of these is what the product leaves over after all the
/// others. So there is also a segment of U itself in each layer, for the gradients of F.
/// </remarks>
internal sealed unsafe class SnapSegments : IDisposable
{
    private readonly NativeArray<SnapSegment> _segments = new();
    private readonly NativeArray<SnapTerm> _terms = new();
    private readonly NativeArray<SnapComponent> _components = new();
    private readonly NativeArray<int> _densities = new();
    private readonly NativeArray<double> _densityWeights = new();

    /// <summary>Lists the segments of a plan.</summary>
    public SnapSegments(SnapPlan plan)
    {
        var products = plan.Products;
        var segmentOf = new int[products.Triples.Count];
        Array.Fill(segmentOf, -1);
        var segments = new List<SnapSegment>();
        var densities = _densities.Reserve(products.TwoJMax + 1);
        for (var z = 0; z <= products.TwoJMax; z++)
        {
            foreach (var t in Enumerable.Range(0, segmentOf.Length).Where(t => products.Triples[t].Z == z && !IsProduct(products, t)).OrderBy(products.ComponentOf))
            {
                segmentOf[t] = segments.Count;
                segments.Add(Next(z));
            }

            densities[z] = segments.Count;
            segments.Add(Next(z));
        }

        Count = _segments.Fill(segments);
        FillDensityWeights(plan);
        Blocks = MakeBlocks(plan, segmentOf);
        FillComponents(products, segmentOf);
    }

    /// <summary>Number of segments.</summary>
    public int Count { get; }

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

    /// <summary>Their terms.</summary>
    public SnapTerm* Terms => _terms.Pointer;

    /// <summary>Number of values in all segments.</summary>
    public int ValueCount { get; private set; }

    /// <summary>The products that make the values of all other segments.</summary>
    public SnapBlocks Blocks { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _segments.Dispose();
        _terms.Dispose();
        _components.Dispose();
        _densities.Dispose();
        _densityWeights.Dispose();
        Blocks.Dispose();
    }

    // B(0,0,0) has nothing but the triple (0,0,0).
    private static bool IsProduct(SnapProducts products, int triple)
    {
        var (x, y, z) = products.Triples[triple];
        return z == x + y && z > 0;
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
    private SnapBlocks MakeBlocks(SnapPlan plan, int[] segmentOf)
    {
        var products = plan.Products;
        var weights = new Span<SnapElement>(plan.Elements, plan.ElementCount).ToArray().ToDictionary(element => element.Full, element => element.Weight);
        // Proper elements lead the rows of full and of half planes alike.
        return new SnapBlocks(products, plan.VectorSize, static _ => true, (t, place) =>
            (Items[segmentOf[t]].Start + place - SnapIndices.LayerStart(products.Triples[t].Z), products.FactorOf(t) * weights[place]));
    }

    private void FillComponents(SnapProducts products, int[] segmentOf)
    {
        var components = new List<SnapComponent>();
        var terms = new List<SnapTerm>();
        foreach (var triples in Enumerable.Range(0, segmentOf.Length).GroupBy(products.ComponentOf).OrderBy(group => group.Key))
        {
            var first = terms.Count;
            var smallest = triples.Where(t => segmentOf[t] >= 0).MinBy(t => products.Triples[t].Z);
            var (a, b, c) = products.Triples[smallest];
            var component = new SnapComponent(0, -1, -1, 0, segmentOf[smallest], 1 + (a == c ? 1 : 0) + (b == c ? 1 : 0));
            foreach (var t in triples)
            {
                if (segmentOf[t] >= 0)
                {
                    terms.Add(new SnapTerm(segmentOf[t], 1));
                    continue;
                }

                var factor = products.FactorOf(t);
                var (x, y, z) = products.Triples[t];
                component = component with { X = x, Y = y, Factor = factor };
                // Triples of a pair (x,y) follow each other, this one is the last; segments hold Z times their own triple's factor.
                for (var other = t - (z - (x - y)) / 2; other < t; other++)
                {
                    terms.Add(new SnapTerm(segmentOf[other], -factor / products.FactorOf(other)));
                }
            }

            components.Add(component with { TermCount = terms.Count - first });
        }

        ComponentCount = _components.Fill(components);
        _terms.Fill(terms);
    }
}
