using MofInterop.Analysis.Networks;

namespace MofInterop.Analysis.Tests;

/// <summary>Primitive rings by definition: all closed paths, and of each every pair of its nodes.</summary>
internal static class SlowRings
{
    public static Dictionary<int, int> Count(PeriodicNet net, int largest)
    {
        var found = new Dictionary<int, int>();
        for (var node = 0; node < net.NodeCount; node++)
        {
            Extend([new NetPlace(node, LatticeVector.Zero)]);
        }

        // Each ring was found from each of its nodes, in two directions.
        return found.ToDictionary(pair => pair.Key, pair => pair.Value / 2 / pair.Key);

        void Extend(List<NetPlace> path)
        {
            foreach (var next in Neighbors(net, path[^1]))
            {
                if (next == path[0] && path.Count >= 3)
                {
                    if (IsPrimitive(net, path))
                    {
                        found[path.Count] = found.GetValueOrDefault(path.Count) + 1;
                    }
                }
                else if (path.Count < largest && !path.Contains(next))
                {
                    Extend([.. path, next]);
                }
            }
        }
    }

    private static bool IsPrimitive(PeriodicNet net, List<NetPlace> ring)
    {
        for (var i = 0; i < ring.Count; i++)
        {
            var distances = net.DistancesFrom(ring[i].Node, ring.Count);
            for (var j = 0; j < ring.Count; j++)
            {
                var along = Math.Min(Math.Abs(i - j), ring.Count - Math.Abs(i - j));
                if (distances[new NetPlace(ring[j].Node, ring[j].Cell - ring[i].Cell)] < along)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static IEnumerable<NetPlace> Neighbors(PeriodicNet net, NetPlace place) =>
        net.NeighborsOf(place.Node).ToArray().Select(neighbor => new NetPlace(neighbor.Node, place.Cell + neighbor.Cell));
}
