using MofInterop.Analysis.Networks;
using MofInterop.Potentials.Atoms;

namespace MofInterop.Analysis.Pores;

/// <summary>The cavities of a structure, each once, told apart by radius and place modulo the lattice. Adding is not thread-safe, finding is.</summary>
internal sealed class CavityList(Cell cell)
{
    private const double SamePlace = 2e-3;
    private const double SameRadius = 1e-4;
    private readonly List<Cavity> _all = [];

    public IReadOnlyList<Cavity> All => _all;

    /// <summary>The cavity at a place, and the cell in which the place has it; null: there is none.</summary>
    public (int Cavity, LatticeVector Cell)? Find(Point3 position, double radius)
    {
        for (var n = 0; n < _all.Count; n++)
        {
            if (Math.Abs(_all[n].Radius - radius) < SameRadius)
            {
                var apart = position - _all[n].Position;
                var (a, b, c) = cell.ToFractional(apart.X, apart.Y, apart.Z);
                var image = new LatticeVector((int)Math.Round(a), (int)Math.Round(b), (int)Math.Round(c));
                var (x, y, z) = cell.ToCartesian(a - image.A, b - image.B, c - image.C);
                if (x * x + y * y + z * z < SamePlace * SamePlace)
                {
                    return (n, image);
                }
            }
        }

        return null;
    }

    /// <summary>The same; a new cavity is added.</summary>
    public (int Cavity, LatticeVector Cell) FindOrAdd(Point3 position, double radius)
    {
        if (Find(position, radius) is { } found)
        {
            return found;
        }

        var (a, b, c) = cell.ToFractional(position.X, position.Y, position.Z);
        var home = new LatticeVector((int)Math.Floor(a), (int)Math.Floor(b), (int)Math.Floor(c));
        var (x, y, z) = cell.ToCartesian(home.A, home.B, home.C);
        _all.Add(new Cavity(position - new Point3(x, y, z), radius));
        return (_all.Count - 1, home);
    }
}
