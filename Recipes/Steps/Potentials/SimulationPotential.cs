using MofInterop.Lammps;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A potential as steps that simulate take it, wherever it comes from: a model card, or a pair style of LAMMPS as text.</summary>
/// <param name="Fingerprint">Changes with everything that decides what the potential computes.</param>
internal abstract record SimulationPotential(string Fingerprint)
{
    /// <summary>The kinds of atoms it knows, by its own names: atom types (C3a) or elements.</summary>
    public abstract IReadOnlyList<string> Labels { get; }

    /// <summary>The potential for a LAMMPS run of a configuration that <see cref="Label"/> has named.</summary>
    /// <param name="labelled">Where the run starts.</param>
    /// <param name="stopGrade">The run ends where an atom's extrapolation grade is above this; null: grades are not looked at.</param>
    /// <exception cref="MofException">Grades are wanted of a potential that has none (Unsupported).</exception>
    public abstract LammpsPotential ForLammps(AtomicConfiguration labelled, double? stopGrade = null);

    /// <summary>The configuration with the potential's names for its atoms: their types where it knows them all, else their elements.</summary>
    /// <exception cref="MofException">It knows neither (InvalidArgument).</exception>
    public AtomicConfiguration Label(AtomicConfiguration configuration) => AtomLabels.Name(configuration, Labels);

    /// <summary>The model card, for what LAMMPS alone does not do.</summary>
    /// <param name="purpose">What needs it: <c>relaxation by ASE</c>.</param>
    /// <exception cref="MofException">The potential is no model card (Unsupported).</exception>
    public FittedPotential RequireCard(string purpose) => this as FittedPotential ?? throw new MofException(ErrorKind.Unsupported, NoCard(purpose), expected: CardExpected);

    internal const string CardExpected = "a potential that was fitted here, or card: or snap: of the step potential";

    internal static string NoCard(string purpose) => $"{purpose} needs a model card, and the potential is a pair style of LAMMPS";
}

/// <summary>Names atoms as a potential does.</summary>
internal static class AtomLabels
{
    /// <summary>The configuration with labels of a potential as its types: its own types where the potential knows them all, else its elements.</summary>
    /// <exception cref="MofException">The potential knows neither (InvalidArgument).</exception>
    public static AtomicConfiguration Name(AtomicConfiguration configuration, IReadOnlyList<string> labels)
    {
        var known = labels.ToHashSet(StringComparer.Ordinal);
        var own = configuration.Types ?? configuration.Symbols;
        if (own.All(known.Contains))
        {
            return configuration;
        }

        if (configuration.Symbols.All(known.Contains))
        {
            return configuration.With(configuration.Symbols);
        }

        var lacking = own.Distinct().Where(label => !known.Contains(label)).Order(StringComparer.Ordinal);
        throw new MofException(
            ErrorKind.InvalidArgument,
            $"the potential does not know these atoms of the structure: {string.Join(", ", lacking)}",
            expected: $"all types or all elements of the structure among its labels, {string.Join(", ", labels)}",
            remedy: "mofinterop types prints the types of a structure.");
    }
}
