using MofInterop.ModelFiles.Cards;
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
        return IsCard(path) ? LoadCard(path, depth: 0) : new SnapPotential(LoadSnapFiles(path));
    }

    /// <summary>Loads a pair of LAMMPS SNAP files.</summary>
    /// <exception cref="MofException">As <see cref="Load"/>.</exception>
    public static IPotential LoadSnap(string coefficientPath, string parameterPath) =>
        new SnapPotential(SnapFiles.Read(coefficientPath, parameterPath));

    /// <summary>
    /// Loads the data of a SNAP model from a plain coefficient file or a card of kind <c>snap</c>; with a card, species
    /// carry Z and mass.
    /// </summary>
    /// <exception cref="MofException">As <see cref="Load"/>; <see cref="ErrorKind.Unsupported"/>: a card of another kind.</exception>
    public static SnapModel LoadSnapModel(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!IsCard(path))
        {
            return LoadSnapFiles(path);
        }

        var card = ModelCardFile.Read(path);
        return card.Kind == SnapCardKind.Kind ? SnapCardKind.LoadModel(card, new CardPlace(path)) : throw Unsupported(card.Kind, path, SnapCardKind.Kind);
    }

    /// <summary>Loads a card that stands inside of <paramref name="depth"/> sums.</summary>
    internal static IPotential LoadCard(string path, int depth) => LoadPart(ModelCardFile.Read(path), new CardPlace(path, Depth: depth));

    /// <summary>Makes the potential of a card or of a part of one.</summary>
    internal static IPotential LoadPart(CardPart part, in CardPlace place)
    {
        var kind = CardKind.All.GetValueOrDefault(part.Kind) ?? throw Unsupported(part.Kind, place.Path, string.Join(", ", CardKind.All.Keys));
        try
        {
            return kind.Load(part, place);
        }
        catch (MofException e) when (e.Kind == ErrorKind.InvalidArgument)
        {
            // What a potential refuses here, the card has said.
            throw new MofException(ErrorKind.FileFormat, e.What, e.Where ?? place.Path, e.Expected, e.Remedy, e);
        }
        catch (MofException e) when (e.Where is null)
        {
            throw new MofException(e.Kind, e.What, place.Path, e.Expected, e.Remedy, e);
        }
    }

    private static bool IsCard(string path) => path.EndsWith(".yaml", StringComparison.Ordinal) || path.EndsWith(".yml", StringComparison.Ordinal);

    private static MofException Unsupported(string kind, string path, string expected) =>
        new(ErrorKind.Unsupported, $"the potential is of kind {kind}", path, expected, remedy: "Use a later version of MofInterop.");

    private static SnapModel LoadSnapFiles(string path)
    {
        var parameterPath = SnapFiles.ParameterPathOf(path);
        return path.EndsWith(SnapFiles.CoefficientExtension, StringComparison.Ordinal) || (parameterPath != path && File.Exists(parameterPath))
            ? SnapFiles.Read(path, parameterPath)
            : throw new MofException(ErrorKind.FileFormat, "the name does not tell what this is", path, Expected);
    }
}
