using System.Globalization;

namespace MofInterop.Engine;

/// <summary>Plain lines for a log file or a pipe: every message, and of progress at most one line an interval and the last one.</summary>
/// <param name="writer">Where lines go; flushed after each.</param>
/// <param name="interval">Shortest time between two progress lines of the same piece of work.</param>
/// <param name="timestamps">Start each line with the local time.</param>
public sealed class PlainProgress(TextWriter writer, TimeSpan interval, bool timestamps) : IProgressSink
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string, string), TimeSpan> _last = [];

    /// <summary>Of work that is over before this, nothing is told.</summary>
    public TimeSpan Patience { get; init; }

    /// <inheritdoc/>
    public void Message(MessageLevel level, string? step, string text)
    {
        var prefix = level switch
        {
            MessageLevel.Warning => "warning: ",
            MessageLevel.Error => "error: ",
            _ => string.Empty,
        };
        Write((step is null ? string.Empty : $"[{step}] ") + prefix + text);
    }

    /// <inheritdoc/>
    public void Progress(ProgressUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (update.Elapsed < Patience)
        {
            return;
        }

        lock (_gate)
        {
            var key = (update.Step, update.What);
            if (!update.Finished && _last.TryGetValue(key, out var last) && update.Elapsed - last < interval && update.Elapsed >= last)
            {
                return;
            }

            _last[key] = update.Elapsed;
        }

        Write(Describe(update));
    }

    /// <summary>An update as one line of text.</summary>
    public static string Describe(ProgressUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        var text = string.Create(CultureInfo.InvariantCulture, $"[{update.Step}] {update.What}: {update.Done:0.#} of {update.Total:0.#}, {Duration(update.Elapsed)}");
        if (update.Remaining is { } rest && !update.Finished)
        {
            text += $", about {Duration(rest)} left";
        }

        return update.Detail is null ? text : $"{text} ({update.Detail})";
    }

    /// <summary>A time span in the two largest units: <c>1 h 05 min</c>, <c>3 min 20 s</c>, <c>4.2 s</c>.</summary>
    public static string Duration(TimeSpan span) => span switch
    {
        { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes:00} min"),
        { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds:00} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
    };

    private void Write(string line)
    {
        lock (_gate)
        {
            writer.WriteLine(timestamps ? string.Create(CultureInfo.InvariantCulture, $"{DateTime.Now:yyyy-MM-dd HH:mm:ss} {line}") : line);
            writer.Flush();
        }
    }
}
