using System.Runtime.InteropServices;
using MofInterop.TestKit;

namespace MofInterop.CAbi.Tests;

/// <summary>The exports of one libmofpotential.so, as a C host sees them.</summary>
public sealed unsafe class NativePotential
{
    private static readonly Dictionary<string, NativePotential> Loaded = [];

    private readonly nint _library;

    private NativePotential(string path)
    {
        _library = NativeLibrary.Load(path);
        AbiVersion = (delegate* unmanaged<int>)Export("mof_abi_version");
        LastErrorText = (delegate* unmanaged<byte*>)Export("mof_last_error");
        LastErrorAtoms = (delegate* unmanaged<int*, int*, void>)Export("mof_last_error_atoms");
        BuildTargetText = (delegate* unmanaged<byte*>)Export("mof_build_target");
        Load = (delegate* unmanaged<byte*, nint*, int>)Export("mof_potential_load");
        LoadSnap = (delegate* unmanaged<byte*, byte*, nint*, int>)Export("mof_potential_load_snap");
        Free = (delegate* unmanaged<nint, int>)Export("mof_potential_free");
        Cutoff = (delegate* unmanaged<nint, double*, int>)Export("mof_potential_cutoff");
        PairCutoff = (delegate* unmanaged<nint, int, int, double*, int>)Export("mof_potential_pair_cutoff");
        SpeciesCount = (delegate* unmanaged<nint, int*, int>)Export("mof_potential_species_count");
        Species = (delegate* unmanaged<nint, int, byte*, nuint, int*, double*, int>)Export("mof_potential_species");
        SpeciesIndex = (delegate* unmanaged<nint, byte*, int*, int>)Export("mof_potential_species_index");
        SetThreads = (delegate* unmanaged<nint, int, int>)Export("mof_potential_set_threads");
        SetPrecision = (delegate* unmanaged<nint, int, int>)Export("mof_potential_set_precision");
        HasGrades = (delegate* unmanaged<nint, int*, int>)Export("mof_potential_has_grades");
        ComputeNeighbors = (delegate* unmanaged<nint, Neighbors*, Results*, int>)Export("mof_potential_compute_neighbors");
        ComputeCell = (delegate* unmanaged<nint, AtomSystem*, Results*, int>)Export("mof_potential_compute_cell");
    }

    public static string Folder => Repository.Artifact("lib");

    public static string BaselinePath => Path.Combine(Folder, "libmofpotential.so");

    public delegate* unmanaged<int> AbiVersion { get; }

    public delegate* unmanaged<byte*> LastErrorText { get; }

    public delegate* unmanaged<int*, int*, void> LastErrorAtoms { get; }

    public delegate* unmanaged<byte*> BuildTargetText { get; }

    public delegate* unmanaged<byte*, nint*, int> Load { get; }

    public delegate* unmanaged<byte*, byte*, nint*, int> LoadSnap { get; }

    public delegate* unmanaged<nint, int> Free { get; }

    public delegate* unmanaged<nint, double*, int> Cutoff { get; }

    public delegate* unmanaged<nint, int, int, double*, int> PairCutoff { get; }

    public delegate* unmanaged<nint, int*, int> SpeciesCount { get; }

    public delegate* unmanaged<nint, int, byte*, nuint, int*, double*, int> Species { get; }

    public delegate* unmanaged<nint, byte*, int*, int> SpeciesIndex { get; }

    public delegate* unmanaged<nint, int, int> SetThreads { get; }

    public delegate* unmanaged<nint, int, int> SetPrecision { get; }

    public delegate* unmanaged<nint, int*, int> HasGrades { get; }

    public delegate* unmanaged<nint, Neighbors*, Results*, int> ComputeNeighbors { get; }

    public delegate* unmanaged<nint, AtomSystem*, Results*, int> ComputeCell { get; }

    public string LastError => Marshal.PtrToStringUTF8((nint)LastErrorText())!;

    /// <summary>The atom that the last failure names and its neighbour, −1 where there is none.</summary>
    public (int Atom, int Neighbor) ErrorAtoms
    {
        get
        {
            int atom, neighbor;
            LastErrorAtoms(&atom, &neighbor);
            return (atom, neighbor);
        }
    }

    public string BuildTarget => Marshal.PtrToStringUTF8((nint)BuildTargetText())!;

    /// <summary>The library that every processor can run, or the reason to skip.</summary>
    public static NativePotential Baseline()
    {
        Skip.IfNot(File.Exists(BaselinePath), $"{BaselinePath} is absent: run ./build.sh Build");
        return At(BaselinePath);
    }

    /// <summary>A build for one instruction set.</summary>
    public static NativePotential At(string path)
    {
        lock (Loaded)
        {
            if (!Loaded.TryGetValue(path, out var library))
            {
                Loaded.Add(path, library = new NativePotential(path));
            }

            return library;
        }
    }

    /// <summary>Loads the test model; fails the test if that fails.</summary>
    public nint LoadModel(TestModel model)
    {
        nint handle = 0;
        LoadSnap(Text(model.CoefficientPath), Text(model.ParameterPath), &handle).ShouldBe(0, LastError);
        return handle;
    }

    /// <summary>A NUL-terminated copy; leaked, as tests are few.</summary>
    public static byte* Text(string text) => (byte*)Marshal.StringToCoTaskMemUTF8(text);

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);
}

/// <summary><c>mof_results</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Results
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

/// <summary><c>mof_neighbors</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Neighbors
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
    public int** Lists;
    public int NeighborMask;
    public double* ScaleOfType;
    public delegate* unmanaged<void*, double*, int, int> ForwardGhosts;
    public void* HostContext;
}

/// <summary><c>mof_system</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AtomSystem
{
    public int StructSize;
    public int AtomCount;
    public double* Positions;
    public int* Species;
    public double* Cell;
    public int* Periodic;
}
