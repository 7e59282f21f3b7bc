namespace MofInterop.Analysis.Pores;

/// <summary>A place where a sphere just passes between three atoms.</summary>
/// <param name="Position">Its centre, in the plane of the atoms.</param>
/// <param name="Radius">Å.</param>
/// <param name="Normal">Of the plane, a unit vector.</param>
internal readonly record struct Window(Point3 Position, double Radius, Point3 Normal);

/// <summary>
/// Finds windows, the saddles of the distance field where pores join: points in the plane of three atoms, as far from each of the three surfaces, inside their
/// triangle, and no nearer to any other atom. All of them, to rounding.
/// </summary>
/// <remarks>
/// Box by box: at a window in a box the three atoms are the nearest, so from the box's centre they are no further than the nearest one plus the box's diagonal. A box
/// whose near atoms all lie on one side holds no window.
/// </remarks>
internal sealed class WindowSearch
{
    private const double BoxEdge = 0.5;
    private const double Touching = 1e-9;
    private const double OnEdge = 1e-9;

    // Symmetry likes windows at simple fractions; boxes are laid so that these are not at their borders.
    private const double FirstBox = 0.2371;

    private readonly AtomSurfaces _surfaces;
    private readonly int[] _counts = new int[3];
    private readonly double _halfDiagonal;

    public WindowSearch(AtomSurfaces surfaces)
    {
        _surfaces = surfaces;
        var rows = surfaces.Cell.Rows;
        var edges = new Point3[3];
        for (var k = 0; k < 3; k++)
        {
            var vector = new Point3(rows[3 * k], rows[3 * k + 1], rows[3 * k + 2]);
            _counts[k] = Math.Max(1, (int)Math.Ceiling(vector.Length / BoxEdge));
            edges[k] = 1.0 / _counts[k] * vector;
        }

        _halfDiagonal = 0.5 * new[] { edges[0] + edges[1] + edges[2], edges[0] + edges[1] - edges[2], edges[0] - edges[1] + edges[2], edges[1] + edges[2] - edges[0] }.Max(diagonal => diagonal.Length);
    }

    /// <summary>All windows of a cell that are wider than nothing; one at the border of two boxes may come twice.</summary>
    public IReadOnlyList<Window> FindAll(ParallelOptions parallel)
    {
        var found = new List<Window>[_counts[0]];
        Parallel.For(0, _counts[0], parallel, () => (Near: new NearbyAtoms(), Work: new NearbyAtoms()), (a, _, work) =>
        {
            found[a] = [];
            for (var b = 0; b < _counts[1]; b++)
            {
                for (var c = 0; c < _counts[2]; c++)
                {
                    FindInBox(((a + FirstBox) / _counts[0], (b + FirstBox) / _counts[1], (c + FirstBox) / _counts[2]), work.Near, work.Work, found[a]);
                }
            }

            return work;
        }, _ => { });
        return [.. found.SelectMany(windows => windows)];
    }

    private void FindInBox((double A, double B, double C) middle, NearbyAtoms near, NearbyAtoms work, List<Window> found)
    {
        var (x, y, z) = _surfaces.Cell.ToCartesian(middle.A, middle.B, middle.C);
        var center = new Point3(x, y, z);
        var distance = _surfaces.DistanceAt(center, work);
        if (distance < -_halfDiagonal)
        {
            return;
        }

        _surfaces.Gather(center, distance + 2 * _halfDiagonal + Touching, near);
        if (near.Count < 3 || OnOneSide(near, center))
        {
            return;
        }

        var first = found.Count;
        for (var i = 0; i < near.Count; i++)
        {
            for (var j = i + 1; j < near.Count; j++)
            {
                for (var k = j + 1; k < near.Count; k++)
                {
                    if (Between(near, i, j, k) is { Radius: > 0 } window && InBox(window.Position - center) && !Known(found, first, window))
                    {
                        found.Add(window);
                    }
                }
            }
        }
    }

