using MofInterop.Analysis.Networks;

namespace MofInterop.Analysis.Pores;

/// <summary>Whether the centre of a probe can be at a place, and come there from outside.</summary>
internal enum ProbePlace
{
    /// <summary>It would overlap an atom.</summary>
    Blocked,

    /// <summary>In a pocket: enclosed on all sides.</summary>
    Enclosed,

    /// <summary>In a channel, which leads through the periodic structure.</summary>
    Accessible,
}

/// <summary>
/// Where a spherical probe can be. A place is accessible when the cavity that it belongs to is joined, through windows as wide as the probe, to images of
/// itself in other cells.
/// </summary>
internal sealed class ProbeAccess
{
    private readonly SurfaceGrid _grid;
    private readonly AtomSurfaces _surfaces;
    private readonly CavityMap _map;
    private readonly ProbePlace[] _ofCavity;
    private readonly ProbePlace? _everywhere;

    public ProbeAccess(PoreNetwork network, CavityMap map, AtomSurfaces surfaces, SurfaceGrid grid, double radius)
    {
        _grid = grid;
        _surfaces = surfaces;
        _map = map;
        Radius = radius;
        var groups = network.GroupsAt(radius);
        int[] open = [.. Enumerable.Range(0, network.Cavities.Count).Where(n => network.Cavities[n].Radius >= radius)];
        _ofCavity = new ProbePlace[network.Cavities.Count];
        foreach (var n in open)
        {
            _ofCavity[n] = groups.TranslationsOf(n).Count > 0 ? ProbePlace.Accessible : ProbePlace.Enclosed;
        }

        var kinds = open.Select(n => _ofCavity[n]).Distinct().ToArray();
        _everywhere = kinds.Length == 1 ? kinds[0] : null;
        var groupsOpen = open.GroupBy(groups.GroupOf).Select(group => groups.TranslationsOf(group.Key).Count).ToArray();
        ChannelDimensions = [.. groupsOpen.Where(dimensions => dimensions > 0).OrderDescending()];
        Pockets = groupsOpen.Count(dimensions => dimensions == 0);
    }

    /// <summary>Of the probe, Å.</summary>
    public double Radius { get; }

    /// <summary>In how many directions each channel goes on.</summary>
    public IReadOnlyList<int> ChannelDimensions { get; }

    /// <summary>Pockets in a cell.</summary>
    public int Pockets { get; }

    /// <summary>At a grid point.</summary>
    public ProbePlace AtGridPoint(int index) => _grid.Values[index] < Radius ? ProbePlace.Blocked : OfCavity(_map.CavityOf(index));

    /// <summary>At a place where the probe fits, on the border too.</summary>
    public ProbePlace At(Point3 place, SphereGrowth growth)
    {
        if (_everywhere is { } everywhere)
        {
            return everywhere;
        }

        // Where the grid points round it agree, so does the place; else it is asked where a sphere there grows to.
        var (fa, fb, fc) = _surfaces.Cell.ToFractional(place.X, place.Y, place.Z);
        var (a, b, c) = (Floor(fa, 0), Floor(fb, 1), Floor(fc, 2));
        ProbePlace? found = null;
        for (var k = 0; k < 8; k++)
        {
            var cavity = _map.CavityOf(_grid.WrappedIndex(a + (k >> 2), b + (k >> 1 & 1), c + (k & 1)));
            if (cavity == CavityMap.None)
            {
                continue;
            }

            var here = OfCavity(cavity);
            if (found is not null && found != here)
            {
                found = null;
                break;
            }

            found = here;
        }

        return found ?? OfCavity(_map.CavityAt(place, growth));
    }

    private ProbePlace OfCavity(int cavity) => cavity == CavityMap.None ? ProbePlace.Enclosed : _ofCavity[cavity] == ProbePlace.Blocked ? ProbePlace.Enclosed : _ofCavity[cavity];

    private int Floor(double fraction, int axis) => (int)Math.Floor(fraction * _grid.Counts[axis]);
}
