using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Allegro;

namespace MofInterop.ModelFiles.Allegro;

/// <summary>What a card of kind <c>allegro</c> says beside its species and its file, <c>files.model</c>.</summary>
/// <param name="EnergyUnit">The unit of energy that the model was trained in, one of <see cref="NequipCard.EnergyUnits"/>: its file does not tell.</param>
/// <param name="Precision">How it computes.</param>
public sealed record AllegroCard(string EnergyUnit, NetworkPrecision Precision)
{
    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "allegro";
}

/// <summary>Cards of kind <c>allegro</c>; their keys are those of kind <c>nequip</c>, since the same program deploys both.</summary>
internal sealed class AllegroCardKind : CardKind
{
    /// <summary>Role of its file.</summary>
    public const string Model = "model";

    public override string Name => AllegroCard.Kind;

    public override bool HasFiles => true;

    public override CardPart Read(YamlMapping mapping, CardPart part, IReadOnlyList<Species> species)
    {
        var card = NequipCard.Read(mapping);
        return part with { Allegro = new AllegroCard(card.EnergyUnit, card.Precision) };
    }

    public override void Write(StringBuilder text, CardPart part)
    {
        foreach (var (key, value) in part.Allegro is { } card ? new NequipCard(card.EnergyUnit, card.Precision).Write() : [])
        {
            CardText.Line(text, 0, key, value);
        }
    }

    public override IPotential Load(CardPart part, in CardPlace place)
    {
        var model = AllegroFile.Read(ModelCardFile.VerifiedPath(place.Path, part, Model), part.Species, NequipCard.EnergyUnits[part.Allegro!.EnergyUnit]);
        CardSpecies.Require(part, place, model.Species, "model");
        return new AllegroPotential(model, part.Allegro.Precision);
    }
}
