using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>A polynomial Σ c_k·(x−x₀)^k by least squares, with the covariance of its coefficients. W. H. Press and co-workers, Numerical Recipes, chapter "General Linear Least Squares".</summary>
public sealed class PolynomialFit
{
    private readonly double[,] _covariance;
    private readonly double[] _coefficients;

    private PolynomialFit(double center, double[] coefficients, double[,] covariance, double chiSquared)
    {
        Center = center;
        _coefficients = coefficients;
        _covariance = covariance;
        ChiSquared = chiSquared;
    }

    /// <summary>x₀.</summary>
    public double Center { get; }

    /// <summary>Σ((y−f)/σ)²; the sum of squares of residuals where points have no errors.</summary>
    public double ChiSquared { get; }

    /// <summary>c_k with its error; c₀ is the value and c₁ the slope at x₀.</summary>
    public Estimate this[int power] => new(_coefficients[power], Math.Sqrt(_covariance[power, power]));

    /// <summary>
    /// Fits. With errors of the points (all positive and finite) these are weights 1/σ²; without, all points weigh alike and their scatter gives the errors (NaN where the polynomial goes through all points).
    /// </summary>
    /// <param name="x">One a point.</param>
    /// <param name="y">With errors, or NaN as the error.</param>
    /// <param name="order">Highest power.</param>
    /// <param name="center">x₀.</param>
    /// <exception cref="MofException">Fewer different x than coefficients (InvalidArgument).</exception>
    public static PolynomialFit Of(IReadOnlyList<double> x, IReadOnlyList<Estimate> y, int order, double center)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count || order < 0 || x.Distinct().Count() <= order)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"no polynomial of order {order} through {x.Count} points", expected: $"values at {order + 1} different places or more");
        }

        // Relative to the first value: lattice parameters differ in the fourth digit.
        var model = LinearModel.Of([.. x.Select(value => Enumerable.Range(0, order + 1).Select(power => Math.Pow(value - center, power)).ToArray())], [.. y.Select(value => value with { Value = value.Value - y[0].Value })]);
        double[] coefficients = [.. model.Coefficients];
        coefficients[0] += y[0].Value;
        return new PolynomialFit(center, coefficients, model.Covariance, model.ChiSquared);
    }

    /// <summary>The value at a place.</summary>
    public double At(double x) => _coefficients.Select((coefficient, power) => coefficient * Math.Pow(x - Center, power)).Sum();

    /// <summary>c₁/c₀: the logarithmic derivative at x₀, with its error by linear propagation of the covariance.</summary>
    public Estimate LogarithmicSlope()
    {
        double value = _coefficients[0], slope = _coefficients[1];
        double dValue = -slope / (value * value), dSlope = 1 / value;
        var variance = dValue * dValue * _covariance[0, 0] + dSlope * dSlope * _covariance[1, 1] + 2 * dValue * dSlope * _covariance[0, 1];
        return new Estimate(slope / value, Math.Sqrt(variance));
    }
}
