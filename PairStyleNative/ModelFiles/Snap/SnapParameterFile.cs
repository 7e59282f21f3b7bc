using System.Text;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.ModelFiles.Snap;

/// <summary>The <c>snapparam</c> file: one keyword and its value a line, in any order, after LAMMPS's <c>PairSNAP::read_files</c>.</summary>
/// <remarks>
/// Stricter than LAMMPS where it would go on with something that was not meant: a repeated keyword, further words
/// behind a value, a flag other than 0 or 1. <c>chunksize</c> and <c>parallelthresh</c> steer LAMMPS's GPU code and
/// are read and forgotten.
/// </remarks>
public static class SnapParameterFile
{
    private const string Description = "SNAP parameter file";

    private static readonly string[] Known =
    [
        "rcutfac", "twojmax", "rfac0", "rmin0", "switchflag", "bzeroflag", "quadraticflag", "chemflag", "bnormflag",
        "wselfallflag", "switchinnerflag", "sinner", "dinner", "chunksize", "parallelthresh",
    ];

    private static readonly string[] InnerSwitching = ["sinner", "dinner"];

    /// <summary>Reads the settings of a descriptor.</summary>
    /// <exception cref="MofException">
    /// <see cref="ErrorKind.FileFormat"/>: missing file, unknown, missing or repeated keyword, a value that is no number
    /// or out of range.
    /// </exception>
    public static SnapParameterFileContent Read(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var entries = ReadEntries(path);
        foreach (var ignored in (string[])["chunksize", "parallelthresh"])
        {
            if (entries.TryGetValue(ignored, out var line))
            {
                Numbers.ReadInteger(line.Words[1], line.Where, ignored);
            }
        }

        var parameters = new SnapParameters
        {
            CutoffFactor = ReadNumber(entries, "rcutfac", null, value => value > 0, "a positive number"),
            TwoJMax = ReadTwoJMax(Required(entries, "twojmax", path)),
            AngleFactor = ReadNumber(entries, "rfac0", 0.99363, value => value > 0, "a positive number"),
            MinimumDistance = ReadNumber(entries, "rmin0", 0, value => value >= 0, "zero or a positive number"),
            Switching = ReadFlag(entries, "switchflag", true),
            SubtractIsolatedAtom = ReadFlag(entries, "bzeroflag", true),
            Quadratic = ReadFlag(entries, "quadraticflag", false),
            Chemical = ReadFlag(entries, "chemflag", false),
            Normalized = ReadFlag(entries, "bnormflag", false),
            SelfInAllDensities = ReadFlag(entries, "wselfallflag", false),
            InnerSwitching = ReadFlag(entries, "switchinnerflag", false),
        };
        return new SnapParameterFileContent(parameters, ReadInnerSwitching(entries, parameters.InnerSwitching, path));

        double ReadNumber(Dictionary<string, SnapLine> all, string keyword, double? standard, Func<double, bool> allowed, string expected)
        {
            if (standard is not null && !all.ContainsKey(keyword))
            {
                return standard.Value;
            }

            var line = Required(all, keyword, path);
            var value = Numbers.ReadDouble(line.Words[1], line.Where, keyword);
            return allowed(value) ? value : throw new MofException(ErrorKind.FileFormat, $"{keyword} is {line.Words[1]}", line.Where, expected);
        }
    }

    /// <summary>Writes every setting, also those at their defaults, so that nothing depends on a reader's defaults.</summary>
    /// <param name="path">Replaced in one rename.</param>
    /// <param name="model">The model; what it says of its species is written where it belongs into this file.</param>
    /// <param name="comment">Lines for the head of the file, or null.</param>
    /// <exception cref="MofException">The file cannot be written.</exception>
    public static void Write(string path, SnapModel model, string? comment = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var parameters = model.Parameters;
        var text = new StringBuilder("# UNITS: metal\n");
        SnapCoefficientFile.AppendComment(text, comment);
        text.Append("\n# required\n");
        Append("rcutfac", Numbers.Format(parameters.CutoffFactor));
        Append("twojmax", Numbers.Format(parameters.TwoJMax));
        text.Append("\n# optional\n");
        Append("rfac0", Numbers.Format(parameters.AngleFactor));
        Append("rmin0", Numbers.Format(parameters.MinimumDistance));
        AppendFlag("switchflag", parameters.Switching);
        AppendFlag("bzeroflag", parameters.SubtractIsolatedAtom);
        AppendFlag("quadraticflag", parameters.Quadratic);
        AppendFlag("chemflag", parameters.Chemical);
        AppendFlag("bnormflag", parameters.Normalized);
        AppendFlag("wselfallflag", parameters.SelfInAllDensities);

        // Read since 2022 only: a file that does without stays readable for older LAMMPS.
        if (parameters.InnerSwitching)
        {
            AppendFlag("switchinnerflag", true);
            Append("sinner", string.Join(' ', model.Species.Select(s => Numbers.Format(s.InnerSwitchCenter))));
            Append("dinner", string.Join(' ', model.Species.Select(s => Numbers.Format(s.InnerSwitchHalfWidth))));
        }

        TextFile.Write(path, Description, text.ToString());

        void AppendFlag(string keyword, bool value) => Append(keyword, value ? "1" : "0");

        void Append(string keyword, string value) => text.Append(keyword).Append(' ').Append(value).Append('\n');
    }

