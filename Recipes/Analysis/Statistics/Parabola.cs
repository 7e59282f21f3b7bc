namespace MofInterop.Analysis;

/// <summary>The parabola through three points at equal distances.</summary>
internal static class Parabola
{
    /// <summary>Place and height of its extremum; the middle point where the three lie on a line.</summary>
    /// <param name="x">Place of the middle point.</param>
    /// <param name="step">Distance of the points.</param>
    /// <param name="left">Value before it.</param>
    /// <param name="middle">Its value.</param>
    /// <param name="right">Value behind it.</param>
    public static (double X, double Y) Top(double x, double step, double left, double middle, double right)
    {
        var curvature = left - 2 * middle + right;
        if (curvature == 0)
        {
            return (x, middle);
        }

        var shift = 0.5 * (left - right) / curvature;
        return (x + shift * step, middle - 0.25 * (left - right) * shift);
    }
}
