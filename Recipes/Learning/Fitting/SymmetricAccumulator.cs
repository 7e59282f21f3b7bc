using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
                AddTile((double*)block, height, i, j, (double*)sum + (long)i * Stride + j);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe void AddTile(double* block, int height, int i, int j, double* target)
    {
        var stride = Stride;
        Vector256<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        var left = block + i;
        var right = block + j;
        for (var r = 0; r < height; r++)
        {
            var r0 = Vector256.Load(right);
            var r1 = Vector256.Load(right + 4);
            var l = Vector256.Create(left[0]);
            s00 = Vector256.FusedMultiplyAdd(l, r0, s00);
            s01 = Vector256.FusedMultiplyAdd(l, r1, s01);
            l = Vector256.Create(left[1]);
            s10 = Vector256.FusedMultiplyAdd(l, r0, s10);
            s11 = Vector256.FusedMultiplyAdd(l, r1, s11);
            l = Vector256.Create(left[2]);
            s20 = Vector256.FusedMultiplyAdd(l, r0, s20);
            s21 = Vector256.FusedMultiplyAdd(l, r1, s21);
            l = Vector256.Create(left[3]);
            s30 = Vector256.FusedMultiplyAdd(l, r0, s30);
            s31 = Vector256.FusedMultiplyAdd(l, r1, s31);
            left += stride;
            right += stride;
        }

        AddTo(target, s00, s01);
        AddTo(target + stride, s10, s11);
        AddTo(target + 2 * stride, s20, s21);
        AddTo(target + 3 * stride, s30, s31);
    }

    private static unsafe void AddTo(double* target, Vector256<double> low, Vector256<double> high)
    {
        (Vector256.Load(target) + low).Store(target);
        (Vector256.Load(target + 4) + high).Store(target + 4);
    }
}
