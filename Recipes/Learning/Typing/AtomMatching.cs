using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// Which atom of a structure each atom of a foreign frame is. The frame must be of the same cell, in any orientation, anywhere in it and with atoms in any order: atoms
/// are found by element and fractional coordinates, up to thermal motion, and the bond graph must then be the structure's, which proves the match. Immutable.
/// </summary>
public sealed class AtomMatching
{
    /// <summary>Longest way of an atom from its place in the structure, Å, and how far the cells may differ.</summary>
    private const double FarthestPlace = 1.5, LengthTolerance = 0.15, AngleTolerance = 12;

    /// <summary>A mean distance below this, Å, is thermal motion: the assignment is tried before others are looked for.</summary>
    private const double ThermalMotion = 0.4;

    // _atoms[i]: the frame's atom that is the structure's i-th.
    private readonly int[] _atoms;
    private readonly AtomicConfiguration _structure;

    private AtomMatching(AtomicConfiguration structure, int[] atoms)
    {
        _structure = structure;
        _atoms = atoms;
        IsIdentity = !atoms.Where((atom, i) => atom != i).Any();
    }

    /// <summary>The frame has the structure's order.</summary>
    public bool IsIdentity { get; }

    /// <summary>Why a frame cannot be one of the structure, whatever its atoms' places: other atoms, or another cell. Null when it can.</summary>
    public static string? Obstacle(AtomicConfiguration structure, AtomicConfiguration frame)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(frame);
        string ours = Formula(structure), theirs = Formula(frame);
        if (ours != theirs)
        {
            var multiple = frame.Count > structure.Count && frame.Count % structure.Count == 0;
            return $"its frames hold {theirs}, the structure holds {ours}{(multiple ? ": give the structure the same supercell" : "")}";
        }

        if (structure.Periodic != frame.Periodic)
        {
            return frame.Periodic ? "its frames are periodic, the structure is not" : "its frames have no periodic cell, the structure has";
        }

        if (!structure.Periodic)
        {
            return null;
        }

        var expected = structure.Cell!.Parameters();
        var found = frame.Cell!.Parameters();
        for (var k = 0; k < 6; k++)
        {
            if (Math.Abs(found[k] - expected[k]) > (k < 3 ? LengthTolerance * expected[k] : AngleTolerance))
            {
                return $"its frames have the cell {Text(found)}, the structure has {Text(expected)} (Å, degrees): the same setting of the cell is needed";
            }
        }

