using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>Refuses bond graphs that no ordered, guest-free framework has.</summary>
internal static class CoordinationCheck
{
    /// <summary>More bonds than an atom of these elements has in a framework; other elements are not limited.</summary>
    private static readonly Dictionary<string, int> _most = new()
    {
        ["H"] = 2, ["C"] = 4, ["N"] = 4, ["O"] = 6, ["F"] = 4,
    };

    /// <summary>Elements that may stand alone.</summary>
    private static readonly HashSet<string> _solitary = ["He", "Ne", "Ar", "Kr", "Xe", "Rn"];

    /// <exception cref="MofException">Names the first atom at fault and how many there are.</exception>
    public static void Require(BondGraph graph)
    {
        RequireBonds(graph);
        RequireNotCrowded(graph);
    }

    private static void RequireBonds(BondGraph graph)
    {
        var loose = Enumerable.Range(0, graph.AtomCount)
            .Where(i => graph.NeighborsOf(i).Length == 0 && !_solitary.Contains(graph.Symbols[i]))
            .ToArray();
        if (loose.Length > 0)
        {
            throw new MofException(
                ErrorKind.InvalidArgument,
                $"{Some(graph, loose)} no bonds",
                where: $"atom {loose[0]} (counted from 0)",
                expected: "every atom bonded to its framework or molecule",
                remedy: "Remove loose solvent or ions, add missing atoms, or raise the bond tolerance.");
        }
    }

    private static void RequireNotCrowded(BondGraph graph)
    {
        var crowded = Enumerable.Range(0, graph.AtomCount)
            .Where(i => _most.TryGetValue(graph.Symbols[i], out var most) && graph.NeighborsOf(i).Length > most)
            .ToArray();
        if (crowded.Length > 0)
        {
            var most = _most[graph.Symbols[crowded[0]]];
            throw new MofException(
                ErrorKind.InvalidArgument,
                $"{Some(graph, crowded)} {graph.NeighborsOf(crowded[0]).Length} bonds",
                where: $"atom {crowded[0]} (counted from 0)",
                expected: $"at most {most} bonds of an atom of {graph.Symbols[crowded[0]]}",
                remedy: "Keep one of the alternative positions of a disordered structure, or lower the bond tolerance.");
        }
    }

    private static string Some(BondGraph graph, int[] atoms) =>
        atoms.Length == 1 ? $"an atom of {graph.Symbols[atoms[0]]} has" : $"an atom of {graph.Symbols[atoms[0]]} (and {atoms.Length - 1} more atoms) has";
}
