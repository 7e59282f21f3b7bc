using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Errors against the number of frames trained on, a line a method.</summary>
internal static class LearningCurveSection
{
    public static ReportSection Of(StepSummary step)
    {
        var points = StepJson.Read<LearningCurvePoint[]>(step.Outputs["curve"].FilePath);
        return new ReportSection(
            "Learning curve",
            [
                new ReportParagraph($"Errors (RMSE) on {points[0].Errors.Frames} test frames of fits to more and more of the same labelled frames. CBAD: each point is a resolution, the widest bins first; other methods choose as many frames as it does, or as the recipe says."),
                Figure(points, step.Name, "energy", "energy RMSE, meV/atom", errors => errors.EnergyRmse),
                Figure(points, step.Name, "force", "force RMSE, meV/Å", errors => errors.ForceRmse),
                .. points.All(point => point.Errors.StressRmse is not null) ? [Figure(points, step.Name, "stress", "stress RMSE, MPa", errors => errors.StressRmse!.Value)] : Array.Empty<ReportFigure>(),
                Table(points),
            ]);
    }

    private static ReportFigure Figure(LearningCurvePoint[] points, string step, string quantity, string label, Func<ErrorRecord, double> error) => new(
        new LineFigure(
            $"{step}-{quantity}",
            $"Learning curve: {quantity}",
            "frames trained on",
            label,
            [.. points.GroupBy(point => point.Method).Select(line => new Series(RecipeWords.Of(line.Key), [.. line.Select(point => (double)point.Frames)], [.. line.Select(point => error(point.Errors))]))],
            LogY: true),
        $"Test error of the {quantity} against the number of frames.");

    private static ReportTable Table(LearningCurvePoint[] points) => new(
        "Points of the learning curves (RMSE on test frames; in brackets on the frames of the fit).",
        ["method", "bin widths times", "frames", "energy, meV/atom", "force, meV/Å", "stress, MPa"],
        [.. points.Select(point => (IReadOnlyList<string>)
        [
            RecipeWords.Of(point.Method), Text.Number(point.ResolutionFactor), Text.Count(point.Frames), Both(point, errors => errors.EnergyRmse), Both(point, errors => errors.ForceRmse), Both(point, errors => errors.StressRmse),
        ])]);

    private static string Both(LearningCurvePoint point, Func<ErrorRecord, double?> error) => $"{Text.Number(error(point.Errors))} ({Text.Number(error(point.TrainingErrors))})";
}
