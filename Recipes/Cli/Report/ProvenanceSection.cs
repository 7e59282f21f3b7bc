using MofInterop.Engine;
using MofInterop.Reports;

namespace MofInterop.Cli;

/// <summary>Time of each step, versions, and how to continue.</summary>
internal static class ProvenanceSection
{
    public static ReportSection Of(RunFolder run) => new("Steps and versions",
    [
        new ReportTable(
            "Steps",
            ["step", "kind", "state", "wall time, s"],
            [.. run.Steps.Select(step => (IReadOnlyList<string>)[step.Name, step.Kind, step.Finished ? "finished" : "to do", Text.Seconds(step.Elapsed.TotalSeconds)])]),
        new ReportTable(
            "Versions",
            ["program", "version"],
            [.. run.Versions.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (IReadOnlyList<string>)[pair.Key, pair.Value])]),
        .. UnitTimes(run),
        new ReportParagraph("The recipe with all its defaults is `recipe.resolved.yaml` in the run folder; what was done, in order, is `journal.jsonl`."),
    ]);

    private static IEnumerable<ReportContent> UnitTimes(RunFolder run)
    {
        var units = run.Journal.Where(entry => entry.Event == "unit-finished" && entry.Step is not null).ToArray();
        if (units.Length == 0)
        {
            yield break;
        }

        var start = run.Journal[0].Time;
        var spans = units.Select(entry =>
        {
            var end = (entry.Time - start).TotalMinutes;
            var seconds = entry.Data["elapsed_s"]?.GetValue<double>() ?? 0;
            var unit = entry.Data["unit"]?.GetValue<string>() ?? string.Empty;
            return new TimeSpanBar(entry.Step!, end - seconds / 60, end, Kind(unit));
        });
        yield return new ReportFigure(new TimelineFigure("timeline", "What ran when", "time since the start, min", [.. spans]), "Units of work: reference calculations, molecular dynamics, fits.");
    }

    private static string Kind(string unit) =>
        unit.StartsWith("labels/", StringComparison.Ordinal) ? "reference calculation" : unit.EndsWith("/fit", StringComparison.Ordinal) ? "fit" : "molecular dynamics";
}
