using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.DeepPot;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>What a card of kind <c>deeppot</c> says beside its species and its file, <c>files.weights</c>.</summary>
/// <param name="Precision">How it computes.</param>
public sealed record DeepPotCard(NetworkPrecision Precision)
{
    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "deeppot";
}

/// <summary>Cards of kind <c>deeppot</c>.</summary>
internal sealed class DeepPotCardKind : CardKind
{
    /// <summary>Role of its file.</summary>
    public const string Weights = "weights";

    public override string Name => DeepPotCard.Kind;

    public override bool HasFiles => true;

    public override CardPart Read(YamlMapping mapping, CardPart part, IReadOnlyList<Species> species) => part with { DeepPot = new DeepPotCard(CardPrecision.Read(mapping)) };

    public override void Write(StringBuilder text, CardPart part)
    {
        if (part.DeepPot is { } card)
        {
            CardText.Line(text, 0, CardPrecision.Key, CardPrecision.NameOf(card.Precision));
        }
    }

    public override IPotential Load(CardPart part, in CardPlace place)
    {
        var path = ModelCardFile.VerifiedPath(place.Path, part, Weights);
        var model = DeepPotFile.Read(path, part.Species);
        CardSpecies.Require(part, place, model.Species, "weight file");
        return new DeepPotPotential(model, part.DeepPot!.Precision);
    }
}
