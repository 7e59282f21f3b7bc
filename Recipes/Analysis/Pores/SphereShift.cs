namespace MofInterop.Analysis.Pores;

/// <summary>
/// Moves the centre of a sphere in smaller and smaller steps to where it is larger, as long as it covers a place: from a grid point to between grid points. Not thread-safe.
/// </summary>
internal sealed class SphereShift(AtomSurfaces surfaces)
{
    private const double SmallestStep = 0.01;

    // No further than this many first steps.
    private const int Reach = 4;

    private static readonly Point3[] _directions =
    [
        .. from a in new[] { -1, 0, 1 }
           from b in new[] { -1, 0, 1 }
           from c in new[] { -1, 0, 1 }
           where a != 0 || b != 0 || c != 0
           let length = Math.Sqrt(a * a + b * b + c * c)
           select new Point3(a / length, b / length, c / length),
    ];

    private readonly NearbyAtoms _near = new();

    /// <summary>The distance field at a place, Å.</summary>
    public double RadiusAt(Point3 place) => surfaces.DistanceAt(place, _near);

    /// <summary>Radius of the larger sphere, Å.</summary>
    /// <param name="covered">It stays in the sphere.</param>
    /// <param name="center">Of a sphere that covers it.</param>
    /// <param name="step">How far the first steps go, Å.</param>
    public double Grow(Point3 covered, Point3 center, double step)
    {
        var start = center;
        var limit = Reach * step;
        surfaces.Gather(start, surfaces.DistanceAt(start, _near) + 2 * limit, _near);
        var radius = _near.DistanceTo(start);
        while (step > SmallestStep)
        {
            var (best, place) = (radius, center);
            foreach (var direction in _directions)
            {
                var trial = center + step * direction;
                var value = (trial - start).Length <= limit ? _near.DistanceTo(trial) : 0;
                (best, place) = value > best && (trial - covered).Length <= value ? (value, trial) : (best, place);
            }

            step = best > radius ? step : step / 2;
            (radius, center) = (best, place);
        }

        return radius;
    }
}
