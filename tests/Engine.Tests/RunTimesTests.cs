using System.Globalization;
using System.Text.Json.Nodes;

namespace MofInterop.Engine.Tests;

/// <summary>Where the time of a step went, by its journal.</summary>
public sealed class RunTimesTests
{
    private static readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<JournalEntry> _journal = [];

    [Fact]
    public void Programs_side_by_side_count_once_and_the_rest_is_our_own()
    {
        Add(0, "step-started");
        Program(10, "dynamics", 8);
        Program(12, "dynamics", 8);
        Program(20, "reference", 9);
        Add(22, "unit-finished", new() { ["unit"] = "units/generation-01/fit", ["elapsed_s"] = 1.5 });
        Add(24, "step-finished", new() { ["elapsed_s"] = 24.0, ["own_cpu_s"] = 3.0, ["programs_cpu_s"] = 20.0 });
        var times = RunTimes.Of(_journal, "learn")!;
        Seconds(times.Wall, times.Dynamics, times.Reference, times.Programs, times.Own, times.ProgramCores, times.OwnProcessorTime!.Value, times.ProgramProcessorTime!.Value, times.Fits).ShouldBe([24, 10, 9, 18, 6, 25, 3, 20, 1.5]);
    }

    [Fact]
    public void The_time_between_two_processes_is_nobodys_and_a_job_that_went_on_meanwhile_counts_only_while_one_was_there()
    {
        Add(0, "step-started");
        Program(5, "reference", 4);
        _journal.Add(new JournalEntry(_start.AddSeconds(100), "run-started", null, []));
        Add(100, "step-started");
        Program(102, "reference", 50);
        Add(110, "step-finished", new() { ["elapsed_s"] = 10.0, ["own_cpu_s"] = 1.0 });
        var times = RunTimes.Of(_journal, "learn")!;
        Seconds(times.Wall, times.Reference, times.Own).ShouldBe([15, 6, 9]);
        times.OwnProcessorTime.ShouldBeNull("the first process wrote none down");
    }

    [Fact]
    public void What_was_superseded_does_not_count()
    {
        Add(0, "step-started");
        Program(50, "reference", 50);
        Add(60, "step-superseded");
        Add(60, "step-started");
        Program(70, "dynamics", 5);
        Add(70, "step-finished", new() { ["elapsed_s"] = 10.0 });
        var times = RunTimes.Of(_journal, "learn")!;
        Seconds(times.Wall, times.Reference, times.Dynamics).ShouldBe([10, 0, 5]);
    }

    [Fact]
    public void The_processor_time_of_programs_that_ran_elsewhere_is_not_known()
    {
        Add(0, "step-started");
        Add(1, "jobs-submitted");
        Program(10, "dynamics", 8);
        Add(12, "step-finished", new() { ["elapsed_s"] = 12.0, ["own_cpu_s"] = 3.0, ["programs_cpu_s"] = 0.1 });
        RunTimes.Of(_journal, "learn")!.ProgramProcessorTime.ShouldBeNull();
    }

    [SkippableFact]
    public void Processor_time_of_a_program_that_has_ended_is_counted()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux tells");
        var before = ProcessorTimes.Now();
        using var busy = System.Diagnostics.Process.Start("/bin/sh", ["-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"]);
        busy.WaitForExit();
        var spent = ProcessorTimes.Now().Since(before);
        spent.Programs!.Value.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(20));
        spent.Own.ShouldBeGreaterThan(TimeSpan.Zero);
    }

    [Fact]
    public void A_step_without_programs_in_its_journal_has_no_account()
    {
        Add(0, "step-started");
        Add(5, "step-finished", new() { ["elapsed_s"] = 5.0 });
        RunTimes.Of(_journal, "learn").ShouldBeNull();
    }

    private static double[] Seconds(params TimeSpan[] times) => [.. times.Select(time => Math.Round(time.TotalSeconds, 6))];

    private void Program(double end, string use, double elapsed) => Add(end, "program-ended", JsonNode.Parse(string.Create(CultureInfo.InvariantCulture, $$"""{"use": "{{use}}", "elapsed_s": {{elapsed}}, "cores": 1}"""))!.AsObject());

    private void Add(double time, string name, JsonObject? facts = null) => _journal.Add(new JournalEntry(_start.AddSeconds(time), name, "learn", facts ?? []));
}
