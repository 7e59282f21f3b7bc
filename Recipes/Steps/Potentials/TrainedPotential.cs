using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A potential that an earlier step made or read.</summary>
internal static class TrainedPotential
{
    /// <summary>The input through which steps take a potential.</summary>
    public static StepInput Input { get; } = new("model", "model", "The potential");

    /// <summary>What a dry run calls the card of a potential that is not there yet.</summary>
    public const string FutureCard = "model.mof.yaml";

    /// <summary>The potential of a dry run, and a configuration with its names for the atoms: a pair style as the recipe gives it, else a card that is not there yet.</summary>
    public static (LammpsPotential Potential, AtomicConfiguration Start) Planned(StepDecks decks, AtomicConfiguration start)
    {
        var facts = decks.Published<PotentialFacts>(Input.Name);
        var labelled = facts is null ? start : AtomLabels.Name(start, facts.Labels);
        return (facts?.Style ?? Card(FutureCard, [.. labelled.Types!.Distinct().Order(StringComparer.Ordinal)]), labelled);
    }

    /// <summary>A model card that need not be there.</summary>
    public static LammpsPotential Card(string card, IReadOnlyList<string> labels) => LammpsPotential.Text(labels, "pair_style mof", $"pair_coeff * * {card} {string.Join(' ', labels)}");

    /// <summary>Reads it, a model card or a pair style.</summary>
    public static SimulationPotential Read(StepValue value) => Read(value.FilePath);

    /// <summary>Reads it by its file.</summary>
    public static SimulationPotential Read(string path) => path.EndsWith(PairStyleFile.Extension, StringComparison.Ordinal)
        ? PairStylePotential.Read(path)
        : FittedPotential.FromCard(path, FitSummary.None);
}
