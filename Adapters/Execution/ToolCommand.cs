using System.Collections.Immutable;

namespace MofInterop.Execution;

/// <summary>One call of an external program as an immutable value; nothing starts until a <see cref="IToolRunner"/> gets it.</summary>
public sealed record ToolCommand
{
    /// <summary>Program name (looked up on PATH) or path.</summary>
    public required string Program { get; init; }

    /// <summary>Arguments, passed as they are (no shell).</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>The folder the program runs in; must exist. Its logs are written there.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Variables set on top of this process's own; a null value removes one.</summary>
    public ImmutableDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Text for standard input; null: none (closed).</summary>
    public string? StandardInput { get; init; }

    /// <summary>Killed (with its children) after this long; null: never.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Processor cores it will use (MPI ranks × threads); local runs share one budget of cores.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>A short name for progress lines, messages and log files (<c>&lt;Name&gt;.out</c>, <c>&lt;Name&gt;.err</c>).</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Files outside <see cref="WorkingDirectory"/> whose contents decide the result (the potential of a run). A runner that keeps finished
    /// results beyond the life of this process recognizes a command by its words, its folder's files and these.
    /// </summary>
    public ImmutableArray<string> ReadsFiles { get; init; } = [];

    /// <summary>It takes a moment (asking for a version) and is never worth a queue: it runs on this machine, whatever the runner.</summary>
    public bool Brief { get; init; }
}

/// <summary>How a program ended. Its output is in the two log files, whole.</summary>
/// <param name="Command">What was run.</param>
/// <param name="ExitCode">Exit code; 128+signal when killed; −1 when <paramref name="TimedOut"/>.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="OutputFile">Standard output, path.</param>
/// <param name="ErrorFile">Standard error, path.</param>
/// <param name="TimedOut">It was killed at its time limit.</param>
public sealed record ToolResult(ToolCommand Command, int ExitCode, TimeSpan Elapsed, string OutputFile, string ErrorFile, bool TimedOut)
{
    /// <summary>Exit code 0 in time.</summary>
    public bool Succeeded => ExitCode == 0 && !TimedOut;

    /// <summary>
    /// How it ended, in the words of whoever ran it, where exit code and time limit do not say it (<c>was ended by Slurm …</c>); null otherwise.
    /// </summary>
    public string? Ending { get; init; }
}

/// <summary>Runs programs. The one place where processes are started.</summary>
public interface IToolRunner
{
    /// <summary>
    /// The cores that every local run shares. <see cref="RunAsync"/> leases what its command asks for;
    /// a session holds none, so its owner leases them while it works on a request.
    /// </summary>
    CoreBudget Cores { get; }

    /// <summary>Runs to the end. A non-zero exit code is a result, not an exception.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="onOutputLine">Called for every line of standard output as it comes, for live progress; may be null.</param>
    /// <param name="cancellation">Kills the program and its children.</param>
    /// <exception cref="MofInterop.Potentials.Errors.MofException">The program does not exist or cannot be started (ToolFailure).</exception>
    Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onOutputLine = null, CancellationToken cancellation = default);

    /// <summary>Starts a program that is talked to line by line until it is disposed (cp2k_shell).</summary>
    /// <exception cref="MofInterop.Potentials.Errors.MofException"><see cref="HasSessions"/> is false (Unsupported).</exception>
    IToolSession Start(ToolCommand command);

    /// <summary>Whether <see cref="Start"/> works: programs run where they can be talked to.</summary>
    bool HasSessions => true;

    /// <summary>How many commands of so many cores are worth having under way at the same time.</summary>
    int SideBySide(int coresEach) => Math.Max(1, Cores.Total / Math.Max(1, coresEach));
}

/// <summary>A running program that answers requests on standard input with lines on standard output.</summary>
public interface IToolSession : IAsyncDisposable
{
    /// <summary>The process id, so that a caller can end what it started.</summary>
    int ProcessId { get; }

    /// <summary>Sends text (a newline is added) and flushes.</summary>
    /// <exception cref="MofInterop.Potentials.Errors.MofException">The program has ended (ToolFailure).</exception>
    Task WriteLineAsync(string line, CancellationToken cancellation = default);

    /// <summary>The next line of standard output, or null at its end.</summary>
    Task<string?> ReadLineAsync(CancellationToken cancellation = default);

    /// <summary>Closes its standard input and waits until it has ended by itself, or kills it after the given time.</summary>
    Task<ToolResult> StopAsync(TimeSpan patience);
}
