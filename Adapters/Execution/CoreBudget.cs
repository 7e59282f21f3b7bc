using System.Diagnostics;

namespace MofInterop.Execution;

/// <summary>
/// The processor cores that all local work of one process shares. Leases are granted in the order they were asked for,
/// so a wide run is not starved by narrow ones. Thread-safe.
/// </summary>
public sealed class CoreBudget
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Request> _waiting = new();
    private readonly CoreBudget? _shared;
    private readonly Action<TimeSpan, int>? _returned;
    private int _free;

    /// <summary>Creates a budget.</summary>
    /// <param name="cores">Cores to share out, at least 1.</param>
    public CoreBudget(int cores)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        Total = cores;
        _free = cores;
    }

    private CoreBudget(CoreBudget shared, Action<TimeSpan, int> returned)
    {
        _shared = shared._shared ?? shared;
        _returned = returned;
        Total = shared.Total;
    }

    /// <summary>Every core this process may run on (affinity and container limits included).</summary>
    public static CoreBudget Machine { get; } = new(Math.Max(1, Environment.ProcessorCount));

    /// <summary>Cores in the budget.</summary>
    public int Total { get; }

    /// <summary>Cores that nobody holds at this moment.</summary>
    public int Free
    {
        get
        {
            if (_shared is not null)
            {
                return _shared.Free;
            }

            lock (_gate)
            {
                return _free;
            }
        }
    }

    /// <summary>
    /// Waits for free cores and holds them until the lease is disposed.
    /// A request for more than <see cref="Total"/> gets all of them: it runs alone.
    /// </summary>
    public async Task<CoreLease> LeaseAsync(int cores, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(cores, 1);
        if (_shared is not null)
        {
            return new CoreLease(await _shared.LeaseAsync(cores, cancellation).ConfigureAwait(false), _returned!);
        }

        cancellation.ThrowIfCancellationRequested();
        var request = new Request(Math.Min(cores, Total));
        lock (_gate)
        {
            request.Place = _waiting.AddLast(request);
            GrantInOrder();
        }

        using (cancellation.Register(() => Withdraw(request, cancellation)))
        {
            await request.Granted.Task.ConfigureAwait(false);
        }

        return new CoreLease(this, request.Cores);
    }

    /// <summary>The same cores for somebody whose use of them is to be known.</summary>
    /// <param name="returned">Told of every lease from here when it ends: how long it was held, and of how many cores.</param>
    public CoreBudget WatchedBy(Action<TimeSpan, int> returned)
    {
        ArgumentNullException.ThrowIfNull(returned);
        return new CoreBudget(this, returned);
    }

    internal void Return(int cores)
    {
        lock (_gate)
        {
            _free += cores;
            GrantInOrder();
        }
    }

    private void Withdraw(Request request, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (request.Place?.List is null)
            {
                return;
            }

            _waiting.Remove(request.Place);
            request.Granted.SetCanceled(cancellation);
            GrantInOrder();
        }
    }

    private void GrantInOrder()
    {
        while (_waiting.First is { } first && first.Value.Cores <= _free)
        {
            _waiting.RemoveFirst();
            _free -= first.Value.Cores;
            first.Value.Granted.SetResult();
        }
    }

    private sealed class Request(int cores)
    {
        public int Cores { get; } = cores;

        public LinkedListNode<Request>? Place { get; set; }

        // Continuations must not run under the lock of whoever returns cores.
        public TaskCompletionSource Granted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>Cores that are held until this is disposed.</summary>
public sealed class CoreLease : IDisposable
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly CoreLease? _shared;
    private Action<TimeSpan, int>? _returned;
    private CoreBudget? _budget;

    internal CoreLease(CoreBudget budget, int cores)
    {
        _budget = budget;
        Cores = cores;
    }

    internal CoreLease(CoreLease shared, Action<TimeSpan, int> returned)
    {
        _shared = shared;
        _returned = returned;
        Cores = shared.Cores;
    }

    /// <summary>How many are held; fewer than asked for where the machine has fewer.</summary>
    public int Cores { get; }

    /// <summary>Gives them back; a second call does nothing.</summary>
    public void Dispose()
    {
        var held = _clock.Elapsed;
        _shared?.Dispose();
        Interlocked.Exchange(ref _budget, null)?.Return(Cores);
        Interlocked.Exchange(ref _returned, null)?.Invoke(held, Cores);
    }
}
