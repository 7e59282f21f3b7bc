namespace MofInterop.Analysis.Pores;

/// <summary>A place where a sphere just passes between three atoms.</summary>
/// <param name="Position">Its centre, in the plane of the atoms.</param>
/// <param name="Radius">Å.</param>
/// <param name="Normal">Of the plane, a unit vector.</param>
internal readonly record struct Window(Point3 Position, double Radius, Point3 Normal);

/// <summary>
/// Finds windows, the saddles of the distance field where pores join: points in the plane of three atoms, as far from each of the three surfaces, inside their
/// triangle, and no nearer to any other atom. Exact. Not thread-safe.
/// </summary>
internal sealed class Windows(AtomSurfaces surfaces)
{
    private const double Touching = 1e-9;
    private readonly NearbyAtoms _near = new();
    private readonly NearbyAtoms _work = new();

    /// <summary>All windows within a distance of a place.</summary>
    /// <param name="place">Where to look.</param>
    /// <param name="reach">Å.</param>
    /// <param name="found">Receives them; windows of more than three atoms only once.</param>
    public void Find(Point3 place, double reach, List<Window> found)
    {
        found.Clear();

        // At the window the three are the nearest, at most d + reach away; seen from here they are at most 2·reach further than the nearest.
        surfaces.Gather(place, surfaces.DistanceAt(place, _work) + 2 * reach + Touching, _near);
        for (var i = 0; i < _near.Count; i++)
        {
            for (var j = i + 1; j < _near.Count; j++)
            {
                for (var k = j + 1; k < _near.Count; k++)
                {
                    if (Between(i, j, k, place, reach) is { } window && !found.Exists(other => (other.Position - window.Position).Length < 1e-6))
                    {
                        found.Add(window);
                    }
                }
            }
        }
    }

    private Window? Between(int i, int j, int k, Point3 place, double reach)
    {
        // Plane coordinates with atom i at the origin and atom j on the first axis.
        var origin = _near.Position(i);
        var toJ = _near.Position(j) - origin;
        var toK = _near.Position(k) - origin;
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
        double ri = _near.Radius[i], rj = _near.Radius[j], rk = _near.Radius[k];

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
            if ((position - place).Length <= reach && _near.DistanceTo(position) >= t - Touching)
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
