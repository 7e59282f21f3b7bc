using MofInterop.ModelFiles.Cards;
using MofInterop.ModelFiles.Sums;

namespace MofInterop.Steps;

/// <summary>Brings model cards and all files that they name together in one folder.</summary>
/// <param name="folder">Where; exists.</param>
internal sealed class CardFolder(string folder)
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Copies a card, its files and the cards that it adds up; returns the copy, whose paths are names in the folder.</summary>
    /// <param name="path">The card.</param>
    /// <param name="name">File name of the copy; null: its own.</param>
    /// <exception cref="MofInterop.Potentials.Errors.MofException">A file is missing or has changed since the card was written.</exception>
    public string CopyCard(string path, string? name = null)
    {
        // Its own name is taken first: a card inside of it may have the same.
        var copy = NewPath(name ?? Path.GetFileName(path));
        var card = ModelCardFile.Read(path);
        ModelCardFile.Write(copy, (ModelCard)Copy(path, card));
        return copy;
    }

    /// <summary>Copies a file; returns how cards in the folder name it.</summary>
    public CardFile CopyFile(string path)
    {
        var copy = NewPath(Path.GetFileName(path));
        File.Copy(path, copy);
        return ModelCardFile.Describe(copy, copy);
    }

    /// <summary>A path in the folder that is not taken, and now is.</summary>
    public string NewPath(string name)
    {
        var free = name;
        for (var k = 2; !_names.Add(free); k++)
        {
            free = $"{k}-{name}";
        }

        return Path.Combine(folder, free);
    }

    private CardPart Copy(string path, CardPart part) => part with
    {
        Files = part.Files.ToDictionary(file => file.Key, file => CopyFile(ModelCardFile.VerifiedPath(path, file.Value))),
        Sum = part.Sum is null ? null : new SumCard([.. part.Sum.Parts.Select(one => one.Card is { } card ? SumCardPart.Of(Described(CopyCard(ModelCardFile.VerifiedPath(path, card)))) : SumCardPart.Of(Copy(path, one.Inline!)))]),
    };

    private static CardFile Described(string card) => ModelCardFile.Describe(card, card);
}
