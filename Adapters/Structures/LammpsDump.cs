using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>One frame of a LAMMPS dump (<c>dump … custom</c>, text) as it stands in the file: LAMMPS's units, axes and order of atoms.</summary>
public sealed class LammpsDumpFrame
{
    private readonly string[] _columns;
    private readonly double[] _values;
    private readonly string[]? _names;

    internal LammpsDumpFrame(long step, LammpsDumpBox box, string? units, string[] columns, LammpsDumpAtoms atoms)
    {
        Step = step;
        Rows = box.Rows;
        Origin = box.Origin;
        PeriodicDirections = box.PeriodicDirections;
        Units = units;
        _columns = columns;
        _values = atoms.Values;
        _names = atoms.Names;
        Count = _values.Length / columns.Length;
    }

    /// <summary>The system of units that the file names (<c>dump_modify units yes</c>), or null.</summary>
    public string? Units { get; }

    /// <summary>How many of the three directions are periodic.</summary>
    public int PeriodicDirections { get; }

    /// <summary>The column <c>element</c> or <c>typelabel</c>, one word an atom, in the order of the file; null where there is none.</summary>
    public IReadOnlyList<string>? Names => _names;

    /// <summary>Time step.</summary>
    public long Step { get; }

    /// <summary>Number of atoms.</summary>
    public int Count { get; }

    /// <summary>
    /// Cell rows (lx, 0, 0), (xy, ly, 0), (xz, yz, lz), or any three of a general triclinic box, <c>double[9]</c>; may be not finite or
    /// flat after a blow-up.
    /// </summary>
    public double[] Rows { get; }

    /// <summary>Lower corner of the box, <c>double[3]</c>.</summary>
    public double[] Origin { get; }

    /// <summary>The cell.</summary>
    /// <exception cref="MofException">It is not finite or has no volume.</exception>
    public Cell Cell => new(Rows);

    /// <summary>Whether there is a column of this name.</summary>
    public bool Has(string column) => Array.IndexOf(_columns, column) >= 0;

    /// <summary>A column, one number an atom, in the order of the file.</summary>
    /// <exception cref="MofException">There is no such column.</exception>
    public double[] Column(string name) => Columns(name);

    /// <summary>Several columns side by side, <c>double[natoms · names]</c> row-major, in the order of the file.</summary>
    /// <exception cref="MofException">There is no such column.</exception>
    public double[] Columns(params ReadOnlySpan<string> names)
    {
        var places = new int[names.Length];
        for (var k = 0; k < places.Length; k++)
        {
            places[k] = Array.IndexOf(_columns, names[k]);
            if (places[k] < 0)
            {
                throw new MofException(ErrorKind.FileFormat, $"the dump has no column {names[k]}", $"step {Step}", $"one of {string.Join(' ', _columns)}");
            }
        }

        var result = new double[Count * places.Length];
        for (var i = 0; i < Count; i++)
        {
            for (var k = 0; k < places.Length; k++)
            {
                result[i * places.Length + k] = _values[i * _columns.Length + places[k]];
            }
        }

        return result;
    }
}

/// <summary>The box of a dump frame.</summary>
internal sealed record LammpsDumpBox(double[] Rows, double[] Origin, int PeriodicDirections)
{
    /// <summary>What stands before the flags of a box.</summary>
    public const string Header = "ITEM: BOX BOUNDS";

    /// <summary>How many numbers each of the three lines has.</summary>
    public static int Width(string[] flags) => flags.Contains("abc") ? 4 : flags.Contains("xy") ? 3 : 2;

    /// <summary>
    /// From the flags ("xy xz yz" or "abc origin" where the box is triclinic, then the boundaries of the three directions, which old files lack) and the numbers of the three lines.
    /// </summary>
    public static LammpsDumpBox Of(string[] flags, double[] numbers)
    {
        string[] boundaries = [.. flags.Where(flag => flag is not ("xy" or "xz" or "yz" or "abc" or "origin"))];
        var periodic = boundaries.Length == 3 ? boundaries.Count(boundary => boundary == "pp") : 3;
        return Width(flags) == 4
            ? new LammpsDumpBox([.. numbers[..3], .. numbers[4..7], .. numbers[8..11]], [numbers[3], numbers[7], numbers[11]], periodic)
            : Restricted(numbers, Width(flags), periodic);
    }

