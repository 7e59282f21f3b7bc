using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MofInterop.Cli.Doctor;

/// <summary>
/// Finds libmofpotential.so and which of its builds the dynamic linker takes on this machine: that of the highest
/// x86-64 level that the processor has (<c>glibc-hwcaps</c>), as it does for LAMMPS and Python.
/// </summary>
internal static class NativeLibraryExamination
{
    private const string Name = "libmofpotential.so";

    public static Finding Examine()
    {
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "lib"));
        var path = Candidates(folder).FirstOrDefault(File.Exists);
        if (path is null)
        {
            return new Finding(Name, false, $"not in {folder}") { Remedy = "./build.sh Build makes it." };
        }

        if (!NativeLibrary.TryLoad(path, out var library))
        {
            return new Finding(Name, false, $"{path} cannot be loaded") { Remedy = "./build.sh Build makes it anew." };
        }

        return NativeLibrary.TryGetExport(library, "mof_build_target", out var export)
            ? new Finding(Name, true, $"build {BuildTarget(export)} ({path})")
            : new Finding(Name, false, $"{path} is of another version") { Remedy = "./build.sh Build makes it anew." };
    }

    private static IEnumerable<string> Candidates(string folder)
    {
        // The levels of the x86-64 psABI, highest first; AVX-512 without VL, BW, CD or DQ does not count.
        if (Avx512F.X64.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported)
        {
            yield return Path.Combine(folder, "glibc-hwcaps", "x86-64-v4", Name);
        }

        if (Avx2.IsSupported && Fma.IsSupported && Bmi2.IsSupported && Lzcnt.IsSupported)
        {
            yield return Path.Combine(folder, "glibc-hwcaps", "x86-64-v3", Name);
        }

        yield return Path.Combine(folder, Name);
    }

    private static unsafe string BuildTarget(nint export) =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)export)()) ?? "unknown";
}