        return null;
    }

    /// <summary>Finds the structure's atoms in a frame.</summary>
    /// <param name="structure">The starting structure.</param>
    /// <param name="graph">Its bonds.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="reason">Why there is no match; null when there is.</param>
    public static AtomMatching? Find(AtomicConfiguration structure, BondGraph graph, AtomicConfiguration frame, out string? reason)
    {
        ArgumentNullException.ThrowIfNull(graph);
        reason = Obstacle(structure, frame);
        if (reason is not null)
        {
            return null;
        }

        string? broken = null;
        if (frame.Symbols.SequenceEqual(structure.Symbols))
        {
            broken = graph.FindBreak(frame);
            if (broken is null)
            {
                return new AtomMatching(structure, [.. Enumerable.Range(0, structure.Count)]);
            }
        }

        foreach (var atoms in structure.Periodic ? Candidates(structure, frame) : [])
        {
            var matching = new AtomMatching(structure, atoms);
            var problem = graph.FindBreak(matching.Apply(frame));
            if (problem is null)
            {
                return matching;
            }

            broken ??= problem;
        }

        reason = broken is null
            ? $"its atoms are not near their places in the structure (within {FarthestPlace} Å, up to a common shift)"
            : $"its bonds are not those of the structure: {broken}";
        return null;
    }

    /// <summary>A frame in the structure's order with the structure's types; label and velocities come along.</summary>
    public AtomicConfiguration Apply(AtomicConfiguration frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        return new AtomicConfiguration(_structure.Symbols, Ordered(frame.Positions), frame.Cell, frame.Periodic)
        {
            Types = _structure.Types,
            Velocities = frame.Velocities is null ? null : Ordered(frame.Velocities),
            Label = frame.Label is null ? null : frame.Label with { Forces = Ordered(frame.Label.Forces) },
            Info = frame.Info,
        };
    }

    /// <summary>The label of an atom type that the frame gives an atom and that is not the structure's; null when they agree or the frame has none.</summary>
    public string? ForeignType(AtomicConfiguration frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Types is null || _structure.Types is null)
        {
            return null;
        }

        for (var i = 0; i < _atoms.Length; i++)
        {
            if (frame.Types[_atoms[i]] != _structure.Types[i])
            {
                return $"atom {_atoms[i]} (counted from 0) is a {frame.Types[_atoms[i]]} in the file and a {_structure.Types[i]} in the structure";
            }
        }

        return null;
    }

    private double[] Ordered(double[] vectors)
    {
        var result = new double[vectors.Length];
        for (var i = 0; i < _atoms.Length; i++)
        {
            vectors.AsSpan(3 * _atoms[i], 3).CopyTo(result.AsSpan(3 * i));
        }

        return result;
    }

    /// <summary>
    /// Assignments for every shift that puts some atom of the rarest element on the structure's first one: good ones as they are found, then the others, the nearest first.
    /// A wrong shift is given up at the first atom that finds no place.
    /// </summary>
    private static IEnumerable<int[]> Candidates(AtomicConfiguration structure, AtomicConfiguration frame)
    {
        var ours = Fractions(structure);
        var theirs = Fractions(frame);
        var rarest = structure.Symbols.GroupBy(symbol => symbol).MinBy(group => group.Count())!.Key;
        var anchor = Enumerable.Range(0, structure.Count).First(i => structure.Symbols[i] == rarest);
        double[] none = [0, 0, 0];
        var shifts = Enumerable.Range(0, frame.Count).Where(i => frame.Symbols[i] == rarest)
            .Select(i => (double[])[theirs[3 * i] - ours[3 * anchor], theirs[3 * i + 1] - ours[3 * anchor + 1], theirs[3 * i + 2] - ours[3 * anchor + 2]])
            .Prepend(none);
        var others = new List<(int[] Atoms, double Distance)>();
        foreach (var shift in shifts)
        {
            var (atoms, distance) = Assign(structure, frame, ours, theirs, shift);
            if (atoms is not null && distance < ThermalMotion * ThermalMotion * structure.Count)
            {
                yield return atoms;
            }
            else if (atoms is not null)
            {
                others.Add((atoms, distance));
            }
        }

        foreach (var (atoms, _) in others.OrderBy(other => other.Distance))
        {
            yield return atoms;
        }
    }

    /// <summary>The nearest free atom of the same element for every atom, twice: the second time with the mean shift of the first.</summary>
    private static (int[]? Atoms, double Distance) Assign(AtomicConfiguration structure, AtomicConfiguration frame, double[] ours, double[] theirs, double[] shift)
    {
        (int[]? Atoms, double Distance) best = (null, 0);
        for (var round = 0; round < 2; round++)
        {
            var atoms = new int[structure.Count];
            var taken = new bool[structure.Count];
            var total = 0.0;
            double[] mean = [0, 0, 0];
            for (var i = 0; i < structure.Count; i++)
            {
                var (nearest, distance, offset) = Nearest(structure, frame, ours, theirs, shift, taken, i);
                if (nearest < 0)
                {
                    return best;
                }

                taken[nearest] = true;
                atoms[i] = nearest;
                total += distance * distance;
                for (var k = 0; k < 3; k++)
                {
                    mean[k] += offset[k] / structure.Count;
                }
            }

            best = (atoms, total);
            shift = [shift[0] + mean[0], shift[1] + mean[1], shift[2] + mean[2]];
        }

        return best;
    }

    private static (int Atom, double Distance, double[] Offset) Nearest(AtomicConfiguration structure, AtomicConfiguration frame, double[] ours, double[] theirs, double[] shift, bool[] taken, int atom)
    {
        var best = (Atom: -1, Distance: FarthestPlace, Offset: Array.Empty<double>());
        for (var j = 0; j < frame.Count; j++)
        {
            if (taken[j] || frame.Symbols[j] != structure.Symbols[atom])
            {
                continue;
            }

            var d = new double[3];
            for (var k = 0; k < 3; k++)
            {
                d[k] = theirs[3 * j + k] - ours[3 * atom + k] - shift[k];
                d[k] -= Math.Round(d[k]);
            }

            var (x, y, z) = frame.Cell!.ToCartesian(d[0], d[1], d[2]);
            var distance = Math.Sqrt(x * x + y * y + z * z);
            if (distance < best.Distance)
            {
                best = (j, distance, d);
            }
        }

        return best;
    }

    private static double[] Fractions(AtomicConfiguration configuration)
    {
        var result = new double[3 * configuration.Count];
        for (var i = 0; i < result.Length; i += 3)
        {
            (result[i], result[i + 1], result[i + 2]) = configuration.Cell!.ToFractional(configuration.Positions[i], configuration.Positions[i + 1], configuration.Positions[i + 2]);
        }

        return result;
    }

    private static string Formula(AtomicConfiguration configuration) =>
        string.Concat(configuration.Symbols.GroupBy(symbol => symbol).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Key}{group.Count()}"));

    private static string Text(double[] parameters) => string.Join(' ', parameters.Select(value => value.ToString("0.##", CultureInfo.InvariantCulture)));
}
