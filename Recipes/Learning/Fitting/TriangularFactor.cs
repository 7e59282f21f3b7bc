using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MofInterop.Learning;

/// <summary>
/// The triangular factor R of a QR factorisation of rows that come block by block: Householder reflections of R and a
/// block together leave a new R and zeros. RᵀR is AᵀA of all rows, but R has the condition number of A, not its square. Not thread-safe.
/// </summary>
/// <remarks>
/// LAPACK's <c>tpqrt</c> with a dense block: the reflection of column j has a 1 in row j of R and the rest in the block. Panels of
/// <see cref="PanelWidth"/> reflections act on the columns behind them as one product, B − V·(Tᵀ·(R + VᵀB)) (R. Schreiber and C. Van Loan, SIAM J. Sci. Stat.
/// Comput. 10 (1989) 53), 2·rows·columns² operations, twice those of AᵀA. MathNet's factorisation of stacked blocks takes 15 times as
/// long. One fixed order of operations: the same blocks in the same order give the same bits on the same kind of processor.
/// </remarks>
internal sealed unsafe class TriangularFactor
{
    /// <summary>A multiple of eight, so that the columns behind a panel begin at a whole vector.</summary>
    private const int PanelWidth = 32;

    private const int RowBlock = 96;

    private readonly double[] _factor;
    private readonly double[] _inner = new double[PanelWidth * PanelWidth];
    private readonly double[] _product;
    private double[] _panel = [];
    private double[] _reflections = [];

    /// <param name="columns">Number of columns; the memory is 8·columns² bytes.</param>
    public TriangularFactor(int columns)
    {
        ColumnCount = columns;
        Stride = (columns + 7) / 8 * 8;
        _factor = new double[(long)Stride * Stride];
        _product = new double[PanelWidth * Stride];
    }

    private TriangularFactor(TriangularFactor other)
        : this(other.ColumnCount) => other._factor.CopyTo(_factor, 0);

    /// <summary>Columns.</summary>
    public int ColumnCount { get; }

    /// <summary>Distance from row to row of blocks: the columns rounded up to whole vectors.</summary>
    public int Stride { get; }

    /// <summary>An element of R, zero below the diagonal.</summary>
    public double this[int i, int j] => i <= j ? _factor[(long)i * Stride + j] : 0;

    /// <summary>The same factor, to go on from.</summary>
    public TriangularFactor Copy() => new(this);

