using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Zbl;

namespace MofInterop.ModelFiles.Zbl;

/// <summary>Two species of a card of kind <c>zbl</c>.</summary>
/// <param name="First">Label.</param>
/// <param name="Second">Label.</param>
/// <param name="Inner">Å, or null: <see cref="ZblCard.Inner"/>.</param>
/// <param name="Outer">Å, or null: <see cref="ZblCard.Outer"/>.</param>
public sealed record ZblCardPair(string First, string Second, double? Inner = null, double? Outer = null);

/// <summary>What a card of kind <c>zbl</c> says beside its species.</summary>
/// <param name="Inner">Where the switching of pairs begins that don't tell, Å.</param>
/// <param name="Outer">Where it ends, Å.</param>
/// <param name="Pairs">The pairs that repel each other, or null: all.</param>
public sealed record ZblCard(double? Inner, double? Outer, IReadOnlyList<ZblCardPair>? Pairs = null)
{
    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "zbl";

    /// <summary>The model for these species.</summary>
    /// <param name="species">Those of the card.</param>
    /// <exception cref="MofException"><see cref="ErrorKind.InvalidArgument"/>: see <see cref="ZblModel"/>; a pair without radii, or with a species that is not there.</exception>
    public ZblModel ModelFor(IReadOnlyList<Species> species)
    {
        ArgumentNullException.ThrowIfNull(species);
        if (Pairs is null)
        {
            return ZblModel.BetweenAll(species, Inner ?? throw NoRadius("inner"), Outer ?? throw NoRadius("outer"));
        }

        var labels = species.Select(one => one.Label).ToList();
        return new ZblModel(species, [.. Pairs.Select(pair => new ZblPair(
            IndexOf(pair.First),
            IndexOf(pair.Second),
            pair.Inner ?? Inner ?? throw NoRadius("inner"),
            pair.Outer ?? Outer ?? throw NoRadius("outer")))]);

        int IndexOf(string label) => labels.IndexOf(label) is >= 0 and var index
            ? index
            : throw new MofException(ErrorKind.InvalidArgument, $"a pair names the species {label}", expected: "one of " + string.Join(", ", labels));
    }

    private static MofException NoRadius(string key) =>
        new(ErrorKind.InvalidArgument, $"a pair has no radius {key}", expected: $"{key} of the pair, or {key} of the card for all pairs, such as 1.2 {CardUnits.Length}");
}
