using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>What a LAMMPS atom type stands for; type numbers are places in a list of these, from 1.</summary>
/// <param name="Label">The element symbol or the atom-type label (<c>C3a</c>).</param>
/// <param name="Symbol">The chemical element.</param>
/// <param name="Mass">Atomic mass units.</param>
public sealed record LammpsType(string Label, string Symbol, double Mass)
{
    /// <summary>A type per element symbol, with its standard mass.</summary>
    public static IReadOnlyList<LammpsType> ForElements(IEnumerable<string> symbols) => [.. symbols.Select(symbol => new LammpsType(symbol, symbol, Elements.BySymbol(symbol).Mass))];

    /// <summary>The types that occur in a configuration, in order of first appearance: its atom types where it has them, otherwise its elements.</summary>
    public static IReadOnlyList<LammpsType> Of(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var labels = configuration.Types ?? configuration.Symbols;
        return [.. labels.Zip(configuration.Symbols).Distinct().Select(pair => new LammpsType(pair.First, pair.Second, Elements.BySymbol(pair.Second).Mass))];
    }

    /// <summary>Type number (from 1) of every atom.</summary>
    /// <exception cref="MofException">An atom's label is not in the list (InvalidArgument).</exception>
    public static int[] Assign(AtomicConfiguration configuration, IReadOnlyList<LammpsType> types)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(types);
        var numbers = types.Select((type, place) => (type.Label, Number: place + 1)).ToDictionary(entry => entry.Label, entry => entry.Number, StringComparer.Ordinal);
        var labels = configuration.Types ?? configuration.Symbols;
        var assigned = new int[configuration.Count];
        for (var i = 0; i < assigned.Length; i++)
        {
            if (!numbers.TryGetValue(labels[i], out assigned[i]))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"atom {i + 1} is a {labels[i]}, which has no LAMMPS type", expected: $"one of {string.Join(", ", numbers.Keys)}");
            }
        }

        return assigned;
    }
}
