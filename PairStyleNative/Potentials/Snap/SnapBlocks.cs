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
    {
        for (var width = 1; width <= SnapProducts.MaximumWidth; width++)
        {
            (_blocks[width] = new()).Fill(products.Blocks(width));
            (_places[width] = new()).Fill(products.Elements(width));
            (_factors[width] = new()).Fill(products.Factors(width));
            _counts[width] = products.Blocks(width).Count / (2 + width);
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
}
