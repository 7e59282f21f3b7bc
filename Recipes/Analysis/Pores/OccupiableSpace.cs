namespace MofInterop.Analysis.Pores;

/// <summary>
/// Whether a probe can cover a place (with any of its points, not only its centre), exactly. Not thread-safe.
/// </summary>
/// <remarks>
/// The grid decides most places: a sphere round a grid point that just touches the nearest atom is covered by probes inside it, and a centre has a grid point beside it.
/// For the others: the probe's centre must be within its radius of the place and outside the spheres R_i + r round all atoms. If there is such a centre, one
/// of these is one: the points of those spheres nearest to the place, of the circles in which two of them meet, and the points in which three of them meet.
/// </remarks>
internal sealed class OccupiableSpace(AtomSurfaces surfaces, SurfaceGrid grid, ProbeAccess access, GridBall ball)
{
    private const double Touching = 1e-9;
    private readonly NearbyAtoms _near = new();
    private readonly SphereGrowth _growth = new(surfaces);
    private readonly List<(int First, int Second, Point3 Center, Point3 Axis, double Radius)> _circles = [];
    private bool[] _meet = [];
    private ProbePlace _found;

    /// <summary>The ball of grid points that decides a place.</summary>
    public static GridBall BallFor(SurfaceGrid grid, double probe) => new(grid, probe + grid.HalfDiagonal);

    /// <summary>How a grid point outside the atoms, at which the probe's centre cannot be, can be covered at best.</summary>
    public ProbePlace At(int index)
    {
        var (a, b, c) = grid.Split(index);
        var radius = (float)access.Radius;
        var possible = radius - (float)grid.HalfDiagonal;
        if (CoveredUphill(a, b, c, index))
        {
            return _found;
        }

        var undecided = false;
        var inside = ball.IsInside(a, b, c);
        _found = ProbePlace.Blocked;
        for (var k = 0; k < ball.Count; k++)
        {
            var other = inside ? index + ball.Flat(k) : ball.Index(a, b, c, k);
            var value = grid.Values[other];
            if (value < possible)
            {
                continue;
            }

            undecided = true;
            if (value >= radius && ball.Distance(k) <= value)
            {
                _found = access.AtGridPoint(other);
                if (_found == ProbePlace.Accessible || access.ChannelDimensions.Count == 0)
                {
                    return _found;
                }
            }
        }

        return undecided ? Exactly(grid.Position(index)) : ProbePlace.Blocked;
    }

    /// <summary>Most places are covered by a probe straight away from the nearest atom; the slope of the grid tells where that is.</summary>
    private bool CoveredUphill(int a, int b, int c, int index)
    {
        var value = grid.Values[index];
        var slope = grid.Gradient(
            Value(a + 1, b, c) - Value(a - 1, b, c), Value(a, b + 1, c) - Value(a, b - 1, c), Value(a, b, c + 1) - Value(a, b, c - 1));
        var steepness = slope.Length;
        if (steepness < 0.1)
        {
            return false;
        }

        var away = ((access.Radius - value + 1.5 * grid.HalfDiagonal) / steepness) * slope;
        var (fa, fb, fc) = surfaces.Cell.ToFractional(away.X, away.Y, away.Z);
        var (da, db, dc) = ((int)Math.Round(fa * grid.Counts[0]), (int)Math.Round(fb * grid.Counts[1]), (int)Math.Round(fc * grid.Counts[2]));
        var other = grid.WrappedIndex(a + da, b + db, c + dc);
        if (grid.Values[other] < access.Radius || grid.Position(da, db, dc).Length > grid.Values[other])
        {
            return false;
        }

        _found = access.AtGridPoint(other);
        return _found == ProbePlace.Accessible;

        float Value(int i, int j, int k) => grid.Values[grid.WrappedIndex(i, j, k)];
    }

    private ProbePlace Exactly(Point3 place)
    {
        surfaces.Gather(place, 2 * access.Radius, _near);

        // The nearest atoms are those that a centre overlaps with, if it does with any.
        _near.SortByDistanceTo(place);
        _ = TrySpheres(place, access.Radius) || TryCircles(place, access.Radius) || TryCorners(place, access.Radius);
        return _found;
    }

    private bool TrySpheres(Point3 place, double radius)
    {
        for (var i = 0; i < _near.Count; i++)
        {
            var away = place - _near.Position(i);
            var length = away.Length;
            if (length > 1e-12 && Try(_near.Position(i) + ((_near.Radius[i] + radius) / length) * away))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryCircles(Point3 place, double radius)
    {
        _circles.Clear();
        _meet = _meet.Length >= _near.Count * _near.Count ? _meet : new bool[_near.Count * _near.Count];
        Array.Clear(_meet);
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
                _meet[i * _near.Count + j] = true;
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
                // Where all three meet, each two do, no further away.
                if (!_meet[first * _near.Count + k] || !_meet[second * _near.Count + k])
                {
                    continue;
                }

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
            double dx = _near.X[i] - center.X, dy = _near.Y[i] - center.Y, dz = _near.Z[i] - center.Z;
            var least = _near.Radius[i] + access.Radius - Touching;
            if (dx * dx + dy * dy + dz * dz < least * least)
            {
                return false;
            }
        }

        _found = access.At(center, _growth);
        return _found == ProbePlace.Accessible;
    }
}
