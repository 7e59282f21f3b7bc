using MofInterop.Engine;
using MofInterop.Reports;

namespace MofInterop.Cli;

/// <summary>Where the time of a run went: the reference program, molecular dynamics, and everything else.</summary>
internal static class TimeSection
{
    /// <summary>More than this part of the wall time without a program at work is worth a second look.</summary>
    private const double LargestOwnPart = 0.05;

    private const double Hundred = 100;

    /// <summary>Null where nothing is known.</summary>
    public static ReportSection? Of(RunFolder run)
    {
        var times = run.Steps.Select(step => (step.Name, Times: run.Times(step.Name))).Where(one => one.Times is not null).Select(one => (one.Name, one.Times!)).ToArray();
        ReportContent[] content = [.. times.Length == 0 ? [] : Account(run, times), .. Timeline(run, times)];
        return content.Length == 0 ? null : new ReportSection("Where the time went", content);
    }

    private static IEnumerable<ReportContent> Account(RunFolder run, (string Name, RunTimes Times)[] times)
    {
        var others = run.Steps.Where(step => times.All(one => one.Name != step.Name)).Sum(step => step.Elapsed.TotalSeconds);
        var wall = others + times.Sum(one => one.Times.Wall.TotalSeconds);
        var own = others + times.Sum(one => one.Times.Own.TotalSeconds);
        yield return new ReportParagraph($"**{Percent(wall - own, wall)} of {Text.Seconds(wall)} s** were spent with the reference program or molecular dynamics at work; in {Percent(own, wall)} neither was: that is all that selection, fits, reading and writing held up.{Processor(times)}{(own > LargestOwnPart * wall ? $" It is more than {Hundred * LargestOwnPart:0} %: the table says in which step." : string.Empty)}");
        yield return new ReportTable(
            "Wall time by what was at work. “Neither” is what MofInterop alone took, fits included; its processor time also counts what it did while programs were at work. Cores held by programs: their time at work times their cores.",
            ["step", "wall time, s", "reference, s", "molecular dynamics, s", "neither, s", "neither, %", "fits, s", "cores held by programs, core-s", "processor time of programs, s", "of MofInterop, s"],
            [.. times.Select(one => Row(one.Name, one.Times))]);
    }

    private static IReadOnlyList<string> Row(string name, RunTimes times) =>
    [
        name, Text.Seconds(times.Wall.TotalSeconds), Text.Seconds(times.Reference.TotalSeconds), Text.Seconds(times.Dynamics.TotalSeconds), Text.Seconds(times.Own.TotalSeconds),
        Text.Number(times.Wall > TimeSpan.Zero ? Hundred * (times.Own / times.Wall) : null), Text.Seconds(times.Fits.TotalSeconds), Text.Seconds(times.ProgramCores.TotalSeconds),
        Seconds(times.ProgramProcessorTime), Seconds(times.OwnProcessorTime),
    ];

    private static string Seconds(TimeSpan? time) => time is { } known ? Text.Seconds(known.TotalSeconds) : "–";

    /// <summary>A sentence about the part of the processor time that is MofInterop's, where it is known of every step.</summary>
    private static string Processor((string Name, RunTimes Times)[] times)
    {
        if (times.Any(one => one.Times.OwnProcessorTime is null || one.Times.ProgramProcessorTime is null))
        {
            return string.Empty;
        }

        var own = times.Sum(one => one.Times.OwnProcessorTime!.Value.TotalSeconds);
        var all = own + times.Sum(one => one.Times.ProgramProcessorTime!.Value.TotalSeconds);
        return $" Of {Text.Seconds(all)} s of processor time in these steps {Percent(own, all)} were MofInterop's, also while programs were at work.";
    }

    private static string Percent(double part, double whole) => $"{Text.Number(whole > 0 ? Hundred * part / whole : null)} %";

    private static IEnumerable<ReportContent> Timeline(RunFolder run, (string Name, RunTimes Times)[] times)
    {
        if (run.Journal.Count == 0)
        {
            yield break;
        }

        var start = run.Journal[0].Time;
        double Minutes(DateTimeOffset time) => (time - start).TotalMinutes;
        var known = times.Select(one => one.Name).ToHashSet();
        TimeSpanBar[] bars =
        [
            .. times.SelectMany(one => one.Times.Spans.Select(span => new TimeSpanBar(one.Name, Minutes(span.Begin), Minutes(span.End), span.Use == ProgramUse.Reference ? "reference calculation" : "molecular dynamics"))),
            .. run.Journal.Where(entry => entry is { Event: "unit-finished", Step: not null } && !RecordsASet(entry)).Select(entry => Unit(entry, start)).Where(bar => bar.Kind == "fit" || !known.Contains(bar.Row)),
        ];
        if (bars.Length > 0)
        {
            yield return new ReportFigure(new TimelineFigure("timeline", "What ran when", "time since the start, min", bars), "Reference calculations, molecular dynamics, fits.");
        }
    }

    /// <summary>The unit that says which labels a generation closed on ran nothing itself.</summary>
    private static bool RecordsASet(JournalEntry entry) => entry.Data["unit"]?.GetValue<string>().EndsWith("/labels", StringComparison.Ordinal) ?? false;

    private static TimeSpanBar Unit(JournalEntry entry, DateTimeOffset start)
    {
        var end = (entry.Time - start).TotalMinutes;
        var unit = entry.Data["unit"]?.GetValue<string>() ?? string.Empty;
        var kind = unit.StartsWith("labels/", StringComparison.Ordinal) ? "reference calculation" : unit.EndsWith("fit", StringComparison.Ordinal) ? "fit" : "molecular dynamics";
        return new TimeSpanBar(entry.Step!, end - (entry.Data["elapsed_s"]?.GetValue<double>() ?? 0) / 60, end, kind);
    }
}
