using MofInterop.Engine;
using MofInterop.Reports;

namespace MofInterop.Cli;

/// <summary>Sections of steps, told apart where a recipe has several of a kind.</summary>
internal static class StepSections
{
    /// <summary>
    /// Headings that occur more than once get the step's name behind them, and figures whose names do (they are names of files) before them.
    /// </summary>
    public static IReadOnlyList<ReportSection> Distinguish(IReadOnlyList<(StepSummary Step, ReportSection Section)> sections)
    {
        var headings = Repeated(sections.Select(one => one.Section.Heading));
        var figures = Repeated(sections.SelectMany(one => one.Section.Content).OfType<ReportFigure>().Select(one => one.Figure.Name));
        return [.. sections.Select(one => new ReportSection(
            headings.Contains(one.Section.Heading) ? $"{one.Section.Heading}: {one.Step.Name}" : one.Section.Heading,
            [.. one.Section.Content.Select(content => Renamed(content, one.Step.Name, figures))]))];
    }

    private static HashSet<string> Repeated(IEnumerable<string> names) =>
        [.. names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).SelectMany(group => group)];

    private static ReportContent Renamed(ReportContent content, string step, HashSet<string> figures) =>
        content is ReportFigure one && figures.Contains(one.Figure.Name)
            ? one with { Figure = one.Figure with { Name = $"{step}-{one.Figure.Name}" } }
            : content;
}
