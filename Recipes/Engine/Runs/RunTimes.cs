using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>What a program runs for.</summary>
public enum ProgramUse
{
    /// <summary>Energies, forces and stresses by the reference method.</summary>
    Reference,

    /// <summary>Molecular dynamics with a potential.</summary>
    Dynamics,
}

/// <summary>A program at work.</summary>
/// <param name="Use">What for.</param>
/// <param name="Begin">UTC.</param>
/// <param name="End">UTC.</param>
/// <param name="Cores">Cores that it held.</param>
public sealed record ProgramSpan(ProgramUse Use, DateTimeOffset Begin, DateTimeOffset End, int Cores);

/// <summary>Where the wall time of a step went, over all processes that worked on it.</summary>
public sealed record RunTimes
{
    internal const string ProgramEnded = "program-ended";

    private const string UseKey = "use";
    private const string ElapsedKey = "elapsed_s";
    private const string CoresKey = "cores";
    private const string OwnProcessorTimeKey = "own_cpu_s";
    private const string ProgramProcessorTimeKey = "programs_cpu_s";

    /// <summary>Wall time; of a process that was killed, until its last sign of life.</summary>
    public required TimeSpan Wall { get; init; }

    /// <summary>Of it, while a reference program was at work.</summary>
    public required TimeSpan Reference { get; init; }

    /// <summary>Of it, while molecular dynamics was.</summary>
    public required TimeSpan Dynamics { get; init; }

    /// <summary>Of it, while at least one of the two was.</summary>
    public required TimeSpan Programs { get; init; }

    /// <summary>Of it, while neither was: all that is MofInterop's own.</summary>
    public TimeSpan Own => Wall - Programs;

    /// <summary>Cores held by programs: each one's time at work times its cores.</summary>
    public required TimeSpan ProgramCores { get; init; }

    /// <summary>Processor time of programs; null as <see cref="OwnProcessorTime"/>, and where they ran elsewhere.</summary>
    public required TimeSpan? ProgramProcessorTime { get; init; }

    /// <summary>Processor time of MofInterop itself, also while programs were at work; null where a process that was killed, or an earlier version, did not write it down.</summary>
    public required TimeSpan? OwnProcessorTime { get; init; }

    /// <summary>Wall time of fits.</summary>
    public required TimeSpan Fits { get; init; }

    /// <summary>The programs, in the order in which they ended.</summary>
    public required IReadOnlyList<ProgramSpan> Spans { get; init; }

    internal static JsonObject Facts(ProgramUse use, TimeSpan elapsed, int cores) => new()
    {
        [UseKey] = use == ProgramUse.Reference ? "reference" : "dynamics",
        [ElapsedKey] = Math.Round(elapsed.TotalSeconds, 3),
        [CoresKey] = cores,
    };

    internal static JsonObject Facts(TimeSpan elapsed, ProcessorTimes processor)
    {
        var facts = new JsonObject { [ElapsedKey] = Math.Round(elapsed.TotalSeconds, 3), [OwnProcessorTimeKey] = Math.Round(processor.Own.TotalSeconds, 3) };
        if (processor.Programs is { } programs)
        {
            facts[ProgramProcessorTimeKey] = Math.Round(programs.TotalSeconds, 3);
        }

        return facts;
    }

    /// <summary>Of a step since it was last superseded; null when its programs are not in the journal (earlier versions did not write them) or it ran none.</summary>
    internal static RunTimes? Of(IReadOnlyList<JournalEntry> journal, string step)
    {
        var begin = journal.Select((entry, place) => (entry, place)).LastOrDefault(one => one.entry.Step == step && one.entry.Event == "step-superseded").place;
        var entries = journal.Skip(begin).ToArray();
        var mine = entries.Where(entry => entry.Step == step).ToArray();
        ProgramSpan[] spans = [.. mine.Where(entry => entry.Event == ProgramEnded).Select(SpanOf)];
        if (spans.Length == 0)
        {
            return null;
        }

        var windows = Windows(entries, step);
        TimeSpan Covered(Func<ProgramSpan, bool> which) => TimeSpans.Covered(spans.Where(which).Select(span => (span.Begin, span.End)), windows);

        // Of a process that was killed nobody knows the processor time.
        var finished = windows.Count == 1 ? mine.LastOrDefault(entry => entry.Event == "step-finished") : null;
        TimeSpan? Processor(string key) => finished?.Data[key]?.GetValue<double>() is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        return new RunTimes
        {
            Wall = TimeSpans.Covered(windows, windows),
            Reference = Covered(span => span.Use == ProgramUse.Reference),
            Dynamics = Covered(span => span.Use == ProgramUse.Dynamics),
            Programs = Covered(_ => true),
            ProgramCores = TimeSpan.FromSeconds(spans.Sum(span => span.Cores * (span.End - span.Begin).TotalSeconds)),
            ProgramProcessorTime = mine.Any(entry => entry.Event == "jobs-submitted") ? null : Processor(ProgramProcessorTimeKey),
            OwnProcessorTime = Processor(OwnProcessorTimeKey),
            Fits = TimeSpan.FromSeconds(mine.Where(IsFit).Sum(entry => entry.Data[ElapsedKey]!.GetValue<double>())),
            Spans = spans,
        };
    }

    private static ProgramSpan SpanOf(JournalEntry entry) => new(
        entry.Data[UseKey]!.GetValue<string>() == "reference" ? ProgramUse.Reference : ProgramUse.Dynamics,
        entry.Time - TimeSpan.FromSeconds(entry.Data[ElapsedKey]!.GetValue<double>()),
        entry.Time,
        entry.Data[CoresKey]!.GetValue<int>());

    private static bool IsFit(JournalEntry entry) => entry.Event == "unit-finished" && entry.Data["unit"]!.GetValue<string>().EndsWith("fit", StringComparison.Ordinal);

    /// <summary>When processes worked on the step: from each start to the last entry before the process ended or was killed.</summary>
    internal static List<(DateTimeOffset Begin, DateTimeOffset End)> Windows(IEnumerable<JournalEntry> journal, string step)
    {
        var windows = new List<(DateTimeOffset Begin, DateTimeOffset End)>();
        DateTimeOffset? started = null;
        var last = DateTimeOffset.MinValue;
        void Close(DateTimeOffset end)
        {
            if (started is { } begin && end > begin)
            {
                windows.Add((begin, end));
            }

            started = null;
        }

        foreach (var entry in journal.Where(entry => entry.Step == step || entry.Event is "run-started" or "run-interrupted"))
        {
            if (entry.Step is null)
            {
                Close(entry.Event == "run-interrupted" ? entry.Time : last);
            }
            else if (entry.Event == "step-superseded")
            {
                windows.Clear();
            }
            else
            {
                started ??= entry.Event == "step-started" ? entry.Time : null;
                last = entry.Time;
            }
        }

        Close(last);
        return windows;
    }
}
