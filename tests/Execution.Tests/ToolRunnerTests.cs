using System.Diagnostics;
using MofInterop.Potentials.Errors;

namespace MofInterop.Execution.Tests;

public sealed class ToolRunnerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mof-execution-").FullName;
    private readonly ToolRunner _runner = new(new CoreBudget(2));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Output_and_errors_go_whole_into_their_log_files_and_lines_arrive_live()
    {
        var lines = new List<string>();
        var result = await _runner.RunAsync(Script("printf 'one\\ntwo\\nunfinished'; echo trouble >&2"), lines.Add);

        result.Succeeded.ShouldBeTrue();
        lines.ShouldBe(["one", "two", "unfinished"]);
        File.ReadAllText(Path.Combine(_folder, "job.out")).ShouldBe("one\ntwo\nunfinished");
        File.ReadAllText(result.ErrorFile).ShouldBe("trouble\n");
    }

    [Fact]
    public async Task A_nonzero_exit_code_is_a_result()
    {
        var result = await _runner.RunAsync(Script("exit 3"));
        result.Succeeded.ShouldBeFalse();
        result.ExitCode.ShouldBe(3);
    }

    [Fact]
    public async Task A_program_that_a_signal_killed_has_128_plus_the_signal()
    {
        (await _runner.RunAsync(Script("kill -SEGV $$"))).ExitCode.ShouldBe(128 + 11);
    }

    [Fact]
    public async Task Standard_input_is_passed_or_closed()
    {
        (await _runner.RunAsync(Script("cat") with { StandardInput = "äöü 1.0\n" })).ExitCode.ShouldBe(0);
        File.ReadAllText(Path.Combine(_folder, "job.out")).ShouldBe("äöü 1.0\n");
        (await _runner.RunAsync(Script("cat"))).ExitCode.ShouldBe(0);
        (await _runner.RunAsync(Script("exec true") with { StandardInput = new string('x', 1_000_000) })).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Arguments_and_environment_arrive_unchanged()
    {
        var command = new ToolCommand
        {
            Name = "job",
            Program = "sh",
            Arguments = ["-c", "printf '%s|' \"$@\"; echo \"${ADDED-unset} ${HOME-unset}\"", "sh", "a b", "\"quoted\"", "", "back\\slash\\", "$HOME"],
            WorkingDirectory = _folder,
            Environment = System.Collections.Immutable.ImmutableDictionary<string, string?>.Empty.Add("ADDED", "yes").Add("HOME", null),
        };
        var result = await _runner.RunAsync(command);
        File.ReadAllText(result.OutputFile).ShouldBe("a b|\"quoted\"||back\\slash\\|$HOME|yes unset\n");
    }

    [Fact]
    public async Task The_time_limit_kills_the_program_and_its_children()
    {
        var result = await _runner.RunAsync(Script("sleep 100 & echo $! > child; (setsid sleep 0 ; sleep 100)") with { TimeLimit = TimeSpan.FromSeconds(0.5) });

        result.TimedOut.ShouldBeTrue();
        result.ExitCode.ShouldBe(-1);
        result.Elapsed.TotalSeconds.ShouldBeLessThan(10);
        IsAlive(int.Parse(File.ReadAllText(Path.Combine(_folder, "child")))).ShouldBeFalse();
    }

    [Fact]
    public async Task Cancellation_kills_the_program_and_its_children()
    {
        using var cancellation = new CancellationTokenSource();
        var started = new TaskCompletionSource<int>();
        var run = _runner.RunAsync(Script("sleep 100 & echo $!; wait"), line => started.SetResult(int.Parse(line)), cancellation.Token);
        var child = await started.Task;
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(run);
        IsAlive(child).ShouldBeFalse();
    }

    [Fact]
    public async Task A_child_left_in_the_background_neither_delays_the_result_nor_survives_it()
    {
        var result = await _runner.RunAsync(Script("sleep 100 & echo $!"));
        result.Elapsed.TotalSeconds.ShouldBeLessThan(10);
        IsAlive(int.Parse(File.ReadAllText(result.OutputFile))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_missing_program_says_how_to_name_it()
    {
        var error = await Should.ThrowAsync<MofException>(_runner.RunAsync(Script("") with { Program = "no-such-program" }));
        error.Kind.ShouldBe(ErrorKind.ToolFailure);
        error.Message.ShouldContain("MOFINTEROP_NO_SUCH_PROGRAM");
    }

    [Fact]
    public async Task A_listener_that_throws_ends_the_run()
    {
        var run = _runner.RunAsync(Script("echo line; sleep 100"), _ => throw new InvalidOperationException("listener"));
        (await Should.ThrowAsync<InvalidOperationException>(run)).Message.ShouldBe("listener");
    }

    [Fact]
    public async Task A_failure_shows_command_exit_code_last_lines_and_folder()
    {
        var result = await _runner.RunAsync(Script("seq 1 50; echo 'SCF failed' >&2; exit 7"));
        var error = ToolFailure.From(result, remedy: "Use looser mixing.");
        error.Message.ShouldContain("sh -c");
        error.Message.ShouldContain("exit code 7");
        error.Message.ShouldContain("SCF failed");
        error.Message.ShouldContain("\n    50");
        error.Message.ShouldNotContain("\n    9\n");
        error.Message.ShouldContain(_folder);
        error.Message.ShouldContain("Use looser mixing.");
    }

    [Fact]
    public async Task Runs_that_need_more_cores_than_are_free_wait()
    {
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(k => _runner.RunAsync(Script("sleep 0.4") with { Name = $"job{k}", Cores = 2 })));
        clock.Elapsed.TotalSeconds.ShouldBeGreaterThan(1.2);
        _runner.Cores.Free.ShouldBe(2);
    }

    [Fact]
    public async Task A_program_lives_on_when_the_thread_that_asked_for_it_has_ended()
    {
        Task<ToolResult>? run = null;
        var thread = new Thread(() => run = _runner.RunAsync(Script("sleep 0.5")));
        thread.Start();
        thread.Join();
        (await run!).ExitCode.ShouldBe(0);
    }

    private ToolCommand Script(string text) => new() { Name = "job", Program = "sh", Arguments = ["-c", text], WorkingDirectory = _folder };

    private static bool IsAlive(int id) => File.Exists($"/proc/{id}/stat") && !File.ReadAllText($"/proc/{id}/stat").Contains(") Z ", StringComparison.Ordinal);
}
