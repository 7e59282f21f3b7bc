using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.NequIP;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
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
        string[] known = [.. model.Species.Select(one => one.Label)], named = [.. part.Species.Select(one => one.Label)];
        if (!place.SpeciesInherited || named.Length > 0)
        {
            Compare(known, named, place);
        }

        return new AllegroPotential(model, part.Allegro.Precision);
    }

    private static void Compare(string[] known, string[] named, in CardPlace place)
    {
        if (known.Except(named).FirstOrDefault() is { } missing)
        {
            throw new MofException(ErrorKind.FileFormat, $"the card does not name the species {missing} of its model", place.Path);
        }

        if (!place.SpeciesInherited && named.Except(known).FirstOrDefault() is { } stranger)
        {
            throw new MofException(ErrorKind.FileFormat, $"the card names the species {stranger}", place.Path, "those of its model: " + string.Join(", ", known));
        }
    }
}
