using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>
/// Tables as CSV (RFC 4180): a heading with units, one row a line. Numbers read back to the last bit; where there is none, or none that is finite, the field is empty.
/// </summary>
internal static class CsvTable
{
    /// <summary>Writes rows of numbers.</summary>
    public static void Write(string path, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<double>> rows) =>
        WriteFields(path, columns, rows.Select(row => row.Select(Field)));

    /// <summary>Writes columns of numbers, all as long as the first one.</summary>
    public static void WriteColumns(string path, IReadOnlyList<(string Heading, IReadOnlyList<double> Values)> columns) =>
        WriteFields(path, [.. columns.Select(column => column.Heading)], Enumerable.Range(0, columns[0].Values.Count).Select(row => columns.Select(column => Field(column.Values[row]))));

    /// <summary>Writes rows that say by words what they are of, followed by numbers.</summary>
    public static void Write(string path, IReadOnlyList<string> columns, IEnumerable<(string[] Words, IEnumerable<double?> Numbers)> rows) =>
        WriteFields(path, columns, rows.Select(row => row.Words.Concat(row.Numbers.Select(number => Field(number ?? double.NaN)))));

    /// <summary>Reads a table of numbers; an empty field is no number.</summary>
    /// <exception cref="MofException">The file is missing, or has other columns.</exception>
    public static IEnumerable<double[]> Read(string path, IReadOnlyList<string> columns)
    {
        if (!File.Exists(path))
        {
            throw new MofException(ErrorKind.FileFormat, "the table is missing", path);
        }

        var heading = Line(columns);
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            if (++number == 1)
            {
                if (line != heading)
                {
                    throw new MofException(ErrorKind.FileFormat, "the table has other columns", $"{path}:1", heading);
                }

                continue;
            }

            yield return Array.ConvertAll(line.Split(','), word => word.Length == 0 ? double.NaN : double.Parse(word, CultureInfo.InvariantCulture));
        }
    }

    private static void WriteFields(string path, IReadOnlyList<string> columns, IEnumerable<IEnumerable<string>> rows)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine(Line(columns));
        foreach (var row in rows)
        {
            writer.WriteLine(Line(row));
        }
    }

    private static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(Quoted));

    private static string Field(double value) => double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : string.Empty;

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
