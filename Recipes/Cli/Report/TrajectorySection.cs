using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>What became of the frames of existing runs.</summary>
internal static class TrajectorySection
{
    private const int ChoicesShown = 30;

    public static ReportSection Of(StepSummary step)
    {
        var record = StepJson.Read<TrajectoryRecord>(step.Outputs["selection"].FilePath);
        var content = new List<ReportContent>
        {
            new ReportParagraph($"**{record.Kept + record.Computed} labelled frames** of trajectories and data sets; {record.Kept} labels were in the files, {record.Computed} were computed, {record.SetAside} frames got none."),
            new ReportTable(
                "Frames by file: those in the asked range with the structure's bonds (and a label where labels are kept) are candidates.",
                ["file", "read", "candidates", "bonds changed", "no label", "joined"],
                [.. record.Files.Select(file => (IReadOnlyList<string>)[file.File, Text.Count(file.Read), Text.Count(file.Candidates), Text.Count(file.Broken), Text.Count(file.Unlabelled), Text.Count(file.Joined)])]),
        };
        if (record.OccupiedBins > 0 && record.Selected.Count > 0)
        {
            content.Add(new ReportTable(
                $"The first {Math.Min(ChoicesShown, record.Selected.Count)} of {record.Selected.Count} frames that joined, and the bins that they opened first; {record.OccupiedBins} bins are occupied at the end.",
                ["frame", "new bins", "because of"],
                [.. record.Selected.Take(ChoicesShown).Select(choice => (IReadOnlyList<string>)[choice.Origin, Text.Count(choice.NewBins), string.Join("; ", choice.Causes.Take(3))])]));
        }

        return new ReportSection($"Trajectories: {step.Name}", content);
    }

    /// <summary>How ab-initio molecular dynamics went.</summary>
    public static ReportSection OfDynamics(StepSummary step) => new(
        $"Ab-initio molecular dynamics: {step.Name}",
        [
            new ReportTable(
                "Runs. A frame whose SCF did not converge has no label.",
                ["temperature, K", "mean temperature, K", "frames", "no label", "bonds changed"],
                [.. StepJson.Read<AimdRunRecord[]>(step.Outputs["runs"].FilePath).Select(run => (IReadOnlyList<string>)
                [
                    Text.Number(run.Temperature), Text.Number(run.MeanTemperature), Text.Count(run.Frames), Text.Count(run.Unlabelled), run.BrokenAt ?? "–",
                ])]),
        ]);
}
