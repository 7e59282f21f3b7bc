using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>Frames of a LAMMPS text dump (<c>dump … custom</c>), at the speed of the disk. Every frame must hold the atoms of the first.</summary>
internal sealed class LammpsDumpSource(string path, TrajectoryStreamOptions options) : IFrameSource
{
    private const double PicosecondInFemtoseconds = 1000;

    private readonly double[] _row = new double[LammpsDumpColumns.Places];
    private long[] _ids = [];
    private double[] _types = [];
    private long[] _seen = [];
    private Dictionary<long, int>? _places;
    private LammpsDumpColumns? _columns;
    private LammpsDumpBox? _box;
    private Cell? _cell;
    private LammpsUnits _units = options.Units;
    private long _step;
    private double _time = double.NaN;
    private long _count;
    private long _read;

    /// <inheritdoc/>
    public TrajectoryAtoms Atoms { get; private set; } = null!;

    /// <inheritdoc/>
    public bool? Unwrapped => _columns!.Unwrapped;

    /// <inheritdoc/>
    public long Step => _step;

    /// <inheritdoc/>
    public ByteLines Lines { get; } = new(path);

    /// <inheritdoc/>
    public TrajectoryFrame? ReadFirst()
    {
        if (ReadHead() != FrameRead.Whole)
        {
            return null;
        }

        if (_count is 0 or > int.MaxValue / 16)
        {
            throw Lines.Error($"a frame of {_count} atoms");
        }

        var rows = new double[_count * LammpsDumpColumns.Places];
        var names = _columns!.NameColumn >= 0 ? new string[_count] : null;
        for (var i = 0; i < _count; i++)
        {
            if (!Lines.Next(out var line))
            {
                return null;
            }

            ReadRow(line);
            _row.CopyTo(rows.AsSpan(i * LammpsDumpColumns.Places));
            if (names is not null)
            {
                names[i] = _columns.Name(line);
            }
        }

        NameAtoms(rows, names);
        var frame = new TrajectoryFrame((int)_count);
        _read++;
        for (var i = 0; i < _count; i++)
        {
            rows.AsSpan(i * LammpsDumpColumns.Places, LammpsDumpColumns.Places).CopyTo(_row);
            Place(frame, i);
        }

        Finish(frame);
        return frame;
    }

    /// <inheritdoc/>
    public FrameRead Read(TrajectoryFrame frame)
    {
        var head = ReadHead();
        if (head != FrameRead.Whole)
        {
            return head;
        }

        if (_count != _ids.Length)
        {
            throw Lines.Error($"the frame of step {_step} holds {_count} atoms, the first one {_ids.Length}", "the same atoms in every frame", "Cut the trajectory where its atoms change.");
        }

        _read++;
        for (var i = 0; i < _count; i++)
        {
            if (!Lines.Next(out var line))
            {
                return FrameRead.Cut;
            }

            ReadRow(line);
            Place(frame, i);
        }

        Finish(frame);
        return FrameRead.Whole;
    }

    /// <inheritdoc/>
    public FrameRead Skip()
    {
        var head = ReadHead();
        return head != FrameRead.Whole ? head : Lines.Skip(_count) ? FrameRead.Whole : FrameRead.Cut;
    }

    /// <inheritdoc/>
    public void Dispose() => Lines.Dispose();

