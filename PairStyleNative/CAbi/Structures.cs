using System.Runtime.InteropServices;

namespace MofInterop.CAbi;

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
    public delegate* unmanaged<void*, double*, int, int> ForwardGhosts;
    public void* HostContext;
}

/// <summary><c>mof_system</c> of mofpotential.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MofSystem
{
    public int StructSize;
    public int AtomCount;
    public double* Positions;
    public int* Species;
    public double* Cell;
    public int* Periodic;
}
