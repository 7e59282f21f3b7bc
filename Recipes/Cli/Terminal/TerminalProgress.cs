using MofInterop.Engine;
using Spectre.Console;

namespace MofInterop.Cli;

/// <summary>Progress of a command: bars where the terminal can, else plain lines.</summary>
internal static class TerminalProgress
{
    /// <summary>Shows progress while an action runs.</summary>
    public static Task<T> ShowAsync<T>(CliServices services, PlainProgress plain, Func<IProgressSink, Task<T>> action)
    {
        var live = services.Live ?? (!Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Interactive && AnsiConsole.Profile.Capabilities.Ansi);
        return live ? LiveProgress.ShowAsync(AnsiConsole.Console, action) : action(plain);
    }

    /// <summary>The same for a command whose results are its output: plain lines go to the messages, and only when it takes long.</summary>
    public static Task<T> ShowAsync<T>(CliServices services, Func<IProgressSink, Task<T>> action) =>
        ShowAsync(services, new PlainProgress(services.Error, TimeSpan.FromSeconds(10), timestamps: false) { Patience = TimeSpan.FromSeconds(10) }, action);
}
