using System.Globalization;
using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>What a search for hyperparameters found, and how.</summary>
internal static class HyperparameterSection
{
    public static ReportSection Of(StepSummary step)
    {
        var search = StepJson.Read<HyperparameterRecord>(step.Outputs["search"].FilePath);
        var measured = search.Folds > 0
            ? $"by cross-validation with {search.Folds} folds on {search.Frames} frames (frames that resemble each other, such as neighbours of one trajectory, make the errors too small)"
            : $"on {search.TestFrames} frames, fitted to {search.Frames - search.TestFrames} others";
        var content = new List<ReportContent>
        {
            new ReportParagraph($"**Objective {Text.Number(search.Start?.Objective)} → {Text.Number(search.Best.Objective)}** after {search.Evaluations} candidates; {search.End}. Errors were measured {measured}."),
            Errors(search),
            Parameters(search),
            Progress(step.Name, search),
            new ReportParagraph("The settings as a recipe writes them:"),
            new ReportListing(search.Recipe),
        };
        if (search.Failures.Count > 0)
        {
            content.Add(new ReportTable("Candidates that could not be fitted.", ["reason", "candidates"], [.. search.Failures.Select(pair => (IReadOnlyList<string>)[pair.Key, Text.Count(pair.Value)])]));
        }

        return new ReportSection("Hyperparameters", content);
    }

    private static ReportTable Errors(HyperparameterRecord search) => new(
        "Errors (RMSE) on frames not fitted.",
        ["settings", "energy, meV/atom", "force, meV/Å", "stress, MPa", "objective", "ridge", "neighbours of an atom"],
        [.. ((string Name, CandidateRecord? Candidate)[])[("start", search.Start), ("found", search.Best)] switch
        {
            var rows => rows.Select(row => (IReadOnlyList<string>)
            [
                row.Name, Number(row.Candidate?.Errors.Energy), Number(row.Candidate?.Errors.Force), Number(row.Candidate?.Errors.Stress), Text.Number(row.Candidate?.Objective), Text.Number(row.Candidate?.Ridge), Text.Number(row.Candidate?.Neighbors),
            ]),
        }]);

    private static ReportTable Parameters(HyperparameterRecord search) => new(
        "What was varied. Of energy_error (meV/atom) and stress_error (MPa) the logarithm.",
        ["parameter", "from", "to", "start", "found"],
        [.. search.Parameters.Select(one => (IReadOnlyList<string>)[one.Name, Five(one.From), Five(one.To), Five(one.Start), Five(one.Best)])]);

    private static ReportFigure Progress(string step, HyperparameterRecord search)
    {
        double[] generations = [.. search.Generations.Select(one => (double)one.Generation)];
        return new ReportFigure(
            new LineFigure(
                $"{step}-generations",
                "Differential evolution",
                "generation",
                "objective",
                [
                    new Series("best", generations, [.. search.Generations.Select(one => one.Best)]),
                    new Series("median", generations, [.. search.Generations.Select(one => one.Median)]),
                ],
                LogY: true,
                Target: search.Start is { } start ? new TargetLine(start.Objective, "start") : null),
            "The objective of the best candidate so far and the median of the population.");
    }

    private static string Number(double? value) => value is null or double.NaN ? "–" : Text.Number(value);

    private static string Five(double value) => value.ToString("g5", CultureInfo.InvariantCulture);
}
