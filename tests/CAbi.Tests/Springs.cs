using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi.Tests;

/// <summary>A potential that adds to every result of centers and neighbours, and lets a test look on.</summary>
internal sealed unsafe class Springs : IPotential
{
    private readonly Dictionary<int, (long First, long Last, int Calls)> _allocated = [];

    public string Kind => "springs";

    public IReadOnlyList<Species> Species { get; } = [new("Si", 14, 28), new("C", 6, 12)];

    public double Cutoff => 6;

    public bool HasGrades => true;

    /// <summary>Called before the centers of a share are computed.</summary>
    public Action<NeighborView>? Before { get; set; }

    /// <summary>Bytes that threads allocated between their first and their last call.</summary>
    public long Allocated => _allocated.Values.Sum(thread => thread.Last - thread.First);

    /// <summary>Threads that came.</summary>
    public int Threads => _allocated.Count;

    public double PairCutoff(int first, int second) => Cutoff;

    /// <summary>Forgets the threads.</summary>
    public void Forget() => _allocated.Clear();

    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        Before?.Invoke(atoms);
        for (var c = 0; c < atoms.CenterCount; c++)
        {
            var i = atoms.Centers is null ? c : atoms.Centers[c];
            if (double.IsNaN(atoms.Positions[3 * i]))
            {
                return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, i);
            }

            buffers.Grades[i] += Math.Sin(i);
            for (var n = 0; n < atoms.NeighborCounts[i]; n++)
            {
                Add(atoms, buffers, i, atoms.Neighbors[i][n]);
            }
        }

        Note();
        return EvaluationOutcome.Success;
    }

    public void Dispose()
    {
    }

    private static void Add(in NeighborView atoms, in EvaluationBuffers buffers, int i, int j)
    {
        for (var k = 0; k < 3; k++)
        {
            var r = atoms.Positions[3 * j + k] - atoms.Positions[3 * i + k];
            *buffers.Energy += r * r / 2;
            buffers.AtomEnergies[i] += r * r / 2;
            buffers.Forces[3 * i + k] += r;
            buffers.Forces[3 * j + k] -= r;
            buffers.Virial[4 * k] -= r * r;
            buffers.AtomVirials[9 * i + 4 * k] -= r * r / 2;
            buffers.AtomVirials[9 * j + 4 * k] -= r * r / 2;
        }
    }

    private void Note()
    {
        lock (_allocated)
        {
            var thread = Environment.CurrentManagedThreadId;
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var known = _allocated.TryGetValue(thread, out var found);
            _allocated[thread] = (known ? found.First : bytes, bytes, found.Calls + 1);
        }
    }
}
