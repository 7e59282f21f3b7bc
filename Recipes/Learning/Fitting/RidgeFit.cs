using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>How well a fit is determined by its data.</summary>
public sealed record FitCondition
{
    /// <summary>Coefficients.</summary>
    public required int Columns { get; init; }

    /// <summary>Equations.</summary>
    public required long Rows { get; init; }

    /// <summary>Directions in the space of coefficients that the data determine to more than rounding (eigenvalues of the scaled AᵀA above columns·2⁻⁵²·largest).</summary>
    public required int Rank { get; init; }

    /// <summary>
    /// Directions that no data of these compositions can determine: with one composition the per-species constants
    /// act only by their sum. Expected, and harmless: the ridge gives the solution of smallest norm.
    /// </summary>
    public required int ExpectedDeficiency { get; init; }

    /// <summary>Largest over smallest eigenvalue within the rank, of the scaled AᵀA without the ridge; about the square of the condition number of the design matrix.</summary>
    public required double ConditionNumber { get; init; }

    /// <summary>The same of what is solved: with the ridge, over all directions.</summary>
    public required double RegularizedConditionNumber { get; init; }

    /// <summary>α.</summary>
    public required double Ridge { get; init; }

    /// <summary>Effective number of coefficients, Σ λ/(λ+α): how many directions the data rather than the ridge decide.</summary>
    public required double EffectiveCoefficients { get; init; }

    /// <summary>The condition number beyond which coefficients have less than three valid digits: that of the normal equations, or with singular values its square.</summary>
    public double WorstCondition { get; init; } = RidgeFit.WorstCondition;

    /// <summary>Sentences for the report's top; empty when the fit is sound.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            var warnings = new List<string>();
            if (Rows < Columns)
            {
                warnings.Add($"There are fewer equations ({Rows}) than coefficients ({Columns}): label more configurations.");
            }

            if (Columns - Rank > ExpectedDeficiency)
            {
                warnings.Add($"The data leave {Columns - Rank - ExpectedDeficiency} of {Columns} coefficients undetermined (rank {Rank}); the ridge alone decides them: label more varied configurations.");
            }

            if (RegularizedConditionNumber > WorstCondition)
            {
                warnings.Add(string.Create(CultureInfo.InvariantCulture, $"The fit is ill-conditioned ({RegularizedConditionNumber:e1} with ridge {Ridge:g3}): coefficients carry few valid digits; raise the ridge."));
            }

            return warnings;
        }
    }
}

/// <summary>Coefficients and how well they are determined.</summary>
/// <param name="Coefficients"><c>[species][1 + components]</c>, eV.</param>
/// <param name="Condition">Rank and condition.</param>
public sealed record RidgeSolution(double[] Coefficients, FitCondition Condition);

/// <summary>
/// Ridge regression by normal equations: (Ĝ + α·1) y = D⁻¹AᵀW²b, Ĝ = D⁻¹AᵀW²A·D⁻¹, D the lengths of the weighted
/// columns, x = D⁻¹y. A column of zeros (a species whose environment never varies) gets the coefficient zero.
/// </summary>
/// <remarks>
/// The symmetric eigenvalue problem of Ĝ gives rank and condition exactly and the solution from the same factors:
/// y = Σ v (v·b̂)/(λ + α), directions outside the rank being left out when α is zero (smallest norm). MathNet's own
/// managed code on one thread: the same bits on every run.
/// </remarks>
public static class RidgeFit
{
    /// <summary>Beyond this condition number less than three digits of a coefficient are valid.</summary>
    public const double WorstCondition = 1e13;

    /// <summary>Solves accumulated equations.</summary>
    /// <exception cref="MofException">Nothing was accumulated, or the sums are not finite.</exception>
    public static RidgeSolution Solve(INormalEquations equations, double ridge)
    {
        var decomposition = new RidgeDecomposition(equations);
        return new RidgeSolution(decomposition.Coefficients(ridge), decomposition.Condition(ridge));
    }
}
