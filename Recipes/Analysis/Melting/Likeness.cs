using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Melting;

/// <summary>How like two states of a substance are.</summary>
public static class Likeness
{
    /// <summary>
    /// The part of the rings of a crystal that another state still has, size by size: Σ min(R_n, R⁰_n)/Σ R⁰_n, with R_n rings of n nodes for each node. 1: all are there. New rings of other sizes, and more of a
    /// size than the crystal has, make up for none that is gone.
    /// </summary>
    /// <param name="crystal">Rings for each node by size; at least one ring.</param>
    /// <param name="other">Likewise.</param>
    /// <exception cref="MofException">The crystal has no ring (InvalidArgument).</exception>
    public static double RingsLeft(IReadOnlyDictionary<int, double> crystal, IReadOnlyDictionary<int, double> other)
    {
        ArgumentNullException.ThrowIfNull(crystal);
        ArgumentNullException.ThrowIfNull(other);
        var all = crystal.Values.Sum();
        return all > 0
            ? crystal.Sum(ring => Math.Min(ring.Value, other.GetValueOrDefault(ring.Key))) / all
            : throw new MofException(ErrorKind.InvalidArgument, "a crystal without rings", expected: "a net with rings of the sizes that are counted");
    }

    /// <summary>Mean difference of two radial distribution functions over their range, ∫|g_a−g_b|dr/r_max: 0 where they are the same.</summary>
    /// <exception cref="MofException">They have different bins (InvalidArgument).</exception>
    public static double Difference(PairCurve first, PairCurve second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return first.R.Length == second.R.Length && first.R.Length > 0
            ? first.G.Zip(second.G, (a, b) => Math.Abs(a - b)).Average()
            : throw new MofException(ErrorKind.InvalidArgument, $"curves of {first.R.Length} and {second.R.Length} bins", expected: "the same bins");
    }
}
