using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>Features of the centers of a batch, every block by itself, <c>[centers][2l + 1][channels]</c>: so matrices multiply all of them at once.</summary>
internal sealed unsafe class BatchRows<TNumber>(int batchSize) : IDisposable
    where TNumber : unmanaged
{
    private readonly NativeArray<TNumber> _data = new();

    /// <summary>Makes room for the largest of some layouts.</summary>
    public void Reserve(int size) => _data.Reserve((long)batchSize * size);

    /// <summary>A block of all centers.</summary>
    public TNumber* Of(ChannelBlock block) => _data.Pointer + (long)batchSize * block.Offset;

    /// <summary>A block of one center.</summary>
    public TNumber* Of(ChannelBlock block, int center) => Of(block) + (long)center * block.Size;

    /// <summary>Sets the blocks of so many centers to zero.</summary>
    public void Clear(ChannelLayout layout, int count)
    {
        for (var b = 0; b < layout.Count; b++)
        {
            if (layout[b] is { } block)
            {
                new Span<TNumber>(Of(block), count * block.Size).Clear();
            }
        }
    }

    /// <summary>Takes a center's row.</summary>
    public void Load(ChannelLayout layout, int center, TNumber* row)
    {
        for (var b = 0; b < layout.Count; b++)
        {
            if (layout[b] is { } block)
            {
                new Span<TNumber>(row + block.Offset, block.Size).CopyTo(new Span<TNumber>(Of(block, center), block.Size));
            }
        }
    }

    /// <summary>Gives a center's row.</summary>
    public void Store(ChannelLayout layout, int center, TNumber* row)
    {
        for (var b = 0; b < layout.Count; b++)
        {
            if (layout[b] is { } block)
            {
                new Span<TNumber>(Of(block, center), block.Size).CopyTo(new Span<TNumber>(row + block.Offset, block.Size));
            }
        }
    }

    /// <summary>Adds a linear map of the features of so many centers, or its transposed.</summary>
    public void Add<T>(ChannelMatrix<TNumber>[] matrices, bool isTransposed, BatchRows<TNumber> source, ChannelLayout from, ChannelLayout to, int count)
        where T : unmanaged, ILanes<T, TNumber>
    {
        foreach (var matrix in matrices)
        {
            ChannelBlock input = from[isTransposed ? matrix.To : matrix.From]!, output = to[isTransposed ? matrix.From : matrix.To]!;
            StripProduct.Add<T, TNumber>(count * input.Dimension, source.Of(input), input.Width, isTransposed ? matrix.Backward : matrix.Forward, Of(output), output.Width);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();
}
