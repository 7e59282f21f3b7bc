using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Dispersion;
using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.ModelFiles;

/// <summary>The one way from files to a potential.</summary>
public static class PotentialLoader
{
    private const string Expected = "a model card <name>.mof.yaml, or <name>.snapcoeff with <name>.snapparam beside it";

    /// <summary>Loads a model card, or a plain snapcoeff file whose parameter file of the same stem lies beside it.</summary>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/>: a file is missing, has changed since its card was written, or says something
    /// that its format does not allow; <see cref="ErrorKind.Unsupported"/>: a kind or keyword that this version lacks.
    /// </exception>
    public static IPotential Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (IsCard(path) && ModelCardFile.Read(path) is { Kind: DispersionCard.Kind } card)
        {
            return DispersionCard.Load(path, card);
        }

        return new SnapPotential(LoadSnapModel(path));
    }

    /// <summary>Loads a pair of LAMMPS SNAP files.</summary>
    /// <exception cref="MofException">As <see cref="Load"/>.</exception>
    public static IPotential LoadSnap(string coefficientPath, string parameterPath) =>
        new SnapPotential(SnapFiles.Read(coefficientPath, parameterPath));

    /// <summary>Loads the data of a SNAP model from whatever <see cref="Load"/> accepts; with a card, species carry Z and mass.</summary>
    /// <exception cref="MofException">As <see cref="Load"/>.</exception>
    public static SnapModel LoadSnapModel(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (IsCard(path))
        {
            return LoadCard(path);
        }

        var parameterPath = SnapFiles.ParameterPathOf(path);
        return path.EndsWith(SnapFiles.CoefficientExtension, StringComparison.Ordinal) || (parameterPath != path && File.Exists(parameterPath))
            ? SnapFiles.Read(path, parameterPath)
            : throw new MofException(ErrorKind.FileFormat, "the name does not tell what this is", path, Expected);
    }

    private static bool IsCard(string path) => path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal);

    private static SnapModel LoadCard(string path)
    {
        var card = ModelCardFile.Read(path);
        if (card.Kind != "snap")
        {
            throw new MofException(ErrorKind.Unsupported, $"the potential is of kind {card.Kind}", path, expected: "snap", remedy: "Use a later version of MofInterop.");
        }

        var model = SnapFiles.Read(
            ModelCardFile.VerifiedPath(path, card, "coefficients"),
            ModelCardFile.VerifiedPath(path, card, "parameters"));
        var stranger = card.Species.FirstOrDefault(species => model.IndexOf(species.Label) < 0);
        return stranger is null
            ? new SnapModel(model.Parameters, [.. model.Species.Select(species => WithIdentity(species, card, path))])
            : throw new MofException(ErrorKind.FileFormat, $"the card names the species {stranger.Label}", path, expected: "those of its coefficient file: " + string.Join(", ", model.Species.Select(species => species.Label)));
    }

    private static SnapSpecies WithIdentity(SnapSpecies species, ModelCard card, string path)
    {
        var identity = card.Species.FirstOrDefault(other => other.Label == species.Label)
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
