using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>Reads one frame of an extended XYZ file.</summary>
internal sealed class ExtendedXyzFrame
{
    private const string DefaultColumns = "species:S:1:pos:R:3";

    private readonly LineReader _lines;
    private readonly ExtendedXyzKeys _keys;
    private readonly int _count;
    private readonly Dictionary<string, string> _comment;
    private readonly string[] _symbols;
    private readonly double[] _positions;
    private string[]? _types;
    private double[]? _forces;
    private double[]? _momenta;

    private ExtendedXyzFrame(LineReader lines, ExtendedXyzKeys keys, int count)
    {
        _lines = lines;
        _keys = keys;
        _count = count;
        _comment = ExtendedXyzComment.Parse(lines.Require("the comment line of a frame"));
        _symbols = new string[count];
        _positions = new double[3 * count];
    }

    /// <summary>The next frame, or null at the end of the file.</summary>
    public static AtomicConfiguration? Read(LineReader lines, ExtendedXyzKeys keys, bool requireLabel)
    {
        var first = lines.Next();
        while (first is not null && string.IsNullOrWhiteSpace(first))
        {
            first = lines.Next();
        }

        if (first is null)
        {
            return null;
        }

        var count = lines.Integer(first, "the number of atoms, the first line of an XYZ frame");
        return count > 0 ? new ExtendedXyzFrame(lines, keys, count).Build(requireLabel) : throw lines.Error($"a frame of {count} atoms");
    }

    private AtomicConfiguration Build(bool requireLabel)
    {
        var cell = ReadCell();
        var periodic = ReadPeriodicity(cell);
        var energy = Take(_keys.Energy);
        var stress = ReadStress(cell);
        var commentLine = _lines.LineNumber;
        ReadAtoms();
        var label = energy is not null && _forces is not null ? new ReferenceLabel(_lines.Number(energy), _forces, stress) : null;
        if (label is null && requireLabel)
        {
            throw new MofException(
                ErrorKind.FileFormat,
                energy is null ? $"the frame has no {_keys.Energy}" : $"the frame has no column {_keys.Forces}",
                $"{_lines.FilePath}:{commentLine}",
                "energy and forces in every frame");
        }

        if (label is null && energy is not null)
        {
            _comment[_keys.Energy] = energy;
        }

        return new AtomicConfiguration(_symbols, _positions, cell, periodic) { Label = label, Types = _types, Velocities = Velocities(), Info = _comment };
    }

    private Cell? ReadCell()
    {
        if (Take("Lattice") is not { } text)
        {
            return null;
        }

        try
        {
            return new Cell(Numbers(text, "Lattice", 9));
        }
        catch (MofException problem) when (problem.Where is null)
        {
            throw _lines.Error(problem.What, problem.Expected);
        }
    }

    private bool ReadPeriodicity(Cell? cell)
    {
        if (Take("pbc") is not { } text)
        {
            return cell is not null;
        }

        var flags = ExtendedXyzComment.Items(text);
        var directions = flags.Count(flag => flag is "T" or "True" or "true" or "1");
        if (directions > 0 && cell is null)
        {
            throw _lines.Error("a periodic frame has no Lattice");
        }

        return directions == 0 || directions == flags.Length
            ? directions > 0
            : throw _lines.Error($"pbc=\"{text}\": periodic in some directions only", "all three directions or none");
    }

    private double[]? ReadStress(Cell? cell)
    {
        var virial = Take(_keys.Virial);
        if (Take(_keys.Stress) is { } text)
        {
            var values = Numbers(text, _keys.Stress, 6, 9);
            return values.Length == 6 ? values : Voigt.Contract(values, Voigt.Ase);
        }

        if (virial is null)
        {
            return null;
        }

        return cell is null
            ? throw _lines.Error("a virial without a Lattice")
            : Voigt.StressFromVirial(Numbers(virial, _keys.Virial, 9), cell.Volume);
    }

