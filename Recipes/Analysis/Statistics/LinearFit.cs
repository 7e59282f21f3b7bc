using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>
/// A straight line y = intercept + slope·x by least squares, with errors: a <see cref="PolynomialFit"/> of order 1 about 0.
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

        var fit = PolynomialFit.Of(x, [.. y.Select((value, k) => new Estimate(value, errors?[k] ?? double.NaN))], order: 1, center: 0);
        return new LinearFit(fit[1], fit[0], fit.ChiSquared, x.Count);
    }

    /// <summary>The line at a place.</summary>
    public double At(double x) => Intercept.Value + Slope.Value * x;
}
