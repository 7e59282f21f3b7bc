using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MofInterop.Potentials.Lanes;

/// <summary>What the kernels want to know of the processor beyond its instruction set.</summary>
internal static class Processor
{
    /// <summary>Doubles in the widest vectors that it, or the instruction set of this build, computes with.</summary>
    public static int WidestLanes => Vector512.IsHardwareAccelerated ? 8 : Vector256.IsHardwareAccelerated ? 4 : 2;

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
