namespace MofInterop.Analysis.Pores;

/// <summary>Which cavity a place belongs to. The grid points' answers are there at once; other places can be asked too.</summary>
/// <param name="basins">Of the grid.</param>
/// <param name="homes">Of every summit: its cavity.</param>
/// <param name="cavities">All of them.</param>
internal sealed class CavityMap(GridBasins basins, int[] homes, CavityList cavities)
{
    /// <summary>Of places inside atoms, and of those whose cavity is not known.</summary>
    public const int None = -1;

    /// <summary>The cavity of a grid point, or <see cref="None"/>.</summary>
    public int CavityOf(int index)
    {
        var summit = basins.SummitOf(index);
        return summit == GridBasins.None ? None : homes[summit];
    }

    /// <summary>The cavity that a sphere at a place outside the atoms grows into, or <see cref="None"/> where the network lacks it.</summary>
    public int CavityAt(Point3 place, SphereGrowth growth)
    {
        var (position, radius) = growth.Climb(place);
        return cavities.Find(position, radius)?.Cavity ?? None;
    }
}
