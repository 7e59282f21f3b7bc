using System.Runtime.CompilerServices;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Neural.Linear;

/// <summary>
/// C = A·B for a few dozen rows of A. Sums of <see cref="RowBlock"/> rows and three vectors of columns stay in registers: 24 with vectors of 64 bytes
/// (of 32 registers; 3 hold B, and A comes from memory in the multiplication), 12 of 16 otherwise. Each panel of B is read once for every block of rows and stays in the
/// second-level cache between them. No allocation.
/// </summary>
internal static unsafe class MatrixProduct
{
    /// <summary>Rows of A and C come in multiples of this; their memory must be there, whatever it holds.</summary>
    public const int RowBlock = 8;

    // 32 registers of 512 bits.
    private const int LargeVector = 64;

    /// <summary>Multiplies.</summary>
    /// <param name="rows">Rows of A, rounded up to <see cref="RowBlock"/>.</param>
    /// <param name="a"><c>[rows][aStride]</c>, of which the first b.Rows of each row count.</param>
    /// <param name="aStride">From row to row.</param>
    /// <param name="b">The right factor.</param>
    /// <param name="c">Filled, <c>[rows][cStride]</c>, aligned to vectors, with at least b.PaddedColumns in a row.</param>
    /// <param name="cStride">From row to row, whole vectors.</param>
    public static void Run<T, TNumber>(int rows, TNumber* a, long aStride, PackedMatrix<TNumber> b, TNumber* c, long cStride)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        for (var panel = 0; panel < b.Panels; panel++)
        {
            var source = b.Data + (long)panel * b.Rows * b.PanelWidth;
            var target = c + (long)panel * b.PanelWidth;
            for (var row = 0; row < rows; row += RowBlock)
            {
                if (sizeof(T) == LargeVector)
                {
                    Eight<T, TNumber>(b.Rows, a + row * aStride, aStride, source, target + row * cStride, cStride);
                }
                else
                {
                    Four<T, TNumber>(b.Rows, a + row * aStride, aStride, source, target + row * cStride, cStride);
                    Four<T, TNumber>(b.Rows, a + (row + 4) * aStride, aStride, source, target + (row + 4) * cStride, cStride);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<T, TNumber>(int depth, TNumber* a, long aStride, TNumber* b, TNumber* c, long cStride)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var count = T.Count;
        T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, b0 = T.Zero, b1 = T.Zero, b2 = T.Zero;
        T c0 = T.Zero, c1 = T.Zero, c2 = T.Zero, d0 = T.Zero, d1 = T.Zero, d2 = T.Zero;
        TNumber* second = a + aStride, third = second + aStride, fourth = third + aStride;
        for (var k = 0L; k < depth; k++)
        {
            T x = T.Load(b), y = T.Load(b + count), z = T.Load(b + 2 * count);
            var one = T.Broadcast(a[k]);
            a0 = T.MultiplyAdd(one, x, a0);
            a1 = T.MultiplyAdd(one, y, a1);
            a2 = T.MultiplyAdd(one, z, a2);
            one = T.Broadcast(second[k]);
            b0 = T.MultiplyAdd(one, x, b0);
            b1 = T.MultiplyAdd(one, y, b1);
            b2 = T.MultiplyAdd(one, z, b2);
            one = T.Broadcast(third[k]);
            c0 = T.MultiplyAdd(one, x, c0);
            c1 = T.MultiplyAdd(one, y, c1);
            c2 = T.MultiplyAdd(one, z, c2);
            one = T.Broadcast(fourth[k]);
            d0 = T.MultiplyAdd(one, x, d0);
            d1 = T.MultiplyAdd(one, y, d1);
            d2 = T.MultiplyAdd(one, z, d2);
            b += 3 * count;
        }

        Put(c, a0, a1, a2);
        Put(c + cStride, b0, b1, b2);
        Put(c + 2 * cStride, c0, c1, c2);
        Put(c + 3 * cStride, d0, d1, d2);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight<T, TNumber>(int depth, TNumber* a, long aStride, TNumber* b, TNumber* c, long cStride)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        var count = T.Count;
        T a0 = T.Zero, a1 = T.Zero, a2 = T.Zero, b0 = T.Zero, b1 = T.Zero, b2 = T.Zero;
        T c0 = T.Zero, c1 = T.Zero, c2 = T.Zero, d0 = T.Zero, d1 = T.Zero, d2 = T.Zero;
        T e0 = T.Zero, e1 = T.Zero, e2 = T.Zero, f0 = T.Zero, f1 = T.Zero, f2 = T.Zero;
        T g0 = T.Zero, g1 = T.Zero, g2 = T.Zero, h0 = T.Zero, h1 = T.Zero, h2 = T.Zero;
        TNumber* fourth = a + 3 * aStride, seventh = a + 6 * aStride;
        for (var k = depth; k > 0; k--)
        {
            T x = T.Load(b), y = T.Load(b + count), z = T.Load(b + 2 * count);
            var one = T.Broadcast(a[0]);
            a0 = T.MultiplyAdd(one, x, a0);
            a1 = T.MultiplyAdd(one, y, a1);
            a2 = T.MultiplyAdd(one, z, a2);
            one = T.Broadcast(a[aStride]);
            b0 = T.MultiplyAdd(one, x, b0);
            b1 = T.MultiplyAdd(one, y, b1);
            b2 = T.MultiplyAdd(one, z, b2);
            one = T.Broadcast(a[2 * aStride]);
            c0 = T.MultiplyAdd(one, x, c0);
            c1 = T.MultiplyAdd(one, y, c1);
            c2 = T.MultiplyAdd(one, z, c2);
            one = T.Broadcast(fourth[0]);
            d0 = T.MultiplyAdd(one, x, d0);
            d1 = T.MultiplyAdd(one, y, d1);
            d2 = T.MultiplyAdd(one, z, d2);
            one = T.Broadcast(fourth[aStride]);
            e0 = T.MultiplyAdd(one, x, e0);
            e1 = T.MultiplyAdd(one, y, e1);
            e2 = T.MultiplyAdd(one, z, e2);
            one = T.Broadcast(fourth[2 * aStride]);
            f0 = T.MultiplyAdd(one, x, f0);
            f1 = T.MultiplyAdd(one, y, f1);
            f2 = T.MultiplyAdd(one, z, f2);
            one = T.Broadcast(seventh[0]);
            g0 = T.MultiplyAdd(one, x, g0);
            g1 = T.MultiplyAdd(one, y, g1);
            g2 = T.MultiplyAdd(one, z, g2);
            one = T.Broadcast(seventh[aStride]);
            h0 = T.MultiplyAdd(one, x, h0);
            h1 = T.MultiplyAdd(one, y, h1);
            h2 = T.MultiplyAdd(one, z, h2);
            b += 3 * count;
            a++;
            fourth++;
            seventh++;
        }

        Put(c, a0, a1, a2);
        Put(c + cStride, b0, b1, b2);
        Put(c + 2 * cStride, c0, c1, c2);
        Put(c + 3 * cStride, d0, d1, d2);
        Put(c + 4 * cStride, e0, e1, e2);
        Put(c + 5 * cStride, f0, f1, f2);
        Put(c + 6 * cStride, g0, g1, g2);
        Put(c + 7 * cStride, h0, h1, h2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<T, TNumber>(TNumber* target, T x, T y, T z)
        where T : unmanaged, ILanes<T, TNumber>
        where TNumber : unmanaged
    {
        x.Store(target);
        y.Store(target + T.Count);
        z.Store(target + 2 * T.Count);
    }
}
