using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>The lists of <see cref="SnapProducts"/> in unmanaged memory, as <see cref="BlockKernels"/> read them. Immutable.</summary>
internal sealed unsafe class SnapBlocks : IDisposable
{
    private readonly NativeArray<int>[] _blocks = new NativeArray<int>[SnapProducts.MaximumWidth + 1];
    private readonly NativeArray<int>[] _places = new NativeArray<int>[SnapProducts.MaximumWidth + 1];
    private readonly NativeArray<double>[] _factors = new NativeArray<double>[SnapProducts.MaximumWidth + 1];
    private readonly int[] _counts = new int[SnapProducts.MaximumWidth + 1];

    /// <summary>Copies the lists.</summary>
    public SnapBlocks(SnapProducts products)
        : this(products, _ => true)
    {
    }

    /// <summary>Copies the blocks whose first triple, that of the lowest z, is as wanted.</summary>
    public SnapBlocks(SnapProducts products, Predicate<(int X, int Y, int Z)> wanted)
    {
        for (var width = 1; width <= SnapProducts.MaximumWidth; width++)
        {
            Copy(products, width, wanted);
        }
    }

    /// <summary>Number of blocks of a width.</summary>
    public int Count(int width) => _counts[width];

    /// <summary>See <see cref="SnapProducts.Blocks"/>.</summary>
    public int* Blocks(int width) => _blocks[width].Pointer;

    /// <summary>See <see cref="SnapProducts.Elements"/>.</summary>
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

    private void Copy(SnapProducts products, int width, Predicate<(int X, int Y, int Z)> wanted)
    {
        var (blocks, places, factors) = (new List<int>(), new List<int>(), new List<double>());
        var all = products.Blocks(width);
        var product = 0;
        for (var b = 0; b < all.Count; product += all[b], b += 2 + width)
        {
            if (wanted(products.Triples[all[b + 1]]))
            {
                blocks.AddRange(all.Skip(b).Take(2 + width));
                places.AddRange(products.Elements(width).Skip(2 * product).Take(2 * all[b]));
                factors.AddRange(products.Factors(width).Skip(width * product).Take(width * all[b]));
                _counts[width]++;
            }
        }

        (_blocks[width] = new()).Fill(blocks);
        (_places[width] = new()).Fill(places);
        (_factors[width] = new()).Fill(factors);
    }
}
