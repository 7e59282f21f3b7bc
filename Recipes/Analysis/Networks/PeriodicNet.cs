using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Networks;

/// <summary>An edge of a periodic net, listed once.</summary>
/// <param name="First">A node, counted from 0, in the first cell.</param>
/// <param name="Second">The node at the other end.</param>
/// <param name="Translation">The cell in which that one is.</param>
public readonly record struct NetEdge(int First, int Second, LatticeVector Translation);

/// <summary>A node of the infinite net: one of the cell, in some cell.</summary>
/// <param name="Node">In the cell, counted from 0.</param>
/// <param name="Cell">Which cell.</param>
public readonly record struct NetPlace(int Node, LatticeVector Cell);

/// <summary>Nodes and edges that repeat with a lattice. Immutable.</summary>
public sealed class PeriodicNet
{
    private readonly NetPlace[][] _neighbors;

    /// <summary>Creates a net.</summary>
    /// <param name="nodes">Number of nodes in a cell.</param>
    /// <param name="edges">Each once, from either end. Edges from a node to itself in the same cell do not count; equal ones are one edge, see <see cref="DoubleLinks"/>.</param>
    /// <exception cref="MofException">An edge of a node that does not exist.</exception>
    public PeriodicNet(int nodes, IReadOnlyList<NetEdge> edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        var found = new HashSet<NetPlace>[nodes];
        for (var i = 0; i < nodes; i++)
        {
            found[i] = [];
        }

        var copies = new Dictionary<NetEdge, int>();
        foreach (var edge in edges)
        {
            if ((uint)edge.First >= (uint)nodes || (uint)edge.Second >= (uint)nodes)
            {
                throw new MofException(ErrorKind.InvalidArgument, $"an edge joins the nodes {edge.First} and {edge.Second}", expected: $"0 to {nodes - 1}");
            }

            if (edge.First == edge.Second && edge.Translation == LatticeVector.Zero)
            {
                continue;
            }

            found[edge.First].Add(new NetPlace(edge.Second, edge.Translation));
            found[edge.Second].Add(new NetPlace(edge.First, -edge.Translation));
            var standing = Standing(edge);
            copies[standing] = copies.GetValueOrDefault(standing) + 1;
        }

        _neighbors = [.. found.Select(set => set.OrderBy(place => (place.Node, place.Cell.A, place.Cell.B, place.Cell.C)).ToArray())];
        DoubleLinks = copies.Values.Sum(count => count * (count - 1) / 2);
    }

    /// <summary>Number of nodes in a cell.</summary>
    public int NodeCount => _neighbors.Length;

    /// <summary>Number of edges in a cell, equal ones counted once.</summary>
    public int EdgeCount => _neighbors.Sum(list => list.Length) / 2;

    /// <summary>Pairs of edges that join the same two nodes: rings of two.</summary>
    public int DoubleLinks { get; }

    /// <summary>The neighbours of a node in the first cell.</summary>
    public ReadOnlySpan<NetPlace> NeighborsOf(int node) => _neighbors[node];

    /// <summary>Every place within so many edges of a node in the first cell, with its distance in edges.</summary>
    public Dictionary<NetPlace, int> DistancesFrom(int node, int largest)
    {
        var start = new NetPlace(node, LatticeVector.Zero);
        var distances = new Dictionary<NetPlace, int> { [start] = 0 };
        var layer = new List<NetPlace> { start };
        for (var distance = 1; distance <= largest && layer.Count > 0; distance++)
        {
            var next = new List<NetPlace>();
            foreach (var place in layer)
            {
                foreach (var neighbor in _neighbors[place.Node])
                {
                    var there = new NetPlace(neighbor.Node, place.Cell + neighbor.Cell);
                    if (distances.TryAdd(there, distance))
                    {
                        next.Add(there);
                    }
                }
            }

            layer = next;
        }

        return distances;
    }

    private static NetEdge Standing(NetEdge edge)
    {
        var reversed = new NetEdge(edge.Second, edge.First, -edge.Translation);
        return (edge.First, edge.Second, edge.Translation.A, edge.Translation.B, edge.Translation.C).CompareTo((reversed.First, reversed.Second, reversed.Translation.A, reversed.Translation.B, reversed.Translation.C)) <= 0 ? edge : reversed;
    }
}
