using System.Collections.Concurrent;
using MofInterop.Analysis.Networks;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// Makes the network of pores: grid basins say where cavities and windows are, local search says exactly which. The result does not depend on the number of threads.
/// </summary>
internal sealed class NetworkBuilder
{
    private const double BoxOfCandidates = 1.5;

    private readonly AtomSurfaces _surfaces;
    private readonly SurfaceGrid _grid;
    private readonly GridBasins _basins;
    private readonly ParallelOptions _parallel;
    private readonly CavityList _cavities;

    public NetworkBuilder(AtomSurfaces surfaces, SurfaceGrid grid, int threads, CancellationToken cancellation)
    {
        _surfaces = surfaces;
        _grid = grid;
        _cavities = new CavityList(surfaces.Cell);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        _basins = GridBasins.Find(grid, threads, cancellation);
    }

    /// <summary>Makes the network, and says of every grid point outside the atoms which cavity it belongs to.</summary>
    public (PoreNetwork Network, CavityMap Map) Build()
    {
        var summits = _basins.Summits;
        var reached = new (Point3 Position, double Radius)[summits.Count];
        Parallel.For(0, summits.Count, _parallel, () => new SphereGrowth(_surfaces), (k, _, growth) =>
        {
            reached[k] = growth.Climb(_grid.Position(summits[k]));
            return growth;
        }, _ => { });

        var homes = reached.Select(one => _cavities.FindOrAdd(one.Position, one.Radius)).ToArray();
        var map = new CavityMap(_basins, homes, _cavities);
        var borders = Borders(map);
        var passages = WindowsAt(borders);
        var ofGrid = Complete(passages, borders);
        return (new PoreNetwork(_cavities.All, passages, ofGrid), map);
    }

    /// <summary>Where basins of different cavities, or of images of one, touch: the highest places, some for each pair.</summary>
    private Dictionary<(int From, int To, LatticeVector Translation), List<Border>> Borders(CavityMap map)
    {
        var found = new ConcurrentBag<Dictionary<(int, int, LatticeVector, int), Border>>();
        Parallel.For(0, _grid.Counts[0], _parallel, () => new Dictionary<(int, int, LatticeVector, int), Border>(), (a, _, mine) =>
        {
            CollectBorders(a, map, mine);
            return mine;
        }, found.Add);

        var best = new Dictionary<(int From, int To, LatticeVector Translation), List<Border>>();
        foreach (var group in found.SelectMany(mine => mine).GroupBy(pair => pair.Key, pair => pair.Value))
        {
            var (from, to, translation, _) = group.Key;
            var list = best.TryGetValue((from, to, translation), out var known) ? known : best[(from, to, translation)] = [];
            list.Add(group.Aggregate((one, other) => one.IsBetterThan(other) ? one : other));
        }

        // A window not much lower on the grid can be higher in truth.
        var doubt = 2 * _grid.HalfDiagonal;
        foreach (var list in best.Values)
        {
            list.Sort((one, other) => one.IsBetterThan(other) ? -1 : 1);
            list.RemoveAll(border => border.Value < list[0].Value - doubt);
        }

        return best;
    }

    private void CollectBorders(int a, CavityMap map, Dictionary<(int, int, LatticeVector, int), Border> mine)
    {
        for (var b = 0; b < _grid.Counts[1]; b++)
        {
            for (var c = 0; c < _grid.Counts[2]; c++)
            {
                var index = _grid.Index(a, b, c);
                var here = map.CavityOf(index);
                if (here == CavityMap.None)
                {
                    continue;
                }

                var home = map.CellOf(index);

                // Half of the neighbours: each pair of points once.
                for (var k = 14; k < 27; k++)
                {
                    var (other, cell) = GridBasins.Neighbor(_grid, a + k / 9 - 1, b + k / 3 % 3 - 1, c + k % 3 - 1);
                    var there = map.CavityOf(other);
                    if (there == CavityMap.None)
                    {
                        continue;
                    }

                    var translation = map.CellOf(other) + cell - home;
                    if (here == there && translation == LatticeVector.Zero)
                    {
                        continue;
                    }

                    var value = Math.Min(_grid.Values[index], _grid.Values[other]);
                    var border = new Border(index, k, value);
                    var (from, to, by) = here < there || here == there && IsPositive(translation) ? (here, there, translation) : (there, here, -translation);
                    var key = (from, to, by, Box(a, b, c));
                    if (!mine.TryGetValue(key, out var known) || border.IsBetterThan(known))
                    {
                        mine[key] = border;
                    }
                }
            }
        }
    }

