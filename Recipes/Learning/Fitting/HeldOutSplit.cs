using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>Which configurations of a list a fit may see, and which it is tested on; both in the order of the list.</summary>
/// <param name="Training">For the fit.</param>
/// <param name="Test">Held out.</param>
public sealed record HeldOutSplit(IReadOnlyList<AtomicConfiguration> Training, IReadOnlyList<AtomicConfiguration> Test)
{
    /// <summary>
    /// Holds back a fraction of every group: of n configurations n·fraction, rounded, but at least one where the fraction is above zero
    /// (as FitSNAP counts <c>testing_size</c>). Which, is decided by the seed and the group's name alone: the fraction of one group
    /// changes nothing for others.
    /// </summary>
    /// <param name="configurations">All.</param>
    /// <param name="seed">Of the random choice.</param>
    /// <param name="fractions">0 … 1 by group.</param>
    /// <param name="otherwise">The fraction of groups that are not in the list, and of configurations without a group.</param>
    /// <exception cref="MofException">A fraction outside 0 … 1, or nothing is left to fit.</exception>
    public static HeldOutSplit Of(IReadOnlyList<AtomicConfiguration> configurations, ulong seed, IReadOnlyDictionary<string, double> fractions, double otherwise = 0)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentNullException.ThrowIfNull(fractions);
        var held = new HashSet<int>();
        foreach (var group in Enumerable.Range(0, configurations.Count).GroupBy(k => ConfigurationGroups.Of(configurations[k])))
        {
            var fraction = group.Key is not null && fractions.TryGetValue(group.Key, out var own) ? own : otherwise;
            held.UnionWith(Choose([.. group], CountOf(group.Count(), fraction, group.Key), DeterministicRandom.ForStream(seed, $"held out of group {group.Key}")));
        }

        var split = new HeldOutSplit([.. configurations.Where((_, k) => !held.Contains(k))], [.. configurations.Where((_, k) => held.Contains(k))]);
        return split.Training.Count > 0 || configurations.Count == 0
            ? split
            : throw new MofException(ErrorKind.InvalidArgument, "all configurations are held out of the fit", expected: "fractions that leave some to fit");
    }

    private static int CountOf(int count, double fraction, string? group)
    {
        if (!(fraction >= 0 && fraction <= 1))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the test fraction of the group '{group}' is {fraction}", expected: "0 to 1");
        }

        return fraction == 0 ? 0 : Math.Max(1, (int)(fraction * count + 0.5));
    }

    // The first of a Fisher–Yates shuffle.
    private static IEnumerable<int> Choose(int[] places, int count, DeterministicRandom random)
    {
        for (var k = 0; k < count; k++)
        {
            var other = k + (int)(random.NextUnit() * (places.Length - k));
            (places[k], places[other]) = (places[other], places[k]);
        }

        return places.Take(count);
    }
}
