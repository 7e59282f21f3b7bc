using MofInterop.ModelFiles.Allegro;
using MofInterop.ModelFiles.DeepPot;
using MofInterop.ModelFiles.Dispersion;
using MofInterop.ModelFiles.Mace;
using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Sums;
using MofInterop.ModelFiles.Zbl;
using MofInterop.Potentials.Atoms;

namespace MofInterop.ModelFiles.Cards;

/// <summary>What it takes to make a potential: a whole card, or a part that a card of kind <c>sum</c> holds. Immutable.</summary>
public record CardPart
{
    /// <summary>One of <see cref="ModelCard.KnownKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The atoms it knows, in the order of the weight file. Empty in a part of a sum: those of the sum.</summary>
    public required IReadOnlyList<Species> Species { get; init; }

    /// <summary>Weight files by their role; SNAP: <c>coefficients</c>, <c>parameters</c> and perhaps <c>grades</c>; D3: <c>parameters</c>; DeepPot-SE: <c>weights</c>; NequIP, MACE and Allegro: <c>model</c>.</summary>
    public IReadOnlyDictionary<string, CardFile> Files { get; init; } = new Dictionary<string, CardFile>();

    /// <summary>Pairs and switching radii; for kind <c>zbl</c>, and null for others.</summary>
    public ZblCard? Zbl { get; init; }

    /// <summary>Damping and cutoffs; for kind <c>d3</c>, and null for others.</summary>
    public DispersionCard? Dispersion { get; init; }

    /// <summary>Precision; for kind <c>deeppot</c>, and null for others.</summary>
    public DeepPotCard? DeepPot { get; init; }

    /// <summary>Unit and precision; for kind <c>nequip</c>, and null for others.</summary>
    public NequipCard? Nequip { get; init; }

    /// <summary>Precision; for kind <c>mace</c>, and null for others.</summary>
    public MaceCard? Mace { get; init; }

    /// <summary>Unit and precision; for kind <c>allegro</c>, and null for others.</summary>
    public AllegroCard? Allegro { get; init; }

    /// <summary>What is added up; for kind <c>sum</c>, and null for others.</summary>
    public SumCard? Sum { get; init; }
}
