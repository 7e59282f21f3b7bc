using System.Runtime.InteropServices;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi;

/// <summary>Work memory of one computation, kept from call to call.</summary>
internal sealed class Workspace : IDisposable
{
    /// <summary>The neighbour list that <c>mof_potential_compute_cell</c> builds.</summary>
    public NeighborList Neighbors { get; } = new();

    /// <summary>The cell of the last computation.</summary>
    public PeriodicCell Cell { get; } = new();

    /// <summary>Results of atoms and images, before they are folded onto the atoms.</summary>
    public ResultMemory Results { get; } = new();

    /// <summary>What atoms of a staged potential keep from stage to stage.</summary>
    public NativeArray<double> Values { get; } = new();

    /// <summary>The host's way to give ghosts their values.</summary>
    public HostExchange Exchange { get; } = new();

    /// <summary>A computation by several threads.</summary>
    public ParallelJob Job { get; } = new();

    public void Dispose()
    {
        Neighbors.Dispose();
        Results.Dispose();
        Values.Dispose();
        Job.Dispose();
    }
}

/// <summary>Memory for every result that was asked for.</summary>
internal sealed unsafe class ResultMemory : IDisposable
{
    // Energy and virial.
    private readonly NativeArray<double> _totals = new();
    private readonly NativeArray<double> _forces = new();
    private readonly NativeArray<double> _atomEnergies = new();
    private readonly NativeArray<double> _atomVirials = new();
    private readonly NativeArray<double> _grades = new();

    /// <summary>Buffers for the results that are wanted, for this many atoms, as they were left.</summary>
    public EvaluationBuffers Reserve(in EvaluationBuffers wanted, int atomCount)
    {
        var totals = _totals.Reserve(10);
        return new EvaluationBuffers
        {
            Energy = wanted.Energy is null ? null : totals,
            Virial = wanted.Virial is null ? null : totals + 1,
            Forces = wanted.Forces is null ? null : _forces.Reserve(3L * atomCount + 1),
            AtomEnergies = wanted.AtomEnergies is null ? null : _atomEnergies.Reserve(atomCount + 1L),
            AtomVirials = wanted.AtomVirials is null ? null : _atomVirials.Reserve(9L * atomCount + 1),
            Grades = wanted.Grades is null ? null : _grades.Reserve(atomCount + 1L),
        };
    }

    /// <summary>The same, set to zero.</summary>
    public EvaluationBuffers Clear(in EvaluationBuffers wanted, int atomCount)
    {
        var buffers = Reserve(wanted, atomCount);
        ClearTotals(buffers);
        Clear(buffers.Forces, 3L * atomCount);
        Clear(buffers.AtomEnergies, atomCount);
        Clear(buffers.AtomVirials, 9L * atomCount);
        Clear(buffers.Grades, atomCount);
        return buffers;
    }

    /// <summary>Sets energy and virial to zero.</summary>
    public static void ClearTotals(in EvaluationBuffers buffers)
    {
        Clear(buffers.Energy, 1);
        Clear(buffers.Virial, 9);
    }

    public void Dispose()
    {
        _totals.Dispose();
        _forces.Dispose();
        _atomEnergies.Dispose();
        _atomVirials.Dispose();
        _grades.Dispose();
    }

    private static void Clear(double* values, long count)
    {
        if (values is not null)
        {
            NativeMemory.Clear(values, (nuint)count * sizeof(double));
        }
    }
}
