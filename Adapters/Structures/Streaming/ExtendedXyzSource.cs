using System.Globalization;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>
/// Frames of extended XYZ, at the speed of the disk. Velocities from <c>momenta</c> (ASE's units) or from <c>vel</c>, <c>velo</c> or <c>velocities</c> (Å/fs, as QUIP and GPUMD write them);
/// a step from <c>step</c>, a time in fs from <c>time</c>. Every frame must hold the atoms of the first in its order.
/// </summary>
internal sealed class ExtendedXyzSource(string path, TrajectoryStreamOptions options) : IFrameSource
{
    private const int Skipped = -1, Species = -2, Types = -3, X = 0, V = 3;
    private const string DefaultColumns = "species:S:1:pos:R:3";

    private readonly double[] _row = new double[6];
    private byte[][] _species = [];
    private string? _properties;
    private int[] _places = [];
    private double[] _factors = [];
    private bool _momenta;
    private Cell? _cell;
    private Dictionary<string, string> _comment = [];
    private long _count;
    private long _frames;

    /// <inheritdoc/>
    public TrajectoryAtoms Atoms { get; private set; } = null!;

    /// <inheritdoc/>
    public bool? Unwrapped => options.KnownUnwrapped ? true : null;

    /// <inheritdoc/>
    public long Step { get; private set; }

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

        var frame = new TrajectoryFrame((int)_count);
        var symbols = new string[_count];
        var types = _places.Contains(Types) ? new string[_count] : null;
        _species = new byte[_count][];
        _factors = new double[_count];
        for (var i = 0; i < _count; i++)
        {
            if (!Lines.Next(out var line))
            {
                return null;
            }

            _species[i] = Word(line, Species).ToArray();
            symbols[i] = SymbolOf(Encoding.UTF8.GetString(_species[i]));
            _factors[i] = _momenta ? ExtendedXyz.AseVelocity / Elements.BySymbol(symbols[i]).Mass : 1;
            if (types is not null)
            {
                types[i] = Encoding.UTF8.GetString(Word(line, Types));
            }

            ReadAtom(frame, i, line);
        }

        Atoms = new TrajectoryAtoms(symbols, types ?? symbols);
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

        if (_count != _species.Length)
        {
            throw Lines.Error($"frame {_frames} holds {_count} atoms, the first one {_species.Length}", "the same atoms in every frame", "Cut the trajectory where its atoms change.");
        }

        for (var i = 0; i < _count; i++)
        {
            if (!Lines.Next(out var line))
            {
                return FrameRead.Cut;
            }

            ReadAtom(frame, i, line);
        }

