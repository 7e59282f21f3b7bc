using MofInterop.Engine;
using MofInterop.Reports;

namespace MofInterop.Cli;

/// <summary>State of each step, versions, and how to continue.</summary>
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
        new ReportParagraph("The recipe with all its defaults is `recipe.resolved.yaml` in the run folder; what was done, in order, is `journal.jsonl`."),
    ]);
}
