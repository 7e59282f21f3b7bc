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
    private readonly Dictionary<string, Task> _begun = [];
    private readonly SemaphoreSlim _turns;

    /// <summary>
    /// Begins to label a configuration, or goes on with what was begun, and returns at once. Begun ones take turns in the order in which they were begun, as
    /// many at a time as there are workers; what becomes of one is told by the call that needs it.
    /// </summary>
    /// <returns>Ends when the configuration has been tried, with or without success.</returns>
    internal Task Begin(AtomicConfiguration configuration, CancellationToken cancellation)
    {
        var key = Key(configuration);
        lock (_begun)
        {
            if (_begun.TryGetValue(key, out var known) && (!known.IsCompleted || known.IsCompletedSuccessfully))
            {
                return known;
            }

            // Not disposed of here: what is under way keeps it.
            var token = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _ending.Token).Token;
            return _begun[key] = Task.Run(() => TakeTurnAsync(configuration, key, token), token);
        }
    }

    /// <summary>
    /// Labels until enough are there. The others go on, and are found by the next call that asks for the same configuration. Which ones arrive depends on the
    /// clock: write it down before it decides anything.
    /// </summary>
    /// <returns>Places of the configurations that have been tried, with or without success, ascending.</returns>
    internal async Task<IReadOnlyList<int>> ArriveAsync(string what, IReadOnlyList<AtomicConfiguration> configurations, LabelClosing closing, CancellationToken cancellation)
    {
        using var progress = _context.Progress(what, configurations.Count);
        var arrived = new SortedSet<int>();
        var closed = false;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var needed = Math.Ceiling(closing.Fraction * configurations.Count);
        var all = WaitForFirstFault([.. configurations.Select(async (configuration, place) =>
        {
            await Begin(configuration, cancellation).ConfigureAwait(false);
            lock (arrived)
            {
                if (!closed)
                {
                    arrived.Add(place);
                    progress.Advance();
                    if (arrived.Count >= needed)
                    {
                        enough.TrySetResult();
                    }
                }
            }
        })]);
        await (await Task.WhenAny(all, Patience()).ConfigureAwait(false)).ConfigureAwait(false);
        lock (arrived)
        {
            closed = true;
            return [.. arrived];
        }

        async Task Patience()
        {
            await enough.Task.WaitAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(closing.Patience, cancellation).ConfigureAwait(false);
        }
    }

    private async Task TakeTurnAsync(AtomicConfiguration configuration, string key, CancellationToken cancellation)
    {
        if (!_context.RetryFailed && _context.HasCached(CacheName, key))
        {
            return;
        }

        await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await LabelOneAsync(configuration, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>Ends what nobody waits for any more; a fault there concerns nobody.</summary>
    private async Task EndUnfinishedAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        foreach (var one in _begun.Values)
        {
            await one.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        _turns.Dispose();
        _ending.Dispose();
    }
}
