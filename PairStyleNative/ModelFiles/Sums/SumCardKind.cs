using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Sums;

namespace MofInterop.ModelFiles.Sums;

/// <summary>Cards of kind <c>sum</c>.</summary>
internal sealed class SumCardKind : CardKind
{
    /// <summary>Sums of sums of sums: beyond this something is wrong.</summary>
    private const int MaximumDepth = 4;

    public override string Name => SumCard.Kind;

    public override bool HasFiles => false;

    public override CardPart Read(YamlMapping mapping, CardPart part, IReadOnlyList<Species> species)
    {
        SumCardPart[] parts = [.. mapping.Mappings("parts").Select(entry => ReadPart(entry, species))];
        return parts.Length > 0
            ? part with { Sum = new SumCard(parts) }
            : throw new MofException(ErrorKind.FileFormat, "the sum has no parts", mapping.PlaceOf("parts"), expected: "a list 'parts' of cards (card, sha256) or of parts that stand here (kind and what belongs to it)");
    }

    public override void Write(StringBuilder text, CardPart part)
    {
        text.Append("parts:\n");
        foreach (var one in part.Sum?.Parts ?? [])
        {
            var lines = new StringBuilder();
            if (one.Inline is { } inline)
            {
                ModelCardWriter.AppendPart(lines, inline);
            }
            else
            {
                CardText.Line(lines, 0, "card", CardText.Quote(one.Card!.Path));
                CardText.Line(lines, 0, "sha256", CardText.Quote(one.Card.Sha256));
            }

            text.Append("  - ").Append(lines.Replace("\n", "\n    ", 0, lines.Length - 1));
        }
    }

    public override IPotential Load(CardPart part, in CardPlace place)
    {
        if (place.Depth >= MaximumDepth)
        {
            throw new MofException(ErrorKind.Unsupported, $"sums inside of sums, {MaximumDepth} deep", place.Path);
        }

        var parts = new List<IPotential>();
        try
        {
            foreach (var one in part.Sum!.Parts)
            {
                parts.Add(Load(one, part.Species, place));
            }

            return SumPotential.Of(parts, part.Species);
        }
        catch
        {
            parts.ForEach(loaded => loaded.Dispose());
            throw;
        }
    }

    private static SumCardPart ReadPart(YamlMapping entry, IReadOnlyList<Species> species)
    {
        var part = entry.Has("card")
            ? SumCardPart.Of(ModelCardReader.ReadFile(entry, "card"))
            : SumCardPart.Of(ModelCardReader.ReadPart(entry, species));
        entry.Close();
        return part;
    }

    private static IPotential Load(SumCardPart part, IReadOnlyList<Species> species, in CardPlace place)
    {
        if (part.Card is { } card)
        {
            return PotentialLoader.LoadCard(ModelCardFile.VerifiedPath(place.Path, card), place.Depth + 1);
        }

        var inline = part.Inline!;
        var inherited = inline.Species.Count == 0;
        return PotentialLoader.LoadPart(inherited ? inline with { Species = species } : inline, new CardPlace(place.Path, inherited, place.Depth + 1));
    }
}
