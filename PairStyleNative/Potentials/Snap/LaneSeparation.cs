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
