using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// How far a center hears a neighbour, by the species of both; what i hears of j need not be what j hears of i. Functions of the distance r are those of the longest cutoff R, taken at r·R/cutoff. Immutable.
/// </summary>
public sealed class PairCutoffs
{
    private readonly double[] _stretches;

    /// <summary>Creates them.</summary>
    /// <param name="speciesCount">Number of species.</param>
    /// <param name="cutoffs">By center and neighbour, <c>double[speciesCount][speciesCount]</c> in one row, Å.</param>
    /// <exception cref="MofException">Not so many positive numbers (InvalidArgument).</exception>
    public PairCutoffs(int speciesCount, IReadOnlyList<double> cutoffs)
    {
        ArgumentNullException.ThrowIfNull(cutoffs);
        if (speciesCount < 1 || cutoffs.Count != speciesCount * speciesCount || !cutoffs.All(one => double.IsFinite(one) && one > 0))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"there are {cutoffs.Count} cutoffs for pairs of {speciesCount} species", expected: "a positive number for each pair");
        }

        (SpeciesCount, Longest) = (speciesCount, cutoffs.Max());
        _stretches = [.. cutoffs.Select(one => Longest / one)];
        IsSymmetric = Enumerable.Range(0, cutoffs.Count).All(k => cutoffs[k] == cutoffs[k % speciesCount * speciesCount + k / speciesCount]);
    }

    /// <summary>Number of species.</summary>
    public int SpeciesCount { get; }

    /// <summary>The longest of all, Å.</summary>
    public double Longest { get; }

    /// <summary>Whether both atoms of every pair hear each other equally far.</summary>
    public bool IsSymmetric { get; }

    /// <summary>What distances between two species are multiplied by before they are compared with <see cref="Longest"/>.</summary>
    public double Stretch(int center, int neighbor) => _stretches[center * SpeciesCount + neighbor];

    /// <summary>Of a pair, Å.</summary>
    public double Of(int center, int neighbor) => Longest / Stretch(center, neighbor);
}
