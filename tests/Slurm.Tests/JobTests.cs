using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Slurm.Tests;

/// <summary>Commands as jobs of a real Slurm.</summary>
[Collection("slurm")]
public sealed class JobTests(SlurmCluster cluster) : JobFixture(cluster)
{
    [SkippableFact]
    public async Task Commands_that_come_together_are_one_array_and_each_gets_its_own_output()
    {
        await using var runner = Runner();
        var results = await Task.WhenAll(Enumerable.Range(1, 4).Select(k => runner.RunAsync(Shell($"cat input; echo {k}; echo out > result; exit {k % 2}", ("input", $"given to {k}\n")))));
        results.Select(result => File.ReadAllText(result.OutputFile)).ShouldBe(Enumerable.Range(1, 4).Select(k => $"given to {k}\n{k}\n"));
        results.Select(result => result.ExitCode).ShouldBe([1, 0, 1, 0]);
        results.ShouldAllBe(result => File.Exists(Path.Combine(result.Command.WorkingDirectory, "result")));
        Diary["jobs-submitted"].Single()["tasks"].ShouldBe(4);
    }

    [SkippableFact]
    public async Task A_command_gets_its_environment_its_standard_input_and_its_cores()
    {
        await using var runner = Runner();
        var command = Shell("echo \"$GREETING|$HOME|$OMP_NUM_THREADS|$SLURM_NTASKS\"; cat");
        var result = await runner.RunAsync(command with
        {
            Environment = command.Environment.Add("GREETING", "it's $HOME \"here\"").Add("HOME", null),
            StandardInput = "line\n",
        });
        File.ReadAllText(result.OutputFile).ShouldBe("it's $HOME \"here\"||1|1\nline\n");
        var wide = await runner.RunAsync(Shell("echo $SLURM_NTASKS") with { Cores = 2 });
        File.ReadAllText(wide.OutputFile).ShouldBe("2\n");
    }

    [SkippableFact]
    public async Task Modules_are_loaded_and_setup_lines_are_run_before_the_program()
    {
        // A site's module command is a function of the shell that the environment carries.
        Environment.SetEnvironmentVariable("BASH_FUNC_module%%", "() {  export LOADED=\"$*\"\n}");
        try
        {
            await using var runner = Runner(new SlurmSettings { Modules = ["cp2k/2025", "gcc"], Setup = ["export SITE='a b'"] });
            var result = await runner.RunAsync(Shell("echo \"$LOADED, $SITE\""));
            File.ReadAllText(result.OutputFile).ShouldBe("load cp2k/2025 gcc, a b\n");
        }
        finally
        {
            Environment.SetEnvironmentVariable("BASH_FUNC_module%%", null);
        }
    }

    [SkippableFact]
    public async Task A_module_that_cannot_be_loaded_is_told_with_what_the_job_said()
    {
        await using var runner = Runner(new SlurmSettings { Modules = ["absent/1.0"] });
        var error = await Should.ThrowAsync<MofException>(runner.RunAsync(Shell("true")));
        error.Message.ShouldContain("failed before it could run /bin/sh");
        error.Message.ShouldContain("module load absent/1.0 failed on ");
    }

