namespace MofInterop.Analysis.Pores;

/// <summary>
/// Grows a sphere between atoms until it is held: from any point upwards on the distance field d to a local maximum, to rounding. Not thread-safe.
/// </summary>
/// <remarks>
/// d is a minimum of convex functions |r − r_i| − R_i, so their tangents bound it from below: a step s that raises min_i(d_i + g_i·s), g_i the unit vector away
/// from atom i, raises d by at least as much, and nowhere between does d fall below its value at the start. So a point belongs to the pore of the maximum that it
/// reaches: a sphere of radius d gets there. Each step maximises min_i(d_i + g_i·s) − |s|²/(2τ) (proximal bundle step); at a maximum that four atoms hold this is
/// Newton's method. A place between three atoms (or two), where all tangents are level, is left across their plane.
/// </remarks>
internal sealed class SphereGrowth(AtomSurfaces surfaces)
{
    private const double FirstStep = 0.3;
    private const double LargestStep = 1.0;
    private const double LevelGain = 1e-10;
    private const double EscapeStep = 0.05;
    private const double EscapeGain = 1e-7;
    private const int MostSteps = 2000;

    private readonly NearbyAtoms _near = new();
    private readonly NearbyAtoms _work = new();
    private readonly ProximalStep _step = new();

    /// <summary>The local maximum of d above a point.</summary>
    /// <returns>Where it is, and the radius of the sphere held there, Å.</returns>
    public (Point3 Position, double Radius) Climb(Point3 start)
    {
        var place = start;
        var length = FirstStep;
        var radius = surfaces.DistanceAt(place, _work);
        for (var step = 0; step < MostSteps; step++)
        {
            surfaces.Gather(place, radius + 2 * length + 1e-9, _near);
            var gain = _step.Solve(_near, place, length);
            if (gain > LevelGain)
            {
                place += _step.Vector;
                length = Math.Min(LargestStep, 1.3 * length);
            }
            else if (Escape(place, radius) is { } higher)
            {
                place = higher;
                length = FirstStep;
            }
            else
            {
                break;
            }

            radius = surfaces.DistanceAt(place, _work);
        }

        return (place, radius);
    }

    /// <summary>A higher place beside a level one, across the directions of the atoms that hold the sphere; null: it is a maximum.</summary>
    private Point3? Escape(Point3 place, double radius)
    {
        var held = _step.Support;
        Point3? best = null;
        var highest = radius + EscapeGain;
        foreach (var direction in FreeDirections(held))
        {
            var trial = place + EscapeStep * direction;
            var value = surfaces.DistanceAt(trial, _work);
            if (value > highest)
            {
                (best, highest) = (trial, value);
            }
        }

        return best;
    }

    private static IEnumerable<Point3> FreeDirections(IReadOnlyList<Point3> held)
    {
        if (held.Count == 2)
        {
            var first = held[0].Perpendicular();
            var second = held[0].Cross(first);
            const int around = 8;
            for (var k = 0; k < around; k++)
            {
                yield return Math.Cos(2 * Math.PI * k / around) * first + Math.Sin(2 * Math.PI * k / around) * second;
            }
        }
        else if (held.Count == 3)
        {
            var normal = held[0].Cross(held[1]);
            if (normal.Length < 1e-9)
            {
                normal = held[1].Cross(held[2]);
            }

            if (normal.Length > 1e-9)
            {
                yield return 1 / normal.Length * normal;
                yield return -1 / normal.Length * normal;
            }
        }
    }
}
