using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>
/// A straight line y = intercept + slope·x by least squares, with errors. W. H. Press and co-workers, Numerical Recipes, chapter "Fitting Data to a Straight Line".
/// </summary>
/// <param name="Slope">Unit of y over unit of x.</param>
/// <param name="Intercept">Unit of y.</param>
/// <param name="ChiSquared">Σ((y−f)/σ)²; the sum of squares of residuals where points have no errors.</param>
/// <param name="Points">How many were fitted.</param>
public sealed record LinearFit(Estimate Slope, Estimate Intercept, double ChiSquared, int Points)
{
    /// <summary>
    /// Fits. With errors of the points (all positive and finite) these are weights 1/σ² and give the errors of slope and intercept; without, all points weigh alike and their
    /// scatter round the line gives the errors (NaN for two points).
    /// </summary>
    /// <param name="x">One a point.</param>
    /// <param name="y">One a point.</param>
    /// <param name="errors">Standard error of each y; null or with a value that is not positive and finite: unknown.</param>
    /// <exception cref="MofException">Fewer than two points or one x only (InvalidArgument).</exception>
    public static LinearFit Of(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<double>? errors = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count < 2 || y.Count != x.Count || (errors is not null && errors.Count != x.Count) || x.All(value => value == x[0]))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"no straight line through {x.Count} points", expected: "two points or more at different x, with as many y and errors");
        }

        var known = errors is not null && errors.All(error => error > 0 && double.IsFinite(error));
        double Weight(int k) => known ? 1 / (errors![k] * errors[k]) : 1;
        double weights = 0, meanX = 0, meanY = 0;
        for (var k = 0; k < x.Count; k++)
        {
            weights += Weight(k);
            meanX += Weight(k) * x[k];
            meanY += Weight(k) * y[k];
        }

        meanX /= weights;
        meanY /= weights;
        double xx = 0, xy = 0;
        for (var k = 0; k < x.Count; k++)
        {
            xx += Weight(k) * (x[k] - meanX) * (x[k] - meanX);
            xy += Weight(k) * (x[k] - meanX) * (y[k] - meanY);
        }

        var slope = xy / xx;
        var intercept = meanY - slope * meanX;
        var chiSquared = 0.0;
        for (var k = 0; k < x.Count; k++)
        {
            var rest = y[k] - intercept - slope * x[k];
            chiSquared += Weight(k) * rest * rest;
        }

        var variance = known ? 1 : x.Count > 2 ? chiSquared / (x.Count - 2) : double.NaN;
        return new LinearFit(new Estimate(slope, Math.Sqrt(variance / xx)), new Estimate(intercept, Math.Sqrt(variance * (1 / weights + meanX * meanX / xx))), chiSquared, x.Count);
    }

    /// <summary>The line at a place.</summary>
    public double At(double x) => Intercept.Value + Slope.Value * x;
}