    // Until behind the line that names the columns.
    private FrameRead ReadHead()
    {
        var begun = false;
        _box = null;
        _time = double.NaN;
        while (Lines.Next(out var line))
        {
            if (line.Length == 0 && !begun)
            {
                continue;
            }

            if (line.SequenceEqual("ITEM: TIMESTEP"u8))
            {
                begun = true;
                if (!ReadInteger("a time step", out _step))
                {
                    return FrameRead.Cut;
                }
            }
            else if (line.SequenceEqual("ITEM: NUMBER OF ATOMS"u8) && begun)
            {
                if (!ReadInteger("a number of atoms", out _count))
                {
                    return FrameRead.Cut;
                }
            }
            else if (line.SequenceEqual("ITEM: UNITS"u8) || line.SequenceEqual("ITEM: TIME"u8))
            {
                if (!ReadUnitsOrTime(line[^1] == (byte)'S'))
                {
                    return FrameRead.Cut;
                }
            }
            else if (line.StartsWith("ITEM: BOX BOUNDS"u8) && begun)
            {
                if (!ReadBox(Encoding.UTF8.GetString(line)))
                {
                    return FrameRead.Cut;
                }
            }
            else if (line.StartsWith("ITEM: ATOMS "u8) && _box is not null)
            {
                ReadColumns(line["ITEM: ATOMS ".Length..]);
                return FrameRead.Whole;
            }
            else
            {
                throw Lines.Unexpected(line, begun ? "an ITEM of a LAMMPS dump" : "ITEM: TIMESTEP");
            }
        }

        return begun || Lines.EndsInsideLine ? FrameRead.Cut : FrameRead.End;
    }

    private bool ReadInteger(string expected, out long value)
    {
        value = 0;
        var at = 0;
        return Lines.Next(out var line) && (ByteNumber.TryReadInteger(line, ref at, out value) ? true : throw Lines.Unexpected(line, expected));
    }

    private bool ReadUnitsOrTime(bool units)
    {
        if (!Lines.Next(out var line))
        {
            return false;
        }

        var at = 0;
        if (!units)
        {
            _ = ByteNumber.TryRead(line, ref at, out _time) ? 0 : throw Lines.Unexpected(line, "a time");
            return true;
        }

        _units = Encoding.UTF8.GetString(line).Trim() switch
        {
            "metal" => LammpsUnits.Metal,
            "real" => LammpsUnits.Real,
            var other => throw new MofException(ErrorKind.Unsupported, $"the dump is in units '{other}'", Lines.FilePath, "metal or real"),
        };
        return true;
    }

