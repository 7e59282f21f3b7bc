using System.Text.Json;
using System.Text.Json.Serialization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>What a candidate came to, whatever the objective.</summary>
/// <param name="Points">Errors on frames not fitted, for each ridge; empty where the fit failed.</param>
/// <param name="Neighbors">Mean number of neighbours of an atom.</param>
/// <param name="Coefficients">Of an atom's energy.</param>
/// <param name="Failure">Why there are no errors; null: there are.</param>
internal sealed record CandidateEvaluation(IReadOnlyList<RidgePoint> Points, double Neighbors, int Coefficients, string? Failure)
{
    /// <summary>What the cost of the potential is proportional to, roughly.</summary>
    [JsonIgnore]
    public double Cost => Neighbors * Coefficients;
}

/// <summary>
/// Evaluates candidates, each a unit of work under its values and the frames: a repeated candidate, and a search that goes on after a kill or with another
/// objective, compute nothing twice. One thread each.
/// </summary>
/// <param name="frames">What is fitted and tested on.</param>
/// <param name="ridges">The ridges to try; null: that of the candidate.</param>
/// <param name="groups">Weights of groups.</param>
/// <param name="context">The running step.</param>
internal sealed class CandidateEvaluator(SearchFrames frames, IReadOnlyList<double>? ridges, IReadOnlyDictionary<string, GroupWeightOptions> groups, StepContext context)
{
    private const string Cache = "hyperparameters", ResultFile = "evaluation.json";

    /// <summary>Raise it when the same candidate would now give other errors.</summary>
    private const string Version = "1";

    private const int FramesCounted = 8;

    /// <summary>Whether a candidate was evaluated before.</summary>
    public bool IsKnown(SnapValues candidate) => context.HasCached(Cache, KeyOf(candidate));

    /// <summary>Evaluates a candidate, or finds what it came to.</summary>
    public async Task<CandidateEvaluation> EvaluateAsync(SnapValues candidate, CancellationToken cancellation)
    {
        var folder = await context.CachedAsync(
            Cache,
            KeyOf(candidate),
            (temporary, token) => Task.Run(() => StepJson.Write(Path.Combine(temporary, ResultFile), Evaluate(candidate, token)), token),
            cancellation).ConfigureAwait(false);
        return StepJson.Read<CandidateEvaluation>(Path.Combine(folder, ResultFile));
    }

    private SnapTrainingSettings SettingsOf(SnapValues candidate) => GroupWeightOptions.Weigh(candidate.ToOptions().Settings, groups);

    private string KeyOf(SnapValues candidate) =>
        $"hyperparameters {Version}\n{frames.Fingerprint}\n{JsonSerializer.Serialize(candidate, StepJson.Options)}\n{JsonSerializer.Serialize(ridges, StepJson.Options)}\n{JsonSerializer.Serialize(SettingsOf(candidate).GroupWeights, StepJson.Options)}";

    private CandidateEvaluation Evaluate(SnapValues candidate, CancellationToken cancellation)
    {
        var settings = SettingsOf(candidate);
        var (neighbors, coefficients) = (0.0, 0);
        try
        {
            var model = settings.CreateModel(frames.Types);
            coefficients = model.CoefficientCount;
            neighbors = SnapNeighbors.MeanOf(model, frames.Frames.Where((_, k) => k % Math.Max(1, frames.Frames.Count / FramesCounted) == 0));
            using var equations = new FoldedEquations(model, settings, frames.FoldCount);
            equations.Add(frames.Frames, frames.Folds, threads: 1, cancellation);
            return new CandidateEvaluation(RidgeCrossValidation.Curve(equations, ridges ?? [settings.Ridge], frames.TestedFolds, threads: 1, cancellation).Points, neighbors, coefficients, null);
        }
        catch (MofException error) when (error.Kind is ErrorKind.InvalidArgument or ErrorKind.NumericalFailure)
        {
            return new CandidateEvaluation([], neighbors, coefficients, error.Message);
        }
    }
}
