using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Analysis;

/// <summary>Atoms sorted into groups that do not overlap, by element or by atom type: what "partial" quantities are partial of.</summary>
public sealed class AtomGroups
{
    private AtomGroups(IReadOnlyList<string> names, int[][] members)
    {
        Names = names;
        Members = members;
    }

    /// <summary>Names in alphabetical order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Atoms of each group, counted from 0, in ascending order.</summary>
    public IReadOnlyList<int[]> Members { get; }

    /// <summary>Number of groups.</summary>
    public int Count => Names.Count;

    /// <summary>Number of atoms in all groups.</summary>
    public int AtomCount => Members.Sum(group => group.Length);

    /// <summary>Groups of equal elements.</summary>
    public static AtomGroups ByElement(TrajectoryAtoms atoms) => By((atoms ?? throw new ArgumentNullException(nameof(atoms))).Symbols);

    /// <summary>Groups of equal atom types; elements where the trajectory has no types.</summary>
    public static AtomGroups ByType(TrajectoryAtoms atoms) => By((atoms ?? throw new ArgumentNullException(nameof(atoms))).Labels);

    /// <summary>Groups of equal names.</summary>
    public static AtomGroups By(IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var groups = Enumerable.Range(0, names.Count).GroupBy(atom => names[atom], StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).ToArray();
        return new AtomGroups([.. groups.Select(group => group.Key)], [.. groups.Select(group => group.ToArray())]);
    }

    /// <summary>The atoms that a name means: those of an element (<c>Zn</c>) or of an atom type (<c>N3a</c>).</summary>
    /// <exception cref="MofException">No atom has that name (InvalidArgument).</exception>
    public static int[] Named(TrajectoryAtoms atoms, string name)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        int[] found = [.. Enumerable.Range(0, atoms.Count).Where(atom => atoms.Symbols[atom] == name || atoms.Labels[atom] == name)];
        return found.Length > 0
            ? found
            : throw new MofException(ErrorKind.InvalidArgument, $"no atom is a '{name}'", expected: $"an element or atom type of the trajectory: {string.Join(", ", atoms.Symbols.Concat(atoms.Labels).Distinct().Order(StringComparer.Ordinal))}");
    }
}
