using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Slurm.Tests;

/// <summary>Jobs outlive the process that submitted them; the next one asks for the same commands and gets what became of them.</summary>
[Collection("slurm")]
public sealed class AdoptionTests(SlurmCluster cluster) : JobFixture(cluster)
{
    private string[] Starts => File.Exists(Path.Combine(Work, "starts")) ? File.ReadAllLines(Path.Combine(Work, "starts")) : [];

    /// <summary>Submits a command and goes away once something is so; the command counts its starts.</summary>
    private async Task<ToolCommand> LeaveAsync(string script, Func<bool> once)
    {
        var command = Counted(script);
        await using var runner = Runner();
        using var gone = new CancellationTokenSource();
        var work = runner.RunAsync(command, null, gone.Token);
        SlurmCluster.Wait("the time to go", () => Diary["jobs-submitted"].Count > 0 && once());
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(work);
        await runner.EndAsync(WorkEnding.Left);
        return command;
    }

    private ToolCommand Counted(string script) => Shell($"echo x >> {Work}/starts; {script}");

    [SkippableFact]
    public async Task A_job_that_runs_meanwhile_is_waited_for()
    {
        var command = await LeaveAsync("sleep 3; echo done", () => Starts.Length == 1);
        await using var runner = Runner();
        File.ReadAllText((await Soon(runner.RunAsync(Counted("sleep 3; echo done")))).OutputFile).ShouldBe("done\n");
        Starts.Length.ShouldBe(1);
        Diary["jobs-submitted"].Count.ShouldBe(1);
        Diary["job-adopted"].Count.ShouldBe(1);
        Directory.EnumerateFiles(command.WorkingDirectory).ShouldBeEmpty("results go to who asks for them last");
    }

    [SkippableFact]
    public async Task A_job_that_still_waits_is_waited_for()
    {
        await using var other = Runner();
        using var free = new CancellationTokenSource();
        var blocker = other.RunAsync(Shell("sleep 300") with { Cores = 2 }, null, free.Token);
        SlurmCluster.Wait("the node to be full", () => SlurmCluster.Queue().Any(line => line.EndsWith(" RUNNING", StringComparison.Ordinal)));
        await LeaveAsync("echo done", () => SlurmCluster.Queue().Any(line => line.EndsWith(" PENDING", StringComparison.Ordinal)));
        await using var runner = Runner();
        var work = runner.RunAsync(Counted("echo done"));
        SlurmCluster.Wait("the job to be found", () => Diary["job-adopted"].Count == 1);
        Starts.ShouldBeEmpty();
        await free.CancelAsync();
        await other.EndAsync(WorkEnding.Interrupted);
        File.ReadAllText((await Soon(work)).OutputFile).ShouldBe("done\n");
        Starts.Length.ShouldBe(1);
        await Should.ThrowAsync<OperationCanceledException>(blocker);
    }

    [SkippableFact]
    public async Task A_result_that_arrived_meanwhile_is_taken()
    {
        await LeaveAsync("sleep 1; echo done; exit 3", () => Starts.Length == 1);
        SlurmCluster.Wait("the job to end", () => SlurmCluster.Queue().Length == 0);
        await using var runner = Runner();
        var result = await Soon(runner.RunAsync(Counted("sleep 1; echo done; exit 3")));
        result.ExitCode.ShouldBe(3);
        File.ReadAllText(result.OutputFile).ShouldBe("done\n");
        Starts.Length.ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_job_whose_id_was_never_written_down_is_found_by_its_name()
    {
        await LeaveAsync("sleep 3; echo done", () => Starts.Length == 1);
        File.Delete(Directory.EnumerateFiles(Path.Combine(Work, "jobs", "arrays"), "id", SearchOption.AllDirectories).Single());
        await using var runner = Runner();
        File.ReadAllText((await Soon(runner.RunAsync(Counted("sleep 3; echo done")))).OutputFile).ShouldBe("done\n");
        Starts.Length.ShouldBe(1);
    }

    [SkippableFact]
    public async Task A_job_that_was_never_submitted_is_submitted()
    {
        // A job that waits, or it could end before it is left.
        var gate = Path.Combine(Work, "gate");
        var script = $"while [ ! -e {gate} ]; do sleep 0.1; done; echo done";
        await LeaveAsync(script, () => true);
        SlurmCluster.Ask("scancel", Diary["jobs-submitted"][0]["job"].ToString()!);
        SlurmCluster.Wait("the queue to be empty", () => SlurmCluster.Queue().Length == 0);

        // As if sbatch had never come to it: no id, no such name in Slurm, no result.
        var array = Directory.EnumerateDirectories(Path.Combine(Work, "jobs", "arrays")).Single();
        File.Delete(Path.Combine(array, "id"));
        foreach (var submission in Directory.EnumerateFiles(Path.Combine(Work, "jobs"), "submission", SearchOption.AllDirectories))
        {
            File.WriteAllText(submission, File.ReadAllText(submission).Replace(Path.GetFileName(array), "mof-never", StringComparison.Ordinal));
            foreach (var trace in Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(submission)!, "*ended"))
            {
                File.Delete(trace);
            }
        }

        File.WriteAllText(gate, string.Empty);
        await using var runner = Runner();
        File.ReadAllText((await Soon(runner.RunAsync(Counted(script)))).OutputFile).ShouldBe("done\n");
        Diary["jobs-submitted"].Count.ShouldBe(2);
    }

