using MofInterop.Analysis.Networks;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// Makes the network of pores: all windows of the cell, exactly, and the cavities on both sides of each; and cavities above the maxima of the grid, some of which have no window.
/// The result does not depend on the number of threads.
/// </summary>
internal sealed class NetworkBuilder
{
    // Just off the plane of a window, from where a sphere grows into the cavity on that side.
    private const double Aside = 1e-2;

    private readonly AtomSurfaces _surfaces;
    private readonly SurfaceGrid _grid;
    private readonly ParallelOptions _parallel;
    private readonly CavityList _cavities;
    private readonly int _threads;

    public NetworkBuilder(AtomSurfaces surfaces, SurfaceGrid grid, int threads, CancellationToken cancellation)
    {
        _surfaces = surfaces;
        _grid = grid;
        _threads = threads;
        _cavities = new CavityList(surfaces.Cell);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
    }

    /// <summary>Makes the network, and says of every grid point outside the atoms which cavity it belongs to.</summary>
    public (PoreNetwork Network, CavityMap Map) Build()
    {
        var basins = GridBasins.Find(_grid, _threads, _parallel.CancellationToken);
        var homes = Climb([.. basins.Summits.Select(_grid.Position)]).Select(one => _cavities.FindOrAdd(one.Position, one.Radius).Cavity).ToArray();
        var passages = Passages(new WindowSearch(_surfaces).FindAll(_parallel));
        return (new PoreNetwork(_cavities.All, passages), new CavityMap(basins, homes, _cavities));
    }

    private (Point3 Position, double Radius)[] Climb(Point3[] places)
    {
        var reached = new (Point3 Position, double Radius)[places.Length];
        Parallel.For(0, places.Length, _parallel, () => new SphereGrowth(_surfaces), (k, _, growth) =>
        {
            reached[k] = growth.Climb(places[k]);
            return growth;
        }, _ => { });
        return reached;
    }

    private List<Passage> Passages(IReadOnlyList<Window> windows)
    {
        var reached = Climb([.. windows.SelectMany(window => new[] { window.Position + Aside * window.Normal, window.Position - Aside * window.Normal })]);
        var passages = new Dictionary<(int, int, LatticeVector, long), Passage>();
        for (var k = 0; k < windows.Count; k++)
        {
            var (one, other) = (reached[2 * k], reached[2 * k + 1]);
            var (from, fromCell) = _cavities.FindOrAdd(one.Position, one.Radius);
            var (to, toCell) = _cavities.FindOrAdd(other.Position, other.Radius);
            var translation = toCell - fromCell;
            if (from == to && translation == LatticeVector.Zero)
            {
                continue;
            }

            if (from > to || (from == to && !IsPositive(translation)))
            {
                (from, to, translation) = (to, from, -translation);
            }

            // The same window seen from two boxes, or windows that symmetry makes equal.
            passages.TryAdd((from, to, translation, (long)Math.Round(windows[k].Radius * 1e7)), new Passage(from, to, translation, windows[k].Radius));
        }

        return [.. passages.Values];
    }

    private static bool IsPositive(LatticeVector v) => v.A != 0 ? v.A > 0 : v.B != 0 ? v.B > 0 : v.C > 0;
}
