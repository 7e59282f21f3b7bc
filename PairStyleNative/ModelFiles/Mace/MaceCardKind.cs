using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural;
using MofInterop.Potentials.Neural.Mace;

namespace MofInterop.ModelFiles.Mace;

/// <summary>What a card of kind <c>mace</c> says beside its species and its file, <c>files.model</c>.</summary>
/// <param name="Precision">How it computes.</param>
/// <param name="Species">The card's, or for a part that names none the sum's.</param>
/// <param name="Choice">What the file leaves open.</param>
public sealed record MaceCard(NetworkPrecision Precision, IReadOnlyList<Species> Species, MaceChoice Choice)
{
    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "mace";
}

/// <summary>Cards of kind <c>mace</c>. Species are elements of the model by their atomic numbers; several may be one element.</summary>
internal sealed class MaceCardKind : CardKind
{
    /// <summary>Role of its file.</summary>
    public const string Model = "model";

    private const string Head = "head", Inputs = "inputs";

    public override string Name => MaceCard.Kind;

    public override bool HasFiles => true;

    public override CardPart Read(YamlMapping mapping, CardPart part, IReadOnlyList<Species> species)
    {
        var choice = new MaceChoice(mapping.OptionalText(Head)?.Text, mapping.OptionalMapping(Inputs) is { } inputs ? ReadInputs(inputs) : MaceChoice.None.Inputs);
        return part with { Mace = new MaceCard(CardPrecision.Read(mapping), species, choice) };
    }

    public override void Write(StringBuilder text, CardPart part)
    {
        if (part.Mace is { } card)
        {
            CardText.Line(text, 0, CardPrecision.Key, CardPrecision.NameOf(card.Precision));
            CardText.Line(text, 0, Head, card.Choice.Head is { } head ? CardText.Quote(head) : null);
            if (card.Choice.Inputs.Count > 0)
            {
                text.Append(Inputs).Append(":\n");
                foreach (var (name, value) in card.Choice.Inputs)
                {
                    CardText.Line(text, 2, CardText.Quote(name), Numbers.Format(value));
                }
            }
        }
    }

    public override IPotential Load(CardPart part, in CardPlace place)
    {
        var card = part.Mace!;
        var path = ModelCardFile.VerifiedPath(place.Path, part, Model);
        if (part.Species.FirstOrDefault(one => one.AtomicNumber == 0) is { } nameless)
        {
            throw new MofException(ErrorKind.FileFormat, $"species {nameless.Label} has no atomic number", place.Path, "atomic_number, by which MACE knows elements");
        }

        // Of a sum's species a part acts on those that it knows.
        return new MacePotential(part.Species.Count > 0 ? MaceFile.Read(path, part.Species, card.Choice) : MaceFile.ReadKnown(path, card.Species, card.Choice), card.Precision);
    }

    private static Dictionary<string, double> ReadInputs(YamlMapping mapping) => mapping.AllKeys().ToDictionary(key => key, key => mapping.Text(key).Number(), StringComparer.Ordinal);
}
