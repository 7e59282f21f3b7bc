using System.Runtime.InteropServices;

namespace MofInterop.Potentials.Atoms;

/// <summary>Aligned memory, large blocks of it in pages of 2 MB where Linux can: rows that are read in no order from dozens of megabytes miss the tables of pages of 4 kB all the time.</summary>
internal static unsafe partial class LargePages
{
    private const nuint Line = 64, Page = 2 << 20, Threshold = 2 * Page;
    private const int HugePageAdvice = 14;

    /// <summary>Memory aligned to lines of cache, to be freed by <see cref="NativeMemory.AlignedFree"/>.</summary>
    /// <param name="size">Bytes.</param>
    public static void* Allocate(nuint size)
    {
        if (size < Threshold || !OperatingSystem.IsLinux())
        {
            return NativeMemory.AlignedAlloc(size, Line);
        }

        // Only whole pages, so that no memory is used that was not asked for; a system without such pages says so, and all stays as it was.
        var block = NativeMemory.AlignedAlloc(size, Page);
        _ = Advise(block, size / Page * Page, HugePageAdvice);
        return block;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* block, nuint size, int advice);
}
