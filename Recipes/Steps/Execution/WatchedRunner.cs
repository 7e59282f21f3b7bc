using MofInterop.Engine;
using MofInterop.Execution;

namespace MofInterop.Steps;

/// <summary>Runs programs as another runner does, and writes into the journal how long each was at work.</summary>
/// <param name="inner">Runs them.</param>
/// <param name="use">What for.</param>
/// <param name="context">The step whose programs they are.</param>
internal sealed class WatchedRunner(IToolRunner inner, ProgramUse use, StepContext context) : IToolRunner
{
    /// <inheritdoc/>
    /// <remarks>Whoever talks to a session holds cores from here while it works.</remarks>
    public CoreBudget Cores { get; } = inner.Cores.WatchedBy((held, cores) => context.RecordProgram(use, held, cores));

    /// <summary>Whether programs may be kept alive from one task to the next.</summary>
    public bool KeepsPrograms { get; init; } = true;

    /// <inheritdoc/>
    public bool HasSessions => KeepsPrograms && inner.HasSessions;

    /// <inheritdoc/>
    public int SideBySide(int coresEach) => inner.SideBySide(coresEach);

    /// <inheritdoc/>
    public IToolSession Start(ToolCommand command) => inner.Start(command);

    /// <inheritdoc/>
    public async Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onOutputLine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        var result = await inner.RunAsync(command, onOutputLine, cancellation).ConfigureAwait(false);
        context.RecordProgram(use, result.Elapsed, command.Cores);
        return result;
    }
}