    // The file holds the bounding box of the parallelepiped (LAMMPS manual, "Triclinic simulation boxes").
    private static LammpsDumpBox Restricted(double[] numbers, int width, int periodic)
    {
        double[] low = [numbers[0], numbers[width], numbers[2 * width]], high = [numbers[1], numbers[width + 1], numbers[2 * width + 1]];
        var (xy, xz, yz) = width == 3 ? (numbers[2], numbers[5], numbers[8]) : (0, 0, 0);
        low[0] -= Math.Min(Math.Min(0, xy), Math.Min(xz, xy + xz));
        high[0] -= Math.Max(Math.Max(0, xy), Math.Max(xz, xy + xz));
        low[1] -= Math.Min(0, yz);
        high[1] -= Math.Max(0, yz);
        return new LammpsDumpBox([high[0] - low[0], 0, 0, xy, high[1] - low[1], 0, xz, yz, high[2] - low[2]], low, periodic);
    }
}

/// <summary>The atoms of a dump frame: numbers, and the words of its column of names.</summary>
internal sealed record LammpsDumpAtoms(double[] Values, string[]? Names);

/// <summary>Reads LAMMPS dump files frame by frame. A file that ends in the middle of a frame (a killed run) gives its complete frames.</summary>
public static class LammpsDump
{
    private const string StepHeader = "ITEM: TIMESTEP";
    private const string BoxHeader = LammpsDumpBox.Header;

    /// <summary>The frames in the order of the file; nothing is read before it is asked for. Text columns read as NaN.</summary>
    /// <param name="path">The dump file.</param>
    /// <param name="cut">Told when the file ends inside a frame.</param>
    /// <exception cref="MofException">The file is missing, or says something that a dump does not say before its end (FileFormat).</exception>
    public static IEnumerable<LammpsDumpFrame> Read(string path, Action<string>? cut = null)
    {
        if (!File.Exists(path))
        {
            throw new MofException(ErrorKind.FileFormat, "the dump file does not exist", path);
        }

        return ReadFrames(path, cut);
    }

