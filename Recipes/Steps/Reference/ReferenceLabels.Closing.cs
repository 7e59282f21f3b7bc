using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>When labels are not waited for any longer.</summary>
/// <param name="Fraction">So much of them has to be there,</param>
/// <param name="Patience">and this long must have passed since it was.</param>
internal sealed record LabelClosing(double Fraction, TimeSpan Patience);

/// <summary>Labels that the slowest of them do not hold up.</summary>
public sealed partial class ReferenceLabels
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _unfinished = [];

    /// <summary>
    /// Labels until enough are there. What is under way then goes on, and is found by the next call that asks for the same configuration; what was not
    /// begun is not. Which ones arrive depends on the clock: write it down before it decides anything.
    /// </summary>
    /// <returns>Places of the configurations that have been tried, with or without success, ascending.</returns>
    internal async Task<IReadOnlyList<int>> ArriveAsync(string what, IReadOnlyList<AtomicConfiguration> configurations, LabelClosing closing, CancellationToken cancellation)
    {
        using var progress = _context.Progress(what, configurations.Count);
        var arrived = new SortedSet<int>();
        var closed = false;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var needed = Math.Ceiling(closing.Fraction * configurations.Count);

        // Not disposed of here: what is under way keeps it.
        var token = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ending.Token).Token;
        var all = WorkAsync(configurations.Count, async place =>
        {
            if (Volatile.Read(ref closed))
            {
                return false;
            }

            await LabelOneAsync(configurations[place], token).ConfigureAwait(false);
            lock (arrived)
            {
                if (closed)
                {
                    return false;
                }

                arrived.Add(place);
                progress.Advance();
                if (arrived.Count >= needed)
                {
                    enough.TrySetResult();
                }

                return true;
            }
        }, cancellation);
        await (await Task.WhenAny(all, Patience()).ConfigureAwait(false)).ConfigureAwait(false);
        lock (arrived)
        {
            closed = true;
            _unfinished.Add(all);
            return [.. arrived];
        }

        async Task Patience()
        {
            await enough.Task.WaitAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(closing.Patience, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Ends what nobody waits for any more; a fault there concerns nobody.</summary>
    private async Task EndUnfinishedAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (var one in _unfinished)
        {
            await one.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _ending.Dispose();
    }
}
