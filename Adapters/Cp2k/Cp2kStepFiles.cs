using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>One frame of a file of positions, velocities or forces.</summary>
/// <param name="Step">The step of the run.</param>
/// <param name="Energy">Potential energy, hartree, or null where the comment does not tell it.</param>
/// <param name="Names">Kind of every atom.</param>
/// <param name="Values"><c>double[3N]</c>, in the file's unit.</param>
internal sealed record Cp2kXyzStep(long Step, double? Energy, string[] Names, double[] Values);

/// <summary>Reads the XYZ files of a run. Steps only rise: what a restart repeated is passed over.</summary>
internal sealed class Cp2kXyzSteps(string path, Action<string> note) : IDisposable
{
    private readonly LineReader _lines = new(path);
    private long _last = -1;
    private Cp2kXyzStep? _ahead;
    private bool _over;

    /// <summary>The next frame; null at the end, or where the file was cut.</summary>
    public Cp2kXyzStep? Next()
    {
        while (!_over)
        {
            Cp2kXyzStep? frame;
            try
            {
                frame = Read();
            }
            catch (MofException) when (_lines.EndedInside)
            {
                note(TrajectoryNotes.CutFrame(path, _lines.LineNumber));
                frame = null;
            }

            // CP2K ends every line, so one without an end was cut.
            if (frame is not null && _lines.AtUnfinishedLine)
            {
                note(TrajectoryNotes.CutFrame(path, _lines.LineNumber));
                frame = null;
            }

            _over = frame is null;
            if (frame?.Step > _last)
            {
                _last = frame.Step;
                return frame;
            }
        }

        return null;
    }

    /// <summary>The frame of a step, or null where the file has none. Steps must be asked for in rising order.</summary>
    public Cp2kXyzStep? At(long step)
    {
        while ((_ahead?.Step ?? -1) < step && !_over)
        {
            _ahead = Next();
        }

        return _ahead?.Step == step ? _ahead : null;
    }

    public void Dispose() => _lines.Dispose();

    private Cp2kXyzStep? Read()
    {
        var first = _lines.Next();
        if (first is null || (string.IsNullOrWhiteSpace(first) && _lines.AtEnd))
        {
            return null;
        }

        var count = _lines.Integer(first, "the number of atoms, the first line of a frame");
        if (count <= 0)
        {
            throw _lines.Error($"a frame of {count} atoms");
        }

        var comment = _lines.Require("the comment line of a frame, ' i = 10, time = 5.000, E = -12.3'");
        var step = Field(comment, "i") is { } number ? _lines.Integer(number, "the step") : throw _lines.Error($"the comment '{comment.Trim()}' does not tell the step", "' i = 10, time = 5.000, E = -12.3', as CP2K writes it");
        double? energy = Field(comment, "E") is { } text ? Finite(text) : null;
        var names = new string[count];
        var values = new double[3 * count];
        for (var i = 0; i < count; i++)
        {
            var words = LineReader.Words(_lines.Require($"atom {i + 1} of {count}"));
            if (words.Length < 4)
            {
                throw _lines.Error($"atom {i + 1} of {count} has {words.Length} columns", "an element and three numbers");
            }

            names[i] = words[0];
            for (var k = 0; k < 3; k++)
            {
                values[3 * i + k] = Finite(words[1 + k]);
            }
        }

        return new Cp2kXyzStep(step, energy, names, values);
    }

    private double Finite(string word) => _lines.Number(word) is var value && double.IsFinite(value) ? value : throw _lines.Error($"the value {word}", "a finite number");

    private static string? Field(string comment, string key)
    {
        foreach (var part in comment.Split(','))
        {
            var sides = part.Split('=', 2, StringSplitOptions.TrimEntries);
            if (sides.Length == 2 && sides[0] == key)
            {
                return sides[1];
            }
        }

        return null;
    }
}

/// <summary>Reads the tables of a run (<c>.cell</c>, <c>.stress</c>, <c>.ener</c>): a header with units, then a line for a step. Steps only rise.</summary>
internal sealed class Cp2kTableSteps : IDisposable
{
    /// <summary>Columns before the quantity: step and time.</summary>
    public const int Leading = 2;

    private readonly LineReader _lines;
    private readonly Action<string> _note;
    private readonly string _header;
    private readonly int _width;
    private double[]? _ahead;
    private bool _over;

    public Cp2kTableSteps(string path, Action<string> note)
    {
        _lines = new LineReader(path);
        _note = note;
        _header = _lines.Next() ?? "";
        _over = _header.Length == 0;
        if (!_over && !_header.TrimStart().StartsWith('#'))
        {
            throw _lines.Error("the file has no header", "a line that begins with # and names columns and units, as CP2K writes it");
        }

        _width = path.EndsWith(".ener", StringComparison.Ordinal) ? 6 : Leading + 9;
    }

    public string FilePath => _lines.FilePath;

    /// <summary>The unit of pressure in the header, eV/Å³.</summary>
    public double PressureUnit => _header.Contains("[bar]", StringComparison.Ordinal) ? 1 / PhysicalConstants.ElectronVoltPerCubicAngstromInBar
        : _header.Contains("[GPa]", StringComparison.Ordinal) ? 1 / PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal
        : throw new MofException(ErrorKind.Unsupported, "the header names no unit of pressure that is known", $"{FilePath}:1", "[bar] or [GPa]");

    /// <summary>All columns of a step, or null where the file has no such line. Steps must be asked for in rising order.</summary>
    public double[]? At(long step)
    {
        while ((_ahead?[0] ?? -1) < step && !_over)
        {
            Advance();
        }

        return _ahead?[0] == step ? _ahead : null;
    }

    public void Dispose() => _lines.Dispose();

    private void Advance()
    {
        if (_lines.Next() is not { } line)
        {
            _over = true;
            return;
        }

        if (_lines.AtUnfinishedLine)
        {
            _note(TrajectoryNotes.CutFrame(FilePath, _lines.LineNumber));
            _over = true;
            return;
        }

        // A restart may write its header again.
        if (string.IsNullOrWhiteSpace(line) || line.TrimStart().StartsWith('#'))
        {
            return;
        }

        var words = LineReader.Words(line);
        if (words.Length < _width)
        {
            throw _lines.Error($"the line has {words.Length} columns", $"{_width} at least");
        }

        var row = Array.ConvertAll(words, word => _lines.Number(word));
        if (!Array.TrueForAll(row, double.IsFinite))
        {
            throw _lines.Error("a value that is not finite", "finite numbers");
        }

        if (row[0] > (_ahead?[0] ?? -1))
        {
            _ahead = row;
        }
    }
}
