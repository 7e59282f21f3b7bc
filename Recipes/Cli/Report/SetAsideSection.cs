using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Calculations that failed and that the run went on without: how many for which reason, and each one.</summary>
internal static class SetAsideSection
{
    private const int ReasonCharacters = 300;

    public static ReportSection Of(RunFolder run)
    {
        var items = run.Steps.SelectMany(step => step.SetAside.Select(item => (Step: step.Name, Item: item))).ToArray();
        return new ReportSection("Labels that were set aside",
        [
            new ReportParagraph($"**{items.Length} configurations have no label** and were left out. `mofinterop run --retry-failed` tries them again."),
            new ReportTable(
                "By reason",
                ["labels", "reason"],
                [.. FailureReasons.Count(items.Select(pair => pair.Item.Reason)).Select(group => (IReadOnlyList<string>)[Text.Count(group.Count), group.Reason])]),
            new ReportTable(
                "Each of them",
                ["step", "labels", "configuration", "reason", "files"],
                [.. items.Select(pair => (IReadOnlyList<string>)[pair.Step, pair.Item.What, pair.Item.Item, FirstLine(pair.Item.Reason), Path.GetRelativePath(run.Path, pair.Item.Folder)])]),
        ]);
    }

    private static string FirstLine(string reason)
    {
        var line = reason.Split('\n')[0];
        return line.Length <= ReasonCharacters ? line : line[..ReasonCharacters] + "…";
    }
}
