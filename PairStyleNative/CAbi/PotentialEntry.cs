using MofInterop.Potentials;

namespace MofInterop.CAbi;

/// <summary>What stands behind a handle: a potential, how many threads it may use, and work memory that is reused.</summary>
internal sealed class PotentialEntry(IPotential potential) : IDisposable
{
    private readonly Stack<Workspace> _idle = new();
    private int _threads = 1;

    public IPotential Potential { get; } = potential;

    /// <summary>Threads that one computation may use, at least 1.</summary>
    public int Threads
    {
        get => Volatile.Read(ref _threads);
        set => Volatile.Write(ref _threads, value);
    }

    /// <summary>Calls under way; guarded by <see cref="PotentialTable"/>.</summary>
    public int Users { get; set; }

    /// <summary>Whether the handle was taken back; guarded by <see cref="PotentialTable"/>.</summary>
    public bool Freed { get; set; }

    /// <summary>Work memory for one computation: as many exist as computations ever ran at once.</summary>
    public Workspace Rent()
    {
        lock (_idle)
        {
            return _idle.TryPop(out var workspace) ? workspace : new Workspace();
        }
    }

    /// <summary>Gives work memory back.</summary>
    public void Return(Workspace workspace)
    {
        lock (_idle)
        {
            _idle.Push(workspace);
        }
    }

    public void Dispose()
    {
        foreach (var workspace in _idle)
        {
            workspace.Dispose();
        }

        _idle.Clear();
        Potential.Dispose();
    }
}
