using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// The right factor of <see cref="StripProduct"/>, in strips of two vectors: all rows of the first strip's columns, then those of the next. Channels of equivariant models come in such strips. Immutable.
/// </summary>
internal sealed unsafe class StripMatrix<TNumber> : IDisposable
    where TNumber : unmanaged
{
    private readonly NativeArray<TNumber> _data = new();

    /// <summary>Packs a matrix.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns, whole strips.</param>
    /// <param name="at">The element of a row and column.</param>
    /// <param name="strip">Numbers of a strip.</param>
    public StripMatrix(int rows, int columns, Func<int, int, double> at, int strip)
    {
        (Rows, Columns, Strip) = (rows, columns, strip);
        var target = _data.Reserve((long)rows * columns);
        for (var first = 0; first < columns; first += strip)
        {
            for (var row = 0; row < rows; row++)
            {
                for (var k = 0; k < strip; k++)
                {
                    *target++ = Real.Of<TNumber>(at(row, first + k));
                }
            }
        }
    }

    /// <summary>Rows.</summary>
    public int Rows { get; }

    /// <summary>Columns.</summary>
    public int Columns { get; }

    /// <summary>Columns of a strip.</summary>
    public int Strip { get; }

    /// <summary>The strips.</summary>
    public TNumber* Data => _data.Pointer;

    /// <inheritdoc/>
    public void Dispose() => _data.Dispose();
}

/// <summary>C += A·B for any number of rows; sums of eight (or four, where there are 16 registers) rows and a strip of columns stay in registers. No allocation.</summary>
internal static unsafe class StripProduct
{
    // 32 registers of 512 bits.
    private const int LargeVector = 64;

