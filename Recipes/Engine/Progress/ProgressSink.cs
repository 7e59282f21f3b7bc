namespace MofInterop.Engine;

/// <summary>How weighty a message is.</summary>
public enum MessageLevel
{
    /// <summary>What goes on.</summary>
    Information,

    /// <summary>Something that the reader of the results should know; it is repeated in the report.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Error,
}

/// <summary>How far a piece of work is.</summary>
/// <param name="Step">The step.</param>
/// <param name="What">What is done: <c>labels of generation 2</c>.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Total">Of how many.</param>
/// <param name="Elapsed">Time since it began (in this process).</param>
/// <param name="Remaining">Expected rest, or null while nothing can be said.</param>
/// <param name="Detail">What is at work now, or null.</param>
/// <param name="Finished">The last update of this piece of work.</param>
public sealed record ProgressUpdate(string Step, string What, double Done, double Total, TimeSpan Elapsed, TimeSpan? Remaining, string? Detail, bool Finished);

/// <summary>Where progress and messages go. Called from several threads at once.</summary>
public interface IProgressSink
{
    /// <summary>A line for the reader.</summary>
    void Message(MessageLevel level, string? step, string text);

    /// <summary>How far something is; comes often.</summary>
    void Progress(ProgressUpdate update);
}

/// <summary>Passes everything on to several sinks.</summary>
public sealed class ProgressSinks(params IProgressSink[] sinks) : IProgressSink
{
    /// <inheritdoc/>
    public void Message(MessageLevel level, string? step, string text)
    {
        foreach (var sink in sinks)
        {
            sink.Message(level, step, text);
        }
    }

    /// <inheritdoc/>
    public void Progress(ProgressUpdate update)
    {
        foreach (var sink in sinks)
        {
            sink.Progress(update);
        }
    }
}
