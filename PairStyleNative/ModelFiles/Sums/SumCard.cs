using MofInterop.ModelFiles.Cards;

namespace MofInterop.ModelFiles.Sums;

/// <summary>What a card of kind <c>sum</c> says beside its species.</summary>
/// <param name="Parts">What is added up.</param>
public sealed record SumCard(IReadOnlyList<SumCardPart> Parts)
{
    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "sum";
}

/// <summary>A part of a sum: another card, or one that stands inside.</summary>
public sealed record SumCardPart
{
    private SumCardPart()
    {
    }

    /// <summary>Another card, or null.</summary>
    public CardFile? Card { get; private init; }

    /// <summary>The part itself, or null.</summary>
    public CardPart? Inline { get; private init; }

    /// <summary>A part that is another card.</summary>
    public static SumCardPart Of(CardFile card) => new() { Card = card };

    /// <summary>A part that stands inside the card; without species it has those of the sum.</summary>
    public static SumCardPart Of(CardPart part) => new() { Inline = part };
}
