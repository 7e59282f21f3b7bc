using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

/// <summary>Reads the P 1 files of the reference data; the suite's CIF reader needs Python, which these tests do not.</summary>
internal static class SimpleCif
{
    public static AtomicConfiguration Read(string path)
    {
        var lines = File.ReadAllLines(path).Select(l => l.Trim()).ToArray();
        double Value(string key) => Number(lines.First(l => l.StartsWith(key, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        var cell = Cell.FromParameters(
            Value("_cell_length_a"), Value("_cell_length_b"), Value("_cell_length_c"),
            Value("_cell_angle_alpha"), Value("_cell_angle_beta"), Value("_cell_angle_gamma"));
        var columns = lines.Where(l => l.StartsWith("_atom_site_", StringComparison.Ordinal)).ToList();
        int Column(string key) => columns.IndexOf("_atom_site_" + key);
        var symbols = new List<string>();
        var positions = new List<double>();
        foreach (var line in lines.SkipWhile(l => !l.StartsWith("_atom_site_", StringComparison.Ordinal)).SkipWhile(l => l.StartsWith('_')))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != columns.Count)
            {
                break;
            }

            symbols.Add(words[Column("type_symbol")]);
            var (x, y, z) = cell.ToCartesian(Number(words[Column("fract_x")]), Number(words[Column("fract_y")]), Number(words[Column("fract_z")]));
            positions.AddRange([x, y, z]);
        }

        return new AtomicConfiguration(symbols, [.. positions], cell, periodic: true);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
