using MofInterop.Potentials.Errors;

namespace MofInterop.Execution;

/// <summary>
/// Runs programs on this machine. Each one gets a session of its own; it ends with all it started at its time limit,
/// on cancellation, when it has ended itself, and when this process dies (<see cref="ProcessGuard"/>). Thread-safe.
/// </summary>
public sealed class ToolRunner : IToolRunner
{
    /// <summary>A runner that shares the cores of the machine with every other one.</summary>
    public ToolRunner()
        : this(CoreBudget.Machine)
    {
    }

    /// <summary>A runner within a budget.</summary>
    public ToolRunner(CoreBudget cores)
    {
        ArgumentNullException.ThrowIfNull(cores);
        Cores = cores;
    }

    /// <inheritdoc/>
    public CoreBudget Cores { get; }

    /// <inheritdoc/>
    public async Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onOutputLine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var lease = await Cores.LeaseAsync(command.Cores, cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        using var tool = RunningTool.Start(command, onOutputLine);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var limit = Task.Delay(command.TimeLimit ?? Timeout.InfiniteTimeSpan, stop.Token);
        var input = FeedAsync(tool, command.StandardInput);
        var ended = await Task.WhenAny(tool.Completion, limit).ConfigureAwait(false) == tool.Completion;
        if (!ended)
        {
            tool.Kill();
        }

        var exitCode = await tool.Completion.ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        await input.ConfigureAwait(false);
        if (!ended)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        return new ToolResult(command, ended ? exitCode : -1, tool.Elapsed, tool.OutputFile, tool.ErrorFile, !ended);
    }

    /// <inheritdoc/>
    public IToolSession Start(ToolCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.StandardInput is not null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a session is written to line by line and has no StandardInput text", command.Name);
        }

        return new ToolSession(command);
    }

    private static async Task FeedAsync(RunningTool tool, string? text)
    {
        try
        {
            if (text is not null)
            {
                await tool.Input.WriteAsync(text).ConfigureAwait(false);
                await tool.Input.FlushAsync().ConfigureAwait(false);
            }

            tool.Input.Close();
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // A program need not read all of its input; what became of it, its exit code tells.
        }
    }
}
