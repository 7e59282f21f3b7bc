using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>Checks of what a host passed; each throws <see cref="ErrorKind.InvalidArgument"/> with what was wrong.</summary>
internal static unsafe class Check
{
    public static MofException Invalid(string what, string expected) => new(ErrorKind.InvalidArgument, what, expected: expected);

    /// <summary>A pointer that may be NULL only when nothing is behind it.</summary>
    public static void Pointer(void* pointer, long count, string name)
    {
        if (pointer is null && count > 0)
        {
            throw Invalid($"{name} is NULL", $"{count} {(count == 1 ? "value" : "entries")}");
        }
    }

    /// <summary>A structure of the version that this library was built with.</summary>
    public static void Struct(void* pointer, int size, int expectedSize, string name)
    {
        if (pointer is null)
        {
            throw Invalid($"{name} is NULL", "a structure");
        }

        if (size != expectedSize)
        {
            throw Invalid($"{name}.struct_size is {size}", $"{expectedSize}, which is sizeof({name}) in mofpotential.h of this library");
        }
    }

    /// <summary>A number of atoms, types or centers.</summary>
    public static void Count(int count, string name)
    {
        if (count is < 0 or > (int)NeighborList.MaximumAtoms)
        {
            throw Invalid($"{name} is {count}", $"0 to {NeighborList.MaximumAtoms}");
        }
    }

    /// <summary>Species indices of atoms.</summary>
    public static void Species(ReadOnlySpan<int> species, IPotential potential)
    {
        for (var i = 0; i < species.Length; i++)
        {
            if ((uint)species[i] >= (uint)potential.Species.Count)
            {
                throw Invalid($"the species of atom {i} (counted from 0) is {species[i]}", $"0 to {potential.Species.Count - 1}: {Labels(potential)}");
            }
        }
    }

    /// <summary>One species index.</summary>
    public static void Species(int species, IPotential potential, string name)
    {
        if ((uint)species >= (uint)potential.Species.Count)
        {
            throw Invalid($"{name} is {species}", $"0 to {potential.Species.Count - 1}: {Labels(potential)}");
        }
    }

    /// <summary>The labels that a potential knows.</summary>
    public static string Labels(IPotential potential) => string.Join(", ", potential.Species.Select(species => species.Label));
}