    /// <summary>Adds the rows of another factor of the same width.</summary>
    public void Add(TriangularFactor other)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(other.ColumnCount, ColumnCount);
        Add(((double[])other._factor.Clone()).AsSpan(0, ColumnCount * Stride));
    }

    /// <summary>Adds rows.</summary>
    /// <param name="rows"><c>[count][Stride]</c>, zero behind the columns; overwritten.</param>
    public void Add(Span<double> rows)
    {
        var count = rows.Length / Stride;
        if (_panel.Length < count * PanelWidth)
        {
            _panel = new double[count * PanelWidth];
            _reflections = new double[count * PanelWidth];
        }

        fixed (double* block = rows, factor = _factor, panel = _panel, reflections = _reflections, product = _product)
        {
            for (var first = 0; first < ColumnCount; first += PanelWidth)
            {
                var width = Math.Min(PanelWidth, ColumnCount - first);
                Reflect(block, factor, panel, count, first, width);
                if (first + PanelWidth < Stride)
                {
                    Transpose(panel, reflections, count, width);
                    ApplyBehind(block, factor, reflections, product, count, first);
                }
            }
        }
    }

    /// <summary>Makes the reflections of a panel, <c>panel[width][count]</c>, and their T; the panel's columns of R are then final.</summary>
    private void Reflect(double* block, double* factor, double* panel, int count, int first, int width)
    {
        for (var r = 0; r < count; r++)
        {
            for (var k = 0; k < width; k++)
            {
                panel[k * count + r] = block[(long)r * Stride + first + k];
            }
        }

        for (var j = 0; j < width; j++)
        {
            var row = factor + (long)(first + j) * Stride + first;
            var vector = panel + j * count;
            var below = Dot(vector, vector, count);
            var (head, weight) = (row[j], 0.0);
            if (below > 0)
            {
                // Away from the head, so that nothing cancels.
                var length = -Math.CopySign(Math.Sqrt(head * head + below), head);
                weight = (length - head) / length;
                Scale(vector, 1 / (head - length), count);
                row[j] = length;
            }

            for (var k = j + 1; k < width; k++)
            {
                var along = weight * (row[k] + Dot(vector, panel + k * count, count));
                row[k] -= along;
                AddScaled(panel + k * count, -along, vector, count);
            }

            ExtendInner(panel, count, j, weight);
        }
    }

    // Column j of T: the product of the first j + 1 reflections is 1 − V·T·Vᵀ.
    private void ExtendInner(double* panel, int count, int j, double weight)
    {
        Span<double> overlaps = stackalloc double[PanelWidth];
        for (var i = 0; i < j; i++)
        {
            overlaps[i] = Dot(panel + i * count, panel + j * count, count);
        }

        for (var i = 0; i < j; i++)
        {
            var sum = 0.0;
            for (var k = i; k < j; k++)
            {
                sum += _inner[i * PanelWidth + k] * overlaps[k];
            }

            _inner[i * PanelWidth + j] = -weight * sum;
        }

        _inner[j * PanelWidth + j] = weight;
    }

    private static void Transpose(double* panel, double* reflections, int count, int width)
    {
        for (var r = 0; r < count; r++)
        {
            for (var k = 0; k < PanelWidth; k++)
            {
                reflections[r * PanelWidth + k] = k < width ? panel[k * count + r] : 0;
            }
        }
    }

    private void ApplyBehind(double* block, double* factor, double* reflections, double* product, int count, int first)
    {
        var behind = first + PanelWidth;
        for (var k = 0; k < PanelWidth; k++)
        {
            new ReadOnlySpan<double>(factor + (long)(first + k) * Stride + behind, Stride - behind).CopyTo(new Span<double>(product + k * Stride + behind, Stride - behind));
        }

        for (var start = 0; start < count; start += RowBlock)
        {
            var height = Math.Min(RowBlock, count - start);
            for (var column = behind; column < Stride; column += 8)
            {
                for (var k = 0; k < PanelWidth; k += 4)
                {
                    ProductTile.Add(reflections + start * PanelWidth + k, PanelWidth, block + (long)start * Stride + column, Stride, height, product + k * Stride + column);
                }
            }
        }

        MultiplyByInner(product, behind);
        for (var k = 0; k < PanelWidth; k++)
        {
            AddScaled(factor + (long)(first + k) * Stride + behind, -1, product + k * Stride + behind, Stride - behind);
        }

        for (var start = 0; start < count; start += RowBlock)
        {
            var height = Math.Min(RowBlock, count - start);
            for (var column = behind; column < Stride; column += 8)
            {
                SubtractProducts(reflections + start * PanelWidth, product + column, height, block + (long)start * Stride + column);
            }
        }
    }

    // product := Tᵀ·product; row k needs the rows before it only, so from the last to the first in place.
    private void MultiplyByInner(double* product, int behind)
    {
        var length = Stride - behind;
        for (var k = PanelWidth - 1; k >= 0; k--)
        {
            var row = product + k * Stride + behind;
            Scale(row, _inner[k * PanelWidth + k], length);
            for (var i = 0; i < k; i++)
            {
                AddScaled(row, _inner[i * PanelWidth + k], product + i * Stride + behind, length);
            }
        }
    }

    // Eight columns of B − V·W, four rows at a time.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void SubtractProducts(double* left, double* right, int height, double* target)
    {
        var r = 0;
        for (; r + 4 <= height; r += 4)
        {
            Vector256<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
            double* row = left + r * PanelWidth, w = right;
            for (var k = 0; k < PanelWidth; k++)
            {
                Vector256<double> w0 = Vector256.Load(w), w1 = Vector256.Load(w + 4);
                var l = Vector256.Create(row[k]);
                s00 = Vector256.FusedMultiplyAdd(l, w0, s00);
                s01 = Vector256.FusedMultiplyAdd(l, w1, s01);
                l = Vector256.Create(row[k + PanelWidth]);
                s10 = Vector256.FusedMultiplyAdd(l, w0, s10);
                s11 = Vector256.FusedMultiplyAdd(l, w1, s11);
                l = Vector256.Create(row[k + 2 * PanelWidth]);
                s20 = Vector256.FusedMultiplyAdd(l, w0, s20);
                s21 = Vector256.FusedMultiplyAdd(l, w1, s21);
                l = Vector256.Create(row[k + 3 * PanelWidth]);
                s30 = Vector256.FusedMultiplyAdd(l, w0, s30);
                s31 = Vector256.FusedMultiplyAdd(l, w1, s31);
                w += Stride;
            }

            var first = target + (long)r * Stride;
            ProductTile.AddRow(first, -s00, -s01);
            ProductTile.AddRow(first + Stride, -s10, -s11);
            ProductTile.AddRow(first + 2 * Stride, -s20, -s21);
            ProductTile.AddRow(first + 3 * Stride, -s30, -s31);
        }

        for (; r < height; r++)
        {
            Vector256<double> s0 = default, s1 = default;
            for (var k = 0; k < PanelWidth; k++)
            {
                var l = Vector256.Create(left[r * PanelWidth + k]);
                s0 = Vector256.FusedMultiplyAdd(l, Vector256.Load(right + k * Stride), s0);
                s1 = Vector256.FusedMultiplyAdd(l, Vector256.Load(right + k * Stride + 4), s1);
            }

            ProductTile.AddRow(target + (long)r * Stride, -s0, -s1);
        }
    }

    private static double Dot(double* a, double* b, int count)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var k = 0;
        for (; k + 16 <= count; k += 16)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.Load(a + k), Vector256.Load(b + k), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.Load(a + k + 4), Vector256.Load(b + k + 4), s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.Load(a + k + 8), Vector256.Load(b + k + 8), s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.Load(a + k + 12), Vector256.Load(b + k + 12), s3);
        }

        var sum = Vector256.Sum((s0 + s1) + (s2 + s3));
        for (; k < count; k++)
        {
            sum += a[k] * b[k];
        }

        return sum;
    }

    private static void AddScaled(double* target, double factor, double* values, int count)
    {
        var factors = Vector256.Create(factor);
        var k = 0;
        for (; k + 4 <= count; k += 4)
        {
            Vector256.FusedMultiplyAdd(factors, Vector256.Load(values + k), Vector256.Load(target + k)).Store(target + k);
        }

        for (; k < count; k++)
        {
            target[k] += factor * values[k];
        }
    }

    private static void Scale(double* values, double factor, int count)
    {
        for (var k = 0; k < count; k++)
        {
            values[k] *= factor;
        }
    }
}