    private int Box(int a, int b, int c)
    {
        var heights = _surfaces.Cell.FaceDistances();
        int Place(int index, int axis) => (int)(index * heights[axis] / _grid.Counts[axis] / BoxOfCandidates);
        return (Place(a, 0) << 20) + (Place(b, 1) << 10) + Place(c, 2);
    }

    private List<Passage> WindowsAt(Dictionary<(int From, int To, LatticeVector Translation), List<Border>> borders)
    {
        Border[] places = [.. borders.Values.SelectMany(list => list).OrderBy(border => border.Index).ThenBy(border => border.Neighbor)];
        var reach = 2.5 * _grid.HalfDiagonal;
        var found = new List<(Point3, double, Point3, double, double)>[places.Length];
        Parallel.For(0, places.Length, _parallel, () => (Windows: new Windows(_surfaces), Growth: new SphereGrowth(_surfaces), List: new List<Window>()), (n, _, work) =>
        {
            work.Windows.Find(Middle(places[n]), reach, work.List);
            found[n] = [];
            foreach (var window in work.List)
            {
                const double aside = 1e-2;
                var up = work.Growth.Climb(window.Position + aside * window.Normal);
                var down = work.Growth.Climb(window.Position - aside * window.Normal);
                found[n].Add((up.Position, up.Radius, down.Position, down.Radius, window.Radius));
            }

            return work;
        }, _ => { });

        var passages = new Dictionary<(int, int, LatticeVector, long), Passage>();
        foreach (var (up, upRadius, down, downRadius, radius) in found.SelectMany(list => list))
        {
            var from = _cavities.FindOrAdd(up, upRadius);
            var to = _cavities.FindOrAdd(down, downRadius);
            var passage = new Passage(from.Cavity, to.Cavity, to.Cell - from.Cell, radius);
            if (passage.From != passage.To || passage.Translation != LatticeVector.Zero)
            {
                if (passage.From > passage.To || passage.From == passage.To && !IsPositive(passage.Translation))
                {
                    passage = new Passage(passage.To, passage.From, -passage.Translation, radius);
                }

                passages.TryAdd((passage.From, passage.To, passage.Translation, (long)Math.Round(radius * 1e7)), passage);
            }
        }

        return [.. passages.Values];
    }

    /// <summary>Adds the grid's value where basins touch and the exact windows do not join their cavities as high as that (to the grid's accuracy).</summary>
    private int Complete(List<Passage> passages, Dictionary<(int From, int To, LatticeVector Translation), List<Border>> borders)
    {
        var exact = passages.OrderByDescending(passage => passage.Radius).ToArray();
        var groups = new PeriodicGroups(_cavities.All.Count);
        var (next, added) = (0, 0);
        foreach (var (pair, list) in borders.OrderByDescending(entry => entry.Value[0].Value).ThenBy(entry => entry.Value[0].Index))
        {
            var value = list[0].Value;
            for (; next < exact.Length && exact[next].Radius >= value - 2 * _grid.HalfDiagonal; next++)
            {
                groups.Join(exact[next].From, exact[next].To, exact[next].Translation);
            }

            if (groups.Join(pair.From, pair.To, pair.Translation))
            {
                passages.Add(new Passage(pair.From, pair.To, pair.Translation, value));
                added++;
            }
        }

        return added;
    }

    private Point3 Middle(Border border)
    {
        var (a, b, c) = _grid.Split(border.Index);
        var k = border.Neighbor;
        return 0.5 * (_grid.Position(a, b, c) + _grid.Position(a + k / 9 - 1, b + k / 3 % 3 - 1, c + k % 3 - 1));
    }

    private static bool IsPositive(LatticeVector v) => v.A != 0 ? v.A > 0 : v.B != 0 ? v.B > 0 : v.C > 0;

    /// <summary>Two neighbouring grid points of different basins, and the smaller of their values.</summary>
    private readonly record struct Border(int Index, int Neighbor, float Value)
    {
        public bool IsBetterThan(Border other) => Value != other.Value ? Value > other.Value : Index != other.Index ? Index < other.Index : Neighbor < other.Neighbor;
    }
}
