namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>What the environment of an atom is made of.</summary>
/// <param name="Value">s, 1/Å.</param>
/// <param name="Slope">ds/dr, 1/Å².</param>
/// <param name="Weight">w, which goes from 1 to 0.</param>
/// <param name="WeightSlope">dw/dr, 1/Å.</param>
internal readonly record struct SmoothInverseValues(double Value, double Slope, double Weight, double WeightSlope);

/// <summary>s(r) of DeePMD-kit (source/lib/include/switcher.h, <c>spline5_switch</c>): w(r)/(r + protection), going smoothly to zero.</summary>
/// <param name="from">Where it departs from 1/(r + protection), Å.</param>
/// <param name="to">Where it, its slope and its curvature have become zero, Å.</param>
/// <param name="protection">Å.</param>
internal readonly struct SmoothInverse(double from, double to, double protection)
{
    /// <summary>Its value at a distance, Å.</summary>
    public SmoothInverseValues At(double r)
    {
        var inverse = 1 / (r + protection);
        if (r >= to)
        {
            return default;
        }

        if (r < from)
        {
            return new SmoothInverseValues(inverse, -inverse * inverse, 1, 0);
        }

        double width = 1 / (to - from), u = (r - from) * width;
        var weight = u * u * u * (u * (15 - 6 * u) - 10) + 1;
        var slope = -30 * u * u * (u - 1) * (u - 1) * width;
        return new SmoothInverseValues(weight * inverse, (slope - weight * inverse) * inverse, weight, slope);
    }
}