    [SkippableFact]
    public async Task Other_input_is_another_job()
    {
        await using (var runner = Runner())
        {
            (await runner.RunAsync(Shell("cat input", ("input", "old")))).Succeeded.ShouldBeTrue();
            await runner.EndAsync(WorkEnding.Left);
        }

        var model = Path.Combine(Work, "model");
        File.WriteAllText(model, "first");
        await using var next = Runner();
        File.ReadAllText((await next.RunAsync(Shell("cat input", ("input", "new")))).OutputFile).ShouldBe("new");
        File.ReadAllText((await next.RunAsync(Shell($"cat {model}") with { ReadsFiles = [model] })).OutputFile).ShouldBe("first");
        File.WriteAllText(model, "second");
        File.ReadAllText((await next.RunAsync(Shell($"cat {model}") with { ReadsFiles = [model] })).OutputFile).ShouldBe("second");
    }

    [SkippableFact]
    public async Task The_same_command_twice_is_two_jobs_and_each_result_comes_back_in_its_turn()
    {
        var script = $"echo x >> {Work}/starts; wc -l < {Work}/starts";
        async Task<string[]> TwiceAsync(SlurmToolRunner runner)
        {
            var first = File.ReadAllText((await runner.RunAsync(Shell(script))).OutputFile);
            return [first.Trim(), File.ReadAllText((await runner.RunAsync(Shell(script))).OutputFile).Trim()];
        }

        await using var before = Runner();
        (await TwiceAsync(before)).ShouldBe(["1", "2"]);
        await before.EndAsync(WorkEnding.Left);
        await using var after = Runner();
        (await TwiceAsync(after)).ShouldBe(["1", "2"]);
        Starts.Length.ShouldBe(2);
    }

    [SkippableFact]
    public async Task An_interruption_cancels_what_is_queued_and_running()
    {
        await using var runner = Runner();
        using var stop = new CancellationTokenSource();
        var work = Enumerable.Range(0, 3).Select(_ => runner.RunAsync(Shell("sleep 300"), null, stop.Token)).ToArray();
        SlurmCluster.Wait("three jobs", () => SlurmCluster.Queue().Length == 3);
        await stop.CancelAsync();
        foreach (var each in work)
        {
            await Should.ThrowAsync<OperationCanceledException>(each);
        }

        await runner.EndAsync(WorkEnding.Interrupted);
        SlurmCluster.Wait("an empty queue", () => SlurmCluster.Queue().Length == 0, 15);
        Diary.Said.ShouldContain("3 jobs cancelled");
    }

    [SkippableFact]
    public async Task After_a_failure_failed_results_are_tried_again_and_good_ones_are_kept()
    {
        await using (var runner = Runner())
        {
            (await runner.RunAsync(Counted("exit 1"))).ExitCode.ShouldBe(1);
            (await runner.RunAsync(Counted("echo good"))).ExitCode.ShouldBe(0);
            await runner.EndAsync(WorkEnding.Failed);
        }

        await using var next = Runner();
        (await next.RunAsync(Counted("echo good"))).ExitCode.ShouldBe(0);
        Starts.Length.ShouldBe(2);
        (await next.RunAsync(Counted("exit 1"))).ExitCode.ShouldBe(1);
        Starts.Length.ShouldBe(3);
        await next.EndAsync(WorkEnding.Finished);
        Directory.Exists(Path.Combine(Work, "jobs")).ShouldBeFalse("nothing is left of jobs when the work is done");
    }

    [SkippableFact]
    public async Task Jobs_that_nobody_asks_for_any_more_are_cancelled_when_the_work_is_done()
    {
        await LeaveAsync("sleep 300", () => Starts.Length == 1);
        await using var runner = Runner();
        await runner.RunAsync(Shell("echo something else"));
        await runner.EndAsync(WorkEnding.Finished);
        SlurmCluster.Wait("an empty queue", () => SlurmCluster.Queue().Length == 0, 15);
    }

    [SkippableFact]
    public void A_job_cannot_be_talked_to() =>
        Should.Throw<MofException>(() => Runner().Start(Shell("cat"))).Message.ShouldContain("cannot be talked to line by line");
}
