using System.Globalization;
using System.Text;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.ModelFiles.Snap;

/// <summary>
/// The <c>snapcoeff</c> file, after LAMMPS's <c>PairSNAP::read_files</c>: a line "number of species, coefficients of
/// each", then for every species a line "label radius weight" and its coefficients, one a line.
/// </summary>
/// <remarks>Stricter than LAMMPS, which ignores whatever follows the announced number of species.</remarks>
public static class SnapCoefficientFile
{
    private const string Description = "SNAP coefficient file";

    /// <summary>Reads the species of a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parameters">What the parameter file says: it decides how many coefficients a species has.</param>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/>: a missing file, a wrong count, something that is no number.</exception>
    public static IReadOnlyList<SnapSpecies> Read(string path, SnapParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(parameters);
        using var lines = SnapText.Lines(path, Description).GetEnumerator();
        var header = Next(lines, path, 2, "the number of species and of coefficients");
        var speciesCount = Numbers.ReadInteger(header.Words[0], header.Where, "the number of species");
        var coefficientCount = Numbers.ReadInteger(header.Words[1], header.Where, "the number of coefficients");
        if (speciesCount < 1)
        {
            throw new MofException(ErrorKind.FileFormat, $"the number of species is {speciesCount}", header.Where, expected: "1 or more");
        }

        CheckCount(coefficientCount, speciesCount, parameters, header.Where);

        // Not sized by the header: a wrong number there must not take memory.
        var species = new List<SnapSpecies>();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        while (species.Count < speciesCount)
        {
            species.Add(ReadSpecies(lines, path, coefficientCount, parameters, seen));
        }

        return lines.MoveNext()
            ? throw new MofException(ErrorKind.FileFormat, $"'{string.Join(' ', lines.Current.Words)}' follows the last coefficient", lines.Current.Where, expected: $"nothing more after the {speciesCount} species announced at {header.Where}")
            : species;
    }

    /// <summary>Writes the species of a model; every number reads back as the same double.</summary>
    /// <param name="path">Replaced in one rename.</param>
    /// <param name="model">The model.</param>
    /// <param name="comment">Lines for the head of the file, or null.</param>
    /// <exception cref="MofException">The file cannot be written, or a label is not one word.</exception>
    public static void Write(string path, SnapModel model, string? comment = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var names = CoefficientNames(model);
        var text = new StringBuilder("# UNITS: metal\n");
        AppendComment(text, comment);
        text.Append(CultureInfo.InvariantCulture, $"\n{model.Species.Count} {model.CoefficientCount}\n");
        foreach (var one in model.Species)
        {
            if (!SnapText.IsWord(one.Label))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"a species is called '{one.Label}'", where: path, expected: "one word without quotes or #");
            }

            text.Append(CultureInfo.InvariantCulture, $"{one.Label} {Numbers.Format(one.Radius)} {Numbers.Format(one.Weight)}\n");
            for (var k = 0; k < one.Coefficients.Length; k++)
            {
                text.Append(Numbers.Format(one.Coefficients[k])).Append(" # ").Append(names[k]).Append('\n');
            }
        }

        TextFile.Write(path, Description, text.ToString());
    }

    /// <summary>Appends a comment of any number of lines.</summary>
    internal static void AppendComment(StringBuilder text, string? comment)
    {
        foreach (var line in comment?.Split('\n') ?? [])
        {
            text.Append("# ").Append(line.Trim()).Append('\n');
        }
    }

    // Counted in doubles: a header can announce species without end, and what an int can hold is exact.
    private static void CheckCount(int found, int speciesCount, SnapParameters parameters, string where)
    {
        double components = SnapIndices.ComponentCount(parameters.TwoJMax);
        var reason = $"twojmax is {parameters.TwoJMax}";
        if (parameters.Chemical)
        {
            components *= (double)speciesCount * speciesCount * speciesCount;
            reason += $" with chemflag of {speciesCount} species";
        }

        var needed = 1 + components;
        if (parameters.Quadratic)
        {
            needed += components * (components + 1) / 2;
            reason += " with quadraticflag";
        }

        if (found != needed)
        {
            throw new MofException(ErrorKind.FileFormat, $"{found} coefficients for each species", where, expected: $"{needed:F0}, as {reason}", remedy: "Check that the parameter file belongs to this coefficient file.");
        }
    }

    // B[j1, j2, j], with chemflag preceded by the three species; a quadratic term is the product of two of them.
    private static List<string> CoefficientNames(SnapModel model)
    {
        var components = SnapIndices.Components(model.Parameters.TwoJMax);
        var count = model.Species.Count;
        var names = new List<string>(model.CoefficientCount) { "B[0]" };
        for (var place = 0; place < model.BispectrumCount; place++)
        {
            var (j1, j2, j) = components[place % components.Length];
            var triple = place / components.Length;
            var species = model.Parameters.Chemical
                ? $"{model.Species[triple / (count * count)].Label} {model.Species[triple / count % count].Label} {model.Species[triple % count].Label}; "
                : "";
            names.Add(string.Create(CultureInfo.InvariantCulture, $"B[{species}{j1}, {j2}, {j}]"));
        }

        for (var a = 1; model.Parameters.Quadratic && a <= model.BispectrumCount; a++)
        {
            for (var b = a; b <= model.BispectrumCount; b++)
            {
                names.Add($"{names[a]} * {names[b]}");
            }
        }

        return names;
    }

    private static SnapSpecies ReadSpecies(IEnumerator<SnapLine> lines, string path, int coefficientCount, SnapParameters parameters, Dictionary<string, string> seen)
    {
        var head = Next(lines, path, 3, "label, radius and weight of a species");
        var label = head.Words[0];
        if (!seen.TryAdd(label, head.Where))
        {
            throw new MofException(ErrorKind.FileFormat, $"species {label} is repeated", head.Where, expected: $"every label once; it first stands at {seen[label]}");
        }

        var radius = Numbers.ReadDouble(head.Words[1], head.Where, $"the radius of {label}");
        var weight = Numbers.ReadDouble(head.Words[2], head.Where, $"the weight of {label}");
        if (!(2 * radius * parameters.CutoffFactor > parameters.MinimumDistance))
        {
            throw new MofException(ErrorKind.FileFormat, $"the radius of {label} is {head.Words[1]}", head.Where, expected: "a cutoff 2·radius·rcutfac beyond rmin0");
        }

        var coefficients = new double[coefficientCount];
        for (var k = 0; k < coefficientCount; k++)
        {
            var name = $"coefficient {k + 1} of {coefficientCount} of {label}";
            var line = Next(lines, path, 1, name);
            coefficients[k] = Numbers.ReadDouble(line.Words[0], line.Where, name);
        }

        return new SnapSpecies(label, radius, weight, coefficients);
    }

    private static SnapLine Next(IEnumerator<SnapLine> lines, string path, int words, string name)
    {
        if (!lines.MoveNext())
        {
            throw new MofException(ErrorKind.FileFormat, "the file ends too early", path, expected: name);
        }

        var line = lines.Current;
        return line.Words.Length == words
            ? line
            : throw new MofException(ErrorKind.FileFormat, $"'{string.Join(' ', line.Words)}' is {line.Words.Length} words", line.Where, expected: $"{name} ({words} {(words == 1 ? "word" : "words")})");
    }
}
