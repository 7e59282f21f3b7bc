using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// What tells how far an atom's environment lies outside the training set of a linear model: the leverage of
/// v = (1, B₁, …, B_n) among the training atoms of its species, vᵀ·(Σ v·vᵀ)⁻¹·v, divided by the largest leverage that
/// an atom of the training set has. A grade of 1 is the edge of what was seen; a prediction far beyond is a guess.
/// Immutable.
/// </summary>
/// <remarks>
/// Stored as a lower triangular matrix L for every species, so that the grade is |L·v|²: row r has the r + 1 numbers
/// L(r,0) … L(r,r), rows one after the other. (Leverage: Hoaglin and Welsch 1978; its use as a measure of extrapolation
/// of linear potentials: Podryabinkin and Shapeev 2017.)
/// </remarks>
public sealed class SnapGrades
{
    private readonly double[]?[] _factors;

    /// <summary>Checks and keeps the factors.</summary>
    /// <param name="bispectrumCount">n.</param>
    /// <param name="factors">L of every species, (n+1)(n+2)/2 numbers, or null for one that the training set did not have.</param>
    /// <exception cref="MofException">A factor has another length, or a number that is not finite.</exception>
    public SnapGrades(int bispectrumCount, IReadOnlyList<double[]?> factors)
    {
        ArgumentNullException.ThrowIfNull(factors);
        BispectrumCount = bispectrumCount;
        var expected = FactorLength(bispectrumCount);
        for (var s = 0; s < factors.Count; s++)
        {
            if (factors[s] is { } factor && (factor.Length != expected || !factor.All(double.IsFinite)))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the grades of species {s} have {factor.Length} numbers", expected: $"{expected} finite ones for {bispectrumCount} bispectrum components");
            }
        }

        _factors = [.. factors.Select(factor => factor is null ? null : (double[])factor.Clone())];
    }

    /// <summary>n, the bispectrum components of an atom.</summary>
    public int BispectrumCount { get; }

    /// <summary>Number of species.</summary>
    public int SpeciesCount => _factors.Length;

    /// <summary>Numbers in a factor.</summary>
    public static int FactorLength(int bispectrumCount) => (bispectrumCount + 1) * (bispectrumCount + 2) / 2;

    /// <summary>Whether the training set had this species; the grade of others is infinite.</summary>
    public bool Knows(int species) => _factors[species] is not null;

    /// <summary>L of a species, empty where the training set did not have it.</summary>
    public ReadOnlySpan<double> Factor(int species) => _factors[species];

    /// <summary>The grade of an atom with this bispectrum (without a constant).</summary>
    public double Grade(int species, ReadOnlySpan<double> bispectrum)
    {
        if (_factors[species] is not { } factor)
        {
            return double.PositiveInfinity;
        }

        var grade = 0.0;
        var next = 0;
        for (var row = 0; row <= bispectrum.Length; row++)
        {
            var sum = factor[next++];
            for (var column = 0; column < row; column++)
            {
                sum += factor[next++] * bispectrum[column];
            }

            grade += sum * sum;
        }

        return grade;
    }
}
