using System.Runtime.InteropServices;

namespace MofInterop.Kim;

/// <summary><c>mof_results</c> of mofpotential.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MofResults
{
    public int StructSize;
    public int AtomCapacity;
    public double* Energy;
    public double* Forces;
    public double* Virial;
    public double* AtomEnergies;
    public double* AtomVirials;
    public double* Grades;
}

/// <summary><c>mof_neighbors</c> of mofpotential.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MofNeighbors
{
    public int StructSize;
    public int AtomCount;
    public int CenterCount;
    public int TypeCount;
    public double* Positions;
    public int* Types;
    public int* SpeciesOfType;
    public int* Centers;
    public int* NeighborCounts;
    public int** Neighbors;
    public int NeighborMask;
    public double* ScaleOfType;
    public void* ForwardGhosts;
    public void* HostContext;
}

/// <summary>The functions of libmofpotential.so that the driver calls, as mofpotential.h declares them.</summary>
internal static unsafe partial class PotentialApi
{
    /// <summary>MOF_ABI_VERSION of the header these declarations were written from.</summary>
    public const int AbiVersion = 2;

    private const string Library = "libmofpotential.so";

    [LibraryImport(Library, EntryPoint = "mof_abi_version")]
    public static partial int Version();

    [LibraryImport(Library, EntryPoint = "mof_last_error")]
    public static partial byte* LastError();

    [LibraryImport(Library, EntryPoint = "mof_potential_load", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Load(string cardPath, out nint potential);

    [LibraryImport(Library, EntryPoint = "mof_potential_load_snap", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LoadSnap(string coefficientPath, string parameterPath, out nint potential);

    [LibraryImport(Library, EntryPoint = "mof_potential_free")]
    public static partial int Free(nint potential);

    [LibraryImport(Library, EntryPoint = "mof_potential_cutoff")]
    public static partial int Cutoff(nint potential, out double cutoff);

    [LibraryImport(Library, EntryPoint = "mof_potential_species_count")]
    public static partial int SpeciesCount(nint potential, out int count);

    [LibraryImport(Library, EntryPoint = "mof_potential_species")]
    public static partial int Species(nint potential, int species, byte* label, nuint capacity, int* atomicNumber, double* mass);

    [LibraryImport(Library, EntryPoint = "mof_potential_species_index", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SpeciesIndex(nint potential, string label, out int species);

    [LibraryImport(Library, EntryPoint = "mof_potential_compute_neighbors")]
    public static partial int ComputeNeighbors(nint potential, MofNeighbors* neighbors, MofResults* results);

    /// <summary>Throws what the library says about the call that just failed.</summary>
    public static void ThrowIfFailed(int status)
    {
        if (status != 0)
        {
            throw new KimException(Marshal.PtrToStringUTF8((nint)LastError()) ?? "libmofpotential.so failed");
        }
    }
}

/// <summary>Something that ends a call of KIM; its text goes into KIM's log.</summary>
internal sealed class KimException(string message) : Exception(message);