    private bool ReadBox(string header)
    {
        var flags = header[LammpsDumpBox.Header.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var width = LammpsDumpBox.Width(flags);
        var numbers = new double[3 * width];
        for (var k = 0; k < 3; k++)
        {
            if (!Lines.Next(out var line))
            {
                return false;
            }

            var at = 0;
            for (var j = 0; j < width; j++)
            {
                if (!ByteNumber.TryRead(line, ref at, out numbers[k * width + j]) || !double.IsFinite(numbers[k * width + j]))
                {
                    throw Lines.Unexpected(line, $"{width} finite numbers");
                }
            }
        }

        _box = LammpsDumpBox.Of(flags, numbers);
        if (_box.PeriodicDirections is not (0 or 3))
        {
            throw Lines.Error("the box is periodic in some directions only", "all three directions or none");
        }

        try
        {
            _cell = _box.PeriodicDirections == 3 ? new Cell(_box.Rows) : null;
        }
        catch (MofException problem)
        {
            throw Lines.Error(problem.What, problem.Expected);
        }

        return true;
    }

    private void ReadColumns(ReadOnlySpan<byte> header)
    {
        if (_columns is null)
        {
            _columns = new LammpsDumpColumns(header, Lines);
        }
        else if (!header.SequenceEqual(_columns.Header))
        {
            throw Lines.Unexpected(header, $"the columns of the first frame, {Encoding.UTF8.GetString(_columns.Header)}");
        }
    }

    private void ReadRow(ReadOnlySpan<byte> line)
    {
        if (!_columns!.Read(line, _row))
        {
            throw Lines.Unexpected(line, $"numbers for {Encoding.UTF8.GetString(_columns.Header)}");
        }
    }

    // The first frame decides: atoms are ordered by their ids, and no id may come twice.
    private void NameAtoms(double[] rows, string[]? names)
    {
        double Of(int row, int place) => rows[row * LammpsDumpColumns.Places + place];
        var order = Enumerable.Range(0, (int)_count).ToArray();
        _ids = [.. order.Select(row => (long)Of(row, LammpsDumpColumns.Id))];
        Array.Sort(_ids, order);
        for (var i = 1; i < _ids.Length; i++)
        {
            if (_ids[i] == _ids[i - 1])
            {
                throw Lines.Error($"two atoms have the id {_ids[i]}", "one atom for each id");
            }
        }

        _seen = new long[_count];
        _types = _columns!.HasTypes ? [.. order.Select(row => Of(row, LammpsDumpColumns.Type))] : [];
        var labels = options.Types is { } types ? FromTypes(types) : names is not null ? [.. order.Select(row => names[row])]
            : throw Lines.Error("the dump does not say which elements its types are", "a column element, or a list of the types' names", "Name the element or atom type of every LAMMPS type in order.");
        var known = labels.Distinct().ToDictionary(label => label, label => AtomLabel.SymbolOf(label)
            ?? throw Lines.Error($"'{label}' is no element and no atom type", "an element (Zn) or an atom type that begins with one (Zn4a)"));
        Atoms = new TrajectoryAtoms([.. labels.Select(label => known[label])], labels);
    }

    private string[] FromTypes(IReadOnlyList<string> types) => _columns!.HasTypes
        ? Array.ConvertAll(_types, type => type >= 1 && type <= types.Count ? types[(int)type - 1] : throw Lines.Error($"an atom has the type {type:0}", $"1 to {types.Count}, the types that are named"))
        : throw Lines.Error("the dump has no column type", "type in the columns of dump custom");

    private void Place(TrajectoryFrame frame, int row)
    {
        var id = (long)_row[LammpsDumpColumns.Id];
        var atom = _ids[row] == id ? row : Find(id);
        if (_seen[atom] == _read)
        {
            throw Lines.Error($"two atoms have the id {id}", "one atom for each id");
        }

        _seen[atom] = _read;
        if (_columns!.HasTypes && _row[LammpsDumpColumns.Type] != _types[atom])
        {
            throw Lines.Error($"atom {id} is of type {_row[LammpsDumpColumns.Type]:0}, in the first frame of type {_types[atom]:0}", "the same atoms in every frame");
        }

        Position(frame.Positions.AsSpan(3 * atom, 3));
        if (_columns.HasVelocities)
        {
            var unit = _units == LammpsUnits.Real ? 1 : PicosecondInFemtoseconds;
            for (var k = 0; k < 3; k++)
            {
                frame.Velocities[3 * atom + k] = Finite(_row[LammpsDumpColumns.Velocity + k], "velocity") / unit;
            }
        }
    }

    private int Find(long id)
    {
        _places ??= _ids.Select((known, place) => (known, place)).ToDictionary(pair => pair.known, pair => pair.place);
        return _places.TryGetValue(id, out var place) ? place : throw Lines.Error($"the first frame has no atom with the id {id}", "the same atoms in every frame");
    }

    private void Position(Span<double> position)
    {
        var rows = _box!.Rows;
        var values = _row.AsSpan(LammpsDumpColumns.X, 3);
        if (_columns!.Scaled)
        {
            for (var k = 0; k < 3; k++)
            {
                position[k] = values[0] * rows[k] + values[1] * rows[3 + k] + values[2] * rows[6 + k];
            }
        }
        else
        {
            for (var k = 0; k < 3; k++)
            {
                position[k] = values[k] - _box.Origin[k];
            }
        }

        if (_columns.HasImages)
        {
            var images = _row.AsSpan(LammpsDumpColumns.Image, 3);
            for (var k = 0; k < 3; k++)
            {
                position[k] += images[0] * rows[k] + images[1] * rows[3 + k] + images[2] * rows[6 + k];
            }
        }

        for (var k = 0; k < 3; k++)
        {
            Finite(position[k], "position");
        }
    }

    private double Finite(double value, string what) => double.IsFinite(value)
        ? value
        : throw Lines.Error($"a {what} of step {_step} is not a finite number", "finite numbers", "The run had blown up there: analyse the frames before.");

    private void Finish(TrajectoryFrame frame)
    {
        frame.Cell = _cell;
        frame.HasVelocities = _columns!.HasVelocities;
        frame.Step = _step;
        frame.Time = _units == LammpsUnits.Metal ? PicosecondInFemtoseconds * _time : _time;
    }
}
