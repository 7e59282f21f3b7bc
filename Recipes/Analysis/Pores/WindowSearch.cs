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
/// whose near atoms all lie on one side holds no window. Boxes with many near atoms are divided.
/// </remarks>
internal sealed class WindowSearch
{
    private const double BoxEdge = 2;
    private const double Touching = 1e-9;
    private const double OnEdge = 1e-9;
    private const int FewAtoms = 6;
    private const int MostDivisions = 6;

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
        var found = new List<Window>[_counts[0] * _counts[1] * _counts[2]];
        Parallel.For(0, found.Length, parallel, () => Enumerable.Range(0, MostDivisions + 2).Select(_ => new NearbyAtoms()).ToArray(), (box, _, work) =>
        {
            found[box] = [];
            FindInBox((box / _counts[2] / _counts[1] + FirstBox, box / _counts[2] % _counts[1] + FirstBox, box % _counts[2] + FirstBox), work, found[box]);
            return work;
        }, _ => { });
        return [.. found.SelectMany(windows => windows)];
    }

    private void FindInBox((double A, double B, double C) middle, NearbyAtoms[] work, List<Window> found)
    {
        var center = Center(middle);
        _surfaces.Gather(center, _surfaces.DistanceAt(center, work[0]) + 2 * _halfDiagonal + Touching, work[0]);
        FindInBox(middle, 0, work, found);
    }

    private Point3 Center((double A, double B, double C) middle)
    {
        var (x, y, z) = _surfaces.Cell.ToCartesian(middle.A / _counts[0], middle.B / _counts[1], middle.C / _counts[2]);
        return new Point3(x, y, z);
    }

    /// <param name="middle">Of the box, in first boxes along the cell vectors.</param>
    /// <param name="divisions">How often the first box was divided.</param>
    /// <param name="work">Atoms near the box that this one is a part of, at its number of divisions; those after it are overwritten.</param>
    /// <param name="found">Gets the windows.</param>
    private void FindInBox((double A, double B, double C) middle, int divisions, NearbyAtoms[] work, List<Window> found)
    {
        var edge = 1.0 / (1 << divisions);
        var halfDiagonal = edge * _halfDiagonal;
        var (center, near) = (Center(middle), work[divisions + 1]);
        var distance = work[divisions].DistanceTo(center);
        if (distance < -halfDiagonal)
        {
            return;
        }

        near.TakeWithin(work[divisions], center, distance + 2 * halfDiagonal + Touching);
        if (near.Count < 3 || OnOneSide(near, center, halfDiagonal))
        {
            return;
        }

        if (near.Count <= FewAtoms || divisions == MostDivisions)
        {
            FindBetween(near, center, edge, found);
            return;
        }

        for (var part = 0; part < 8; part++)
        {
            FindInBox((middle.A + edge * Side(part >> 2), middle.B + edge * Side(part >> 1 & 1), middle.C + edge * Side(part & 1)), divisions + 1, work, found);
        }

        static double Side(int upper) => upper == 0 ? -0.25 : 0.25;
    }

    private void FindBetween(NearbyAtoms near, Point3 center, double edge, List<Window> found)
    {
        var first = found.Count;
        for (var i = 0; i < near.Count; i++)
        {
            for (var j = i + 1; j < near.Count; j++)
            {
                for (var k = j + 1; k < near.Count; k++)
                {
                    if (Between(near, i, j, k) is { Radius: > 0 } window && InBox(window.Position - center, edge) && !Known(found, first, window))
                    {
                        found.Add(window);
                    }
                }
            }
        }
    }

    /// <summary>Whether there is a direction that leads away from all near atoms, from everywhere in the box.</summary>
    private static bool OnOneSide(NearbyAtoms near, Point3 center, double halfDiagonal)
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
            if (!(away.Dot(sum) / length > halfDiagonal))
            {
                return false;
            }
        }

        return true;
    }

    private bool InBox(Point3 fromCenter, double edge)
    {
        var (a, b, c) = _surfaces.Cell.ToFractional(fromCenter.X, fromCenter.Y, fromCenter.Z);
        var half = 0.5 * edge + OnEdge;
        return Math.Abs(a * _counts[0]) <= half && Math.Abs(b * _counts[1]) <= half && Math.Abs(c * _counts[2]) <= half;
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
