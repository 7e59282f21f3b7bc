using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>How long independent runs kept every bond.</summary>
internal static class StabilitySection
{
    public static ReportSection Of(StepSummary step)
    {
        var sets = StepJson.Read<StabilityRecord[]>(step.Outputs["runs"].FilePath);
        var recovering = sets.Any(set => set.WithoutExcursion is not null);
        var content = new List<ReportContent>
        {
            new ReportTable(
                "Independent NPT runs; a run is intact when it reached its end and its bond graph never changed" + (recovering ? ", or bonds that were too long came back within the time allowed: an excursion." : "."),
                ["length, ps", "temperature, K", "runs", "intact", .. recovering ? ["without an excursion", "excursions", "longest, ps"] : Array.Empty<string>(), "goal"],
                [.. sets.Select(set => (IReadOnlyList<string>)
                    [Text.Number(set.Picoseconds), Text.Number(set.Temperature), Text.Count(set.Runs.Count), Text.Count(set.Intact), .. recovering ? Excursions(set) : [], set.Goal is { } goal ? $"at least {goal}" : "none"])]),
        };
        var broken = sets.SelectMany(set => set.Runs.Select((run, index) => (set, run, index)).Where(entry => !entry.run.Intact)).ToArray();
        if (broken.Length > 0)
        {
            content.Add(new ReportTable(
                "Runs that did not stay intact",
                ["length, ps", "run", "intact for, ps", "what happened"],
                [.. broken.Select(entry => (IReadOnlyList<string>)
                    [Text.Number(entry.set.Picoseconds), Text.Count(entry.index + 1), Text.Number(entry.run.IntactFemtoseconds / 1000), entry.run.Problem ?? string.Empty])]));
        }

        content.AddRange(sets.Select(set => new ReportFigure(
            DynamicsFigures.Trace($"{step.Name}-{set.Picoseconds:0}ps", $"{set.Runs.Count} runs of {Text.Number(set.Picoseconds)} ps at {Text.Number(set.Temperature)} K", set.Runs, set.Temperature),
            $"{set.Intact} of {set.Runs.Count} intact.")));
        return new ReportSection("Stability", content);
    }

    private static string[] Excursions(StabilityRecord set)
    {
        var all = set.AllExcursions();
        return [Text.Count(set.WithoutExcursion ?? 0), Text.Count(all.Count), all.Count == 0 ? string.Empty : Text.Number(all.Max() / 1000)];
    }
}
