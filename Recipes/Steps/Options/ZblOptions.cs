using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.ModelFiles.Zbl;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Zbl;

namespace MofInterop.Steps;

/// <summary>
/// A Ziegler–Biersack–Littmark repulsion that becomes part of the potential. It is subtracted from the labels, SNAP is fitted
/// to the rest, and the model card is their sum.
/// </summary>
public sealed record ZblOptions
{
    /// <summary>Inner radius.</summary>
    [Parameter("Distance at which the repulsion begins to be switched off.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public required Quantity Inner { get; init; }

    /// <summary>Outer radius.</summary>
    [Parameter("Distance at which it has gone; best below the shortest distance of two atoms in the structure.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public required Quantity Outer { get; init; }

    /// <summary>Pairs.</summary>
    [Parameter("The pairs that repel each other; left out: all. Of several entries for a pair the last counts.")]
    public IReadOnlyList<ZblPairOptions>? Pairs { get; init; }

    /// <summary>The part of the model card.</summary>
    /// <exception cref="MofException">A name that no atom has, or radii out of order.</exception>
    internal ZblCard CardFor(IReadOnlyList<Species> species)
    {
        var card = Pairs is null ? new ZblCard(Inner.Value, Outer.Value) : new ZblCard(Inner.Value, Outer.Value, PairsOf(species));
        _ = card.ModelFor(species);
        return card;
    }

    /// <summary>What takes the repulsion from labels before a fit.</summary>
    /// <exception cref="MofException">As <see cref="CardFor"/>.</exception>
    internal LabelBaseline BaselineFor(IReadOnlyList<Species> species) => new(new ZblPotential(CardFor(species).ModelFor(species)));

    /// <summary>Reports what is wrong with these options for these kinds of atoms.</summary>
    internal void Check(string parameter, StepCheck check, IReadOnlyList<Species> species)
    {
        try
        {
            _ = CardFor(species);
        }
        catch (MofException error)
        {
            check.Problem(parameter, error);
        }
    }

    private List<ZblCardPair> PairsOf(IReadOnlyList<Species> species)
    {
        var found = new SortedDictionary<(string, string), ZblCardPair>();
        foreach (var pair in Pairs!)
        {
            if (pair.Between.Count != 2)
            {
                throw new MofException(ErrorKind.InvalidArgument, $"a pair names {pair.Between.Count} types or elements", expected: "two, such as [Zn, O]");
            }

            foreach (var first in Matching(pair.Between[0], species))
            {
                foreach (var second in Matching(pair.Between[1], species))
                {
                    var (a, b) = string.CompareOrdinal(first, second) <= 0 ? (first, second) : (second, first);
                    found[(a, b)] = new ZblCardPair(a, b, pair.Inner?.Value, pair.Outer?.Value);
                }
            }
        }

        return [.. found.Values];
    }

    private static List<string> Matching(string name, IReadOnlyList<Species> species)
    {
        var labels = species.Where(one => one.Label == name || Elements.ByAtomicNumber(one.AtomicNumber).Symbol == name).Select(one => one.Label).ToList();
        return labels.Count > 0
            ? labels
            : throw new MofException(ErrorKind.InvalidArgument, $"a pair names '{name}', which no atom is", expected: $"one of {string.Join(", ", species.Select(one => one.Label))}, or their elements");
    }
}

/// <summary>Two kinds of atoms that repel each other.</summary>
public sealed record ZblPairOptions
{
    /// <summary>Names.</summary>
    [Parameter("Two atom types (Zn4a) or elements, the latter for all their types.", MinimumCount = 2)]
    public required IReadOnlyList<string> Between { get; init; }

    /// <summary>Inner radius.</summary>
    [Parameter("Distance at which their repulsion begins to be switched off; default: that of all.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity? Inner { get; init; }

    /// <summary>Outer radius.</summary>
    [Parameter("Distance at which it has gone; default: that of all.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity? Outer { get; init; }
}
