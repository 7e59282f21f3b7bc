namespace MofInterop.Learning;

/// <summary>Two bonds of one atom.</summary>
internal readonly record struct AnglePath(BondedNeighbor First, int Center, BondedNeighbor Second);

/// <summary>Three consecutive bonds: <paramref name="First"/> seen from <paramref name="Left"/>, the middle bond, <paramref name="Last"/> seen from <paramref name="Right"/>.</summary>
internal readonly record struct DihedralPath(BondedNeighbor First, int Left, int Middle, int Right, BondedNeighbor Last);

/// <summary>The angles and dihedrals of a bond graph, each once.</summary>
internal static class CbadPaths
{
    public static List<AnglePath> Angles(BondGraph graph)
    {
        var angles = new List<AnglePath>();
        for (var center = 0; center < graph.AtomCount; center++)
        {
            var around = graph.NeighborsOf(center);
            for (var a = 0; a < around.Length; a++)
            {
                for (var b = a + 1; b < around.Length; b++)
                {
                    angles.Add(new AnglePath(around[a], center, around[b]));
                }
            }
        }

        return angles;
    }

    /// <param name="graph">The bonds.</param>
    /// <param name="straight">Paths with a bond angle beyond this in the starting structure, degrees, are left out.</param>
    public static List<DihedralPath> Dihedrals(BondGraph graph, double straight)
    {
        var dihedrals = new List<DihedralPath>();
        for (var middle = 0; middle < graph.Bonds.Count; middle++)
        {
            var (left, right) = (graph.Bonds[middle].First, graph.Bonds[middle].Second);
            var axis = graph.StartingVector(middle);
            foreach (var first in graph.NeighborsOf(left))
            {
                if (IsEnd(first, middle, 1) || 180 - Vector3.Angle(Signed(graph, first, -1), axis) > straight)
                {
                    continue;
                }

                foreach (var last in graph.NeighborsOf(right))
                {
                    if (!IsEnd(last, middle, -1) && 180 - Vector3.Angle(axis, Signed(graph, last, 1)) <= straight)
                    {
                        dihedrals.Add(new DihedralPath(first, left, middle, right, last));
                    }
                }
            }
        }

        return dihedrals;
    }

    /// <summary>A class's name: the types along the path, in the direction that comes first.</summary>
    public static string Name(string kind, IReadOnlyList<string> types, params int[] atoms)
    {
        var forward = string.Join('-', atoms.Select(a => types[a]));
        var backward = string.Join('-', atoms.Reverse().Select(a => types[a]));
        return $"{kind} {(string.CompareOrdinal(forward, backward) <= 0 ? forward : backward)}";
    }

    /// <summary>Whether this end is the middle bond itself as seen from its first (+1) or second (−1) atom.</summary>
    private static bool IsEnd(BondedNeighbor end, int middle, int sign) => end.Bond == middle && end.Sign == sign;

    private static Vector3 Signed(BondGraph graph, BondedNeighbor end, int factor)
    {
        var v = graph.StartingVector(end.Bond);
        var sign = factor * end.Sign;
        return new Vector3(sign * v.X, sign * v.Y, sign * v.Z);
    }
}
