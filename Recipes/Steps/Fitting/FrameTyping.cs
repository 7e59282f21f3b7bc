using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>How the atoms of labelled frames become species of a potential.</summary>
public enum AtomKinds
{
    /// <summary>By the frames' own types; without them by elements.</summary>
    AsGiven,

    /// <summary>By elements.</summary>
    Elements,

    /// <summary>By the bonds around them.</summary>
    Environment,
}

/// <summary>
/// Gives frames their types. By environment, the first frame of each list of atoms (the same elements in the same order) decides about all: bonds of later
/// frames are hot, and a type has to stay with its atom. Frames of the same atoms share their lists of symbols and types, which saves most of the memory of large sets.
/// </summary>
/// <param name="kinds">Which types.</param>
/// <param name="bonds">When atoms are bonded.</param>
internal sealed class FrameTyping(AtomKinds kinds, BondSettings bonds)
{
    private readonly Dictionary<string, Atoms> _known = [];
    private readonly Dictionary<string, string> _environments = [];

    /// <summary>Frames in which a bond of the first one is broken or a new one made.</summary>
    public int ChangedFrames { get; private set; }

    /// <summary>The frame with its types.</summary>
    /// <exception cref="MofException">Bonds of a first frame make no sense, or a type of one list of atoms is another environment in the next.</exception>
    public AtomicConfiguration Type(AtomicConfiguration frame)
    {
        var given = kinds == AtomKinds.AsGiven ? frame.Types : null;
        var key = string.Join(' ', frame.Symbols.Concat(given is null ? [] : ["|", .. given]));
        if (!_known.TryGetValue(key, out var atoms))
        {
            _known[key] = atoms = First(frame, given);
        }
        else if (atoms.Graph is { } graph && !graph.IsIntact(frame))
        {
            ChangedFrames++;
        }

        return new AtomicConfiguration(atoms.Symbols, frame.Positions, frame.Cell, frame.Periodic) { Types = atoms.Types, Label = frame.Label, Info = frame.Info };
    }

    private Atoms First(AtomicConfiguration frame, IReadOnlyList<string>? given)
    {
        string[] symbols = [.. frame.Symbols.Select(string.Intern)];
        if (kinds != AtomKinds.Environment)
        {
            return new Atoms(symbols, given is null ? symbols : [.. given.Select(string.Intern)], null);
        }

        var graph = BondGraph.Build(frame, bonds);
        var found = AtomTyping.Assign(graph);
        foreach (var type in found.Types)
        {
            var around = string.Join(", ", type.Neighbors);
            if (_environments.TryGetValue(type.Label, out var before) && before != around)
            {
                throw new MofException(
                    ErrorKind.FileFormat,
                    $"the type '{type.Label}' is bonded to {before} in one frame and to {around} in another",
                    expected: "one environment for each type",
                    remedy: "Give the types in the files (a column 'types' of extended XYZ), or fit by elements.");
            }

            _environments[type.Label] = around;
        }

        return new Atoms(symbols, found.Labels, graph);
    }

    private sealed record Atoms(IReadOnlyList<string> Symbols, IReadOnlyList<string> Types, BondGraph? Graph);
}
