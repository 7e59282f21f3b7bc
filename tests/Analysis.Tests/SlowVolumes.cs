using MofInterop.Analysis.Pores;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Analysis.Tests;

/// <summary>Volumes and pore sizes in the most obvious way: all images of all atoms, all places that a probe may be held at, all points.</summary>
internal static class SlowVolumes
{
    /// <summary>Grid points, those where the probe's centre can be, and those that the probe can cover.</summary>
    public static (int All, int Centers, int Covered) Count(AtomicConfiguration structure, double radius, double probe, double spacing)
    {
        var cell = structure.Cell!;
        int[] n = [.. Enumerable.Range(0, 3).Select(k => (int)Math.Ceiling(new Point3(cell.Rows[3 * k], cell.Rows[3 * k + 1], cell.Rows[3 * k + 2]).Length / spacing - 1e-9))];
        var atoms = Images(cell, [.. Enumerable.Range(0, structure.Count).Select(i => new Point3(structure.Positions[3 * i], structure.Positions[3 * i + 1], structure.Positions[3 * i + 2]))], 2);
        var least = radius + probe;
        var corners = Corners(atoms, least).Where(corner => Free(atoms, least, corner)).ToArray();
        int centers = 0, covered = 0;
        for (var index = 0; index < n[0] * n[1] * n[2]; index++)
        {
            var place = At(cell, (double)(index / n[2] / n[1]) / n[0], (double)(index / n[2] % n[1]) / n[1], (double)(index % n[2]) / n[2]);
            var distance = atoms.Min(atom => (atom - place).Length) - radius;
            if (distance >= probe)
            {
                centers++;
                covered++;
            }
            else if (distance >= 0)
            {
                var near = atoms.Where(atom => (atom - place).Length < least + probe).ToArray();
                covered += corners.Any(corner => (corner - place).Length <= probe) || Held(near, least, place).Any(center => (center - place).Length <= probe && Free(near, least, center)) ? 1 : 0;
            }
        }

        return (n[0] * n[1] * n[2], centers, covered);
    }

    /// <summary>Radius of the largest sphere round a grid point or in a cavity that covers a place, or misses it by no more than a slack.</summary>
    public static double LargestSphere(Cell cell, SurfaceGrid grid, PoreNetwork network, (double A, double B, double C) place, double slack)
    {
        var point = At(cell, place.A, place.B, place.C);
        var spheres = network.Cavities.Select(cavity => (cavity.Position, cavity.Radius)).Concat(Enumerable.Range(0, grid.Values.Length).Select(index => (grid.Position(index), (double)grid.Values[index])));
        return spheres.Where(sphere => sphere.Item2 > 0 && Images(cell, [sphere.Item1], 2).Any(image => (image - point).Length <= sphere.Item2 + slack)).Select(sphere => sphere.Item2).DefaultIfEmpty(0).Max();
    }

    public static Point3 At(Cell cell, double a, double b, double c)
    {
        var (x, y, z) = cell.ToCartesian(a, b, c);
        return new Point3(x, y, z);
    }

    private static Point3[] Images(Cell cell, Point3[] points, int cells) =>
    [
        .. from a in Enumerable.Range(-cells, 2 * cells + 1)
           from b in Enumerable.Range(-cells, 2 * cells + 1)
           from c in Enumerable.Range(-cells, 2 * cells + 1)
           from point in points
           select point + At(cell, a, b, c),
    ];

    private static bool Free(Point3[] atoms, double least, Point3 center) => atoms.All(atom => (atom - center).Length >= least - 1e-9);

    /// <summary>The points of every sphere, and of every circle in which two meet, that are nearest to a place.</summary>
    private static IEnumerable<Point3> Held(Point3[] atoms, double least, Point3 place)
    {
        foreach (var (atom, i) in atoms.Select((atom, i) => (atom, i)))
        {
            yield return atom + least / (place - atom).Length * (place - atom);
            foreach (var other in atoms.Skip(i + 1).Where(other => (other - atom).Length < 2 * least))
            {
                var axis = 1 / (other - atom).Length * (other - atom);
                var middle = 0.5 * (atom + other);
                var inPlane = place - middle - (place - middle).Dot(axis) * axis;
                yield return middle + Math.Sqrt(least * least - 0.25 * (other - atom).Dot(other - atom)) / inPlane.Length * inPlane;
            }
        }
    }

    /// <summary>Places as far from three atoms, of those not too far from the first cell.</summary>
    private static IEnumerable<Point3> Corners(Point3[] atoms, double least)
    {
        bool Meet(int i, int j) => (atoms[i] - atoms[j]).Length < 2 * least;
        int[] near = [.. Enumerable.Range(0, atoms.Length).Where(i => atoms[i].Length < 20)];
        foreach (var i in near)
        {
            foreach (var j in near.Where(j => j > i && Meet(i, j)))
            {
                foreach (var k in near.Where(k => k > j && Meet(i, k) && Meet(j, k)))
                {
                    var (u, v) = (atoms[j] - atoms[i], atoms[k] - atoms[i]);
                    var normal = u.Cross(v);
                    var square = normal.Dot(normal);
                    var center = 0.5 / square * (u.Dot(u) * v.Cross(normal) + v.Dot(v) * normal.Cross(u));
                    var height = least * least - center.Dot(center);
                    if (square > 1e-12 && height >= 0)
                    {
                        var up = Math.Sqrt(height / square) * normal;
                        yield return atoms[i] + center + up;
                        yield return atoms[i] + center - up;
                    }
                }
            }
        }
    }
}
