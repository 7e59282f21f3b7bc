using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MofInterop.CAbi;

/// <summary>Exports about the library itself. None of them can fail.</summary>
internal static unsafe class LibraryExports
{
    /// <summary>MOF_ABI_VERSION of mofpotential.h.</summary>
    private const int AbiVersion = 2;

    // A UTF-8 literal lives in the library's read-only data and ends with a NUL.
#if MOF_TARGET_V4
    private static ReadOnlySpan<byte> BuildTargetText => "x86-64-v4"u8;
#elif MOF_TARGET_V3
    private static ReadOnlySpan<byte> BuildTargetText => "x86-64-v3"u8;
#else
    private static ReadOnlySpan<byte> BuildTargetText => "baseline"u8;
#endif

    [UnmanagedCallersOnly(EntryPoint = "mof_abi_version")]
    public static int Version() => AbiVersion;

    [UnmanagedCallersOnly(EntryPoint = "mof_build_target")]
    public static byte* BuildTarget() => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(BuildTargetText));

    [UnmanagedCallersOnly(EntryPoint = "mof_last_error")]
    public static byte* LastErrorText() => LastError.Text;

    [UnmanagedCallersOnly(EntryPoint = "mof_last_error_atoms")]
    public static void LastErrorAtoms(int* atom, int* neighbor)
    {
        var (first, second) = LastError.Atoms;
        if (atom is not null)
        {
            *atom = first;
        }

        if (neighbor is not null)
        {
            *neighbor = second;
        }
    }
}
