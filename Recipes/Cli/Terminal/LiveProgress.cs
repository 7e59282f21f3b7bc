using MofInterop.Engine;
using Spectre.Console;

namespace MofInterop.Cli;

/// <summary>Progress bars at the bottom of a terminal, messages scrolling above them.</summary>
internal sealed class LiveProgress : IProgressSink
{
    private readonly IAnsiConsole _console;
    private readonly ProgressContext _context;
    private readonly Dictionary<(string Step, string What), ProgressTask> _tasks = [];
    private readonly Lock _gate = new();

    private LiveProgress(IAnsiConsole console, ProgressContext context)
    {
        _console = console;
        _context = context;
    }

    /// <summary>Shows progress while an action runs.</summary>
    public static Task<T> ShowAsync<T>(IAnsiConsole console, Func<IProgressSink, Task<T>> action) => console.Progress()
        .HideCompleted(true)
        .AutoClear(true)
        .Columns(
            new SpinnerColumn(),
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 24 })
        .StartAsync(context => action(new LiveProgress(console, context)));

    public void Message(MessageLevel level, string? step, string text)
    {
        var line = Markup.Escape(step is null ? text : $"[{step}] {text}");
        lock (_gate)
        {
            _console.MarkupLine(level switch
            {
                MessageLevel.Warning => $"[yellow]warning:[/] {line}",
                MessageLevel.Error => $"[red]{line}[/]",
                _ => line,
            });
        }
    }

    public void Progress(ProgressUpdate update)
    {
        lock (_gate)
        {
            var key = (update.Step, update.What);
            var description = Markup.Escape(PlainProgress.Describe(update));
            if (!_tasks.TryGetValue(key, out var task))
            {
                _tasks[key] = task = _context.AddTask(description, maxValue: Math.Max(update.Total, 1e-9));
            }

            task.Description = description;
            task.Value = update.Done;
            if (update.Finished)
            {
                task.Value = task.MaxValue;
                task.StopTask();
                _tasks.Remove(key);
                _console.MarkupLine(description);
            }
        }
    }
}
