using System.Runtime.InteropServices;

namespace MofInterop.Kim;

/// <summary>One set of KIM's compute arguments: what the simulator gives and wants, and work memory that stays.</summary>
internal sealed unsafe class Computation : IDisposable
{
    private readonly NeighborLists _neighbors = new();
    private double* _positions;
    private double* _atomVirials;
    private int _capacity;

    /// <summary>Sets the results that are asked for, in the simulator's units.</summary>
    public void Run(Model model, nint arguments)
    {
        var atomCount = *Integers(arguments, Names.NumberOfParticles);
        var energy = Doubles(arguments, Names.Energy);
        var forces = Doubles(arguments, Names.Forces);
        var atomEnergies = Doubles(arguments, Names.ParticleEnergy);
        var virial = Doubles(arguments, Names.Virial);
        var atomVirials = Doubles(arguments, Names.ParticleVirial);
        Clear(energy, 1);
        Clear(forces, 3L * atomCount);
        Clear(atomEnergies, atomCount);
        Clear(virial, 6);
        Clear(atomVirials, 6L * atomCount);
        if (atomCount == 0)
        {
            return;
        }

        Grow(atomCount);
        _neighbors.Read(arguments, atomCount, Integers(arguments, Names.Contributing));
        if (_neighbors.ContributingCount == 0)
        {
            return;
        }

        var units = model.Units;
        var atoms = new MofNeighbors
        {
            StructSize = sizeof(MofNeighbors),
            AtomCount = atomCount,
            CenterCount = _neighbors.ContributingCount,
            Positions = InAngstrom(Doubles(arguments, Names.Coordinates), atomCount, units.Length),
            Types = Integers(arguments, Names.SpeciesCodes),
            Centers = _neighbors.Contributing,
            NeighborCounts = _neighbors.Counts,
            Neighbors = _neighbors.Lists,
            NeighborMask = -1,
        };
        var fullVirial = stackalloc double[9];
        new Span<double>(fullVirial, 9).Clear();
        if (atomVirials is not null)
        {
            Clear(_atomVirials, 9L * atomCount);
        }

        var results = new MofResults
        {
            StructSize = sizeof(MofResults),
            AtomCapacity = atomCount,
            Energy = energy,
            Forces = forces,
            Virial = virial is null ? null : fullVirial,
            AtomEnergies = atomEnergies,
            AtomVirials = atomVirials is null ? null : _atomVirials,
        };
        PotentialApi.ThrowIfFailed(PotentialApi.ComputeNeighbors(model.Potential, &atoms, &results));

        Scale(energy, 1, units.Energy);
        Scale(forces, 3L * atomCount, units.Force);
        Scale(atomEnergies, atomCount, units.Energy);
        ToKim(fullVirial, virial, 1, units.Energy);
        ToKim(_atomVirials, atomVirials, atomCount, units.Energy);
    }

    public void Dispose()
    {
        _neighbors.Dispose();
        NativeMemory.Free(_positions);
        NativeMemory.Free(_atomVirials);
        _positions = null;
        _atomVirials = null;
        _capacity = 0;
    }

    // KIM's virial is dE/d(strain), ours its negative; its order is xx yy zz yz xz xy.
    private static void ToKim(double* full, double* target, int count, double unit)
    {
        if (target is null)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            var w = full + (9L * i);
            var v = target + (6L * i);
            (v[0], v[1], v[2]) = (-unit * w[0], -unit * w[4], -unit * w[8]);
            (v[3], v[4], v[5]) = (-0.5 * unit * (w[5] + w[7]), -0.5 * unit * (w[2] + w[6]), -0.5 * unit * (w[1] + w[3]));
        }
    }

    private double* InAngstrom(double* coordinates, int atomCount, double angstrom)
    {
        if (angstrom == 1)
        {
            return coordinates;
        }

        for (var k = 0L; k < 3L * atomCount; k++)
        {
            _positions[k] = coordinates[k] / angstrom;
        }

        return _positions;
    }

    private void Grow(int atomCount)
    {
        if (atomCount > _capacity)
        {
            _capacity = atomCount + (atomCount / 4);
            _positions = (double*)NativeMemory.Realloc(_positions, (nuint)_capacity * 3 * sizeof(double));
            _atomVirials = (double*)NativeMemory.Realloc(_atomVirials, (nuint)_capacity * 9 * sizeof(double));
        }
    }

    private static void Clear(double* values, long count)
    {
        if (values is not null)
        {
            NativeMemory.Clear(values, (nuint)count * sizeof(double));
        }
    }

    private static void Scale(double* values, long count, double factor)
    {
        if (values is null || factor == 1)
        {
            return;
        }

        for (var k = 0L; k < count; k++)
        {
            values[k] *= factor;
        }
    }

    private static int* Integers(nint arguments, KimValue name) =>
        KimApi.GetIntegers(arguments, name, out var values) == 0 && values is not null ? values : throw new KimException("the simulator has not set all integer arguments");

    private static double* Doubles(nint arguments, KimValue name) =>
        KimApi.GetDoubles(arguments, name, out var values) == 0 ? values : throw new KimException("kim-api does not know an argument that the driver told it of");

    /// <summary>The arguments' names, looked up once.</summary>
    internal static class Names
    {
        public static readonly KimValue NumberOfParticles = KimApi.ArgumentName("numberOfParticles");
        public static readonly KimValue SpeciesCodes = KimApi.ArgumentName("particleSpeciesCodes");
        public static readonly KimValue Contributing = KimApi.ArgumentName("particleContributing");
        public static readonly KimValue Coordinates = KimApi.ArgumentName("coordinates");
        public static readonly KimValue Energy = KimApi.ArgumentName("partialEnergy");
        public static readonly KimValue Forces = KimApi.ArgumentName("partialForces");
        public static readonly KimValue ParticleEnergy = KimApi.ArgumentName("partialParticleEnergy");
        public static readonly KimValue Virial = KimApi.ArgumentName("partialVirial");
        public static readonly KimValue ParticleVirial = KimApi.ArgumentName("partialParticleVirial");
    }
}