    /// <summary>A number as C's printf writes it: also <c>nan</c>, <c>-nan</c>, <c>inf</c>; anything else is NaN.</summary>
    public static double Number(ReadOnlySpan<char> word)
    {
        if (ShortDecimal.TryParse(word, out var value) || double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            return value;
        }

        return word switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN };
    }

    private static IEnumerable<LammpsDumpFrame> ReadFrames(string path, Action<string>? cut)
    {
        using var lines = new CompleteLines(path);
        string? units = null;
        while (lines.Next() is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            // Written once, before the first frame.
            if (line == "ITEM: UNITS")
            {
                units = lines.Next()?.Trim();
                continue;
            }

            if (line != StepHeader)
            {
                throw lines.Unexpected(line, StepHeader);
            }

            if (ReadFrame(lines, units) is not { } frame)
            {
                cut?.Invoke(TrajectoryNotes.CutFrame(path, lines.Number));
                yield break;
            }

            yield return frame;
        }
    }

    // Null where the file ends before the frame does.
    private static LammpsDumpFrame? ReadFrame(CompleteLines lines, string? units)
    {
        var count = 0L;
        LammpsDumpBox? box = null;
        if (lines.Next() is not { } stepLine)
        {
            return null;
        }

        var step = ReadInteger(lines, stepLine, "a time step");
        while (lines.Next() is { } header)
        {
            if (header == "ITEM: NUMBER OF ATOMS")
            {
                if (lines.Next() is not { } countLine)
                {
                    return null;
                }

                count = ReadInteger(lines, countLine, "a number of atoms");
            }
            else if (header.StartsWith(BoxHeader, StringComparison.Ordinal))
            {
                box = ReadBox(lines, header[BoxHeader.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
                if (box is null)
                {
                    return null;
                }
            }
            else if (header.StartsWith("ITEM: ATOMS ", StringComparison.Ordinal) && box is not null)
            {
                var columns = header["ITEM: ATOMS ".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return ReadAtoms(lines, count, columns) is { } atoms ? new LammpsDumpFrame(step, box, units, columns, atoms) : null;
            }
            else if (header == "ITEM: UNITS")
            {
                units = lines.Next()?.Trim();
            }
            else if (header == "ITEM: TIME")
            {
                lines.Next();
            }
            else
            {
                throw lines.Unexpected(header, "an ITEM of a LAMMPS dump");
            }
        }

        return null;
    }

    private static LammpsDumpBox? ReadBox(CompleteLines lines, string[] flags)
    {
        var width = LammpsDumpBox.Width(flags);
        var numbers = new double[3 * width];
        for (var k = 0; k < 3; k++)
        {
            if (lines.Next() is not { } line)
            {
                return null;
            }

            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != width)
            {
                throw lines.Unexpected(line, $"{width} numbers");
            }

            for (var j = 0; j < width; j++)
            {
                numbers[k * width + j] = Number(words[j]);
            }
        }

        return LammpsDumpBox.Of(flags, numbers);
    }

    private static LammpsDumpAtoms? ReadAtoms(CompleteLines lines, long count, string[] columns)
    {
        var values = new double[count * columns.Length];
        var naming = Array.FindIndex(columns, column => column is "element" or "typelabel");
        var names = naming < 0 ? null : new string[count];
        var place = 0;
        for (var i = 0L; i < count; i++)
        {
            if (lines.Next() is not { } line)
            {
                return null;
            }

            if (!ReadColumns(line, values.AsSpan(place, columns.Length), naming, out var name))
            {
                throw lines.Unexpected(line, $"{columns.Length} columns");
            }

            if (names is not null)
            {
                names[i] = name!;
            }

            place += columns.Length;
        }

        return new LammpsDumpAtoms(values, names);
    }

    // Millions of lines: one pass over the characters, and nothing allocated but the name of an atom where there is one.
    private static bool ReadColumns(string line, Span<double> values, int naming, out string? name)
    {
        name = null;
        var at = 0;
        for (var k = 0; k < values.Length; k++)
        {
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }

            var first = at;
            while (at < line.Length && line[at] != ' ')
            {
                at++;
            }

            if (at == first)
            {
                return false;
            }

            values[k] = Number(line.AsSpan(first, at - first));
            if (k == naming)
            {
                name = line[first..at];
            }
        }

        return true;
    }

    private static long ReadInteger(CompleteLines lines, string line, string expected) =>
        long.TryParse(line, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= 0 ? value : throw lines.Unexpected(line, expected);

    /// <summary>Lines that end in a newline; a last line without one is a broken write and is left out.</summary>
    private sealed class CompleteLines : IDisposable
    {
        private readonly string _path;
        private readonly StreamReader _reader;
        private readonly bool _endsWithNewline;
        private long _number;

        public CompleteLines(string path)
        {
            _path = path;
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            if (stream.Length > 0)
            {
                stream.Seek(-1, SeekOrigin.End);
                _endsWithNewline = stream.ReadByte() == '\n';
                stream.Seek(0, SeekOrigin.Begin);
            }

            _reader = new StreamReader(stream, bufferSize: 1 << 16);
        }

        public long Number => _number;

        public string? Next()
        {
            var line = _reader.ReadLine();
            _number++;
            return line is null || (!_endsWithNewline && _reader.Peek() < 0) ? null : line;
        }

        public MofException Unexpected(string line, string expected) =>
            new(ErrorKind.FileFormat, $"'{(line.Length > 60 ? line[..60] + "…" : line)}' in a LAMMPS dump", $"{_path}:{_number}", expected);

        public void Dispose() => _reader.Dispose();
    }
}
