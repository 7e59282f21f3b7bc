using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MofInterop.Learning;

/// <summary>A 4 × 8 tile of LᵀR, summed over rows in registers: the inner loop of products of tall matrices.</summary>
internal static unsafe class ProductTile
{
    /// <summary>Adds the tile, row by row.</summary>
    /// <param name="left">Four columns of L.</param>
    /// <param name="leftStride">From row to row of L.</param>
    /// <param name="right">Eight columns of R.</param>
    /// <param name="stride">From row to row of R and of the target.</param>
    /// <param name="height">Rows of both.</param>
    /// <param name="target">The tile's first element.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double* left, long leftStride, double* right, long stride, int height, double* target)
    {
        Vector256<double> s00 = default, s01 = default, s10 = default, s11 = default, s20 = default, s21 = default, s30 = default, s31 = default;
        for (var r = 0; r < height; r++)
        {
            Vector256<double> r0 = Vector256.Load(right), r1 = Vector256.Load(right + 4);
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
            left += leftStride;
            right += stride;
        }

        AddRow(target, s00, s01);
        AddRow(target + stride, s10, s11);
        AddRow(target + 2 * stride, s20, s21);
        AddRow(target + 3 * stride, s30, s31);
    }

    /// <summary>Adds eight numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddRow(double* target, Vector256<double> low, Vector256<double> high)
    {
        (Vector256.Load(target) + low).Store(target);
        (Vector256.Load(target + 4) + high).Store(target + 4);
    }
}
