using System.Globalization;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>VASP's POSCAR and CONTCAR, version 5 and later (with a line of element symbols). Velocities and selective dynamics are not kept.</summary>
public static class Poscar
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="MofException">Missing or malformed, or of VASP 4, which does not name its elements, with <c>file:line</c> (FileFormat).</exception>
    public static AtomicConfiguration Read(string path)
    {
        using var lines = new LineReader(path);
        lines.Require("the title line of a POSCAR");
        var scale = lines.Number(LineReader.Words(lines.Require("the scaling factor")) is [var factor, ..] ? factor : throw lines.Error("no scaling factor"));
        var rows = new double[9];
        for (var k = 0; k < 3; k++)
        {
            ReadVector(lines, rows.AsSpan(3 * k, 3), $"lattice vector {k + 1}");
        }

        scale = Scale(lines, scale, rows);
        var cell = new Cell(Array.ConvertAll(rows, value => scale * value));
        var symbols = ReadSymbols(lines);
        var mode = lines.Require("Direct or Cartesian");
        if (mode.TrimStart().StartsWith('S') || mode.TrimStart().StartsWith('s'))
        {
            mode = lines.Require("Direct or Cartesian");
        }

        var cartesian = mode.TrimStart() is { Length: > 0 } text && text[0] is 'C' or 'c' or 'K' or 'k';
        var positions = new double[3 * symbols.Count];
        for (var i = 0; i < symbols.Count; i++)
        {
            var p = positions.AsSpan(3 * i, 3);
            ReadVector(lines, p, $"atom {i + 1} of {symbols.Count}");
            (p[0], p[1], p[2]) = cartesian ? (scale * p[0], scale * p[1], scale * p[2]) : cell.ToCartesian(p[0], p[1], p[2]);
        }

        return new AtomicConfiguration(symbols, positions, cell, periodic: true);
    }

    /// <summary>
    /// Writes a file with fractional coordinates. The order of atoms is kept: an element that comes back later is named again,
    /// which VASP allows (its POTCAR then repeats it too).
    /// </summary>
    /// <exception cref="MofException">The configuration has no cell (InvalidArgument).</exception>
    public static void Write(string path, AtomicConfiguration structure, string title = "MofInterop")
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(title);
        var cell = structure.Cell ?? throw new MofException(ErrorKind.InvalidArgument, "a POSCAR needs a cell", path);
        var runs = new List<(string Symbol, int Count)>();
        foreach (var symbol in structure.Symbols)
        {
            if (runs.Count > 0 && runs[^1].Symbol == symbol)
            {
                runs[^1] = (symbol, runs[^1].Count + 1);
            }
            else
            {
                runs.Add((symbol, 1));
            }
        }

        var text = new StringBuilder(title.ReplaceLineEndings(" ")).Append("\n1.0\n");
        for (var k = 0; k < 9; k += 3)
        {
            Append(text, (cell.Rows[k], cell.Rows[k + 1], cell.Rows[k + 2]));
        }

        text.AppendJoin(' ', runs.Select(run => run.Symbol)).Append('\n');
        text.AppendJoin(' ', runs.Select(run => run.Count)).Append("\nDirect\n");
        for (var i = 0; i < structure.Count; i++)
        {
            Append(text, cell.ToFractional(structure.Positions[3 * i], structure.Positions[3 * i + 1], structure.Positions[3 * i + 2]));
        }

        File.WriteAllText(path, text.ToString());
    }

    private static void Append(StringBuilder text, (double X, double Y, double Z) v) => text.Append(CultureInfo.InvariantCulture, $"  {v.X:R} {v.Y:R} {v.Z:R}\n");

    /// <summary>A negative factor is the volume of the cell.</summary>
    private static double Scale(LineReader lines, double factor, double[] rows)
    {
        try
        {
            return factor < 0 ? Math.Cbrt(-factor / new Cell(rows).Volume) : factor > 0 ? factor : throw lines.Error("the scaling factor is 0");
        }
        catch (MofException problem) when (problem.Where is null)
        {
            throw lines.Error(problem.What, problem.Expected);
        }
    }

    private static List<string> ReadSymbols(LineReader lines)
    {
        var names = LineReader.Words(lines.Require("the line of element symbols"));
        if (names.Length == 0 || char.IsAsciiDigit(names[0][0]))
        {
            throw lines.Error("the file does not name its elements", "a line of symbols before the numbers of atoms (VASP 5)", "Add that line.");
        }

        // VASP also writes "Zn_pv" or "Zn/4a1b": the name of the potential.
        var elements = Array.ConvertAll(names, name => name.Split('_', '/')[0]);
        foreach (var element in elements)
        {
            if (!Elements.TryBySymbol(element, out _))
            {
                throw lines.Error($"{element} is not a chemical element");
            }
        }

        var counts = LineReader.Words(lines.Require("the numbers of atoms"));
        if (counts.Length != names.Length)
        {
            throw lines.Error($"{counts.Length} numbers of atoms for {names.Length} elements");
        }

        var symbols = new List<string>();
        for (var k = 0; k < counts.Length; k++)
        {
            symbols.AddRange(Enumerable.Repeat(elements[k], lines.Integer(counts[k], "a number of atoms")));
        }

        return symbols;
    }

    private static void ReadVector(LineReader lines, Span<double> target, string meaning)
    {
        var words = LineReader.Words(lines.Require(meaning));
        if (words.Length < 3)
        {
            throw lines.Error($"{meaning} has {words.Length} numbers", "three");
        }

        for (var k = 0; k < 3; k++)
        {
            target[k] = lines.Number(words[k]);
        }
    }
}
