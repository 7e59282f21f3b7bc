using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>One frame of a LAMMPS dump (<c>dump … custom</c>, text) as it stands in the file: LAMMPS's units, axes and order of atoms.</summary>
public sealed class LammpsDumpFrame
{
    private readonly string[] _columns;
    private readonly double[] _values;

    internal LammpsDumpFrame(long step, double[] rows, double[] origin, string[] columns, double[] values)
    {
        Step = step;
        Rows = rows;
        Origin = origin;
        _columns = columns;
        _values = values;
        Count = values.Length / columns.Length;
    }

    /// <summary>Time step.</summary>
    public long Step { get; }

    /// <summary>Number of atoms.</summary>
    public int Count { get; }

    /// <summary>Cell rows (lx, 0, 0), (xy, ly, 0), (xz, yz, lz), <c>double[9]</c>; may be not finite or flat after a blow-up.</summary>
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

/// <summary>Reads LAMMPS dump files frame by frame. A file that ends in the middle of a frame (a killed run) gives its complete frames.</summary>
public static class LammpsDump
{
    private const string StepHeader = "ITEM: TIMESTEP";

    /// <summary>The frames in the order of the file; nothing is read before it is asked for. Text columns read as NaN.</summary>
    /// <param name="path">The dump file.</param>
    /// <exception cref="MofException">The file is missing, or says something that a dump does not say before its end (FileFormat).</exception>
    public static IEnumerable<LammpsDumpFrame> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new MofException(ErrorKind.FileFormat, "the dump file does not exist", path);
        }

        return ReadFrames(path);
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

    private static IEnumerable<LammpsDumpFrame> ReadFrames(string path)
    {
        using var lines = new CompleteLines(path);
        while (lines.Next() is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            if (line != StepHeader)
            {
                throw lines.Unexpected(line, StepHeader);
            }

            if (ReadFrame(lines) is not { } frame)
            {
                yield break;
            }

            yield return frame;
        }
    }

    // Null where the file ends before the frame does.
    private static LammpsDumpFrame? ReadFrame(CompleteLines lines)
    {
        long step = 0, count = 0;
        double[]? rows = null, origin = null;
        if (lines.Next() is not { } stepLine)
        {
            return null;
        }

        step = ReadInteger(lines, stepLine, "a time step");
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
            else if (header.StartsWith("ITEM: BOX BOUNDS", StringComparison.Ordinal))
            {
                if (!ReadBox(lines, header.Contains("xy xz yz", StringComparison.Ordinal), out rows, out origin))
                {
                    return null;
                }
            }
            else if (header.StartsWith("ITEM: ATOMS ", StringComparison.Ordinal) && rows is not null && origin is not null)
            {
                var columns = header["ITEM: ATOMS ".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
                return ReadAtoms(lines, count, columns) is { } values ? new LammpsDumpFrame(step, rows, origin, columns, values) : null;
            }
            else if (header is "ITEM: UNITS" or "ITEM: TIME")
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

    private static bool ReadBox(CompleteLines lines, bool triclinic, out double[]? rows, out double[]? origin)
    {
        rows = origin = null;
        Span<double> low = stackalloc double[3], high = stackalloc double[3], tilt = stackalloc double[3];
        for (var k = 0; k < 3; k++)
        {
            if (lines.Next() is not { } line)
            {
                return false;
            }

            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != (triclinic ? 3 : 2))
            {
                throw lines.Unexpected(line, triclinic ? "three numbers" : "two numbers");
            }

            (low[k], high[k], tilt[k]) = (Number(words[0]), Number(words[1]), triclinic ? Number(words[2]) : 0);
        }

        // The file holds the bounding box of the parallelepiped (LAMMPS manual, "Triclinic simulation boxes").
        double xy = tilt[0], xz = tilt[1], yz = tilt[2];
        low[0] -= Math.Min(Math.Min(0, xy), Math.Min(xz, xy + xz));
        high[0] -= Math.Max(Math.Max(0, xy), Math.Max(xz, xy + xz));
        low[1] -= Math.Min(0, yz);
        high[1] -= Math.Max(0, yz);
        rows = [high[0] - low[0], 0, 0, xy, high[1] - low[1], 0, xz, yz, high[2] - low[2]];
        origin = low.ToArray();
        return true;
    }

    private static double[]? ReadAtoms(CompleteLines lines, long count, string[] columns)
    {
        var values = new double[count * columns.Length];
        var place = 0;
        for (var i = 0L; i < count; i++)
        {
            if (lines.Next() is not { } line)
            {
                return null;
            }

            if (!ReadColumns(line, values.AsSpan(place, columns.Length)))
            {
                throw lines.Unexpected(line, $"{columns.Length} columns");
            }

            place += columns.Length;
        }

        return values;
    }

    // Millions of lines: one pass over the characters, and nothing allocated.
    private static bool ReadColumns(string line, Span<double> values)
    {
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
