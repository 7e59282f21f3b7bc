using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Lanes;

/// <summary>What the kernels want to know of the processor beyond its instruction set.</summary>
internal static class Processor
{
    /// <summary>Doubles in the widest vectors that it, or the instruction set of this build, computes with.</summary>
    public static int WidestLanes => Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : 2;

    /// <summary>
    /// Whether kernels for 8 doubles are part of this build. A library compiled ahead of time is for one instruction set and holds the kernels of one width: to the compiler these
    /// are constants, and what they guard against is left out. Where code is compiled as the program runs (tests, benchmarks, the command line) any width can be asked for.
    /// </summary>
    public static bool Builds512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => RuntimeFeature.IsDynamicCodeSupported || Vector512.IsHardwareAccelerated;
    }

    /// <summary>Whether kernels for 4 doubles are part of this build, see <see cref="Builds512"/>.</summary>
    public static bool Builds256
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => RuntimeFeature.IsDynamicCodeSupported || (Vector256.IsHardwareAccelerated && !Vector512.IsHardwareAccelerated);
    }

    /// <summary>Whether kernels for 2 doubles are part of this build, see <see cref="Builds512"/>.</summary>
    public static bool Builds128
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => RuntimeFeature.IsDynamicCodeSupported || !Vector256.IsHardwareAccelerated;
    }

    /// <summary>What to throw where a width is asked for that is no width, or not part of this build.</summary>
    public static MofException NotBuilt(int lanes) => new(
        ErrorKind.Unsupported, $"kernels for vectors of {lanes} doubles are not part of this build", expected: RuntimeFeature.IsDynamicCodeSupported ? "8, 4 or 2" : $"{WidestLanes}");

    /// <summary>
    /// Whether vectors are added by units of their own, beside those that multiply: AMD since Zen. Intel's 512-bit units do one or
    /// the other.
    /// </summary>
    public static bool AddsBesideMultiplying { get; } = IsAmd();

    private static bool IsAmd()
    {
        // "AuthenticAMD" in ebx, edx, ecx.
        return X86Base.IsSupported && X86Base.CpuId(0, 0) is { Ebx: 0x68747541, Edx: 0x69746E65, Ecx: 0x444D4163 };
    }
}