    /// <summary>Whether there is a direction that leads away from all near atoms, from everywhere in the box.</summary>
    private bool OnOneSide(NearbyAtoms near, Point3 center)
    {
        var sum = default(Point3);
        for (var i = 0; i < near.Count; i++)
        {
            var away = center - near.Position(i);
            sum += 1 / away.Length * away;
        }

        var length = sum.Length;
        if (!(length > 1e-6))
        {
            return false;
        }

        for (var i = 0; i < near.Count; i++)
        {
            var away = center - near.Position(i);

            // Anywhere in the box the vector from the atom differs by at most half of the diagonal.
            if (!(away.Dot(sum) / length > _halfDiagonal))
            {
                return false;
            }
        }

        return true;
    }

    private bool InBox(Point3 fromCenter)
    {
        var (a, b, c) = _surfaces.Cell.ToFractional(fromCenter.X, fromCenter.Y, fromCenter.Z);
        return Math.Abs(a * _counts[0]) <= 0.5 + OnEdge && Math.Abs(b * _counts[1]) <= 0.5 + OnEdge && Math.Abs(c * _counts[2]) <= 0.5 + OnEdge;
    }

    /// <summary>A window of more than three atoms comes with each three of them.</summary>
    private static bool Known(List<Window> found, int first, Window window)
    {
        for (var k = first; k < found.Count; k++)
        {
            if ((found[k].Position - window.Position).Length < 1e-6)
            {
                return true;
            }
        }

        return false;
    }

    private static Window? Between(NearbyAtoms near, int i, int j, int k)
    {
        // Plane coordinates with atom i at the origin and atom j on the first axis.
        var origin = near.Position(i);
        var toJ = near.Position(j) - origin;
        var toK = near.Position(k) - origin;
        var lengthJ = toJ.Length;
        var first = 1 / lengthJ * toJ;
        var along = toK.Dot(first);
        var off = toK - along * first;
        var height = off.Length;
        if (lengthJ < 1e-9 || height < 1e-9)
        {
            return null;
        }

        var second = 1 / height * off;
        double ri = near.Radius[i], rj = near.Radius[j], rk = near.Radius[k];

        // |x|² = (t+ri)², |x−p|² = (t+rp)² for p = j, k; differences are linear: x = a + b·t.
        var aX = (lengthJ * lengthJ + ri * ri - rj * rj) / (2 * lengthJ);
        var bX = (ri - rj) / lengthJ;
        var squareK = along * along + height * height;
        var aY = (squareK + ri * ri - rk * rk - 2 * along * aX) / (2 * height);
        var bY = (ri - rk - along * bX) / height;
        var (p, q, r) = (bX * bX + bY * bY - 1, aX * bX + aY * bY - ri, aX * aX + aY * aY - ri * ri);
        for (var sign = 1; sign >= -1; sign -= 2)
        {
            var t = Root(p, q, r, sign);
            if (!(t + ri > 0) || !(t + rj > 0) || !(t + rk > 0))
            {
                continue;
            }

            double x = aX + bX * t, y = aY + bY * t;
            if (!Inside(x, y, lengthJ, along, height))
            {
                continue;
            }

            var position = origin + x * first + y * second;
            if (near.DistanceTo(position) >= t - Touching)
            {
                return new Window(position, t, first.Cross(second));
            }
        }

        return null;
    }

    /// <summary>One of the solutions of p·t² + 2q·t + r = 0, or not a number.</summary>
    private static double Root(double p, double q, double r, int sign)
    {
        if (Math.Abs(p) < 1e-14)
        {
            return sign > 0 && Math.Abs(q) > 1e-14 ? -r / (2 * q) : double.NaN;
        }

        return (-q + sign * Math.Sqrt(q * q - p * r)) / p;
    }

    /// <summary>Whether the directions to the three atoms surround the point, which makes it a saddle: it cannot slip out in the plane.</summary>
    private static bool Inside(double x, double y, double lengthJ, double along, double height)
    {
        var atI = Turn(lengthJ - x, -y, along - x, height - y);
        var atJ = Turn(along - x, height - y, -x, -y);
        var atK = Turn(-x, -y, lengthJ - x, -y);
        const double tolerance = -1e-9;
        return atI >= tolerance && atJ >= tolerance && atK >= tolerance;

        static double Turn(double ux, double uy, double vx, double vy) => ux * vy - uy * vx;
    }
}
