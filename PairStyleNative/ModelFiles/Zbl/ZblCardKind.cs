using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Zbl;

namespace MofInterop.ModelFiles.Zbl;

/// <summary>Cards of kind <c>zbl</c>.</summary>
internal sealed class ZblCardKind : CardKind
{
    public override string Name => ZblCard.Kind;

    public override bool HasFiles => false;

    public override CardPart Read(YamlMapping mapping, CardPart part, IReadOnlyList<Species> species)
    {
        var (inner, outer) = (Length(mapping, "inner"), Length(mapping, "outer"));
        var pairs = mapping.Has("pairs") ? mapping.Mappings("pairs").Select(entry => ReadPair(entry, species)).ToList() : null;
        var card = new ZblCard(inner, outer, pairs);
        try
        {
            card.ModelFor(species);
        }
        catch (MofException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            throw new MofException(ErrorKind.FileFormat, e.What, mapping.PlaceOf("pairs"), e.Expected, e.Remedy, e);
        }

        return part with { Zbl = card };
    }

    public override void Write(StringBuilder text, CardPart part)
    {
        CardText.Line(text, 0, "inner", Format(part.Zbl?.Inner));
        CardText.Line(text, 0, "outer", Format(part.Zbl?.Outer));
        text.Append(part.Zbl?.Pairs is null ? "" : "pairs:\n");
        foreach (var pair in part.Zbl?.Pairs ?? [])
        {
            text.Append("  - species: [").Append(CardText.Quote(pair.First)).Append(", ").Append(CardText.Quote(pair.Second)).Append("]\n");
            CardText.Line(text, 4, "inner", Format(pair.Inner));
            CardText.Line(text, 4, "outer", Format(pair.Outer));
        }
    }

    public override IPotential Load(CardPart part, in CardPlace place) => new ZblPotential(part.Zbl!.ModelFor(part.Species));

    private static ZblCardPair ReadPair(YamlMapping entry, IReadOnlyList<Species> species)
    {
        var labels = entry.Texts("species");
        if (labels.Count != 2)
        {
            throw new MofException(ErrorKind.FileFormat, $"a pair has {labels.Count} species", entry.PlaceOf("species"), expected: "two labels, such as [Zn4a, O2a]");
        }

        foreach (var label in labels)
        {
            label.OneOf([.. species.Select(one => one.Label)]);
        }

        var pair = new ZblCardPair(labels[0].Text, labels[1].Text, Length(entry, "inner"), Length(entry, "outer"));
        entry.Close();
        return pair;
    }

    private static double? Length(YamlMapping mapping, string key) => mapping.OptionalText(key)?.Quantity(CardUnits.Length);

    private static string? Format(double? length) => length is { } value ? $"{Numbers.Format(value)} {CardUnits.Length}" : null;
}
