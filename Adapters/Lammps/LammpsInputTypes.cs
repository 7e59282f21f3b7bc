using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>The LAMMPS types of a run: type i is the i-th label of the potential; every atom's label must be among them.</summary>
public static class LammpsInputTypes
{
    /// <summary>The types with elements and masses.</summary>
    /// <exception cref="MofException">An atom has a label that the potential lacks, two elements share a label, or a label has no mass.</exception>
    public static IReadOnlyList<LammpsType> Of(LammpsRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var start = run.Start;
        var labels = run.Potential.Labels;
        var elements = new string?[labels.Length];
        for (var i = 0; i < start.Count; i++)
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
        }

        return [.. labels.Select((label, k) => new LammpsType(label, elements[k] ?? ElementOf(label), MassOf(run, label, elements[k] ?? ElementOf(label))))];
    }

    private static double MassOf(LammpsRun run, string label, string symbol)
    {
        if (run.Masses.TryGetValue(label, out var given))
        {
            return given > 0 ? given : throw new MofException(ErrorKind.InvalidArgument, $"the mass of {label} is {given}", run.Name, "a positive number of atomic mass units");
        }

        if (Elements.TryBySymbol(symbol, out var element) && element is not null)
        {
            return element.Mass;
        }

        throw new MofException(ErrorKind.InvalidArgument, $"the mass of {label} is unknown", run.Name, "a label that begins with a chemical symbol", "Give its mass.");
    }

    // A label that no atom of this structure carries still needs a mass: C3a is carbon, Zn4a zinc.
    private static string ElementOf(string label) => new([.. label.TakeWhile((c, k) => k == 0 ? char.IsAsciiLetterUpper(c) : k == 1 && char.IsAsciiLetterLower(c))]);
}