    [SkippableFact]
    public async Task The_programs_of_an_image_are_started_by_its_runtime_in_theWork_of_the_job()
    {
        // No image can be fetched here: the runtime only tells how it is called and starts the program.
        var runtime = Path.Combine(Work, "apptainer");
        File.WriteAllText(runtime, "#!/bin/sh\necho \"$@\"\nshift 5\nexec \"$@\"\n");
        File.SetUnixFileMode(runtime, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var runner = Runner(new SlurmSettings { Container = new SlurmContainer(runtime, "/images/cp2k.sif", ["sh"], ["--cleanenv"]) });
        var result = await runner.RunAsync(Shell("cat input", ("input", "seen\n")));
        var lines = File.ReadAllLines(result.OutputFile);
        lines[0].ShouldBe($"exec --bind {Work} --cleanenv /images/cp2k.sif sh -c cat input");
        lines[1].ShouldBe("seen");
        var outside = await runner.RunAsync(Shell("unused") with { Program = "/bin/echo", Arguments = ["plain"] });
        File.ReadAllText(outside.OutputFile).ShouldBe("plain\n");
    }

    [SkippableFact]
    public async Task A_command_that_takes_longer_than_its_own_limit_is_ended()
    {
        await using var runner = Runner();
        var result = await runner.RunAsync(Shell("echo begun; exec sleep 100") with { TimeLimit = TimeSpan.FromSeconds(1.5) });
        result.TimedOut.ShouldBeTrue();
        result.Elapsed.TotalSeconds.ShouldBeInRange(1.4, 20);
        Should.Throw<MofException>(() => result.ThrowIfFailed()).Message.ShouldContain("was stopped at its time limit of 1.5 s");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public async Task A_job_that_Slurm_ends_at_its_time_limit_is_told_as_that()
    {
        await using var runner = Runner(new SlurmSettings { Request = new SlurmRequest { TimeLimit = TimeSpan.FromMinutes(1) } });
        var result = await runner.RunAsync(Shell("echo begun; exec sleep 400"));
        result.TimedOut.ShouldBeTrue();
        File.ReadAllText(result.OutputFile).ShouldBe("begun\n");
        Should.Throw<MofException>(() => result.ThrowIfFailed()).Message.ShouldContain("was ended by Slurm at the time limit of job ");
        Diary["job-resubmitted"].ShouldBeEmpty();
    }

    [SkippableFact]
    public async Task A_signal_is_an_exit_code_as_on_this_machine()
    {
        await using var runner = Runner();
        (await runner.RunAsync(Shell("kill -9 $$"))).ExitCode.ShouldBe(137);
    }

    [SkippableFact]
    public async Task A_partition_that_does_not_exist_is_told_in_the_words_of_sbatch()
    {
        await using var runner = Runner(new SlurmSettings { Request = new SlurmRequest { Partition = "nowhere" } });
        var error = await Should.ThrowAsync<MofException>(runner.RunAsync(Shell("true")));
        error.Message.ShouldContain("Slurm refuses the job: sbatch: error: invalid partition specified: nowhere");
        (await Should.ThrowAsync<MofException>(runner.TestAsync(default))).Message.ShouldContain("invalid partition specified: nowhere");
        await using var good = Runner();
        await good.TestAsync(default);
    }

    [SkippableFact]
    public async Task A_job_that_somebody_cancels_is_submitted_once_more_and_then_given_up_with_the_reason()
    {
        await using var runner = Runner();
        var work = runner.RunAsync(Shell("sleep 300"));
        for (var time = 0; time < 2; time++)
        {
            var seen = time;
            SlurmCluster.Wait("the job to run", () => Diary["jobs-submitted"].Count > seen && SlurmCluster.Queue().Any(line => line == $"{Diary["jobs-submitted"][seen]["job"]}_0 RUNNING"));
            SlurmCluster.Ask("scancel", Diary["jobs-submitted"][time]["job"].ToString()!).ShouldBeEmpty();
        }

        (await Should.ThrowAsync<MofException>(work)).Message.ShouldContain("was cancelled from outside, twice (scancel, or an administrator)");
        Diary["job-resubmitted"].Single()["because"].ShouldBe("CANCELLED");
    }

    [SkippableFact]
    public async Task A_job_that_is_cancelled_once_gives_its_result_after_all()
    {
        await using var runner = Runner();
        var work = runner.RunAsync(Shell("sleep 3; echo done"));
        SlurmCluster.Wait("the job to run", () => SlurmCluster.Queue().Any(line => line.EndsWith(" RUNNING", StringComparison.Ordinal)));
        SlurmCluster.Ask("scancel", Diary["jobs-submitted"][0]["job"].ToString()!);
        File.ReadAllText((await Soon(work)).OutputFile).ShouldBe("done\n");
        Diary["jobs-submitted"].Count.ShouldBe(2);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public async Task A_job_on_a_node_that_dies_is_run_again_from_the_beginning_when_the_node_is_back()
    {
        await using var runner = Runner();
        var work = runner.RunAsync(Shell($"echo x >> {Work}/starts; [ -e trace ] && echo stale; touch trace; [ $(wc -l < {Work}/starts) -gt 1 ] || sleep 300; echo done"));
        SlurmCluster.Wait("the job to start", () => File.Exists(Path.Combine(Work, "starts")));
        Cluster.KillNode();
        SlurmCluster.Wait("the controller to miss the node", () => SlurmCluster.Ask("sinfo", "--noheader", "--format=%T").Contains("down", StringComparison.Ordinal));
        Cluster.StartNode();
        File.ReadAllText((await Soon(work)).OutputFile).ShouldBe("done\n");
        File.ReadAllLines(Path.Combine(Work, "starts")).Length.ShouldBe(2);
        Diary["jobs-submitted"].Count.ShouldBe(1, "Slurm itself puts the job back into the queue");
        Diary["job-restarted"].Single()["attempts"].ShouldBe(2);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public async Task While_the_controller_is_away_jobs_go_on_and_new_ones_wait_for_it()
    {
        await using var runner = Runner();
        var early = runner.RunAsync(Shell("sleep 4; echo early"));
        SlurmCluster.Wait("the job to run", () => SlurmCluster.Queue().Any(line => line.EndsWith(" RUNNING", StringComparison.Ordinal)));
        Cluster.StopController();
        var late = runner.RunAsync(Shell("echo late"));
        File.ReadAllText((await Soon(early)).OutputFile).ShouldBe("early\n");
        SlurmCluster.Wait("the runner to say so", () => Diary.Said.Any(text => text.StartsWith("Slurm or its files do not answer", StringComparison.Ordinal)), 150);
        late.IsCompleted.ShouldBeFalse();
        Cluster.StartController();
        File.ReadAllText((await Soon(late)).OutputFile).ShouldBe("late\n");
        Diary.Said.ShouldContain("Slurm answers again");
    }

    [SkippableFact]
    public async Task Where_only_a_few_jobs_may_be_queued_the_rest_waits_for_room()
    {
        // Fault injection: the words of a site's limit (it needs a database of accounts) until no more than two jobs are queued.
        var sbatch = Path.Combine(Work, "sbatch");
        File.WriteAllText(sbatch, """
            #!/bin/bash
            tasks=0
            [[ "$*" =~ --array=0-([0-9]+) ]] && tasks=$((BASH_REMATCH[1] + 1))
            if [ $((tasks + $(squeue --noheader --array | wc -l))) -gt 2 ]; then
              echo "sbatch: error: AssocMaxSubmitJobLimit" >&2
              echo "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy (job submit limit, user's size and/or time limits)" >&2
              exit 1
            fi
            exec sbatch "$@"
            """);
        File.SetUnixFileMode(sbatch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable("MOFINTEROP_SBATCH", sbatch);
        try
        {
            await using var runner = Runner();
            var results = await Soon(Task.WhenAll(Enumerable.Range(1, 5).Select(k => runner.RunAsync(Shell($"echo {k}")))));
            results.Select(result => File.ReadAllText(result.OutputFile)).ShouldBe(["1\n", "2\n", "3\n", "4\n", "5\n"]);
            Diary["jobs-submitted"].ShouldAllBe(entry => (int)entry["tasks"] <= 2);
            Diary.Said.ShouldContain(text => text.Contains("job submit limit", StringComparison.Ordinal));
        }
        finally
        {
            Environment.SetEnvironmentVariable("MOFINTEROP_SBATCH", null);
        }
    }

    [SkippableFact]
    public async Task Jobs_that_wait_for_somebody_are_told_with_the_reason_of_Slurm()
    {
        await using var runner = Runner(new SlurmSettings { Request = new SlurmRequest { Partition = "closed", TimeLimit = TimeSpan.FromMinutes(1) } });
        using var stop = new CancellationTokenSource();
        var work = runner.RunAsync(Shell("true"), null, stop.Token);
        SlurmCluster.Wait("the reason", () => Diary.Said.Any(text => text.Contains("PartitionDown", StringComparison.Ordinal)));
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(work);
    }
}
