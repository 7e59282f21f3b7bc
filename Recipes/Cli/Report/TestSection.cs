using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Errors on frames that were never trained on.</summary>
internal static class TestSection
{
    public static ReportSection Of(StepSummary step)
    {
        var test = StepJson.Read<TestRecord>(step.Outputs["errors"].FilePath);
        var errors = test.Errors;
        var content = new List<ReportContent>
        {
            new ReportParagraph($"{errors.Frames} frames of a temperature ramp with the final potential, labelled by the reference and never trained on."),
            new ReportTable(
                "Errors on the held-out frames",
                ["quantity", "RMSE", "MAE", "unit"],
                [
                    ["energy", Text.Number(errors.EnergyRmse), Text.Number(errors.EnergyMae), "meV/atom"],
                    ["force", Text.Number(errors.ForceRmse), Text.Number(errors.ForceMae), "meV/Å"],
                    ["stress", Text.Number(errors.StressRmse), Text.Number(errors.StressMae), "MPa"],
                ]),
        };
        if (test.Grades is { } grades)
        {
            content.Add(GradeTable(grades));
        }

        content.AddRange(ParityFigures.Of(step.Name, "held-out", test.Parity));
        content.Add(new ReportFigure(
            DynamicsFigures.Trace($"{step.Name}-ramp", "Temperature ramp", [test.Ramp], null),
            test.Ramp.Problem is { } problem ? $"The ramp did not stay intact: {problem}." : "The run that the held-out frames were taken from."));
        return new ReportSection("Held-out test", content);
    }

    /// <summary>Grades of held-out atoms by type.</summary>
    public static ReportTable GradeTable(IReadOnlyList<GradeRecord> grades) => new(
        "Extrapolation grades of their atoms: up to 1 the training set has seen as much",
        ["type", "atoms", "median", "95 % below", "largest", "above 1"],
        [.. grades.Select(g => (IReadOnlyList<string>)[g.Type, Text.Count(g.Atoms), Text.Number(g.Median), Text.Number(g.MostlyBelow), Text.Number(g.Largest), Text.Count(g.Outside)])]);
}
