using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>One atom type.</summary>
/// <param name="Label">Element, coordination number, letter: <c>C3a</c>.</param>
/// <param name="Symbol">Element.</param>
/// <param name="Count">How many atoms of the structure have it.</param>
/// <param name="Neighbors">The types of its bonded neighbours, heaviest element first: <c>O2a O2a C3b</c>.</param>
public sealed record AtomType(string Label, string Symbol, int Count, IReadOnlyList<string> Neighbors);

/// <summary>The types of a structure's atoms.</summary>
/// <param name="Labels">Label of every atom.</param>
/// <param name="Types">The types by symbol, coordination number and letter: the order of species in a model.</param>
public sealed record AtomTypes(IReadOnlyList<string> Labels, IReadOnlyList<AtomType> Types)
{
    /// <summary>More types than this are rarely what is meant: each costs 56 coefficients.</summary>
    public const int ManyTypes = 20;

    /// <summary>Sentences for the user; empty when nothing is conspicuous.</summary>
    public IReadOnlyList<string> Warnings => Types.Count <= ManyTypes
        ? []
        : [$"The bond graph has {Types.Count} different environments. One missing or surplus bond tells all atoms round it apart: check the structure and the bond tolerance, or limit the typing depth."];
}

/// <summary>
/// Atom types from the bond graph: element, coordination number, and a letter for each environment that the graph
/// tells apart. Independent of atom order, cell setting and supercell, because only the unrolled neighbourhood of an
/// atom enters.
/// </summary>
/// <remarks>
/// Colour refinement (B. Weisfeiler and A. Leman 1968) with ordered colours. Start: element and coordination number.
/// First round: within a colour, atoms are ordered by their neighbours' atomic numbers, sorted descending, compared
/// lexicographically, larger first. Every further round, one shell further out: ties are ordered by the neighbours'
/// labels so far (atomic number descending, then coordination number and letter ascending), compared
/// lexicographically, smaller first. Letters number the colours of an element and coordination number in that order.
/// </remarks>
public static class AtomTyping
{
    /// <summary>Types the atoms of a graph.</summary>
    /// <param name="graph">The bonds.</param>
    /// <param name="maximumDepth">How many shells of neighbours may tell two atoms apart; null: until nothing changes.</param>
    /// <exception cref="MofException">An atom has no bonds, or more than its element can have: the structure is disordered, has loose guests, or the bond tolerance is wrong.</exception>
    public static AtomTypes Assign(BondGraph graph, int? maximumDepth = null)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (maximumDepth is < 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a typing depth of {maximumDepth}", expected: "0 or more shells");
        }

        CoordinationCheck.Require(graph);
        var numbers = graph.Symbols.Select(s => Elements.BySymbol(s).AtomicNumber).ToArray();
        var colors = Refine(graph, numbers, maximumDepth ?? graph.AtomCount);
        var labels = Label(graph, colors);
        return new AtomTypes(labels, Summarize(graph, numbers, labels));
    }

    /// <summary>The configuration with types, from its own bond graph.</summary>
    /// <inheritdoc cref="Assign"/>
    public static AtomicConfiguration Typed(AtomicConfiguration structure, BondSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(structure);
        return structure.With(Assign(BondGraph.Build(structure, settings)).Labels);
    }

    /// <summary>
    /// Colours 0, 1, … of all atoms; a smaller colour comes earlier in: atomic number descending, coordination number
    /// ascending, letter ascending.
    /// </summary>
    private static int[] Refine(BondGraph graph, int[] numbers, int depth)
    {
        var count = graph.AtomCount;
        var colors = Rank([.. Enumerable.Range(0, count).Select(i => new[] { -numbers[i], graph.NeighborsOf(i).Length })]);
        for (var round = 0; round < depth; round++)
        {
            var keys = new int[count][];
            for (var i = 0; i < count; i++)
            {
                // Smaller is earlier: negated atomic numbers put the heavier neighbours first.
                int[] around = [.. Around(graph, i, j => round == 0 ? -numbers[j] : colors[j]).Order()];
                keys[i] = [colors[i], .. around];
            }

            var refined = Rank(keys);
            if (round > 0 && refined.Max() == colors.Max())
            {
                break;
            }

            colors = refined;
        }

        return colors;
    }

    private static int[] Around(BondGraph graph, int atom, Func<int, int> value)
    {
        var values = new int[graph.NeighborsOf(atom).Length];
        for (var n = 0; n < values.Length; n++)
        {
            values[n] = value(graph.NeighborsOf(atom)[n].Atom);
        }

        return values;
    }

    /// <summary>Places of keys among the distinct keys in lexicographic order.</summary>
    private static int[] Rank(int[][] keys)
    {
        var order = Comparer<int[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));
        var distinct = new SortedSet<int[]>(keys, order).ToArray();
        return [.. keys.Select(k => Array.BinarySearch(distinct, k, order))];
    }

    private static string[] Label(BondGraph graph, int[] colors)
    {
        var letters = new Dictionary<int, string>();
        var used = new Dictionary<string, int>();
        for (var color = 0; color <= colors.DefaultIfEmpty(-1).Max(); color++)
        {
            var atom = Array.IndexOf(colors, color);
            var stem = $"{graph.Symbols[atom]}{graph.NeighborsOf(atom).Length}";
            var place = used.GetValueOrDefault(stem);
            used[stem] = place + 1;
            letters[color] = stem + Letters(place);
        }

        return [.. colors.Select(c => letters[c])];
    }

    /// <summary>a … z, aa, ab, …</summary>
    private static string Letters(int place) =>
        place < 26 ? ((char)('a' + place)).ToString() : Letters(place / 26 - 1) + (char)('a' + place % 26);

    private static AtomType[] Summarize(BondGraph graph, int[] numbers, string[] labels)
    {
        var types = new List<(AtomType Type, int Coordination)>();
        foreach (var group in Enumerable.Range(0, labels.Length).GroupBy(i => labels[i]))
        {
            var atom = group.First();
            var neighbors = Around(graph, atom, j => j)
                .OrderByDescending(j => numbers[j])
                .ThenBy(j => labels[j], StringComparer.Ordinal)
                .Select(j => labels[j]);
            types.Add((new AtomType(group.Key, graph.Symbols[atom], group.Count(), [.. neighbors]), graph.NeighborsOf(atom).Length));
        }

        return [.. types
            .OrderBy(t => t.Type.Symbol, StringComparer.Ordinal)
            .ThenBy(t => t.Coordination)
            .ThenBy(t => t.Type.Label.Length)
            .ThenBy(t => t.Type.Label, StringComparer.Ordinal)
            .Select(t => t.Type)];
    }
}
