using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>Reads one LAMMPS data file.</summary>
internal sealed class LammpsDataReader(LineReader lines, IReadOnlyList<LammpsType>? types)
{
    private static readonly Dictionary<string, (int Type, int Position)> Styles = new(StringComparer.Ordinal)
    {
        ["atomic"] = (1, 2),
        ["charge"] = (1, 3),
        ["molecular"] = (2, 3),
        ["full"] = (2, 4),
    };

    private readonly double[] _low = new double[3];
    private readonly double[] _high = [double.NaN, double.NaN, double.NaN];
    private readonly double[] _tilt = new double[3];
    private readonly Dictionary<int, LammpsType> _byMass = [];
    private int _count = -1;
    private int[] _typeNumbers = [];
    private double[] _positions = [];
    private double[]? _velocities;
    private Cell? _cell;

    public AtomicConfiguration Read()
    {
        // The first line is a comment, whatever it says.
        lines.Require("the title line of a LAMMPS data file");
        var line = ReadHeader();
        while (line is not null)
        {
            line = ReadSection(line);
        }

        if (_typeNumbers.Length == 0)
        {
            throw lines.Error("there is no Atoms section");
        }

        var meanings = Array.ConvertAll(_typeNumbers, Meaning);
        return new AtomicConfiguration([.. meanings.Select(type => type.Symbol)], _positions, _cell!, periodic: true)
        {
            Types = types is null ? null : [.. meanings.Select(type => type.Label)],
            Velocities = _velocities,
        };
    }

    private static string Content(string line)
    {
        var comment = line.IndexOf('#', StringComparison.Ordinal);
        return (comment < 0 ? line : line[..comment]).Trim();
    }

    /// <summary>Reads up to the title of the first section, which it returns.</summary>
    private string? ReadHeader()
    {
        for (var line = lines.Next(); line is not null; line = lines.Next())
        {
            var words = LineReader.Words(Content(line));
            if (words.Length == 0)
            {
                continue;
            }

            if (char.IsLetter(words[0][0]))
            {
                _cell = Box();
                return line;
            }

            ReadHeaderLine(words);
        }

        throw lines.Error("the file ends in the header", "an Atoms section");
    }

    private void ReadHeaderLine(string[] words)
    {
        var axis = words.Length >= 4 ? words[2] switch { "xlo" => 0, "ylo" => 1, "zlo" => 2, _ => -1 } : -1;
        if (axis >= 0)
        {
            _low[axis] = lines.Number(words[0]);
            _high[axis] = lines.Number(words[1]);
        }
        else if (words.Length >= 6 && words[3] == "xy")
        {
            for (var k = 0; k < 3; k++)
            {
                _tilt[k] = lines.Number(words[k]);
            }
        }
        else if (words is [var count, "atoms"])
        {
            _count = lines.Integer(count, "the number of atoms");
        }
    }

    private Cell Box()
    {
        if (_count < 1)
        {
            throw lines.Error("the header does not say how many atoms there are", "a line such as '106 atoms'");
        }

        double lx = _high[0] - _low[0], ly = _high[1] - _low[1], lz = _high[2] - _low[2];
        return lx > 0 && ly > 0 && lz > 0
            ? new Cell([lx, 0, 0, _tilt[0], ly, 0, _tilt[1], _tilt[2], lz])
            : throw lines.Error("the header gives no box", "xlo xhi, ylo yhi and zlo zhi");
    }

    /// <summary>Reads a section and returns the title of the next one, or null at the end.</summary>
    private string? ReadSection(string title)
    {
        var name = Content(title);
        var style = title.Contains('#', StringComparison.Ordinal) ? title[(title.IndexOf('#', StringComparison.Ordinal) + 1)..].Trim() : "atomic";
        Action<string[]>? read = name switch
        {
            "Masses" => ReadMass,
            "Atoms" => AtomReader(style),
            "Velocities" => VelocityReader(),
            _ => null,
        };
        for (var line = lines.Next(); line is not null; line = lines.Next())
        {
            var words = LineReader.Words(Content(line));
            if (words.Length == 0)
            {
                continue;
            }

            if (char.IsLetter(words[0][0]))
            {
                return line;
            }

            read?.Invoke(words);
        }

        return null;
    }

    private void ReadMass(string[] words)
    {
        var mass = lines.Number(words[1]);
        if (Elements.All.MinBy(element => Math.Abs(element.Mass - mass)) is { } nearest && Math.Abs(nearest.Mass - mass) < 0.05)
        {
            _byMass[lines.Integer(words[0], "a type number")] = new LammpsType(nearest.Symbol, nearest.Symbol, mass);
        }
    }

    private Action<string[]> AtomReader(string style)
    {
        if (!Styles.TryGetValue(style, out var places))
        {
            throw lines.Error($"atom style {style}", string.Join(", ", Styles.Keys));
        }

        _typeNumbers = new int[_count];
        _positions = new double[3 * _count];
        return words =>
        {
            if (words.Length < places.Position + 3)
            {
                throw lines.Error($"an atom line of {words.Length} columns", $"at least {places.Position + 3} for atom style {style}");
            }

            var i = Place(words[0]);
            _typeNumbers[i] = lines.Integer(words[places.Type], "a type number");
            var image = words.Length >= places.Position + 6 ? Image(words, places.Position + 3) : (0, 0, 0);
            for (var k = 0; k < 3; k++)
            {
                _positions[3 * i + k] = lines.Number(words[places.Position + k]) - _low[k]
                    + (k switch { 0 => image.Item1, 1 => image.Item2, _ => image.Item3 });
            }
        };
    }

    private (double X, double Y, double Z) Image(string[] words, int at) => _cell!.ToCartesian(lines.Number(words[at]), lines.Number(words[at + 1]), lines.Number(words[at + 2]));

    private Action<string[]> VelocityReader()
    {
        var velocities = _velocities = new double[3 * _count];
        return words =>
        {
            var i = Place(words[0]);
            for (var k = 0; k < 3; k++)
            {
                velocities[3 * i + k] = lines.Number(words[1 + k]) * LammpsData.MetalVelocity;
            }
        };
    }

    private int Place(string word)
    {
        var id = lines.Integer(word, "an atom id");
        return id >= 1 && id <= _count ? id - 1 : throw lines.Error($"atom id {id}", $"1 to {_count}");
    }

    private LammpsType Meaning(int number)
    {
        if (types is not null)
        {
            return number >= 1 && number <= types.Count ? types[number - 1] : throw lines.Error($"atom type {number}", $"1 to {types.Count}");
        }

        return _byMass.TryGetValue(number, out var type) ? type : throw lines.Error($"atom type {number} has no mass of an element", remedy: "Say what the types mean.");
    }
}
