using System.Globalization;
using System.Text;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.ModelFiles.Snap;

/// <summary>
/// The <c>snapgrades</c> file: what <see cref="SnapGrades"/> holds, as text that reads back to the last bit. A head
/// "snapgrades 1", "components n", then for every species of the coefficient file "species label" and the n + 1 rows of its
/// lower triangular matrix, a row a line: 1, 2, …, n + 1 numbers; or "species label unseen" where the training set did
/// not have it. A # starts a comment.
/// </summary>
public static class SnapGradesFile
{
    /// <summary>The ending of grades files.</summary>
    public const string Extension = ".snapgrades";

    private const string Description = "SNAP grades file";
    private const string Head = "snapgrades";
    private const int Format = 1;

    /// <summary>Reads the grades of a model.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model that they belong to: its species, in any order, and its number of components.</param>
    /// <exception cref="MofException"><see cref="ErrorKind.FileFormat"/>: missing, malformed, or of another model; <see cref="ErrorKind.Unsupported"/>: a later format.</exception>
    public static SnapGrades Read(string path, SnapModel model)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(model);
        if (model.Parameters.Quadratic || model.Parameters.Chemical)
        {
            throw new MofException(ErrorKind.FileFormat, "grades are given for a quadratic model or one with chemflag", path, expected: "no grades file for it");
        }

        using var lines = SnapText.Lines(path, Description).GetEnumerator();
        var format = Setting(lines, path, Head);
        if (format.Value != Format)
        {
            throw new MofException(ErrorKind.Unsupported, $"the file has format {format.Value}", format.Where, expected: $"format {Format}", remedy: "Use a later version of MofInterop.");
        }

        var count = Setting(lines, path, "components");
        if (count.Value != model.BispectrumCount)
        {
            throw new MofException(ErrorKind.FileFormat, $"the grades are for {count.Value} components", count.Where, expected: $"{model.BispectrumCount}, as the model has");
        }

        var factors = new double[model.Species.Count][];
        var seen = new HashSet<int>();
        while (lines.MoveNext())
        {
            var species = ReadSpecies(lines.Current, model, out var unseen);
            if (!seen.Add(species))
            {
                throw new MofException(ErrorKind.FileFormat, $"species {model.Species[species].Label} is repeated", lines.Current.Where, expected: "every species once");
            }

            factors[species] = unseen ? null! : ReadFactor(lines, path, model.BispectrumCount, model.Species[species].Label);
        }

        return seen.Count == factors.Length
            ? new SnapGrades(model.BispectrumCount, factors)
            : throw new MofException(ErrorKind.FileFormat, "the file ends too early", path, expected: "species " + model.Species.Where((_, s) => !seen.Contains(s)).First().Label);
    }

    /// <summary>Writes the grades of a model.</summary>
    /// <param name="path">Replaced in one rename.</param>
    /// <param name="model">A model with <see cref="SnapModel.Grades"/>.</param>
    /// <param name="comment">Lines for the head of the file, or null.</param>
    /// <exception cref="MofException">The model has no grades, or the file cannot be written.</exception>
    public static void Write(string path, SnapModel model, string? comment = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var grades = model.Grades ?? throw new MofException(ErrorKind.InvalidArgument, "the model has no grades to be written", path);
        var text = new StringBuilder();
        SnapCoefficientFile.AppendComment(text, comment);
        text.Append(CultureInfo.InvariantCulture, $"{Head} {Format}\ncomponents {grades.BispectrumCount}\n");
        for (var s = 0; s < grades.SpeciesCount; s++)
        {
            text.Append("\nspecies ").Append(model.Species[s].Label).Append(grades.Knows(s) ? "\n" : " unseen\n");
            var factor = grades.Factor(s);
            for (int row = 0, next = 0; next < factor.Length; row++)
            {
                for (var column = 0; column <= row; column++)
                {
                    text.Append(column == 0 ? "" : " ").Append(Numbers.Format(factor[next++]));
                }

                text.Append('\n');
            }
        }

        TextFile.Write(path, Description, text.ToString());
    }

    private static (int Value, string Where) Setting(IEnumerator<SnapLine> lines, string path, string name)
    {
        var line = Next(lines, path, $"'{name}' and a number");
        return line.Words is [var word, var number] && word == name
            ? (Numbers.ReadInteger(number, line.Where, name), line.Where)
            : throw new MofException(ErrorKind.FileFormat, $"'{string.Join(' ', line.Words)}'", line.Where, expected: $"'{name}' and a number, as a {Description} has it");
    }

    private static int ReadSpecies(in SnapLine line, SnapModel model, out bool unseen)
    {
        unseen = line.Words is ["species", _, "unseen"];
        if (!unseen && line.Words is not ["species", _])
        {
            throw new MofException(ErrorKind.FileFormat, $"'{string.Join(' ', line.Words.Take(3))}'", line.Where, expected: "'species' and a label, or these and 'unseen'");
        }

        return model.IndexOf(line.Words[1]) is >= 0 and var species
            ? species
            : throw new MofException(ErrorKind.FileFormat, $"the grades are for a species {line.Words[1]}", line.Where, expected: "one of " + string.Join(", ", model.Species.Select(one => one.Label)));
    }

    private static double[] ReadFactor(IEnumerator<SnapLine> lines, string path, int components, string label)
    {
        var factor = new List<double>();
        for (var row = 0; row <= components; row++)
        {
            var name = $"row {row + 1} of {components + 1} of {label}";
            var line = Next(lines, path, name);
            if (line.Words.Length != row + 1)
            {
                throw new MofException(ErrorKind.FileFormat, $"{line.Words.Length} words", line.Where, expected: $"{name}: {row + 1} numbers");
            }

            factor.AddRange(line.Words.Select(word => Numbers.ReadDouble(word, line.Where, name)));
        }

        return [.. factor];
    }

    private static SnapLine Next(IEnumerator<SnapLine> lines, string path, string name) =>
        lines.MoveNext() ? lines.Current : throw new MofException(ErrorKind.FileFormat, "the file ends too early", path, expected: name);
}
