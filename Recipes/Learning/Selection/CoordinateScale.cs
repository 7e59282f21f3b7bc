using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>
/// Distances between points: the root mean square difference of coordinates, each in units of its standard deviation over a set of points. Coordinates that do not vary there do not
/// count.
/// </summary>
internal sealed class CoordinateScale
{
    // A coordinate that varies less than this part of its size varies by rounding.
    private const double Constant = 1e-9;

    private readonly List<(int Place, double Scale)> _kept = [];

    /// <summary>Takes the scale of each coordinate from points.</summary>
    /// <exception cref="MofException">No points, or points of different lengths.</exception>
    public CoordinateScale(IReadOnlyList<double[]> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0 || points.Any(point => point.Length != points[0].Length))
        {
            throw new MofException(ErrorKind.InvalidArgument, "farthest-point sampling of no points or of points of different lengths", expected: "points of one length");
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
    }

    /// <summary>A point in the units of distances.</summary>
    public double[] Scaled(double[] point) => [.. _kept.Select(one => point[one.Place] * one.Scale)];

    /// <summary>Distance of two scaled points.</summary>
    public static double Between(double[] a, double[] b)
    {
        double sum = 0;
        for (var c = 0; c < a.Length; c++)
        {
            sum += (a[c] - b[c]) * (a[c] - b[c]);
        }

        return a.Length == 0 ? 0 : Math.Sqrt(sum / a.Length);
    }
}
