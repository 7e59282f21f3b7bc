using MofInterop.Learning;
using MofInterop.Reports;

namespace MofInterop.Cli;

/// <summary>How cross-validation chose the ridge of a fit.</summary>
internal static class RidgeFigures
{
    /// <summary>The curve and the errors at the ridge chosen.</summary>
    /// <param name="step">Name of the step.</param>
    /// <param name="curve">Errors against α.</param>
    public static IEnumerable<ReportContent> Of(string step, RidgeCurve curve)
    {
        var chosen = curve.Points.First(point => point.Ridge == curve.Chosen).Errors;
        yield return new ReportParagraph(
            $"**Ridge {Text.Number(curve.Chosen)}**, chosen by cross-validation with {curve.Folds} folds: on frames left out of the fit it gives {Errors(chosen.Energy, "meV/atom")}, {Errors(chosen.Force, "meV/Å")}, {Errors(chosen.Stress, "MPa")} (RMSE). "
            + "Frames that resemble each other, such as neighbours of one trajectory, make this estimate too good.");
        double[] ridges = [.. curve.Points.Select(point => Math.Log10(point.Ridge))];
        yield return new ReportFigure(
            new LineFigure(
                $"{step}-ridge",
                "Cross-validation",
                "log₁₀ of the ridge",
                "weighted error of frames left out",
                [
                    new Series("root mean square of weighted rows", ridges, [.. curve.Points.Select(point => point.Errors.Weighted)]),
                    new Series("chosen", [Math.Log10(curve.Chosen)], [chosen.Weighted]),
                ],
                LogY: true),
            "Error of fits on the frames that each leaves out, every row multiplied by its weight. Of ridges whose errors differ by less than a thousandth from the smallest, the largest is chosen.");
    }

    private static string Errors(double value, string unit) => double.IsNaN(value) ? $"no errors in {unit}" : $"{Text.Number(value)} {unit}";
}