    /// <summary>Multiplies.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="a"><c>[rows][aStride]</c>, of which the first b.Rows of each row count.</param>
    /// <param name="aStride">From row to row.</param>
    /// <param name="b">The right factor.</param>
    /// <param name="c">Added to, <c>[rows][cStride]</c>, aligned to vectors.</param>
    /// <param name="cStride">From row to row, whole vectors.</param>
    public static void Add<T, TNumber>(int rows, TNumber* a, long aStride, StripMatrix<TNumber> b, TNumber* c, long cStride)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        for (var first = 0; first < b.Columns; first += b.Strip)
        {
            var strip = b.Data + (long)first * b.Rows;
            var row = 0;
            if (sizeof(T) == LargeVector)
            {
                for (; row + 8 <= rows; row += 8)
                {
                    Eight<T, TNumber>(b.Rows, a + row * aStride, aStride, strip, c + row * cStride + first, cStride);
                }
            }

            for (; row + 4 <= rows; row += 4)
            {
                Four<T, TNumber>(b.Rows, a + row * aStride, aStride, strip, c + row * cStride + first, cStride);
            }

            for (; row < rows; row++)
            {
                One<T, TNumber>(b.Rows, a + row * aStride, strip, c + row * cStride + first);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T, TNumber>(int depth, TNumber* a, TNumber* b, TNumber* c)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var count = T.Count;
        T s = T.Load(c), t = T.Load(c + count);
        for (var k = 0; k < depth; k++, b += 2 * count)
        {
            var one = T.Broadcast(a[k]);
            s = T.MultiplyAdd(one, T.Load(b), s);
            t = T.MultiplyAdd(one, T.Load(b + count), t);
        }

        s.Store(c);
        t.Store(c + count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<T, TNumber>(int depth, TNumber* a, long aStride, TNumber* b, TNumber* c, long cStride)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var count = T.Count;
        TNumber* second = a + aStride, third = second + aStride, fourth = third + aStride;
        T a0 = T.Zero, a1 = T.Zero, b0 = T.Zero, b1 = T.Zero, c0 = T.Zero, c1 = T.Zero, d0 = T.Zero, d1 = T.Zero;
        for (var k = 0L; k < depth; k++, b += 2 * count)
        {
            T x = T.Load(b), y = T.Load(b + count);
            var one = T.Broadcast(a[k]);
            a0 = T.MultiplyAdd(one, x, a0);
            a1 = T.MultiplyAdd(one, y, a1);
            one = T.Broadcast(second[k]);
            b0 = T.MultiplyAdd(one, x, b0);
            b1 = T.MultiplyAdd(one, y, b1);
            one = T.Broadcast(third[k]);
            c0 = T.MultiplyAdd(one, x, c0);
            c1 = T.MultiplyAdd(one, y, c1);
            one = T.Broadcast(fourth[k]);
            d0 = T.MultiplyAdd(one, x, d0);
            d1 = T.MultiplyAdd(one, y, d1);
        }

        Put(c, a0, a1);
        Put(c + cStride, b0, b1);
        Put(c + 2 * cStride, c0, c1);
        Put(c + 3 * cStride, d0, d1);

        static void Put(TNumber* target, T x, T y)
        {
            (T.Load(target) + x).Store(target);
            (T.Load(target + T.Count) + y).Store(target + T.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<T, TNumber>(int depth, TNumber* a, long aStride, TNumber* b, TNumber* c, long cStride)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var count = T.Count;
        T a0 = T.Zero, a1 = T.Zero, b0 = T.Zero, b1 = T.Zero, c0 = T.Zero, c1 = T.Zero, d0 = T.Zero, d1 = T.Zero;
        T e0 = T.Zero, e1 = T.Zero, f0 = T.Zero, f1 = T.Zero, g0 = T.Zero, g1 = T.Zero, h0 = T.Zero, h1 = T.Zero;
        TNumber* fourth = a + 3 * aStride, seventh = a + 6 * aStride;
        for (var k = depth; k > 0; k--)
        {
            T x = T.Load(b), y = T.Load(b + count);
            var one = T.Broadcast(a[0]);
            a0 = T.MultiplyAdd(one, x, a0);
            a1 = T.MultiplyAdd(one, y, a1);
            one = T.Broadcast(a[aStride]);
            b0 = T.MultiplyAdd(one, x, b0);
            b1 = T.MultiplyAdd(one, y, b1);
            one = T.Broadcast(a[2 * aStride]);
            c0 = T.MultiplyAdd(one, x, c0);
            c1 = T.MultiplyAdd(one, y, c1);
            one = T.Broadcast(fourth[0]);
            d0 = T.MultiplyAdd(one, x, d0);
            d1 = T.MultiplyAdd(one, y, d1);
            one = T.Broadcast(fourth[aStride]);
            e0 = T.MultiplyAdd(one, x, e0);
            e1 = T.MultiplyAdd(one, y, e1);
            one = T.Broadcast(fourth[2 * aStride]);
            f0 = T.MultiplyAdd(one, x, f0);
            f1 = T.MultiplyAdd(one, y, f1);
            one = T.Broadcast(seventh[0]);
            g0 = T.MultiplyAdd(one, x, g0);
            g1 = T.MultiplyAdd(one, y, g1);
            one = T.Broadcast(seventh[aStride]);
            h0 = T.MultiplyAdd(one, x, h0);
            h1 = T.MultiplyAdd(one, y, h1);
            b += 2 * count;
            a++;
            fourth++;
            seventh++;
        }

        Put(c, a0, a1);
        Put(c + cStride, b0, b1);
        Put(c + 2 * cStride, c0, c1);
        Put(c + 3 * cStride, d0, d1);
        Put(c + 4 * cStride, e0, e1);
        Put(c + 5 * cStride, f0, f1);
        Put(c + 6 * cStride, g0, g1);
        Put(c + 7 * cStride, h0, h1);

        static void Put(TNumber* target, T x, T y)
        {
            (T.Load(target) + x).Store(target);
            (T.Load(target + T.Count) + y).Store(target + T.Count);
        }
    }
}
