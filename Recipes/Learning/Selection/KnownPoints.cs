namespace MofInterop.Learning;

/// <summary>Points that are known already, and the distance of others to the nearest: the root mean square difference of coordinates in units of their standard deviation over the points at the start.</summary>
public sealed class KnownPoints
{
    private readonly CoordinateScale _scale;
    private readonly List<double[]> _points = [];

    /// <summary>Takes the scale of each coordinate from points and knows them; coordinates that do not vary do not count.</summary>
    /// <exception cref="Potentials.Errors.MofException">No points, or points of different lengths.</exception>
    public KnownPoints(IReadOnlyList<double[]> points)
    {
        _scale = new CoordinateScale(points);
        _points.AddRange(points.Select(_scale.Scaled));
    }

    /// <summary>Makes a point known.</summary>
    public void Add(double[] point) => _points.Add(_scale.Scaled(point));

    /// <summary>To the nearest known point. Safe for concurrent use while nothing is added.</summary>
    public double Distance(double[] point)
    {
        var scaled = _scale.Scaled(point);
        var nearest = double.PositiveInfinity;
        foreach (var known in _points)
        {
            nearest = Math.Min(nearest, CoordinateScale.Between(known, scaled));
        }

        return nearest;
    }
}
