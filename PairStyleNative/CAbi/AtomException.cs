using MofInterop.Potentials.Errors;

namespace MofInterop.CAbi;

/// <summary>A computation failed at an atom.</summary>
/// <param name="fault">What to tell.</param>
/// <param name="atom">The atom, as the caller counts.</param>
/// <param name="neighbor">Its neighbour, or −1.</param>
internal sealed class AtomException(MofException fault, int atom, int neighbor) : Exception(fault.Message, fault)
{
    /// <summary>What to tell.</summary>
    public MofException Fault => fault;

    /// <summary>As the caller counts.</summary>
    public int Atom => atom;

    /// <summary>As the caller counts, or −1.</summary>
    public int Neighbor => neighbor;
}
