using MofInterop.Cli;
using MofInterop.Engine;
using Spectre.Console;

namespace MofInterop.Recipes.Tests.Cli;

public sealed class LiveProgressTests
{
    [Fact]
    public async Task A_terminal_shows_messages_and_how_far_the_work_is()
    {
        using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 160;
        var answer = await LiveProgress.ShowAsync(console, async sink =>
        {
            sink.Message(MessageLevel.Warning, "learn", "one [label] failed");
            for (var done = 0; done <= 4; done++)
            {
                sink.Progress(new ProgressUpdate("learn", "labels", done, 4, TimeSpan.FromSeconds(done), TimeSpan.FromSeconds(4 - done), null, done == 4));
                await Task.Delay(150);
            }

            return 42;
        });
        answer.ShouldBe(42);
        output.ToString().ShouldContain("one [label] failed");
        output.ToString().ShouldContain("left");
        output.ToString().ShouldContain("labels: 4 of 4, 4.0 s");
    }
}
