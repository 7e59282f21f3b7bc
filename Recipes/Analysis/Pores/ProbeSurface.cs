namespace MofInterop.Analysis.Pores;

/// <summary>The surface on which the centre of a probe rolls over the atoms, by points on the spheres R_i + r.</summary>
/// <param name="Accessible">In channels, Å² in a cell.</param>
/// <param name="Enclosed">In pockets, Å².</param>
internal sealed record ProbeSurface(double Accessible, double Enclosed)
{
    private static readonly double GoldenAngle = Math.PI * (3 - Math.Sqrt(5));

    /// <summary>Counts the points that no other atom covers.</summary>
    /// <param name="surfaces">The atoms.</param>
    /// <param name="access">Of the probe.</param>
    /// <param name="positions"><c>double[natoms][3]</c>, Å.</param>
    /// <param name="radii">Å.</param>
    /// <param name="density">Points for each Å², on a Fibonacci spiral.</param>
    /// <param name="threads">How many at once.</param>
    /// <param name="cancellation">Stops.</param>
    public static ProbeSurface Count(AtomSurfaces surfaces, ProbeAccess access, double[] positions, double[] radii, double density, int threads, CancellationToken cancellation)
    {
        var areas = new (double Accessible, double Enclosed)[radii.Length];
        Parallel.For(0, radii.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => (Near: new NearbyAtoms(), Obstacles: new ProbeObstacles(access.Radius), Growth: new SphereGrowth(surfaces)), (i, _, work) =>
        {
            areas[i] = OfAtom(surfaces, access, new Point3(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]), radii[i], density, work.Near, work.Obstacles, work.Growth);
            return work;
        }, _ => { });
        return new ProbeSurface(areas.Sum(one => one.Accessible), areas.Sum(one => one.Enclosed));
    }

    private static (double Accessible, double Enclosed) OfAtom(AtomSurfaces surfaces, ProbeAccess access, Point3 center, double atom, double density, NearbyAtoms near, ProbeObstacles obstacles, SphereGrowth growth)
    {
        var probe = access.Radius;
        var radius = atom + probe;
        var area = 4 * Math.PI * radius * radius;
        var count = Math.Max(100, (int)(area * density));
        surfaces.Gather(center, radius + probe, near);
        obstacles.Set(near);
        long accessible = 0, enclosed = 0;
        for (var n = 0; n < count; n++)
        {
            var z = 1 - (2 * n + 1.0) / count;
            var ring = Math.Sqrt(1 - z * z);
            var place = center + radius * new Point3(ring * Math.Cos(n * GoldenAngle), ring * Math.Sin(n * GoldenAngle), z);
            if (!obstacles.IsFree(place))
            {
                continue;
            }

            if (access.At(place, growth) == ProbePlace.Accessible)
            {
                accessible++;
            }
            else
            {
                enclosed++;
            }
        }

        return (area * accessible / count, area * enclosed / count);
    }
}