        Finish(frame);
        return FrameRead.Whole;
    }

    /// <inheritdoc/>
    public FrameRead Skip()
    {
        var head = ReadHead();
        if (head != FrameRead.Whole)
        {
            return head;
        }

        return Lines.Skip(_count) ? FrameRead.Whole : FrameRead.Cut;
    }

    /// <inheritdoc/>
    public void Dispose() => Lines.Dispose();

    private FrameRead ReadHead()
    {
        ReadOnlySpan<byte> line;
        do
        {
            if (!Lines.Next(out line))
            {
                return Lines.EndsInsideLine ? FrameRead.Cut : FrameRead.End;
            }
        }
        while (line.Trim(" \t"u8).Length == 0);

        var at = 0;
        if (!ByteNumber.TryReadInteger(line, ref at, out _count))
        {
            throw Lines.Unexpected(line, "the number of atoms, the first line of an XYZ frame");
        }

        if (!Lines.Next(out line))
        {
            return FrameRead.Cut;
        }

        _comment = ExtendedXyzComment.Parse(Encoding.UTF8.GetString(line));
        var properties = _comment.GetValueOrDefault("Properties") ?? DefaultColumns;
        if (properties != _properties)
        {
            ReadColumns(properties);
        }

        _cell = Periodic() ? ReadCell() : null;
        Step = _comment.ContainsKey("step") ? (long)Number("step") : _frames;
        _frames++;
        return FrameRead.Whole;
    }

    private void ReadColumns(string properties)
    {
        if (_properties is not null)
        {
            throw Lines.Error($"Properties={properties}", $"the columns of the first frame, {_properties}");
        }

        var parts = properties.Split(':');
        var places = new List<int>();
        for (var k = 0; k + 2 < parts.Length; k += 3)
        {
            if (!int.TryParse(parts[k + 2], NumberStyles.None, CultureInfo.InvariantCulture, out var width))
            {
                throw Lines.Error($"Properties={properties}", "name:type:columns triples");
            }

            places.AddRange(Enumerable.Range(0, width).Select(j => PlaceOf(parts[k], width, j)));
        }

        if (parts.Length % 3 != 0 || !places.Contains(Species) || !places.Contains(X))
        {
            throw Lines.Error($"Properties={properties}", $"triples with species and pos, as in {DefaultColumns}");
        }

        _places = [.. places];
        _properties = properties;
    }

    private int PlaceOf(string name, int width, int component)
    {
        _momenta |= name == "momenta" && width == 3;
        return (name, width) switch
        {
            ("species" or "symbols" or "Z" or "numbers", 1) => Species,
            ("types", 1) => Types,
            ("pos" or "positions", 3) => X + component,
            ("momenta" or "vel" or "velo" or "velocities", 3) => V + component,
            _ => Skipped,
        };
    }

    private ReadOnlySpan<byte> Word(ReadOnlySpan<byte> line, int place)
    {
        var at = 0;
        for (var k = 0; k < Array.IndexOf(_places, place); k++)
        {
            ByteNumber.Word(line, ref at);
        }

        return ByteNumber.Word(line, ref at);
    }

    private string SymbolOf(string word) => Elements.TryBySymbol(word, out _) ? word
        : int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= Elements.All.Count ? Elements.ByAtomicNumber(number).Symbol
        : throw Lines.Error($"{word} is not a chemical element");

    private void ReadAtom(TrajectoryFrame frame, int atom, ReadOnlySpan<byte> line)
    {
        var at = 0;
        foreach (var place in _places)
        {
            if (place < 0)
            {
                var word = ByteNumber.Word(line, ref at);
                if (word.Length == 0)
                {
                    throw Lines.Unexpected(line, $"{_places.Length} columns, as Properties says");
                }

                if (place == Species && !word.SequenceEqual(_species[atom]))
                {
                    throw Lines.Error($"atom {atom + 1} is {Encoding.UTF8.GetString(word)}, in the first frame {Encoding.UTF8.GetString(_species[atom])}", "the same atoms in the same order in every frame");
                }
            }
            else if (!ByteNumber.TryRead(line, ref at, out _row[place]) || !double.IsFinite(_row[place]))
            {
                throw Lines.Unexpected(line, $"{_places.Length} columns, as Properties says, with finite numbers");
            }
        }

        for (var k = 0; k < 3; k++)
        {
            frame.Positions[3 * atom + k] = _row[X + k];
            frame.Velocities[3 * atom + k] = _factors[atom] * _row[V + k];
        }
    }

    private void Finish(TrajectoryFrame frame)
    {
        frame.Cell = _cell;
        frame.HasVelocities = _places.Contains(V);
        frame.Step = Step;
        frame.Time = _comment.ContainsKey("time") ? Number("time") : double.NaN;
    }

    private bool Periodic()
    {
        var flags = _comment.TryGetValue("pbc", out var text) ? ExtendedXyzComment.Items(text) : _comment.ContainsKey("Lattice") ? ["T"] : ["F"];
        var directions = flags.Count(flag => flag is "T" or "True" or "true" or "1");
        return directions == 0 || directions == flags.Length ? directions > 0 : throw Lines.Error($"pbc=\"{text}\": periodic in some directions only", "all three directions or none");
    }

    private Cell ReadCell()
    {
        var items = ExtendedXyzComment.Items(_comment.GetValueOrDefault("Lattice") ?? throw Lines.Error("a periodic frame has no Lattice"));
        var rows = new double[9];
        if (items.Length != 9 || !items.Select((item, k) => double.TryParse(item, NumberStyles.Float, CultureInfo.InvariantCulture, out rows[k])).ToArray().All(good => good))
        {
            throw Lines.Error($"Lattice=\"{string.Join(' ', items)}\"", "nine numbers");
        }

        try
        {
            return new Cell(rows);
        }
        catch (MofException problem)
        {
            throw Lines.Error(problem.What, problem.Expected);
        }
    }

    private double Number(string key) => double.TryParse(_comment.GetValueOrDefault(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
        ? value
        : throw Lines.Error($"{key}={_comment.GetValueOrDefault(key)}", "a number, as in the first frame");
}
