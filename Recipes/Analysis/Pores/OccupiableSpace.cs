namespace MofInterop.Analysis.Pores;

/// <summary>
/// Whether a probe can cover a place (with any of its points, not only its centre), exactly. Not thread-safe.
/// </summary>
/// <remarks>
/// The probe's centre must be within its radius of the place and outside the spheres R_i + r round all atoms. If there is such a centre, one of these is one: the
/// points of those spheres nearest to the place, of the circles in which two of them meet, and the points in which three of them meet.
/// </remarks>
internal sealed class OccupiableSpace(AtomSurfaces surfaces, ProbeAccess access)
{
    private const double Touching = 1e-9;
    private readonly NearbyAtoms _near = new();
    private readonly SphereGrowth _growth = new(surfaces);
    private readonly List<(int First, int Second, Point3 Center, Point3 Axis, double Radius)> _circles = [];
    private ProbePlace _found;

    /// <summary>How a place outside the atoms can be covered at best.</summary>
    public ProbePlace At(Point3 place)
    {
        var radius = access.Radius;
        surfaces.Gather(place, 2 * radius, _near);
        _found = ProbePlace.Blocked;
        for (var i = 0; i < _near.Count; i++)
        {
            var away = place - _near.Position(i);
            var length = away.Length;
            if (length > 1e-12 && Try(_near.Position(i) + ((_near.Radius[i] + radius) / length) * away))
            {
                return _found;
            }
        }

        _ = TryCircles(place, radius) || TryCorners(place, radius);
        return _found;
    }

    private bool TryCircles(Point3 place, double radius)
    {
        _circles.Clear();
        for (var i = 0; i < _near.Count; i++)
        {
            for (var j = i + 1; j < _near.Count; j++)
            {
                double ri = _near.Radius[i] + radius, rj = _near.Radius[j] + radius;
                var between = _near.Position(j) - _near.Position(i);
                var length = between.Length;
                if (length >= ri + rj || length <= Math.Abs(ri - rj))
                {
                    continue;
                }

                var axis = 1 / length * between;
                var along = (length * length + ri * ri - rj * rj) / (2 * length);
                var circle = Math.Sqrt(Math.Max(0, ri * ri - along * along));
                var center = _near.Position(i) + along * axis;
                var apart = place - center;
                var inPlane = apart - apart.Dot(axis) * axis;
                var sideways = inPlane.Length;
                var nearest = sideways > 1e-12 ? center + (circle / sideways) * inPlane : center + circle * axis.Perpendicular();
                if ((nearest - place).Length > radius)
                {
                    continue;
                }

                if (Try(nearest))
                {
                    return true;
                }

                _circles.Add((i, j, center, axis, circle));
            }
        }

        return false;
    }

    private bool TryCorners(Point3 place, double radius)
    {
        foreach (var (first, second, center, axis, circle) in _circles)
        {
            for (var k = second + 1; k < _near.Count; k++)
            {
                // On the circle: center + circle·(cos φ·u + sin φ·v); on the third sphere: (third − center)·x = a known number.
                var apart = _near.Position(k) - center;
                var third = _near.Radius[k] + radius;
                var inPlane = apart - apart.Dot(axis) * axis;
                var length = inPlane.Length;
                var cosine = (apart.Dot(apart) + circle * circle - third * third) / (2 * circle * length);
                if (length < 1e-12 || Math.Abs(cosine) > 1)
                {
                    continue;
                }

                var u = 1 / length * inPlane;
                var v = axis.Cross(u);
                var sine = Math.Sqrt(1 - cosine * cosine);
                for (var sign = -1; sign <= 1; sign += 2)
                {
                    var corner = center + circle * cosine * u + sign * circle * sine * v;
                    if ((corner - place).Length <= radius && Try(corner))
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    /// <summary>True when nothing better can be found.</summary>
    private bool Try(Point3 center)
    {
        for (var i = 0; i < _near.Count; i++)
        {
            if (_near.DistanceTo(i, center) < access.Radius - Touching)
            {
                return false;
            }
        }

        _found = access.At(center, _growth);
        return _found == ProbePlace.Accessible;
    }
}
