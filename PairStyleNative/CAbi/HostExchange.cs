using MofInterop.Potentials;

namespace MofInterop.CAbi;

/// <summary><c>mof_neighbors.forward_ghosts</c> of the call under way.</summary>
internal sealed unsafe class HostExchange : IGhostExchange
{
    private delegate* unmanaged<void*, double*, int, int> _forward;
    private void* _context;

    /// <summary>What the host's function returned last: 0, or its status.</summary>
    public int Status { get; private set; }

    /// <summary>Takes the function of this call.</summary>
    /// <returns>This, or null where the host has none.</returns>
    public HostExchange? Of(in MofNeighbors neighbors)
    {
        _forward = neighbors.ForwardGhosts;
        _context = neighbors.HostContext;
        Status = 0;
        return _forward is null ? null : this;
    }

    /// <inheritdoc/>
    public bool Forward(double* values, int width)
    {
        Status = _forward(_context, values, width);
        return Status == 0;
    }
}

/// <summary>A function of the host ended the call with a status of the host's.</summary>
internal sealed class HostException(int status) : Exception($"forward_ghosts of the host returned {status}")
{
    /// <summary>A negative number.</summary>
    public int Status => status;
}
