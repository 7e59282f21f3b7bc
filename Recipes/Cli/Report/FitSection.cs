using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>How well a potential reproduces the frames it was fitted to, and those held out, group by group.</summary>
internal static class FitSection
{
    public static ReportSection Of(StepSummary step)
    {
        var fit = StepJson.Read<FitRecord>(step.Outputs["errors"].FilePath);
        var content = new List<ReportContent>
        {
            new ReportParagraph($"{fit.Columns} coefficients fitted to {fit.Rows} equations; rank {fit.Rank}, condition number {Text.Number(fit.ConditionNumber)} with the ridge. The potential is `{Path.GetFileName(step.Outputs["model"].FilePath)}`."),
            Table("Energy errors, meV/atom", fit, errors => errors.Energy),
            Table("Force errors, meV/Å", fit, errors => errors.Force),
            Table("Stress errors, MPa", fit, errors => errors.Stress),
        };
        if (fit.RidgeCurve is { } curve)
        {
            content.InsertRange(1, RidgeFigures.Of(step.Name, curve));
        }

        if (fit.Grades is { } grades)
        {
            content.Add(TestSection.GradeTable(grades));
        }

        content.AddRange(ParityFigures.Of($"{step.Name}-training", "training", fit.Training));
        if (fit.HeldOut is { } heldOut)
        {
            content.AddRange(ParityFigures.Of($"{step.Name}-held-out", "held-out", heldOut));
        }

        return new ReportSection("Fit", content);
    }

    private static ReportTable Table(string title, FitRecord fit, Func<GroupErrors, ErrorFigures> quantity) => new(
        $"{title}. “Weighted” is the mean absolute error times the weight of the row, a pure number.",
        ["set", "group", "frames", "values", "MAE", "RMSE", "largest", "R²", "weighted"],
        [.. fit.Errors.Select(errors => (errors, figures: quantity(errors))).Where(row => row.figures.Count > 0).Select(row => (IReadOnlyList<string>)
        [
            row.errors.Set, row.errors.Group ?? "all", Text.Count(row.errors.Frames), Text.Count(row.figures.Count), Text.Number(row.figures.Mae), Text.Number(row.figures.Rmse),
            Text.Number(row.figures.Maximum), double.IsNaN(row.figures.Determination) ? "–" : Text.Number(row.figures.Determination), Text.Number(row.figures.Weighted?.MeanAbsolute),
        ])]);
}
