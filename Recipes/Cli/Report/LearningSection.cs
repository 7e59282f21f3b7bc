using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>What each generation of active learning did.</summary>
internal static class LearningSection
{
    private const int RunsShown = 10;

    public static ReportSection Of(StepSummary step)
    {
        var history = StepJson.Read<GenerationRecord[]>(step.Outputs["history"].FilePath);
        var parity = StepJson.Read<Parity>(step.Outputs["parity"].FilePath);
        var last = history[^1];
        var content = new List<ReportContent>
        {
            new ReportParagraph($"**{last.ErrorsAfter.Frames} labelled configurations** in {history.Length} generations; the fit has {last.Columns} coefficients, rank {last.Rank}, condition number {Text.Number(last.ConditionNumber)} with the ridge. The final potential is `{Path.GetFileName(step.Outputs["model"].FilePath)}`."),
            Generations(history),
            Errors(history),
            Bins(history),
            Causes(history),
        };
        content.InsertRange(2, LearningProgress.Of(history));
        if (last.RidgeCurve is { } curve)
        {
            content.AddRange(RidgeFigures.Of(step.Name, curve));
            content.Add(new ReportParagraph($"Ridges that the generations chose: {string.Join(", ", history.Select(generation => Text.Number(generation.RidgeCurve?.Chosen)))}."));
        }

        content.AddRange(history.Where(generation => generation.Runs.Count > 0).Select(Trace));
        content.AddRange(ParityFigures.Of("training", "training", parity));
        return new ReportSection("Active learning", content);
    }

    private static ReportTable Generations(GenerationRecord[] history) => new(
        "Generations. “Before” is the error of the previous potential on the new frames, “after” that of the new potential on all labelled frames (RMSE).",
        ["generation", "temperature, K", "runs intact", "candidates", "new frames", "no label", "energy before, meV/atom", "force before, meV/Å", "energy after, meV/atom", "force after, meV/Å", "stress after, MPa", "labels, s"],
        [.. history.Select(g => (IReadOnlyList<string>)
        [
            Text.Count(g.Generation), Text.Number(g.Temperature), g.Runs.Count == 0 ? "–" : $"{g.Runs.Count(run => run.Intact)} of {g.Runs.Count}", Text.Count(g.Candidates),
            Text.Count(g.Selected.Count), Text.Count(g.SetAside), Text.Number(g.ErrorsBefore?.EnergyRmse), Text.Number(g.ErrorsBefore?.ForceRmse),
            Text.Number(g.ErrorsAfter.EnergyRmse), Text.Number(g.ErrorsAfter.ForceRmse), Text.Number(g.ErrorsAfter.StressRmse), Text.Seconds(g.LabelSeconds),
        ])]);

    private static ReportFigure Errors(GenerationRecord[] history)
    {
        var later = history.Where(g => g.ErrorsBefore is not null).ToArray();
        return new ReportFigure(
            new LineFigure(
                "generations-force",
                "Force error by generation",
                "generation",
                "force RMSE, meV/Å",
                [
                    new Series("new frames, before the fit", [.. later.Select(g => (double)g.Generation)], [.. later.Select(g => g.ErrorsBefore!.ForceRmse)]),
                    new Series("all labelled frames, after the fit", [.. history.Select(g => (double)g.Generation)], [.. history.Select(g => g.ErrorsAfter.ForceRmse)]),
                ],
                LogY: true),
            "Forces that the potential of the generation before predicts for frames it has not seen, and the fit of all labelled frames.");
    }

    private static ReportFigure Bins(GenerationRecord[] history) => new(
        new BarFigure(
            "generations-bins",
            "Newly opened bins",
            "generation",
            "bins",
            [.. history.Select(g => Text.Count(g.Generation))],
            [new ValueSeries("new bins", [.. history.Select(g => (double)g.Selected.Sum(s => s.NewBins))])]),
        $"Bins of cell parameters, bonds, angles and dihedrals that each generation opened; {history[^1].OccupiedBins} are occupied at the end.");

    private static ReportTable Causes(GenerationRecord[] history) => new(
        "Why each configuration was selected: the first bins that it opened.",
        ["generation", "configuration", "new bins", "because of"],
        [.. history.SelectMany(g => g.Selected.Select(s => (IReadOnlyList<string>)
            [Text.Count(g.Generation), s.Origin, Text.Count(s.NewBins), string.Join("; ", s.Causes.Take(3))]))]);

    private static ReportFigure Trace(GenerationRecord generation) => new(
        DynamicsFigures.Trace($"generation-{generation.Generation:00}-runs", $"Generation {generation.Generation}: runs at {Text.Number(generation.Temperature)} K", [.. generation.Runs.Take(RunsShown)], generation.Temperature),
        $"{generation.Runs.Count(run => run.Intact)} of {generation.Runs.Count} runs kept every bond.{Problems(generation.Runs)}");

    private static string Problems(IReadOnlyList<DynamicsRecord> runs)
    {
        var problems = runs.Select((run, index) => (run, index)).Where(pair => pair.run.Problem is not null)
            .Select(pair => $"Run {pair.index + 1}: {pair.run.Problem} (intact for {Text.Number(pair.run.IntactFemtoseconds)} fs).").ToArray();
        return problems.Length == 0 ? string.Empty : " " + string.Join(" ", problems);
    }
}
