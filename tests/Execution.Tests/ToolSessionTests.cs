using MofInterop.Potentials.Errors;

namespace MofInterop.Execution.Tests;

public sealed class ToolSessionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mof-session-").FullName;
    private readonly ToolRunner _runner = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_session_answers_line_by_line_and_ends_when_its_input_does()
    {
        await using var session = _runner.Start(Script("while read -r line; do echo \"got $line\"; done; exit 5"));
        await session.WriteLineAsync("one");
        (await session.ReadLineAsync()).ShouldBe("got one");
        await session.WriteLineAsync("two");
        (await session.ReadLineAsync()).ShouldBe("got two");

        var result = await session.StopAsync(TimeSpan.FromSeconds(20));
        result.ExitCode.ShouldBe(5);
        (await session.ReadLineAsync()).ShouldBeNull();
        File.ReadAllText(result.OutputFile).ShouldBe("got one\ngot two\n");
    }

    [Fact]
    public async Task Reading_can_be_given_up_without_losing_the_line()
    {
        await using var session = _runner.Start(Script("read -r go; echo late; sleep 100"));
        using (var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)))
        {
            await Should.ThrowAsync<OperationCanceledException>(session.ReadLineAsync(impatient.Token));
        }

        await session.WriteLineAsync("go");
        (await session.ReadLineAsync()).ShouldBe("late");
    }

    [Fact]
    public async Task A_program_that_does_not_stop_is_killed()
    {
        await using var session = _runner.Start(Script("echo ready; sleep 100"));
        await session.ReadLineAsync();
        var result = await session.StopAsync(TimeSpan.FromMilliseconds(200));
        result.TimedOut.ShouldBeTrue();
        File.Exists($"/proc/{session.ProcessId}").ShouldBeFalse();
    }

    [Fact]
    public async Task Writing_to_a_program_that_has_ended_is_an_error_with_the_folder()
    {
        await using var session = _runner.Start(Script("exit 1"));
        (await session.ReadLineAsync()).ShouldBeNull();
        var error = await Should.ThrowAsync<MofException>(session.WriteLineAsync("hello"));
        error.Message.ShouldContain(_folder);
    }

    private ToolCommand Script(string text) => new() { Name = "shell", Program = "sh", Arguments = ["-c", text], WorkingDirectory = _folder };
}
