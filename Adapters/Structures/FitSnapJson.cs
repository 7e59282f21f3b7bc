using System.Text.Json;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>
/// Labelled configurations as FitSNAP stores them (fitsnap3lib/scrapers/json_scraper.py): one JSON object <c>Dataset</c>
/// a file, with the configurations in <c>Data</c>; lines before it that begin with <c>#</c> are comments. A folder of
/// folders is a training set, each folder in it a group.
/// </summary>
/// <remarks>
/// Conventions, found out from FitSNAP's tantalum example and its <c>Truth-Ref.npy</c>: <c>Lattice</c> holds the cell
/// vectors as rows, Å; <c>Positions</c> are Cartesian, Å; <c>Energy</c> is that of the whole configuration, eV;
/// <c>Forces</c> eV/Å, F = −∂E/∂r; <c>Stress</c> is a 3×3 pressure in bar with LAMMPS's sign (positive under compression),
/// compared with what LAMMPS calls bar: it is −<see cref="Potentials.Units.PhysicalConstants.LammpsMetalPressure"/>
/// times the stress inside the suite. All configurations are periodic.
/// </remarks>
public static class FitSnapJson
{
    /// <summary>How such files' names end.</summary>
    public const string Extension = ".json";

    /// <summary>All configurations of one file; their group is the folder it lies in.</summary>
    /// <param name="path">The file.</param>
    /// <param name="requireLabels">A configuration without energy and forces is an error.</param>
    /// <exception cref="MofException">Missing, no JSON (with <c>file:line:column</c>), or not in the form that FitSNAP reads (FileFormat).</exception>
    public static IReadOnlyList<AtomicConfiguration> Read(string path, bool requireLabels = false)
    {
        using var document = Parse(path);
        var data = Data(document.RootElement, path);
        var folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) ?? "";
        var frames = new List<AtomicConfiguration>();
        foreach (var (name, configuration) in data)
        {
            frames.Add(new FitSnapConfiguration(path, name, configuration).Read(folder, requireLabels));
        }

        return frames;
    }

    /// <summary>
    /// All configurations of a folder: group by group, and file by file within a group, both in the order of their names
    /// (ordinal). A group is a folder with JSON files in it; a folder without folders is a group itself.
    /// </summary>
    /// <exception cref="MofException">As <see cref="Read"/>; or the folder is missing or has no JSON file in it or in its folders.</exception>
    public static IEnumerable<AtomicConfiguration> ReadFolder(string path, bool requireLabels = false) =>
        FilesOf(path).SelectMany(file => Read(file, requireLabels));

    /// <summary>The files of a folder in the order in which they are read.</summary>
    /// <inheritdoc cref="ReadFolder" path="/exception"/>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new MofException(ErrorKind.FileFormat, "there is no such folder", path, "a folder of FitSNAP JSON files, or of folders of them");
        }

        var full = Path.GetFullPath(path);
        string[] files = [.. Sorted(Directory.GetFiles(full, "*" + Extension)), .. Sorted(Directory.GetDirectories(full)).SelectMany(group => Sorted(Directory.GetFiles(group, "*" + Extension)))];
        return files.Length > 0
            ? files
            : throw new MofException(ErrorKind.FileFormat, "the folder holds no JSON files", path, "FitSNAP's configurations as *.json in it, or in one folder for each group");
    }

    private static IOrderedEnumerable<string> Sorted(string[] names) => names.Order(StringComparer.Ordinal);

    private static JsonDocument Parse(string path)
    {
        using var lines = new LineReader(path);
        var text = new System.Text.StringBuilder();
        var started = false;
        while (lines.Next() is { } line)
        {
            // Comments become empty lines, so that the parser's line numbers are the file's.
            started |= !line.StartsWith('#') && line.Length > 0;
            text.Append(started ? line : "").Append('\n');
        }

        try
        {
            return JsonDocument.Parse(text.ToString());
        }
        catch (JsonException problem)
        {
            throw new MofException(
                ErrorKind.FileFormat,
                "the file is not JSON",
                $"{path}:{problem.LineNumber + 1}:{problem.BytePositionInLine + 1}",
                "FitSNAP's form {\"Dataset\": {\"Data\": [...]}}, after comment lines that begin with #",
                inner: problem);
        }
    }

    private static List<(string Name, JsonElement Configuration)> Data(JsonElement root, string path)
    {
        const string Form = "{\"Dataset\": {\"Data\": [{\"AtomTypes\": ..., \"Lattice\": ..., \"Positions\": ..., \"Energy\": ..., \"Forces\": ..., \"Stress\": ...}]}}";
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("Dataset", out var set) || set.ValueKind != JsonValueKind.Object)
        {
            throw new MofException(ErrorKind.FileFormat, "the file has no object 'Dataset'", path, Form);
        }

        if (!set.TryGetProperty("Data", out var data) || data.ValueKind != JsonValueKind.Array || data.GetArrayLength() == 0)
        {
            throw new MofException(ErrorKind.FileFormat, "'Dataset' has no list 'Data' with configurations", path, Form);
        }

        RequireStyles(set, path);
        return [.. data.EnumerateArray().Select((configuration, k) => ($"Data[{k}]", configuration))];
    }

    // A style that is left out is the one of the example.
    private static void RequireStyles(JsonElement set, string path)
    {
        (string Name, string Known)[] styles =
        [
            ("AtomTypeStyle", "chemicalsymbol"), ("LatticeStyle", "angstrom"), ("PositionsStyle", "angstrom"), ("EnergyStyle", "electronvolt"),
            ("ForcesStyle", "electronvoltperangstrom"), ("StressStyle", "bar"),
        ];
        foreach (var (name, known) in styles)
        {
            if (set.TryGetProperty(name, out var value) && (value.ValueKind != JsonValueKind.String || !string.Equals(value.GetString(), known, StringComparison.OrdinalIgnoreCase)))
            {
                throw new MofException(ErrorKind.Unsupported, $"'{name}' is {value.GetRawText()}", path, $"\"{known}\"", "Convert the file to this unit.");
            }
        }
    }
}
