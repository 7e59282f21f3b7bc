using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// The lists of <see cref="SnapProducts"/> in unmanaged memory, as <see cref="BlockKernels"/> read them: in each width the
/// layers of a product together, and within it loops of one length after the other, which a processor foresees. Offsets
/// are bytes. Immutable.
/// </summary>
internal sealed unsafe class SnapBlocks : IDisposable
{
    private readonly NativeArray<int>[] _blocks = new NativeArray<int>[SnapProducts.MaximumWidth + 1];
    private readonly NativeArray<int>[] _places = new NativeArray<int>[SnapProducts.MaximumWidth + 1];
    private readonly NativeArray<double>[] _factors = new NativeArray<double>[SnapProducts.MaximumWidth + 1];
    private readonly int[] _counts = new int[SnapProducts.MaximumWidth + 1];

    /// <summary>Copies the blocks whose first triple, that of the lowest z, is as wanted; Z goes to full planes.</summary>
    public SnapBlocks(SnapProducts products, int vectorSize, Predicate<(int X, int Y, int Z)> wanted)
        : this(products, vectorSize, wanted, static (_, place) => (place, 1))
    {
    }

    /// <summary>Copies blocks.</summary>
    /// <param name="products">The products.</param>
    /// <param name="vectorSize">Bytes of a vector.</param>
    /// <param name="wanted">Says of a block's first triple, that of the lowest z, whether the block is wanted.</param>
    /// <param name="receiver">For a triple and a place in the full planes: where its Z goes, counted in complex numbers, and what it is multiplied by.</param>
    public SnapBlocks(SnapProducts products, int vectorSize, Predicate<(int X, int Y, int Z)> wanted, Func<int, int, (int Place, double Factor)> receiver)
    {
        for (var width = 1; width <= SnapProducts.MaximumWidth; width++)
        {
            Copy(products, width, vectorSize, wanted, receiver);
        }
    }

    /// <summary>Number of blocks of a width.</summary>
    public int Count(int width) => _counts[width];

    /// <summary>For every block: number of products, offset of the first triple, then the offset of every Z.</summary>
    public int* Blocks(int width) => _blocks[width].Pointer;

    /// <summary>The offsets of both factors of every product.</summary>
    public int* Places(int width) => _places[width].Pointer;

    /// <summary>See <see cref="SnapProducts.Factors"/>.</summary>
    public double* Factors(int width) => _factors[width].Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        for (var width = 1; width <= SnapProducts.MaximumWidth; width++)
        {
            _blocks[width].Dispose();
            _places[width].Dispose();
            _factors[width].Dispose();
        }
    }

    private void Copy(SnapProducts products, int width, int vectorSize, Predicate<(int X, int Y, int Z)> wanted, Func<int, int, (int Place, double Factor)> receiver)
    {
        var (blocks, places, factors) = (new List<int>(), new List<int>(), new List<double>());
        foreach (var (header, product) in Order(products, width).Where(block => wanted(products.Triples[products.Blocks(width)[block.Header + 1]])))
        {
            var source = products.Blocks(width);
            int elements = source[header], triple = source[header + 1];
            var receivers = Enumerable.Range(0, width).Select(k => receiver(triple + k, source[header + 2 + k])).ToArray();
            blocks.Add(elements);
            blocks.Add(vectorSize * triple);
            blocks.AddRange(receivers.Select(r => 2 * vectorSize * r.Place));
            for (var e = product; e < product + elements; e++)
            {
                places.Add(2 * vectorSize * products.Elements(width)[2 * e]);
                places.Add(2 * vectorSize * products.Elements(width)[2 * e + 1]);
                factors.AddRange(receivers.Select((r, k) => r.Factor * products.Factors(width)[width * e + k]));
            }

            _counts[width]++;
        }

        (_blocks[width] = new()).Fill(blocks);
        (_places[width] = new()).Fill(places);
        (_factors[width] = new()).Fill(factors);
    }

    // Where the header and the first product of every block stand.
    private static IEnumerable<(int Header, int Product)> Order(SnapProducts products, int width)
    {
        var blocks = products.Blocks(width);
        var all = new List<(int Header, int Product)>();
        for (int b = 0, product = 0; b < blocks.Count; product += blocks[b], b += 2 + width)
        {
            all.Add((b, product));
        }

        return all.GroupBy(block => (products.Triples[blocks[block.Header + 1]].X, products.Triples[blocks[block.Header + 1]].Y))
            .SelectMany(product => product.OrderByDescending(block => blocks[block.Header]));
    }
}
