using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Why active learning went on and why it ended.</summary>
internal static class LearningProgress
{
    private const double Hundred = 100;

    public static IEnumerable<ReportContent> Of(GenerationRecord[] history)
    {
        var later = history.Where(g => g.Temperature is not null && g.Progress is not null).ToArray();
        if (later.Length == 0)
        {
            yield break;
        }

        yield return new ReportParagraph(later[^1].Progress!.End is { } end
            ? $"**Why it ended:** {end} (generation {later[^1].Generation})."
            : $"**Why it ended:** all generations of the recipe were made{Missing(later[^1])}.");
        yield return Table(later);
        yield return Figure(later);
    }

    private static string Missing(GenerationRecord last) => last.Progress!.StopUnmet switch
    {
        null => string.Empty,
        { Count: 0 } => "; the criteria of `stop` held in the last one, but not for enough in a row",
        var unmet => $"; at the end {string.Join(" and ", unmet)}",
    };

    private static ReportTable Table(GenerationRecord[] history) => new(
        "What decides when to stop. Test: frames that never joined a fit, under the generation's new potential.",
        ["generation", "temperature, K", "round", "new bins, %", "runs intact, %", "a, b, c, Å", "drift, %", "late labels", "test frames", "test energy, meV/atom", "test force, meV/Å", "not reached"],
        [.. history.Select(g => (g, p: g.Progress!)).Select(row => (IReadOnlyList<string>)
        [
            Text.Count(row.g.Generation), Text.Number(row.g.Temperature), Text.Count(row.p.Round), Text.Number(Hundred * row.p.NewBinFraction), Text.Number(Hundred * row.p.IntactFraction),
            row.p.MeanCellLengths is { } lengths ? string.Join(", ", lengths.Select(length => length.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture))) : "–",
            Text.Number(Hundred * row.p.CellDrift), Text.Count(row.p.Late), Text.Count(row.p.TestErrors?.Frames ?? 0), Text.Number(row.p.TestErrors?.EnergyRmse), Text.Number(row.p.TestErrors?.ForceRmse),
            string.Join("; ", row.p.NotYet.Concat(row.p.StopUnmet ?? []).Distinct()),
        ])]);

    private static ReportFigure Figure(GenerationRecord[] history)
    {
        double[] generations = [.. history.Select(g => (double)g.Generation)];
        TracePanel Panel(string label, Func<GenerationRecord, double?> value) => new(label, [new Series(label, generations, [.. history.Select(g => value(g) ?? double.NaN)])]);
        return new ReportFigure(
            new TraceFigure(
                "generations-progress",
                "When to stop",
                "generation",
                [
                    Panel("new bins, %", g => Hundred * g.Progress!.NewBinFraction),
                    Panel("runs intact, %", g => Hundred * g.Progress!.IntactFraction),
                    Panel("drift, %", g => Hundred * g.Progress!.CellDrift),
                    Panel("force RMSE, meV/Å", g => g.Progress!.TestErrors?.ForceRmse ?? g.ErrorsBefore?.ForceRmse),
                ]),
            "Part of the occupied bins that a generation opened, runs that kept every bond, change of the mean cell lengths since the generation before, and the force error on frames that were not fitted.");
    }
}
