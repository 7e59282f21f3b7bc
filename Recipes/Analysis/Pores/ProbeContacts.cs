using MofInterop.Potentials.Atoms;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// What bounds the room of a probe's centre: it rolls on the spheres R_i + r round the atoms, along the circles in which two of them meet, and rests at the corners in
/// which three meet (M. L. Connolly, J. Appl. Cryst. 16, 548 (1983)). Only what no other atom covers. Safe for concurrent use.
/// </summary>
internal sealed class ProbeContacts
{
    // Corners that symmetry puts in one place are kept once; a corner that is kept twice costs only time.
    private const double SameCorner = 1e6;

    private readonly bool[] _free;
    private readonly Point3[] _axes;
    private readonly ProbePlace[] _corners;

    private ProbeContacts(bool[] free, AtomSurfaces circles, Point3[] axes, AtomSurfaces corners, ProbePlace[] places)
    {
        (_free, Circles, _axes, Corners, _corners) = (free, circles, axes, corners, places);
    }

    /// <summary>Their centres as if atoms with the radii of the circles.</summary>
    public AtomSurfaces Circles { get; }

    /// <summary>As if atoms without a radius.</summary>
    public AtomSurfaces Corners { get; }

    /// <summary>Whether some of the sphere round an atom is free.</summary>
    public bool IsFree(int atom) => _free[atom];

    /// <summary>Unit vector at a right angle to a circle.</summary>
    public Point3 Axis(int circle) => _axes[circle];

    /// <summary>Where a corner is, in a channel or in a pocket.</summary>
    public ProbePlace PlaceOf(int corner) => _corners[corner];

    /// <summary>Finds them all.</summary>
    public static ProbeContacts Find(AtomSurfaces surfaces, ProbeAccess access, int threads, CancellationToken cancellation)
    {
        var found = new ContactSearch[surfaces.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(0, surfaces.Count, parallel, () => (Near: new NearbyAtoms(), Obstacles: new ProbeObstacles(access.Radius)), (atom, _, work) =>
        {
            found[atom] = new ContactSearch(surfaces, access.Radius, atom, work.Near, work.Obstacles);
            return work;
        }, _ => { });

        var free = new bool[surfaces.Count];
        for (var atom = 0; atom < free.Length; atom++)
        {
            free[atom] |= found[atom].FreeByItself;
            foreach (var circle in found[atom].Circles)
            {
                (free[atom], free[circle.Partner]) = (true, true);
            }
        }

        var circles = found.SelectMany(one => one.Circles).ToArray();
        var corners = Distinct(surfaces.Cell, found.SelectMany(one => one.Corners));
        var places = new ProbePlace[corners.Length];
        Parallel.For(0, corners.Length, parallel, () => new SphereGrowth(surfaces), (k, _, growth) =>
        {
            places[k] = access.At(corners[k], growth);
            return growth;
        }, _ => { });
        return new ProbeContacts(
            free,
            new AtomSurfaces(surfaces.Cell, Flat(circles.Select(circle => circle.Center)), [.. circles.Select(circle => circle.Radius)]),
            [.. circles.Select(circle => circle.Axis)],
            new AtomSurfaces(surfaces.Cell, Flat(corners), new double[corners.Length]),
            places);
    }

    private static Point3[] Distinct(Cell cell, IEnumerable<Point3> corners)
    {
        var known = new HashSet<(long, long, long)>();
        return [.. corners.Where(corner =>
        {
            var (a, b, c) = cell.ToFractional(corner.X, corner.Y, corner.Z);
            return known.Add((Part(a), Part(b), Part(c)));
        })];

        static long Part(double fraction) => (long)Math.Round((fraction - Math.Floor(fraction)) * SameCorner);
    }

    private static double[] Flat(IEnumerable<Point3> points) => [.. points.SelectMany(point => new[] { point.X, point.Y, point.Z })];
}
