using MathNet.Numerics.LinearAlgebra;

namespace MofInterop.Learning;

/// <summary>
/// Solutions alone, without rank and condition: for few α by Cholesky factors, each a seventh of the work of the eigenvalue problem
/// (120 and 17 ms for 392 columns), otherwise by <see cref="RidgeDecomposition"/>.
/// </summary>
internal static class RidgeSolver
{
    /// <summary>As many factors as cost less than the eigenvalue problem.</summary>
    private const int FewRidges = 5;

    /// <summary>Below this a factor of a matrix that the data leave singular would be rounding.</summary>
    private const double SmallestRidge = 1e-12;

    /// <summary>The coefficients for each α.</summary>
    /// <exception cref="Potentials.Errors.MofException">See <see cref="RidgeDecomposition"/>.</exception>
    public static IReadOnlyList<double[]> Solve(INormalEquations equations, IReadOnlyList<double> ridges)
    {
        if (ridges.Count <= FewRidges && ridges.All(ridge => ridge >= SmallestRidge))
        {
            var scaled = new ScaledEquations(equations);
            return [.. ridges.Select(ridge => scaled.Coefficients((scaled.Products + Matrix<double>.Build.DenseDiagonal(scaled.Right.Count, ridge)).Cholesky().Solve(scaled.Right)))];
        }

        var decomposition = new RidgeDecomposition(equations);
        return [.. ridges.Select(decomposition.Coefficients)];
    }
}
