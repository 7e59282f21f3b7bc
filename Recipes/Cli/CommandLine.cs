namespace MofInterop.Cli;

/// <summary>The commands of the <c>mofinterop</c> program.</summary>
public static class CommandLine
{
    /// <summary>Runs one command; returns the exit code.</summary>
    public static int Run(string[] arguments)
    {
        Console.Error.WriteLine("mofinterop: no command yet");
        return 1;
    }
}
