using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.NequIP;

namespace MofInterop.ModelFiles.NequIP;

/// <summary>Cards of kind <c>nequip</c>.</summary>
internal sealed class NequipCardKind : CardKind
{
    /// <summary>Role of its file.</summary>
    public const string Model = "model";

    public override string Name => NequipCard.Kind;

    public override bool HasFiles => true;

    public override CardPart Read(YamlMapping mapping, CardPart part, IReadOnlyList<Species> species) => part with { Nequip = NequipCard.Read(mapping) };

    public override void Write(StringBuilder text, CardPart part)
    {
        foreach (var (key, value) in part.Nequip?.Write() ?? [])
        {
            CardText.Line(text, 0, key, value);
        }
    }

    public override IPotential Load(CardPart part, in CardPlace place)
    {
        var card = part.Nequip!;
        var model = NequipFile.Read(ModelCardFile.VerifiedPath(place.Path, part, Model), part.Species, NequipCard.EnergyUnits[card.EnergyUnit]);
        CardSpecies.Require(part, place, model.Species, "model");
        return new NequipPotential(model, card.Precision);
    }
}
