using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MofInterop.Potentials.Snap;

/// <summary>From vectors of lanes to one array for each lane.</summary>
internal static unsafe class LaneSeparation
{
    /// <summary>Copies number k of every lane to place k of the lane's array.</summary>
    /// <param name="lanes"><c>[count][laneCount]</c>.</param>
    /// <param name="laneCount">Lanes.</param>
    /// <param name="count">Numbers in each lane.</param>
    /// <param name="target">The first lane's array.</param>
    /// <param name="width">From one lane's array to the next one's.</param>
    public static void Run(double* lanes, int laneCount, int count, double* target, long width)
    {
        var k = 0;
        if (Avx512F.IsSupported && laneCount == 8 && width % 8 == 0)
        {
            for (; k + 8 <= count; k += 8)
            {
                TransposeEight(lanes + 8L * k, target + k, width);
            }
        }

        if (Avx.IsSupported && laneCount % 4 == 0)
        {
            for (; k + 4 <= count; k += 4)
            {
                for (var lane = 0; lane < laneCount; lane += 4)
                {
                    Transpose(lanes + (long)k * laneCount + lane, laneCount, target + lane * width + k, width);
                }
            }
        }

        for (; k < count; k++)
        {
            for (var lane = 0; lane < laneCount; lane++)
            {
                target[lane * width + k] = lanes[(long)k * laneCount + lane];
            }
        }
    }

    // 8 × 8, of cache lines.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeEight(double* source, double* target, long width)
    {
        Vector512<double> a = Vector512.LoadAligned(source), b = Vector512.LoadAligned(source + 8), c = Vector512.LoadAligned(source + 16), d = Vector512.LoadAligned(source + 24);
        Vector512<double> e = Vector512.LoadAligned(source + 32), f = Vector512.LoadAligned(source + 40), g = Vector512.LoadAligned(source + 48), h = Vector512.LoadAligned(source + 56);
        // Lanes 0 2 4 6, then 1 3 5 7, of two rows each.
        Vector512<double> ab = Avx512F.UnpackLow(a, b), cd = Avx512F.UnpackLow(c, d), ef = Avx512F.UnpackLow(e, f), gh = Avx512F.UnpackLow(g, h);
        Store(ab, cd, ef, gh, target, width);
        ab = Avx512F.UnpackHigh(a, b);
        cd = Avx512F.UnpackHigh(c, d);
        ef = Avx512F.UnpackHigh(e, f);
        gh = Avx512F.UnpackHigh(g, h);
        Store(ab, cd, ef, gh, target + width, width);
    }

    // Four lanes, every second one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<double> ab, Vector512<double> cd, Vector512<double> ef, Vector512<double> gh, double* target, long width)
    {
        // Pairs of rows of the lower two lanes, and of the upper two.
        Vector512<double> lower = Avx512F.Shuffle4x128(ab, cd, 0x44), upper = Avx512F.Shuffle4x128(ab, cd, 0xEE);
        Vector512<double> lowerRest = Avx512F.Shuffle4x128(ef, gh, 0x44), upperRest = Avx512F.Shuffle4x128(ef, gh, 0xEE);
        Avx512F.Shuffle4x128(lower, lowerRest, 0x88).StoreAligned(target);
        Avx512F.Shuffle4x128(lower, lowerRest, 0xDD).StoreAligned(target + 2 * width);
        Avx512F.Shuffle4x128(upper, upperRest, 0x88).StoreAligned(target + 4 * width);
        Avx512F.Shuffle4x128(upper, upperRest, 0xDD).StoreAligned(target + 6 * width);
    }

    // 4 × 4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(double* source, int stride, double* target, long width)
    {
        Vector256<double> a = Vector256.Load(source), b = Vector256.Load(source + stride), c = Vector256.Load(source + 2 * stride), d = Vector256.Load(source + 3 * stride);
        Vector256<double> ab = Avx.UnpackLow(a, b), cd = Avx.UnpackLow(c, d), upperAb = Avx.UnpackHigh(a, b), upperCd = Avx.UnpackHigh(c, d);
        Avx.Permute2x128(ab, cd, 0x20).Store(target);
        Avx.Permute2x128(upperAb, upperCd, 0x20).Store(target + width);
        Avx.Permute2x128(ab, cd, 0x31).Store(target + 2 * width);
        Avx.Permute2x128(upperAb, upperCd, 0x31).Store(target + 3 * width);
    }
}
