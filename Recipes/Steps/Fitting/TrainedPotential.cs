using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>A potential that an earlier step made.</summary>
internal static class TrainedPotential
{
    /// <summary>The input through which steps take a potential.</summary>
    public static StepInput Input { get; } = new("model", "model", "The potential");

    /// <summary>What a dry run calls the card of a potential that is not there yet.</summary>
    public const string FutureCard = "model.mof.yaml";

    /// <summary>Reads it by its card.</summary>
    public static FittedPotential Read(StepValue value) => FittedPotential.FromCard(value.FilePath, FitSummary.None);
}
