using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Zeopp;

/// <summary>What Zeo++ found; units as in its files.</summary>
/// <param name="LargestIncluded">Di, Å.</param>
/// <param name="LargestFree">Df, Å.</param>
/// <param name="LargestAlongFreePath">Dif, Å.</param>
/// <param name="Channels">For the probe.</param>
/// <param name="Pockets">For the probe.</param>
/// <param name="AccessibleVolume">AV, cm³/g.</param>
/// <param name="EnclosedVolume">NAV, cm³/g.</param>
/// <param name="OccupiableVolume">POAV, cm³/g.</param>
/// <param name="EnclosedOccupiableVolume">PONAV, cm³/g.</param>
/// <param name="AccessibleSurface">ASA, m²/g.</param>
/// <param name="EnclosedSurface">NASA, m²/g.</param>
public sealed record ZeoppResult(
    double LargestIncluded, double LargestFree, double LargestAlongFreePath, int Channels, int Pockets, double AccessibleVolume, double EnclosedVolume,
    double OccupiableVolume, double EnclosedOccupiableVolume, double AccessibleSurface, double EnclosedSurface);

/// <summary>Reads the result files of <c>network</c>.</summary>
internal static class ZeoppOutput
{
    /// <summary>Three numbers behind the file's name.</summary>
    /// <exception cref="MofException">Missing or damaged (FileFormat).</exception>
    public static (double Included, double Free, double Along) Diameters(string path)
    {
        var words = Words(path);
        return words.Length >= 4
            ? (Number(words[1], "Di", path), Number(words[2], "Df", path), Number(words[3], "Dif", path))
            : throw Damaged(path, $"it has {words.Length} words", "a name and three diameters");
    }

    /// <summary>The number behind <c>name:</c>.</summary>
    /// <exception cref="MofException">Missing or damaged (FileFormat).</exception>
    public static double Value(string path, string name)
    {
        var words = Words(path);
        var place = Array.IndexOf(words, name + ":");
        return place >= 0 && place + 1 < words.Length
            ? Number(words[place + 1], name, path)
            : throw Damaged(path, $"it has no value of {name}", $"{name}: and a number");
    }

    private static string[] Words(string path) => File.Exists(path)
        ? File.ReadAllText(path).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        : throw new MofException(ErrorKind.FileFormat, "Zeo++ did not write it", path, remedy: "The logs beside it say more.");

    private static double Number(string word, string name, string path) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw Damaged(path, $"{name} is '{word}'", "a number");

    private static MofException Damaged(string path, string what, string expected) => new(ErrorKind.FileFormat, what, path, expected);
}
