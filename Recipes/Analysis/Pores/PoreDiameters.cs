using MofInterop.Analysis.Networks;

namespace MofInterop.Analysis.Pores;

/// <summary>Diameters of spheres that fit and that pass, Å. Zeo++ calls them Di, Df and Dif.</summary>
/// <param name="LargestIncluded">Of the largest sphere that fits anywhere; 0 where the atoms leave no room.</param>
/// <param name="LargestFree">Of the largest sphere that goes through the crystal in some direction; 0 where none does.</param>
/// <param name="LargestAlongFreePath">Of the largest sphere that fits somewhere in the channels through which that one goes; 0 without channels.</param>
/// <param name="Directions">The same two along a, b and c: of spheres that get from a cell to the next one in that direction, whatever they do in the others.</param>
/// <param name="LargestIncludedPosition">Where the largest sphere is, <c>double[3]</c>, Å; null where there is none.</param>
public sealed record PoreDiameters(
    double LargestIncluded, double LargestFree, double LargestAlongFreePath, IReadOnlyList<DirectionalDiameters> Directions, IReadOnlyList<double>? LargestIncludedPosition)
{
    // Windows that symmetry makes equal open together.
    private const double SameWindow = 1e-6;

    internal static PoreDiameters Of(PoreNetwork network)
    {
        var largest = network.Cavities.Count == 0 ? default : network.Cavities.MaxBy(cavity => cavity.Radius);
        var (free, along) = Widest(network, translation => translation != LatticeVector.Zero);
        return new PoreDiameters(
            2 * largest.Radius,
            free,
            along,
            [
                Direction("a", Widest(network, translation => translation.A != 0)),
                Direction("b", Widest(network, translation => translation.B != 0)),
                Direction("c", Widest(network, translation => translation.C != 0)),
            ],
            network.Cavities.Count == 0 ? null : [largest.Position.X, largest.Position.Y, largest.Position.Z]);
    }

    private static DirectionalDiameters Direction(string name, (double Free, double Along) found) => new(name, found.Free, found.Along);

    /// <summary>Lets narrower and narrower windows in until a channel has a translation that counts.</summary>
    private static (double Free, double Along) Widest(PoreNetwork network, Func<LatticeVector, bool> counts)
    {
        var groups = new PeriodicGroups(network.Cavities.Count);
        var passages = network.Passages.OrderByDescending(passage => passage.Radius).ToArray();
        for (var k = 0; k < passages.Length; k++)
        {
            if (groups.Join(passages[k].From, passages[k].To, passages[k].Translation) && groups.TranslationsOf(passages[k].From).Any(counts))
            {
                for (var next = k + 1; next < passages.Length && passages[next].Radius > passages[k].Radius - SameWindow; next++)
                {
                    groups.Join(passages[next].From, passages[next].To, passages[next].Translation);
                }

                var inside = Enumerable.Range(0, network.Cavities.Count).Where(n => groups.TranslationsOf(n).Any(counts)).Max(n => network.Cavities[n].Radius);
                return (2 * passages[k].Radius, 2 * inside);
            }
        }

        return (0, 0);
    }
}

/// <summary>Diameters along a cell vector, Å.</summary>
/// <param name="Direction">a, b or c.</param>
/// <param name="LargestFree">Of the largest sphere that gets through.</param>
/// <param name="LargestAlongFreePath">Of the largest sphere that fits somewhere on its way.</param>
public sealed record DirectionalDiameters(string Direction, double LargestFree, double LargestAlongFreePath);
