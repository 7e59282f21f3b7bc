namespace MofInterop.Cli;

/// <summary>Exit codes of the program; scripts rely on them.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>An error; one message on standard error says which.</summary>
    public const int Error = 1;

    /// <summary>The run came to its end, but missed quality goals of its recipe.</summary>
    public const int GoalsMissed = 2;

    /// <summary>Interrupted by Ctrl-C or a signal; the same command goes on.</summary>
    public const int Interrupted = 130;
}
