using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>
/// Least squares for y = Σ c_k·f_k with given functions, with the covariance of the coefficients, and errors of whatever follows from them by linear propagation. W. H. Press and co-workers,
/// Numerical Recipes, chapter "General Linear Least Squares".
/// </summary>
/// <param name="Coefficients">c_k.</param>
/// <param name="Covariance">[k, j]; NaN where neither errors nor more points than coefficients tell it.</param>
/// <param name="ChiSquared">Σ((y−f)/σ)²; the sum of squares of residuals where points have no errors.</param>
public sealed record LinearModel(IReadOnlyList<double> Coefficients, double[,] Covariance, double ChiSquared)
{
    private const double DifferenceStep = 1e-6;

    /// <summary>Fits. With errors of the points (all positive and finite) these are weights 1/σ²; without, all points weigh alike and their scatter gives the errors.</summary>
    /// <param name="functions">Rows f_k of each point.</param>
    /// <param name="y">With errors, or NaN as the error.</param>
    /// <exception cref="MofException">The points do not determine the coefficients (InvalidArgument).</exception>
    public static LinearModel Of(IReadOnlyList<double[]> functions, IReadOnlyList<Estimate> y)
    {
        ArgumentNullException.ThrowIfNull(functions);
        ArgumentNullException.ThrowIfNull(y);
        var count = functions.Count == 0 ? 0 : functions[0].Length;
        if (functions.Count != y.Count || y.Count < count || count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{count} coefficients are to be fitted to {y.Count} points", expected: "at least as many points, each with its functions");
        }

        var known = y.All(value => value.Error > 0 && double.IsFinite(value.Error));
        double Weight(int row) => known ? 1 / y[row].Error : 1;

        // Columns of one length: powers of volumes differ by orders of magnitude.
        double[] scales = [.. Enumerable.Range(0, count).Select(k => Math.Sqrt(functions.Sum(row => row[k] * row[k])))];
        var design = Matrix<double>.Build.Dense(y.Count, count, (row, k) => Weight(row) * functions[row][k] / scales[k]);
        var target = Vector<double>.Build.Dense(y.Count, row => Weight(row) * y[row].Value);
        var decomposition = design.Svd();
        if (!(decomposition.S[^1] > 1e-13 * decomposition.S[0]))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the points do not determine {count} coefficients", expected: "values at different places");
        }

        var solution = decomposition.Solve(target);
        var chiSquared = (design * solution - target).PointwisePower(2).Sum();
        var free = y.Count - count;
        var variance = known ? 1 : free > 0 ? chiSquared / free : double.NaN;
        var covariance = new double[count, count];
        for (var k = 0; k < count; k++)
        {
            for (var j = 0; j < count; j++)
            {
                var sum = Enumerable.Range(0, count).Sum(s => decomposition.VT[s, k] * decomposition.VT[s, j] / (decomposition.S[s] * decomposition.S[s]));
                covariance[k, j] = variance * sum / (scales[k] * scales[j]);
            }
        }

        return new LinearModel([.. solution.Select((value, k) => value / scales[k])], covariance, chiSquared);
    }

    /// <summary>A function of the coefficients with its error by linear propagation, the derivatives taken by small differences.</summary>
    public Estimate Propagate(Func<IReadOnlyList<double>, double> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var count = Coefficients.Count;
        var gradient = new double[count];
        for (var k = 0; k < count; k++)
        {
            // In units of the coefficient's own error where there is one: then the difference is of the size that matters.
            var error = Math.Sqrt(Covariance[k, k]);
            var step = double.IsFinite(error) && error > 0 ? 1e-3 * error : DifferenceStep * Math.Max(Math.Abs(Coefficients[k]), 1e-30);
            double[] up = [.. Coefficients], down = [.. Coefficients];
            up[k] += step;
            down[k] -= step;
            gradient[k] = (function(up) - function(down)) / (up[k] - down[k]);
        }

        var variance = 0.0;
        for (var k = 0; k < count; k++)
        {
            for (var j = 0; j < count; j++)
            {
                variance += gradient[k] * gradient[j] * Covariance[k, j];
            }
        }

        return new Estimate(function(Coefficients), Math.Sqrt(Math.Max(0, variance)));
    }
}
