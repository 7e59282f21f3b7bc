using System.Numerics;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>Whether the lists of a host name atoms that there are. It is looked at in every step, before anything is read through them.</summary>
internal static unsafe class NeighborCheck
{
    /// <summary>Looks at the lists of all centers of a view.</summary>
    /// <param name="atoms">The view.</param>
    /// <param name="first">Place of its first center in the host's list of centers.</param>
    /// <exception cref="MofException">Names the first center at fault.</exception>
    public static void Lists(in NeighborView atoms, int first = 0)
    {
        for (var c = 0; c < atoms.CenterCount; c++)
        {
            var i = atoms.Centers is null ? c : atoms.Centers[c];
            if ((uint)i >= (uint)atoms.AtomCount)
            {
                throw Check.Invalid($"centers[{first + c}] is {i}", $"0 to {atoms.AtomCount - 1}");
            }

            var count = atoms.NeighborCounts[i];
            if (count < 0 || (count > 0 && atoms.Neighbors[i] is null))
            {
                throw Check.Invalid($"atom {i} (counted from 0) has {count} neighbors and the list {(atoms.Neighbors[i] is null ? "NULL" : "given")}", "a list of that length");
            }

            if (count > 0 && LargestNeighbor(atoms.Neighbors[i], count, atoms.NeighborMask) >= (uint)atoms.AtomCount)
            {
                throw Check.Invalid($"a neighbor of atom {i} (counted from 0) is not an atom", $"indices from 0 to {atoms.AtomCount - 1} after neighbor_mask");
            }
        }
    }

    // Negative indices are the largest as unsigned numbers. Vectorised: this runs over all pairs at every step.
    private static uint LargestNeighbor(int* list, int count, int mask)
    {
        var largest = 0u;
        var n = 0;
        if (count >= Vector<int>.Count)
        {
            var masks = new Vector<int>(mask);
            var maxima = Vector<uint>.Zero;
            for (; n + Vector<int>.Count <= count; n += Vector<int>.Count)
            {
                maxima = Vector.Max(maxima, Vector.AsVectorUInt32(Vector.BitwiseAnd(Vector.Load(list + n), masks)));
            }

            for (var lane = 0; lane < Vector<uint>.Count; lane++)
            {
                largest = Math.Max(largest, maxima[lane]);
            }
        }

        for (; n < count; n++)
        {
            largest = Math.Max(largest, (uint)(list[n] & mask));
        }

        return largest;
    }
}
