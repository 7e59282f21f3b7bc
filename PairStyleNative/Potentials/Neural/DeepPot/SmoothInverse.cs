namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>s(r) of DeePMD-kit (source/lib/include/switcher.h, <c>spline5_switch</c>): 1/r, going smoothly to zero.</summary>
/// <param name="from">Where it departs from 1/r, Å.</param>
/// <param name="to">Where it, its slope and its curvature have become zero, Å.</param>
internal readonly struct SmoothInverse(double from, double to)
{
    /// <summary>s, 1/Å, and ds/dr, 1/Å².</summary>
    public (double Value, double Slope) At(double r)
    {
        var inverse = 1 / r;
        if (r >= to)
        {
            return (0, 0);
        }

        if (r < from)
        {
            return (inverse, -inverse * inverse);
        }

        double width = 1 / (to - from), u = (r - from) * width;
        var polynomial = u * u * u * (u * (15 - 6 * u) - 10) + 1;
        var slope = -30 * u * u * (u - 1) * (u - 1) * width;
        return (polynomial * inverse, (slope - polynomial * inverse) * inverse);
    }
}
