using MathNet.Numerics.LinearAlgebra;
using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>
/// Least squares by singular values: R·D⁻¹ = U·σ·Vᵀ, D the lengths of the columns, y = Σ v σ(u·c)/(σ² + α), x = D⁻¹y, where R and c are the
/// triangular factor of the weighted design matrix and Qᵀ of its labels. The same x as <see cref="RidgeFit"/>'s up to rounding, which here grows with the condition
/// number of the design matrix and there with its square. Directions whose σ is below a fraction of the largest are left out.
/// </summary>
/// <remarks>MathNet's own managed code on one thread: the same bits on every run. 2 s for 392 columns.</remarks>
internal static class SvdFit
{
    /// <summary>Solves.</summary>
    /// <param name="factor">R, its last column the labels.</param>
    /// <param name="ridge">α, of columns of unit length.</param>
    /// <param name="smallest">The fraction of the largest σ below which a direction is left out; null: columns·2⁻⁵².</param>
    /// <param name="rows">Rows that R stands for.</param>
    /// <param name="expectedDeficiency">See <see cref="FitCondition.ExpectedDeficiency"/>.</param>
    /// <exception cref="MofException">Nothing was accumulated, or the sums are not finite.</exception>
    public static RidgeSolution Solve(TriangularFactor factor, double ridge, double? smallest, long rows, int expectedDeficiency)
    {
        if (rows == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a fit without rows", expected: "at least one labelled configuration whose weights are above zero");
        }

        var columns = factor.ColumnCount - 1;
        var lengths = ColumnLengths(factor, columns);
        var scaled = Matrix<double>.Build.Dense(columns, columns, (i, j) => factor[i, j] / lengths[j]);
        var svd = scaled.Svd(computeVectors: true);
        double[] values = [.. svd.S];
        var fraction = Math.Max(smallest ?? 0, columns * Math.ScaleB(1, -52));
        var floor = fraction * values.Max();
        var along = svd.U.TransposeThisAndMultiply(Vector<double>.Build.Dense(columns, k => factor[k, columns]));
        for (var k = 0; k < columns; k++)
        {
            along[k] = values[k] <= floor ? 0 : along[k] * values[k] / (values[k] * values[k] + ridge);
        }

        var y = svd.VT.TransposeThisAndMultiply(along);
        double[] x = [.. y.Select((v, k) => v / lengths[k])];
        if (x.Any(v => !double.IsFinite(v)))
        {
            throw new MofException(ErrorKind.NumericalFailure, "the fit gave coefficients that are not finite", remedy: "Look at the labels and the weights.");
        }

        return new RidgeSolution(x, Describe(values, floor, ridge, rows, expectedDeficiency));
    }

    private static double[] ColumnLengths(TriangularFactor factor, int columns)
    {
        var lengths = new double[columns];
        for (var j = 0; j < columns; j++)
        {
            var square = 0.0;
            for (var i = 0; i <= j; i++)
            {
                square += factor[i, j] * factor[i, j];
            }

            if (!double.IsFinite(square))
            {
                throw new MofException(ErrorKind.NumericalFailure, "the factor of the design matrix is not finite", where: $"column {j}");
            }

            lengths[j] = square > 0 ? Math.Sqrt(square) : 1;
        }

        return lengths;
    }

    private static FitCondition Describe(double[] values, double floor, double ridge, long rows, int expectedDeficiency)
    {
        double[] within = [.. values.Where(v => v > floor).Select(v => v * v)];
        return new FitCondition
        {
            Columns = values.Length,
            Rows = rows,
            Rank = within.Length,
            ExpectedDeficiency = expectedDeficiency,
            ConditionNumber = within.Length > 0 ? within.Max() / within.Min() : double.PositiveInfinity,
            RegularizedConditionNumber = within.Length > 0 ? (within.Max() + ridge) / (within.Min() + ridge) : double.PositiveInfinity,
            Ridge = ridge,
            EffectiveCoefficients = within.Sum(v => v / (v + ridge)),
            WorstCondition = RidgeFit.WorstCondition * RidgeFit.WorstCondition,
        };
    }
}
