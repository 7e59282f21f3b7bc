using MofInterop.Potentials.Atoms;

namespace MofInterop.CAbi.Tests;

/// <summary>A rattled zinc-blende cell and room for its results, pinned so that it can be passed to C.</summary>
public sealed unsafe class Crystal
{
    private readonly AtomSystem* _system;
    private readonly Results* _results;
    private readonly byte[] _keep;

    public Crystal(int repeats = 1, double lattice = 4.36)
    {
        double[][] basis = [[0, 0, 0], [0, .5, .5], [.5, 0, .5], [.5, .5, 0]];
        var random = new Random(11);
        var positions = new List<double>();
        var species = new List<int>();
        for (var cell = 0; cell < repeats * repeats * repeats; cell++)
        {
            int[] place = [cell % repeats, cell / repeats % repeats, cell / repeats / repeats];
            foreach (var site in basis)
            {
                for (var s = 0; s < 2; s++)
                {
                    positions.AddRange(Enumerable.Range(0, 3).Select(k => lattice * (place[k] + site[k] + 0.25 * s) + 0.2 * random.NextDouble() - 0.1));
                    species.Add(s);
                }
            }
        }

        var size = lattice * repeats;
        Positions = Pin([.. positions]);
        Species = Pin([.. species]);
        Cell = Pin([size, 0, 0, 0.1, size, 0, -0.2, 0.15, size]);
        Periodic = Pin([1, 1, 1]);
        Energy = Pin(new double[1]);
        Forces = Pin(new double[3 * Count]);
        Virial = Pin(new double[9]);
        AtomEnergies = Pin(new double[Count]);
        AtomVirials = Pin(new double[9 * Count]);
        var structs = GC.AllocateArray<byte>(sizeof(AtomSystem) + sizeof(Results), pinned: true);
        _keep = structs;
        _system = (AtomSystem*)Pointer(structs);
        _results = (Results*)(Pointer(structs) + sizeof(AtomSystem));
        *_system = new AtomSystem { StructSize = sizeof(AtomSystem), AtomCount = Count, Positions = Pointer(Positions), Species = Pointer(Species), Cell = Pointer(Cell), Periodic = Pointer(Periodic) };
        *_results = new Results { StructSize = sizeof(Results), AtomCapacity = Count, Energy = Pointer(Energy), Forces = Pointer(Forces), Virial = Pointer(Virial), AtomEnergies = Pointer(AtomEnergies), AtomVirials = Pointer(AtomVirials) };
    }

    public int Count => Species.Length;

    public double[] Positions { get; }

    public int[] Species { get; }

    public double[] Cell { get; }

    public int[] Periodic { get; }

    public double[] Energy { get; }

    public double[] Forces { get; }

    public double[] Virial { get; }

    public double[] AtomEnergies { get; }

    public double[] AtomVirials { get; }

    public ref AtomSystem System => ref *_system;

    public ref Results Results => ref *_results;

    public int Compute(NativePotential library, nint handle) => library.ComputeCell(handle, _system, _results);

    /// <summary>Requires that all results are numbers.</summary>
    public void ShouldBeFinite()
    {
        foreach (var results in (double[][])[Energy, Forces, Virial, AtomEnergies, AtomVirials])
        {
            Array.TrueForAll(results, double.IsFinite).ShouldBeTrue("a result is not a number");
        }
    }

    /// <summary>The neighbour list of this cell for <c>mof_potential_compute_neighbors</c>.</summary>
    public NeighborList BuildNeighbors(double cutoff)
    {
        var list = new NeighborList();
        list.Build(Positions, new Cell(Cell), true, true, true, cutoff);
        return list;
    }

    /// <summary>First element of a pinned array.</summary>
    public static T* Pointer<T>(T[] array)
        where T : unmanaged
    {
        fixed (T* pointer = array)
        {
            return pointer;
        }
    }

    private static T[] Pin<T>(T[] values)
        where T : unmanaged
    {
        var pinned = GC.AllocateUninitializedArray<T>(values.Length, pinned: true);
        values.CopyTo(pinned, 0);
        return pinned;
    }
}
