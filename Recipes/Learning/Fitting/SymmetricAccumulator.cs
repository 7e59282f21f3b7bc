namespace MofInterop.Learning;

/// <summary>
/// Sums RᵀR over blocks of rows R: the symmetric rank-k update of normal equations.
/// </summary>
/// <remarks>
/// Tiles of 4 × 8 columns are summed in registers over <see cref="RowBlock"/> rows, which stay in the second-level
/// cache, and then added to the sum; about half of the multiply-add peak of one core (10–20 GFLOP/s). One
/// fixed order of additions, so that the same rows in the same order give the same bits on the same kind of
/// processor: why no BLAS is called, whose kernels choose their blocking by themselves. Memory 8·stride² bytes.
/// </remarks>
internal sealed class SymmetricAccumulator
{
    private const int TileRows = 4;
    private const int TileColumns = 8;
    private const int RowBlock = 96;

    /// <summary>Rows of the sum that a thread takes at a time.</summary>
    private const int Band = 64;

    private readonly double[] _sum;

    /// <param name="stride">Number of columns, a multiple of 8.</param>
    public SymmetricAccumulator(int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(stride % TileColumns, 0);
        Stride = stride;
        _sum = new double[(long)stride * stride];
    }

    /// <summary>Number of columns.</summary>
    public int Stride { get; }

    /// <summary>Σ r_i r_j.</summary>
    public double this[int i, int j] => i <= j ? _sum[(long)i * Stride + j] : _sum[(long)j * Stride + i];

    /// <summary>Adds RᵀR.</summary>
    /// <param name="rows"><c>[count][Stride]</c>.</param>
    /// <param name="threads">That share the columns; the sum does not depend on them.</param>
    public unsafe void Add(ReadOnlySpan<double> rows, int threads = 1)
    {
        var count = rows.Length / Stride;
        fixed (double* first = rows)
        fixed (double* sum = _sum)
        {
            // A lambda cannot hold pointers of a fixed statement.
            nint source = (nint)first, target = (nint)sum;
            for (var start = 0; start < count; start += RowBlock)
            {
                var block = source + (nint)((long)start * Stride * sizeof(double));
                var height = Math.Min(RowBlock, count - start);
                if (threads == 1)
                {
                    AddTileRows(block, height, 0, Stride, target);
                }
                else
                {
                    var bands = (Stride + Band - 1) / Band;
                    Parallel.For(0, bands, new ParallelOptions { MaxDegreeOfParallelism = threads }, band => AddTileRows(block, height, band * Band, Math.Min((band + 1) * Band, Stride), target));
                }
            }
        }
    }

    private unsafe void AddTileRows(nint block, int height, int from, int to, nint sum)
    {
        for (var i = from; i < to; i += TileRows)
        {
            // From the tile that holds the diagonal: what it adds below the diagonal is never read.
            for (var j = i / TileColumns * TileColumns; j < Stride; j += TileColumns)
            {
                ProductTile.Add((double*)block + i, Stride, (double*)block + j, Stride, height, (double*)sum + (long)i * Stride + j);
            }
        }
    }

    /// <summary>Adds the sum of another of the same width.</summary>
    public void Add(SymmetricAccumulator other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.Stride, Stride);
        for (var k = 0; k < _sum.Length; k++)
        {
            _sum[k] += other._sum[k];
        }
    }
}
