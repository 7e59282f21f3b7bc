namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>A block of features as kernels keep it: <c>[2l + 1][Width]</c>, channels in the lanes.</summary>
/// <param name="Degree">l.</param>
/// <param name="Width">Channels with what fills the last strip up.</param>
/// <param name="Offset">Where it begins in an atom's row.</param>
internal sealed record ChannelBlock(int Degree, int Width, int Offset)
{
    /// <summary>2l + 1.</summary>
    public int Dimension => 2 * Degree + 1;

    /// <summary>All its numbers.</summary>
    public int Size => Dimension * Width;
}

/// <summary>Some consecutive channels of a block of <see cref="Irreps"/> and where they are kept.</summary>
/// <param name="First">First channel.</param>
/// <param name="Count">Channels.</param>
/// <param name="Column">Where the first is kept in the rows of the <see cref="ChannelBlock"/>.</param>
internal readonly record struct ChannelSegment(int First, int Count, int Column);

/// <summary>
/// How an atom's features are kept: blocks that are needed, each in segments of whole strips. Blocks keep their numbers; those that nobody needs are left out. Immutable.
/// </summary>
internal sealed class ChannelLayout
{
    private readonly ChannelBlock?[] _blocks;
    private readonly List<ChannelSegment>[] _segments;

    /// <summary>Lays blocks out.</summary>
    /// <param name="degrees">l of every block.</param>
    /// <param name="segments">The channels of every block that are needed, by first channel and count.</param>
    /// <param name="strip">Numbers of a strip.</param>
    public ChannelLayout(IReadOnlyList<int> degrees, IReadOnlyList<IReadOnlyList<(int First, int Count)>> segments, int strip)
    {
        _blocks = new ChannelBlock?[degrees.Count];
        _segments = new List<ChannelSegment>[degrees.Count];
        for (var b = 0; b < degrees.Count; b++)
        {
            _segments[b] = [];
            var width = 0;
            foreach (var (first, count) in segments[b])
            {
                _segments[b].Add(new ChannelSegment(first, count, width));
                width += (count + strip - 1) / strip * strip;
            }

            if (width > 0)
            {
                _blocks[b] = new ChannelBlock(degrees[b], width, Size);
                Size += _blocks[b]!.Size;
            }
        }
    }

    /// <summary>Numbers of an atom's row.</summary>
    public int Size { get; private set; }

    /// <summary>Number of blocks, those that are left out too.</summary>
    public int Count => _blocks.Length;

    /// <summary>A block, or null where it is left out.</summary>
    public ChannelBlock? this[int block] => _blocks[block];

    /// <summary>Blocks that are kept, with their numbers.</summary>
    public IEnumerable<(int Number, ChannelBlock Block)> Kept => _blocks.Select((block, number) => (number, block)).Where(one => one.block is not null).Select(one => (one.number, one.block!));

    /// <summary>Takes an atom's features from e3nn's layout, blocks of <c>[channel][2l + 1]</c> one after another; what fills strips up becomes zero.</summary>
    public unsafe void Keep<TNumber>(double[] values, Irreps irreps, TNumber* target)
        where TNumber : unmanaged
    {
        new Span<TNumber>(target, Size).Clear();
        foreach (var (number, block) in Kept)
        {
            for (var column = 0; column < block.Width; column++)
            {
                for (var m = 0; m < block.Dimension && ChannelAt(number, column) is >= 0 and var channel; m++)
                {
                    target[block.Offset + m * block.Width + column] = Real.Of<TNumber>(values[irreps.OffsetOf(number) + channel * block.Dimension + m]);
                }
            }
        }
    }

    /// <summary>Where the channel stands that is the first of a segment; −1: it is not kept.</summary>
    public int ColumnOf(int block, int firstChannel)
    {
        foreach (var segment in _segments[block])
        {
            if (segment.First == firstChannel)
            {
                return segment.Column;
            }
        }

        return -1;
    }

    /// <summary>The channel that a column keeps; −1: none, it fills a strip up.</summary>
    public int ChannelAt(int block, int column)
    {
        foreach (var segment in _segments[block])
        {
            if (column >= segment.Column && column < segment.Column + segment.Count)
            {
                return segment.First + column - segment.Column;
            }
        }

        return -1;
    }
}

/// <summary>A linear layer between two blocks, and back.</summary>
/// <param name="From">Block that it takes.</param>
/// <param name="To">Block that it adds to.</param>
/// <param name="Forward">W.</param>
/// <param name="Backward">W transposed.</param>
internal sealed record ChannelMatrix<TNumber>(int From, int To, StripMatrix<TNumber> Forward, StripMatrix<TNumber> Backward) : IDisposable
    where TNumber : unmanaged
{
    /// <summary>The matrices of a map, for blocks that are kept at both ends.</summary>
    public static ChannelMatrix<TNumber>[] Of(IrrepsLinear linear, ChannelLayout from, ChannelLayout to, int strip)
    {
        var matrices = new List<ChannelMatrix<TNumber>>();
        foreach (var path in linear.Paths)
        {
            if (from[path.Input] is not { } input || to[path.Output] is not { } output)
            {
                continue;
            }

            var outputs = linear.Output[path.Output].Multiplicity;
            double At(int row, int column) => from.ChannelAt(path.Input, row) is >= 0 and var a && to.ChannelAt(path.Output, column) is >= 0 and var b ? path.Weights[a * outputs + b] : 0;
            matrices.Add(new ChannelMatrix<TNumber>(
                path.Input, path.Output, new StripMatrix<TNumber>(input.Width, output.Width, At, strip), new StripMatrix<TNumber>(output.Width, input.Width, (row, column) => At(column, row), strip)));
        }

        return [.. matrices];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forward.Dispose();
        Backward.Dispose();
    }
}
