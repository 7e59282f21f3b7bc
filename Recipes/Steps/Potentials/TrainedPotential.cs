using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>A potential that an earlier step made or read.</summary>
internal static class TrainedPotential
{
    /// <summary>The input through which steps take a potential.</summary>
    public static StepInput Input { get; } = new("model", "model", "The potential");

    /// <summary>What a dry run calls the card of a potential that is not there yet.</summary>
    public const string FutureCard = "model.mof.yaml";

    /// <summary>Reads it, a model card or a pair style.</summary>
    public static SimulationPotential Read(StepValue value) => Read(value.FilePath);

    /// <summary>Reads it by its file.</summary>
    public static SimulationPotential Read(string path) => path.EndsWith(PairStyleFile.Extension, StringComparison.Ordinal)
        ? PairStylePotential.Read(path)
        : FittedPotential.FromCard(path, FitSummary.None);
}
