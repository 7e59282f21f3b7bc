namespace MofInterop.Learning;

/// <summary>A point that was taken.</summary>
/// <param name="Index">Its place among the candidates.</param>
/// <param name="Distance">To the nearest one taken before; infinite for the first.</param>
public readonly record struct FarthestPoint(int Index, double Distance);

/// <summary>
/// Farthest-point sampling: the next point is the one whose distance to the nearest of those taken is largest, the earliest of equals (T. F. Gonzalez,
/// Theor. Comput. Sci. 38 (1985) 293). A distance is the root mean square difference of coordinates, each divided by its standard deviation over
/// the candidates; coordinates that do not vary do not count. Deterministic; one pass over the candidates for each point taken.
/// </summary>
public static class FarthestPoints
{
    /// <summary>Takes points in order, beginning with a given one.</summary>
    /// <param name="points">The candidates, of one length.</param>
    /// <param name="first">Place of the first one taken.</param>
    /// <param name="count">How many, at most all.</param>
    /// <exception cref="Potentials.Errors.MofException">No candidates, or points of different lengths.</exception>
    public static IReadOnlyList<FarthestPoint> Take(IReadOnlyList<double[]> points, int first, int count)
    {
        ArgumentNullException.ThrowIfNull(points);
        var scale = new CoordinateScale(points);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)first, (uint)points.Count);
        double[][] scaled = [.. points.Select(scale.Scaled)];
        var nearest = new double[points.Count];
        Array.Fill(nearest, double.PositiveInfinity);
        var taken = new List<FarthestPoint>();
        for (var next = first; taken.Count < Math.Min(count, points.Count); next = Farthest(nearest))
        {
            taken.Add(new FarthestPoint(next, nearest[next]));

            // Never again, also not among points that are equal to those taken.
            nearest[next] = double.NegativeInfinity;
            for (var k = 0; k < nearest.Length; k++)
            {
                nearest[k] = Math.Min(nearest[k], CoordinateScale.Between(scaled[k], scaled[next]));
            }
        }

        return taken;
    }

    private static int Farthest(double[] nearest)
    {
        var best = 0;
        for (var k = 1; k < nearest.Length; k++)
        {
            best = nearest[k] > nearest[best] ? k : best;
        }

        return best;
    }
}
