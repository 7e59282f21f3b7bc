using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// One layer's part in the gradient of one component: <see cref="Count"/> elements, the proper half plane of that layer.
/// </summary>
/// <param name="Component">The component.</param>
/// <param name="Start">First of its Z in the list of all Z.</param>
/// <param name="Half">First of its elements in the half planes.</param>
/// <param name="Count">Number of elements.</param>
internal readonly record struct SnapSegment(int Component, int Start, int Half, int Count);

/// <summary>
/// How <see cref="DescriptorPass"/> keeps Z: ∂B(j1,j2,j) involves, for every distinct layer z among j1, j2, j, the one
/// triple (x,y,z) made of the three; a segment holds its Z on z's proper half plane. Segments of one layer follow each
/// other, so that the layer's ∂W stay in the cache. Immutable, shared by all threads.
/// </summary>
internal sealed unsafe class SnapSegments : IDisposable
{
    private readonly NativeArray<SnapSegment> _segments = new();
    private readonly NativeArray<int> _places = new();

    /// <summary>Lists the segments of a plan.</summary>
    public SnapSegments(SnapPlan plan)
    {
        var products = plan.Products;
        var order = Enumerable.Range(0, products.Triples.Count).OrderBy(t => products.Triples[t].Z).ThenBy(products.ComponentOf).ToArray();
        var starts = new int[order.Length];
        var segments = _segments.Reserve(order.Length);
        foreach (var t in order)
        {
            var z = products.Triples[t].Z;
            starts[t] = ValueCount;
            segments[Count++] = new SnapSegment(products.ComponentOf(t), ValueCount, SnapPlanes.HalfStart(z), SnapPlanes.ProperCount(z));
            ValueCount += SnapPlanes.ProperCount(z);
        }

        var places = _places.Reserve(ValueCount);
        for (var width = 1; width <= SnapProducts.MaximumWidth; width++)
        {
            var blocks = products.Blocks(width);
            for (var b = 0; b < blocks.Count; b += 2 + width)
            {
                for (var k = 0; k < width; k++)
                {
                    // Proper elements lead the rows of full and of half planes alike.
                    var t = blocks[b + 1] + k;
                    *places++ = starts[t] + blocks[b + 2 + k] - SnapIndices.LayerStart(products.Triples[t].Z);
                }
            }
        }
    }

    /// <summary>Number of segments.</summary>
    public int Count { get; }

    /// <summary>The segments.</summary>
    public SnapSegment* Items => _segments.Pointer;

    /// <summary>Number of all Z.</summary>
    public int ValueCount { get; }

    /// <summary>Where each Z goes, in the order in which <see cref="BlockKernels"/> gives them.</summary>
    public int* Places => _places.Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        _segments.Dispose();
        _places.Dispose();
    }
}