    private static Dictionary<string, SnapLine> ReadEntries(string path)
    {
        var entries = new Dictionary<string, SnapLine>(StringComparer.Ordinal);
        foreach (var line in SnapText.Lines(path, Description))
        {
            var keyword = line.Words[0];
            if (!Known.Contains(keyword, StringComparer.Ordinal))
            {
                throw new MofException(ErrorKind.FileFormat, $"unknown keyword '{keyword}'", line.Where, expected: "one of " + string.Join(", ", Known));
            }

            if (line.Words.Length < 2 || (line.Words.Length > 2 && !InnerSwitching.Contains(keyword)))
            {
                throw new MofException(ErrorKind.FileFormat, $"keyword {keyword} has {line.Words.Length - 1} values", line.Where, expected: InnerSwitching.Contains(keyword) ? "one value for every species" : "one value");
            }

            if (!entries.TryAdd(keyword, line))
            {
                throw new MofException(ErrorKind.FileFormat, $"keyword {keyword} is repeated", line.Where, expected: $"it once; it first stands at {entries[keyword].Where}");
            }
        }

        return entries;
    }

    private static InnerSwitchDistances? ReadInnerSwitching(Dictionary<string, SnapLine> entries, bool wanted, string path)
    {
        foreach (var keyword in InnerSwitching)
        {
            if (wanted != entries.TryGetValue(keyword, out var line))
            {
                throw wanted
                    ? new MofException(ErrorKind.FileFormat, $"keyword {keyword} is missing", path, expected: "sinner and dinner, a number for every species, as switchinnerflag is 1")
                    : new MofException(ErrorKind.FileFormat, $"keyword {keyword} is given without switchinnerflag 1", line.Where, expected: "no inner switching distances");
            }
        }

        return wanted ? new InnerSwitchDistances(ReadNumbers(entries["sinner"]), ReadNumbers(entries["dinner"]), entries["sinner"].Where, entries["dinner"].Where) : null;
    }

    private static double[] ReadNumbers(SnapLine line) =>
        [.. line.Words.Skip(1).Select((word, n) => Numbers.ReadDouble(word, line.Where, $"{line.Words[0]} {n + 1}"))];

    private static SnapLine Required(Dictionary<string, SnapLine> entries, string keyword, string path) =>
        entries.TryGetValue(keyword, out var line)
            ? line
            : throw new MofException(ErrorKind.FileFormat, $"keyword {keyword} is missing", path, expected: "the required keywords rcutfac and twojmax");

    private static int ReadTwoJMax(SnapLine line)
    {
        var value = Numbers.ReadInteger(line.Words[1], line.Where, "twojmax");
        return value is >= 0 and <= SnapModel.MaximumTwoJMax
            ? value
            : throw new MofException(ErrorKind.FileFormat, $"twojmax is {value}", line.Where, expected: $"0 to {SnapModel.MaximumTwoJMax}");
    }

    private static bool ReadFlag(Dictionary<string, SnapLine> entries, string keyword, bool standard)
    {
        if (!entries.TryGetValue(keyword, out var line))
        {
            return standard;
        }

        return Numbers.ReadInteger(line.Words[1], line.Where, keyword) switch
        {
            0 => false,
            1 => true,
            _ => throw new MofException(ErrorKind.FileFormat, $"{keyword} is {line.Words[1]}", line.Where, expected: "0 or 1"),
        };
    }
}
