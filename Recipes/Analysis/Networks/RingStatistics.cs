using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Networks;

/// <summary>Rings of one size.</summary>
/// <param name="Size">Nodes in the ring.</param>
/// <param name="Count">Such rings in a cell.</param>
/// <param name="PerNode">Count divided by the number of nodes (R_c of S. Le Roux and P. Jund, Comput. Mater. Sci. 49, 70 (2010)).</param>
/// <param name="NodesInRings">Fraction of the nodes that are in at least one (their P_n).</param>
public sealed record RingCount(int Size, int Count, double PerNode, double NodesInRings);

/// <summary>
/// Primitive rings: closed paths of which no two nodes have a shorter way to each other than along the ring. These are the shortest-path rings of
/// D. S. Franzblau, Phys. Rev. B 44, 4925 (1991), the "primitive" rings of X. Yuan and A. N. Cormack, Comput. Mater. Sci. 24, 343 (2002), and of the program
/// RINGS. In the infinite net: a path that closes only through the periodic boundary is no ring. Two links between the same nodes are a ring of two.
/// </summary>
/// <remarks>
/// From each node shortest paths go out; where two of the same length meet in a node (even rings) or at an edge (odd rings), they are a candidate. It is enough that
/// each node is as far from the opposite ones as along the ring: every other pair lies on the way between two opposite nodes. Each ring is found once from each of its nodes.
/// </remarks>
public static class RingStatistics
{
    /// <summary>Larger rings cannot be asked for: the number of paths grows exponentially.</summary>
    public const int LargestSize = 40;

    /// <summary>Counts the rings of a net.</summary>
    /// <param name="net">Any.</param>
    /// <param name="largest">Size of the largest rings that are looked for.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>By size; sizes without rings are left out.</returns>
    /// <exception cref="MofException">Largest is below 3 or above <see cref="LargestSize"/>.</exception>
    public static IReadOnlyList<RingCount> Count(PeriodicNet net, int largest, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(net);
        if (largest is < 3 or > LargestSize)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"rings of up to {largest} nodes", expected: $"3 to {LargestSize}");
        }

        var distances = Enumerable.Range(0, net.NodeCount).Select(node => net.DistancesFrom(node, largest / 2)).ToArray();
        var found = new int[largest + 1];
        var within = new int[largest + 1];
        for (var node = 0; node < net.NodeCount; node++)
        {
            cancellation.ThrowIfCancellationRequested();
            var through = new RingsThrough(net, distances, node).Count(largest);
            for (var size = 3; size <= largest; size++)
            {
                found[size] += through[size];
                within[size] += through[size] > 0 ? 1 : 0;
            }
        }

        var counts = new List<RingCount>();
        if (net.DoubleLinks > 0)
        {
            counts.Add(new RingCount(2, net.DoubleLinks, (double)net.DoubleLinks / net.NodeCount, double.NaN));
        }

        for (var size = 3; size <= largest; size++)
        {
            if (found[size] > 0)
            {
                counts.Add(new RingCount(size, found[size] / size, (double)found[size] / size / net.NodeCount, (double)within[size] / net.NodeCount));
            }
        }

        return counts;
    }
}
