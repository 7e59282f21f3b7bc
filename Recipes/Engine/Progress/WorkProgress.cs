using System.Diagnostics;

namespace MofInterop.Engine;

/// <summary>
/// Counts a piece of work and tells how far it is. What was already done before this process started
/// (<see cref="Skip"/>) does not enter the expected rest. Safe for several threads; dispose it when the work is over.
/// </summary>
public sealed class WorkProgress : IDisposable
{
    private readonly IProgressSink _sink;
    private readonly string _step;
    private readonly string _what;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _gate = new();
    private double _done;
    private double _skipped;
    private string? _detail;
    private bool _finished;

    /// <summary>Begins.</summary>
    /// <param name="sink">Told of it.</param>
    /// <param name="step">Whose work it is: a step of a recipe or a command.</param>
    /// <param name="what">What is counted.</param>
    /// <param name="total">How many there are in all.</param>
    public WorkProgress(IProgressSink sink, string step, string what, double total)
    {
        _sink = sink;
        _step = step;
        _what = what;
        Total = total;
        Report(false);
    }

    /// <summary>How many there are in all.</summary>
    public double Total { get; }

    /// <summary>One more (or <paramref name="amount"/> more) is done.</summary>
    public void Advance(double amount = 1, string? detail = null) => Update(() => _done += amount, detail);

    /// <summary>These were done earlier and took no time now.</summary>
    public void Skip(double amount = 1) => Update(() =>
    {
        _done += amount;
        _skipped += amount;
    });

    /// <summary>So many are done in all.</summary>
    public void Report(double done, string? detail = null) => Update(() => _done = done, detail);

    /// <summary>Says that the work is over.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (!_finished)
            {
                _finished = true;
                Report(true);
            }
        }
    }

    private void Update(Action change, string? detail = null)
    {
        lock (_gate)
        {
            change();
            _detail = detail;
            Report(false);
        }
    }

    private void Report(bool finished)
    {
        var now = _done - _skipped;
        TimeSpan? remaining = now > 0 ? _clock.Elapsed * ((Total - _done) / now) : null;
        _sink.Progress(new ProgressUpdate(_step, _what, _done, Total, _clock.Elapsed, remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining, _detail, finished));
    }
}
