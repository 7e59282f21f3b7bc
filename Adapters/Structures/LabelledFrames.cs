using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>Reads configurations with energies and forces in any format that carries them, chosen by the path.</summary>
public static class LabelledFrames
{
    /// <summary>The formats, for messages.</summary>
    public const string Formats = "an extended XYZ file (.xyz, .extxyz, also .gz), a FitSNAP file (.json) or a folder of FitSNAP files";

    /// <summary>All frames in the order of the file; those of a folder as <see cref="FitSnapJson.ReadFolder"/> orders them.</summary>
    /// <exception cref="MofException">Missing or malformed, a frame without a label, or a name that does not tell the format (FileFormat).</exception>
    public static IEnumerable<AtomicConfiguration> Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            return FitSnapJson.ReadFolder(path, requireLabels: true);
        }

        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        if (name.EndsWith(FitSnapJson.Extension, StringComparison.OrdinalIgnoreCase))
        {
            return FitSnapJson.Read(path, requireLabels: true);
        }

        return name.EndsWith("xyz", StringComparison.OrdinalIgnoreCase)
            ? ExtendedXyz.Read(path, requireLabels: true)
            : throw new MofException(ErrorKind.FileFormat, "the name does not tell the format of labelled frames", path, Formats);
    }
}
