using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.ModelFiles.Snap;

/// <summary>Cards of kind <c>snap</c>.</summary>
internal sealed class SnapCardKind : CardKind
{
    /// <summary>The kind as cards name it.</summary>
    public const string Kind = "snap";

    /// <summary>Roles of its files.</summary>
    public const string Coefficients = "coefficients", Parameters = "parameters", Grades = "grades";

    public override string Name => Kind;

    public override bool HasFiles => true;

    public override IPotential Load(CardPart part, in CardPlace place) => new SnapPotential(LoadModel(part, place));

    /// <summary>The data of the model; species carry Z and mass of the card, and grades are there if it names them.</summary>
    public static SnapModel LoadModel(CardPart part, in CardPlace place)
    {
        var path = place.Path;
        var model = SnapFiles.Read(
            ModelCardFile.VerifiedPath(path, part, Coefficients),
            ModelCardFile.VerifiedPath(path, part, Parameters));
        var stranger = place.SpeciesInherited ? null : part.Species.FirstOrDefault(species => model.IndexOf(species.Label) < 0);
        return stranger is null
            ? new SnapModel(model.Parameters, [.. model.Species.Select(species => WithIdentity(species, part, path))])
            {
                Grades = part.Files.ContainsKey(Grades) ? SnapGradesFile.Read(ModelCardFile.VerifiedPath(path, part, Grades), model) : null,
            }
            : throw new MofException(ErrorKind.FileFormat, $"the card names the species {stranger.Label}", path, expected: "those of its coefficient file: " + string.Join(", ", model.Species.Select(species => species.Label)));
    }

    private static SnapSpecies WithIdentity(SnapSpecies species, CardPart card, string path)
    {
        Species identity = card.Species.FirstOrDefault(other => other.Label == species.Label)
            ?? throw new MofException(ErrorKind.FileFormat, $"the card does not name the species {species.Label} of its coefficient file", path);
        return new SnapSpecies(species.Label, species.Radius, species.Weight, species.Coefficients)
        {
            InnerSwitchCenter = species.InnerSwitchCenter,
            InnerSwitchHalfWidth = species.InnerSwitchHalfWidth,
            AtomicNumber = identity.AtomicNumber,
            Mass = identity.Mass,
        };
    }
}
