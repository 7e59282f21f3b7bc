namespace MofInterop.Learning;

/// <summary>Points that are known already, and the distance of others to the nearest: the root mean square difference of coordinates in units of their standard deviation over the points at the start.</summary>
public sealed class KnownPoints
{
    // A coordinate that varies less than this part of its size varies by rounding.
    private const double Constant = 1e-9;

    private readonly List<double[]> _points = [];
    private readonly List<(int Place, double Scale)> _kept = [];

    /// <summary>Takes the scale of each coordinate from points and knows them; coordinates that do not vary do not count.</summary>
    /// <exception cref="Potentials.Errors.MofException">No points, or points of different lengths.</exception>
    public KnownPoints(IReadOnlyList<double[]> points, bool add = true)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0 || points.Any(point => point.Length != points[0].Length))
        {
            throw new Potentials.Errors.MofException(Potentials.Errors.ErrorKind.InvalidArgument, "farthest-point sampling of no points or of points of different lengths", expected: "points of one length");
        }

        for (var c = 0; c < points[0].Length; c++)
        {
            var mean = points.Average(point => point[c]);
            var spread = Math.Sqrt(points.Average(point => (point[c] - mean) * (point[c] - mean)));
            if (spread > Constant * Math.Max(1, Math.Abs(mean)))
            {
                _kept.Add((c, 1 / spread));
            }
        }

        if (add)
        {
            _points.AddRange(points.Select(Scaled));
        }
    }

    /// <summary>Makes a point known.</summary>
    public void Add(double[] point) => _points.Add(Scaled(point));

    /// <summary>To the nearest known point; infinite where none is known. Safe for concurrent use while nothing is added.</summary>
    public double Distance(double[] point)
    {
        var scaled = Scaled(point);
        var nearest = double.PositiveInfinity;
        foreach (var known in _points)
        {
            nearest = Math.Min(nearest, Between(known, scaled));
        }

        return nearest;
    }

    /// <summary>A point in the units of distances.</summary>
    internal double[] Scaled(double[] point) => [.. _kept.Select(one => point[one.Place] * one.Scale)];

    /// <summary>Distance of two scaled points.</summary>
    internal static double Between(double[] a, double[] b)
    {
        double sum = 0;
        for (var c = 0; c < a.Length; c++)
        {
            sum += (a[c] - b[c]) * (a[c] - b[c]);
        }

        return a.Length == 0 ? 0 : Math.Sqrt(sum / a.Length);
    }
}