    private void ReadAtoms()
    {
        var columns = Columns(Take("Properties") ?? DefaultColumns);
        var width = columns.Sum(column => column.Width);
        for (var i = 0; i < _count; i++)
        {
            var words = LineReader.Words(_lines.Require($"atom {i + 1} of {_count}"));
            if (words.Length < width)
            {
                throw _lines.Error($"atom {i + 1} of {_count} has {words.Length} columns", $"{width}, as Properties says");
            }

            var place = 0;
            foreach (var column in columns)
            {
                column.Read?.Invoke(i, words, place);
                place += column.Width;
            }
        }
    }

    private List<Column> Columns(string properties)
    {
        var parts = properties.Split(':');
        if (parts.Length % 3 != 0)
        {
            throw _lines.Error($"Properties={properties}", "name:type:columns triples");
        }

        var columns = new List<Column>();
        for (var k = 0; k < parts.Length; k += 3)
        {
            var width = _lines.Integer(parts[k + 2], "the number of columns in Properties");
            columns.Add(new Column(width, ReaderFor(parts[k], width)));
        }

        if (!columns.Exists(column => column.Read == ReadSymbol || column.Read == ReadAtomicNumber) || !columns.Exists(column => column.Read == ReadPosition))
        {
            throw _lines.Error($"Properties={properties} has no species or no pos", DefaultColumns);
        }

        return columns;
    }

    private Action<int, string[], int>? ReaderFor(string name, int width)
    {
        switch (name)
        {
            case "species" or "symbols" when width == 1:
                return ReadSymbol;
            case "Z" or "numbers" when width == 1:
                return ReadAtomicNumber;
            case "pos" or "positions" when width == 3:
                return ReadPosition;
            case "types" when width == 1:
                var types = _types = new string[_count];
                return (i, words, at) => types[i] = words[at];
            case "momenta" when width == 3:
                var momenta = _momenta = new double[3 * _count];
                return (i, words, at) => ReadVector(momenta, i, words, at);
            default:
                if (name != _keys.Forces || width != 3)
                {
                    return null;
                }

                var forces = _forces = new double[3 * _count];
                return (i, words, at) => ReadVector(forces, i, words, at);
        }
    }

    private void ReadSymbol(int atom, string[] words, int at) => _symbols[atom] = Elements.TryBySymbol(words[at], out _)
        ? words[at]
        : throw _lines.Error($"atom {atom + 1}: {words[at]} is not a chemical element");

    private void ReadAtomicNumber(int atom, string[] words, int at)
    {
        var number = _lines.Integer(words[at], "an atomic number");
        _symbols[atom] = number >= 1 && number <= Elements.All.Count
            ? Elements.ByAtomicNumber(number).Symbol
            : throw _lines.Error($"atom {atom + 1}: no element has the atomic number {number}");
    }

    private void ReadPosition(int atom, string[] words, int at) => ReadVector(_positions, atom, words, at);

    private void ReadVector(double[] target, int atom, string[] words, int at)
    {
        for (var k = 0; k < 3; k++)
        {
            var value = _lines.Number(words[at + k]);
            target[3 * atom + k] = double.IsFinite(value) ? value : throw _lines.Error($"atom {atom + 1} has the value {words[at + k]}", "finite numbers");
        }
    }

    private double[] Numbers(string text, string key, params ReadOnlySpan<int> lengths)
    {
        var items = ExtendedXyzComment.Items(text);
        if (!lengths.Contains(items.Length))
        {
            throw _lines.Error($"{key} has {items.Length} numbers", string.Join(" or ", lengths.ToArray()));
        }

        return Array.ConvertAll(items, item => _lines.Number(item));
    }

    private double[]? Velocities()
    {
        for (var k = 0; k < _momenta?.Length; k++)
        {
            _momenta[k] *= ExtendedXyz.AseVelocity / Elements.BySymbol(_symbols[k / 3]).Mass;
        }

        return _momenta;
    }

    private string? Take(string key) => _comment.Remove(key, out var value) ? value : null;

    private sealed record Column(int Width, Action<int, string[], int>? Read);
}
