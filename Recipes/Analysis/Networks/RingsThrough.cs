namespace MofInterop.Analysis.Networks;

/// <summary>Finds the primitive rings through one node.</summary>
/// <param name="net">The net.</param>
/// <param name="distances">Of every node: places within half of the largest ring.</param>
/// <param name="root">The node.</param>
internal sealed class RingsThrough(PeriodicNet net, Dictionary<NetPlace, int>[] distances, int root)
{
    private readonly List<NetPlace> _there = [];
    private int _half;
    private bool _odd;

    /// <summary>Number of rings by size.</summary>
    public int[] Count(int largest)
    {
        var counts = new int[largest + 1];
        foreach (var (place, distance) in distances[root])
        {
            _half = distance;
            _odd = false;
            if (distance > 1 && 2 * distance <= largest)
            {
                counts[2 * distance] += Pairs(place, place) / 2;
            }

            _odd = true;
            if (distance > 0 && 2 * distance + 1 <= largest)
            {
                foreach (var neighbor in net.NeighborsOf(place.Node))
                {
                    var other = new NetPlace(neighbor.Node, place.Cell + neighbor.Cell);
                    if (IsAfter(place, other) && distances[root].TryGetValue(other, out var same) && same == distance)
                    {
                        counts[2 * distance + 1] += Pairs(place, other);
                    }
                }
            }
        }

        return counts;
    }

    /// <summary>Pairs of shortest paths from the root, to one end and to the other, that make primitive rings.</summary>
    private int Pairs(NetPlace firstEnd, NetPlace secondEnd)
    {
        _there.Clear();
        _there.Add(firstEnd);
        return WalkFirst(firstEnd, secondEnd);
    }

    /// <summary>Goes back from the first end to the root in all shortest ways; the path is kept from its end on.</summary>
    private int WalkFirst(NetPlace place, NetPlace secondEnd)
    {
        var distance = _half - _there.Count + 1;
        if (distance == 0)
        {
            return _odd ? Opposite(secondEnd, _half) ? WalkSecond(secondEnd, _half) : 0 : WalkSecond(secondEnd, _half);
        }

        var found = 0;
        foreach (var neighbor in net.NeighborsOf(place.Node))
        {
            var next = new NetPlace(neighbor.Node, place.Cell + neighbor.Cell);
            if (distances[root].TryGetValue(next, out var nearer) && nearer == distance - 1)
            {
                _there.Add(next);
                found += WalkFirst(next, secondEnd);
                _there.RemoveAt(_there.Count - 1);
            }
        }

        return found;
    }

    /// <summary>Goes back from the second end, always opposite to the first path.</summary>
    private int WalkSecond(NetPlace place, int distance)
    {
        if (distance == 1)
        {
            return 1;
        }

        var found = 0;
        foreach (var neighbor in net.NeighborsOf(place.Node))
        {
            var next = new NetPlace(neighbor.Node, place.Cell + neighbor.Cell);
            if (distances[root].TryGetValue(next, out var nearer) && nearer == distance - 1 && Opposite(next, distance - 1))
            {
                found += WalkSecond(next, distance - 1);
            }
        }

        return found;
    }

    /// <summary>Whether a place of the second path, so far from the root, is as far from the opposite places of the first path as it is along the ring.</summary>
    private bool Opposite(NetPlace place, int distance) =>
        IsFar(place, FirstAt(_half - distance)) && (!_odd || distance == 0 || IsFar(place, FirstAt(_half - distance + 1)));

    private NetPlace FirstAt(int distance) => _there[_half - distance];

    private bool IsFar(NetPlace one, NetPlace other) =>
        distances[one.Node].TryGetValue(new NetPlace(other.Node, other.Cell - one.Cell), out var apart) && apart == _half;

    private static bool IsAfter(NetPlace one, NetPlace other) =>
        (other.Node, other.Cell.A, other.Cell.B, other.Cell.C).CompareTo((one.Node, one.Cell.A, one.Cell.B, one.Cell.C)) > 0;
}
