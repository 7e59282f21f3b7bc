using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Neural.DeepPot;

namespace MofInterop.ModelFiles.DeepPot;

/// <summary>Cards of kind <c>deeppot</c>.</summary>
internal sealed class DeepPotCardKind : CardKind
{
    /// <summary>Role of its file.</summary>
    public const string Weights = "weights";

    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "deeppot";

    public override string Name => Kind;

    public override bool HasFiles => true;

    public override IPotential Load(CardPart part, in CardPlace place)
    {
        var path = ModelCardFile.VerifiedPath(place.Path, part, Weights);
        var model = DeepPotFile.Read(path, part.Species);
        foreach (Species species in model.Species)
        {
            if (!part.Species.Any(one => one.Label == species.Label))
            {
                throw new MofException(ErrorKind.FileFormat, $"the card does not name the species {species.Label} of its weight file", place.Path);
            }
        }

        var stranger = place.SpeciesInherited ? null : part.Species.FirstOrDefault(one => model.Species.All(species => species.Label != one.Label));
        return stranger is null
            ? new DeepPotPotential(model)
            : throw new MofException(ErrorKind.FileFormat, $"the card names the species {stranger.Label}", place.Path, "those of its weight file: " + string.Join(", ", model.Species.Select(one => one.Label)));
    }
}
