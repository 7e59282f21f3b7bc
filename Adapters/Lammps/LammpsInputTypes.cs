using System.Collections.Immutable;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>The LAMMPS types of a run: type i is the i-th label of the potential; every atom's label must be among them.</summary>
internal sealed class LammpsInputTypes
{
    private LammpsInputTypes(ImmutableArray<string> labels, double[] masses, int[] ofAtom)
    {
        Labels = labels;
        Masses = masses;
        OfAtom = ofAtom;
    }

    public ImmutableArray<string> Labels { get; }

    /// <summary>Mass of each type, atomic mass units.</summary>
    public IReadOnlyList<double> Masses { get; }

    /// <summary>Type of each atom, from 1.</summary>
    public IReadOnlyList<int> OfAtom { get; }

    /// <exception cref="MofException">An atom has a label that the potential lacks, two elements share a label, or a label has no mass.</exception>
    public static LammpsInputTypes Of(LammpsRun run)
    {
        var start = run.Start;
        var labels = run.Potential.Labels;
        var elements = new string?[labels.Length];
        var types = new int[start.Count];
        for (var i = 0; i < types.Length; i++)
        {
            var label = start.Types?[i] ?? start.Symbols[i];
            var type = labels.IndexOf(label);
            if (type < 0)
            {
                throw new MofException(
                    ErrorKind.InvalidArgument, $"the potential has no label '{label}'", $"atom {i + 1} of {run.Name}", $"one of {string.Join(' ', labels)}",
                    start.Types is null ? "The configuration has no atom types: were they assigned?" : null);
            }

            elements[type] ??= start.Symbols[i];
            if (elements[type] != start.Symbols[i])
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the label {label} stands for {elements[type]} and for {start.Symbols[i]}", $"atom {i + 1} of {run.Name}", "one element for a label");
            }

            types[i] = type + 1;
        }

        return new LammpsInputTypes(labels, [.. labels.Select((label, k) => MassOf(run, label, elements[k]))], types);
    }

    private static double MassOf(LammpsRun run, string label, string? symbol)
    {
        if (run.Masses.TryGetValue(label, out var given))
        {
            return given > 0 ? given : throw new MofException(ErrorKind.InvalidArgument, $"the mass of {label} is {given}", run.Name, "a positive number of atomic mass units");
        }

        if (Elements.TryBySymbol(symbol ?? ElementOf(label), out var element) && element is not null)
        {
            return element.Mass;
        }

        throw new MofException(ErrorKind.InvalidArgument, $"the mass of {label} is unknown", run.Name, "a label that begins with a chemical symbol", "Give its mass.");
    }

    // A label that no atom of this structure carries still needs a mass: C3a is carbon, Zn4a zinc.
    private static string ElementOf(string label) => new([.. label.TakeWhile((c, k) => k == 0 ? char.IsAsciiLetterUpper(c) : k == 1 && char.IsAsciiLetterLower(c))]);
}
