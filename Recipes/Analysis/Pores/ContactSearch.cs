namespace MofInterop.Analysis.Pores;

/// <summary>A circle along which a probe touches two atoms.</summary>
/// <param name="Partner">The other atom.</param>
/// <param name="Center">Å.</param>
/// <param name="Axis">Unit vector.</param>
/// <param name="Radius">Å.</param>
internal readonly record struct ContactCircle(int Partner, Point3 Center, Point3 Axis, double Radius);

/// <summary>Circles and corners of the sphere R_i + r round one atom that no other atom covers. Each pair of atoms is looked at from one of the two only.</summary>
internal sealed class ContactSearch
{
    private readonly double _probe;
    private readonly NearbyAtoms _near;
    private readonly List<ContactCircle> _circles = [];
    private readonly List<Point3> _corners = [];
    private readonly List<(double From, double To)> _covered = [];

    /// <summary>Looks at an atom.</summary>
    /// <param name="surfaces">The atoms.</param>
    /// <param name="probe">Its radius, Å.</param>
    /// <param name="atom">Which one.</param>
    /// <param name="near">Overwritten.</param>
    /// <param name="obstacles">Overwritten.</param>
    public ContactSearch(AtomSurfaces surfaces, double probe, int atom, NearbyAtoms near, ProbeObstacles obstacles)
    {
        (_probe, _near) = (probe, near);
        var center = surfaces.Position(atom);
        var radius = surfaces.Radius(atom) + probe;
        surfaces.Gather(center, radius + probe, near);
        obstacles.Set(near);

        // A sphere without a free circle is free, or covered, as a whole.
        FreeByItself = obstacles.IsFree(center + new Point3(0, 0, radius));
        for (var other = 0; other < near.Count; other++)
        {
            var between = near.Position(other) - center;
            if (near.Index[other] > atom || (near.Index[other] == atom && IsPositive(between)))
            {
                Meet(center, radius, other, between);
            }
        }
    }

    /// <summary>Whether a certain place of the sphere is free.</summary>
    public bool FreeByItself { get; }

    public IReadOnlyList<ContactCircle> Circles => _circles;

    public IReadOnlyList<Point3> Corners => _corners;

    private static bool IsPositive(Point3 vector)
    {
        const double zero = 1e-9;
        return vector.X > zero || (vector.X > -zero && (vector.Y > zero || (vector.Y > -zero && vector.Z > zero)));
    }

    private void Meet(Point3 center, double radius, int other, Point3 between)
    {
        var partner = _near.Radius[other] + _probe;
        var length = between.Length;
        if (length >= radius + partner || length <= Math.Abs(radius - partner))
        {
            return;
        }

        var axis = 1 / length * between;
        var along = (length * length + radius * radius - partner * partner) / (2 * length);
        var circle = Math.Sqrt(Math.Max(0, radius * radius - along * along));
        var middle = center + along * axis;
        var first = axis.Perpendicular();
        var second = axis.Cross(first);
        if (!FindCovered(middle, axis, circle, first, second))
        {
            return;
        }

        var free = _covered.Count == 0;
        if (!free)
        {
            _covered.Sort();
            var end = _covered.Max(arc => arc.To) - 2 * Math.PI;
            foreach (var (from, to) in _covered)
            {
                if (from > end)
                {
                    free = true;
                    _corners.Add(At(end));
                    _corners.Add(At(from));
                }

                end = Math.Max(end, to);
            }
        }

        if (free)
        {
            _circles.Add(new ContactCircle(_near.Index[other], middle, axis, circle));
        }

        Point3 At(double angle) => middle + circle * Math.Cos(angle) * first + circle * Math.Sin(angle) * second;
    }

    /// <summary>The arcs of a circle that atoms cover; false: all of it.</summary>
    private bool FindCovered(Point3 middle, Point3 axis, double circle, Point3 first, Point3 second)
    {
        _covered.Clear();
        for (var k = 0; k < _near.Count; k++)
        {
            // Covered where |place − atom|² = apart² + circle² − 2·circle·inPlane·cos(angle) is less than covering².
            var covering = _near.Radius[k] + _probe - ProbeObstacles.Touching;
            var apart = _near.Position(k) - middle;
            var (x, y, z) = (apart.Dot(first), apart.Dot(second), apart.Dot(axis));
            var least = x * x + y * y + z * z + circle * circle - covering * covering;
            var most = 2 * circle * Math.Sqrt(x * x + y * y);
            if (least >= most)
            {
                continue;
            }

            if (least < -most)
            {
                return false;
            }

            var half = Math.Acos(Math.Clamp(least / most, -1, 1));
            var from = Math.Atan2(y, x) - half;
            from = from < 0 ? from + 2 * Math.PI : from;
            _covered.Add((from, from + 2 * half));
        }

        return true;
    }
}
