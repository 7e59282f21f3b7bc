using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi;

/// <summary>Work memory of one computation, kept from call to call.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly List<ResultMemory> _parts = [];

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

    /// <summary>Results of one share of the atoms in a computation by several threads.</summary>
    public ResultMemory Part(int index)
    {
        while (_parts.Count <= index)
        {
            _parts.Add(new ResultMemory());
        }

        return _parts[index];
    }

    /// <summary>Numbers of centers 0, 1, 2, … for shares of atoms that the host did not list.</summary>
    public NativeArray<int> Centers { get; } = new();

    public void Dispose()
    {
        Neighbors.Dispose();
        Results.Dispose();
        Values.Dispose();
        Centers.Dispose();
        foreach (var part in _parts)
        {
            part.Dispose();
        }
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

    /// <summary>Buffers set to zero for the results that are wanted, for this many atoms.</summary>
    public EvaluationBuffers Clear(in EvaluationBuffers wanted, int atomCount)
    {
        var totals = Zeros(_totals, 10);
        return new EvaluationBuffers
        {
            Energy = wanted.Energy is null ? null : totals,
            Virial = wanted.Virial is null ? null : totals + 1,
            Forces = wanted.Forces is null ? null : Zeros(_forces, 3L * atomCount),
            AtomEnergies = wanted.AtomEnergies is null ? null : Zeros(_atomEnergies, atomCount),
            AtomVirials = wanted.AtomVirials is null ? null : Zeros(_atomVirials, 9L * atomCount),
            Grades = wanted.Grades is null ? null : Zeros(_grades, atomCount),
        };
    }

    public void Dispose()
    {
        _totals.Dispose();
        _forces.Dispose();
        _atomEnergies.Dispose();
        _atomVirials.Dispose();
        _grades.Dispose();
    }

    private static double* Zeros(NativeArray<double> array, long count)
    {
        var pointer = array.Reserve(Math.Max(count, 1));
        System.Runtime.InteropServices.NativeMemory.Clear(pointer, (nuint)count * sizeof(double));
        return pointer;
    }
}
