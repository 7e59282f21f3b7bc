using System.Security.Cryptography;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Cards;

/// <summary>Reads and writes model cards, and keeps them in step with their weight files.</summary>
public static class ModelCardFile
{
    private const string Description = "model card (<name>.mof.yaml)";

    /// <summary>Reads a card; its weight files are not touched.</summary>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/> with file:line:column: not YAML, a missing or unknown key, a wrong unit;
    /// <see cref="ErrorKind.Unsupported"/>: a format of a later version.
    /// </exception>
    public static ModelCard Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return ModelCardReader.Read(YamlText.ReadMapping(path, Description));
    }

    /// <summary>Writes a card; the same card gives the same bytes.</summary>
    /// <param name="path">Replaced in one rename.</param>
    /// <param name="card">What to write.</param>
    public static void Write(string path, ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        TextFile.Write(path, Description, ModelCardWriter.Compose(card));
    }

    /// <summary>Describes a weight file for <see cref="CardPart.Files"/>.</summary>
    /// <param name="cardPath">Where the card is or will be.</param>
    /// <param name="filePath">The weight file, which must exist.</param>
    public static CardFile Describe(string cardPath, string filePath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(cardPath))!;
        return new CardFile(Path.GetRelativePath(folder, filePath).Replace('\\', '/'), Checksum(filePath));
    }

    /// <summary>The full path of a weight file, after comparing its SHA-256 with the card's.</summary>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/>: the card names no such file, it is missing, or it has changed.</exception>
    public static string VerifiedPath(string cardPath, CardPart card, string role)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Files.TryGetValue(role, out var file)
            ? VerifiedPath(cardPath, file)
            : throw new MofException(ErrorKind.FileFormat, $"the card names no file '{role}'", cardPath, expected: $"files.{role} for kind {card.Kind}");
    }

    /// <summary>The full path of a file that a card names, after comparing its SHA-256 with the card's.</summary>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/>: it is missing, or it has changed.</exception>
    public static string VerifiedPath(string cardPath, CardFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(cardPath))!, file.Path);
        var found = Checksum(path);
        return found == file.Sha256
            ? path
            : throw new MofException(ErrorKind.FileFormat, $"the file is not the one that {cardPath} describes: its SHA-256 is {found}", path, expected: file.Sha256, remedy: "Restore the file, or write a new card for it.");
    }

    private static string Checksum(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(TextFile.ReadBytes(path, "weight file")));
}
