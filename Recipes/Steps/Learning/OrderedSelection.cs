namespace MofInterop.Steps;

/// <summary>
/// Selects from runs as they end. A run is examined when it is there, and decided as soon as those before it are: so the choice is that of all runs
/// one after the other, whatever the order in which they ended, and frames of early runs are known while later runs still go.
/// </summary>
/// <param name="examiner">Looks at the runs.</param>
/// <param name="chosen">Told of each frame that joins, in the order of the runs, one at a time.</param>
/// <param name="threads">How many runs are examined at the same time.</param>
internal sealed class OrderedSelection(IRunExaminer examiner, Action<Choice> chosen, int threads) : IDisposable
{
    private readonly SemaphoreSlim _turns = new(threads);
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Func<Choice?>> _undecided = [];
    private readonly List<Choice> _choices = [];
    private int _next;

    /// <summary>What joined, in the order of the runs.</summary>
    public IReadOnlyList<Choice> Choices
    {
        get
        {
            lock (_gate)
            {
                return [.. _choices];
            }
        }
    }

    /// <summary>Examines a run that has ended, and decides it and those that waited for it if none before is missing.</summary>
    /// <param name="run">Its index, from 0; each once.</param>
    /// <param name="frames">Its frames.</param>
    /// <param name="cancellation">Stops waiting for a turn.</param>
    public async Task AddAsync(int run, FrameArchive frames, CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var decision = await Task.Run(() => examiner.Examine(run, frames), cancellation).ConfigureAwait(false);
            lock (_gate)
            {
                _undecided.Add(run, decision);
                DecidePrefix();
            }
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private void DecidePrefix()
    {
        while (_undecided.Remove(_next, out var decide))
        {
            _next++;
            if (decide() is { } choice)
            {
                _choices.Add(choice);
                chosen(choice);
            }
        }
    }
}
