namespace MofInterop.Analysis.Networks;

/// <summary>
/// Union–find on a periodic graph: groups of nodes, the lattice translation of each node relative to its group, and the translations along which a group is
/// joined to its own images. A group with n independent translations extends in n dimensions.
/// </summary>
internal sealed class PeriodicGroups
{
    private readonly int[] _parent;
    private readonly LatticeVector[] _offset;
    private readonly List<LatticeVector>?[] _translations;

    public PeriodicGroups(int count)
    {
        _parent = [.. Enumerable.Range(0, count)];
        _offset = new LatticeVector[count];
        _translations = new List<LatticeVector>?[count];
    }

    /// <summary>The node that stands for a node's group.</summary>
    public int GroupOf(int node) => Find(node).Root;

    /// <summary>Independent translations along which the group of a node goes on for ever.</summary>
    public IReadOnlyList<LatticeVector> TranslationsOf(int node) => _translations[GroupOf(node)] ?? (IReadOnlyList<LatticeVector>)[];

    /// <summary>Joins a node in the first cell with the image of another that a translation leads to.</summary>
    /// <returns>Whether groups, or their translations, changed.</returns>
    public bool Join(int first, int second, LatticeVector translation)
    {
        // A node in the first cell belongs to the image of its root that its offset leads to.
        var (rootOne, one) = Find(first);
        var (rootTwo, two) = Find(second);
        var between = one - two - translation;
        if (rootOne == rootTwo)
        {
            return AddTranslation(rootOne, between);
        }

        _parent[rootTwo] = rootOne;
        _offset[rootTwo] = between;
        foreach (var known in _translations[rootTwo] ?? [])
        {
            AddTranslation(rootOne, known);
        }

        return true;
    }

    private (int Root, LatticeVector Offset) Find(int node)
    {
        var (root, offset) = (node, LatticeVector.Zero);
        while (_parent[root] != root)
        {
            offset += _offset[root];
            root = _parent[root];
        }

        // Everything on the way is hung below the root.
        var rest = offset;
        for (var walk = node; _parent[walk] != walk;)
        {
            var (next, step) = (_parent[walk], _offset[walk]);
            (_parent[walk], _offset[walk]) = (root, rest);
            rest -= step;
            walk = next;
        }

        return (root, offset);
    }

    private bool AddTranslation(int root, LatticeVector found)
    {
        var known = _translations[root] ??= [];
        if (!Independent(known, found))
        {
            return false;
        }

        known.Add(found);
        return true;
    }

    private static bool Independent(List<LatticeVector> known, LatticeVector v) => known.Count switch
    {
        0 => v != LatticeVector.Zero,
        1 => Cross(known[0], v) != LatticeVector.Zero,
        2 => Cross(known[0], known[1]) is var n && n.A * v.A + n.B * v.B + n.C * v.C != 0,
        _ => false,
    };

    private static LatticeVector Cross(LatticeVector u, LatticeVector v) => new(u.B * v.C - u.C * v.B, u.C * v.A - u.A * v.C, u.A * v.B - u.B * v.A);
}
