using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Cards;

/// <summary>Compares the species that a card names with those of its weight file.</summary>
internal static class CardSpecies
{
    /// <summary>Requires that the card names all species of the file, and no others unless they are those of the sum around it.</summary>
    /// <param name="part">The card.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="known">Species of the file.</param>
    /// <param name="file">What the file is called in messages.</param>
    /// <exception cref="MofException">It does not (FileFormat).</exception>
    public static void Require(CardPart part, in CardPlace place, IReadOnlyList<Species> known, string file)
    {
        string[] labels = [.. known.Select(one => one.Label)], named = [.. part.Species.Select(one => one.Label)];
        if (labels.Except(named).FirstOrDefault() is { } missing)
        {
            throw new MofException(ErrorKind.FileFormat, $"the card does not name the species {missing} of its {file}", place.Path);
        }

        if (!place.SpeciesInherited && named.Except(labels).FirstOrDefault() is { } stranger)
        {
            throw new MofException(ErrorKind.FileFormat, $"the card names the species {stranger}", place.Path, $"those of its {file}: " + string.Join(", ", labels));
        }
    }
}
