using System.Text;
using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

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
        var potential = NequipCard.Load(place.Path, part);
        try
        {
            foreach (var species in potential.Species)
            {
                if (part.Species.All(one => one.Label != species.Label))
                {
                    throw new MofException(ErrorKind.FileFormat, $"the card does not name the species {species.Label} of its model", place.Path);
                }
            }

            var stranger = place.SpeciesInherited ? null : part.Species.FirstOrDefault(one => potential.Species.All(species => species.Label != one.Label));
            return stranger is null
                ? potential
                : throw new MofException(ErrorKind.FileFormat, $"the card names the species {stranger.Label}", place.Path, "those of its model: " + string.Join(", ", potential.Species.Select(one => one.Label)));
        }
        catch
        {
            potential.Dispose();
            throw;
        }
    }
}
