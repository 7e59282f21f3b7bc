using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>The labelled frames of a fit, typed, and those that only test it.</summary>
internal sealed class FitFrames
{
    private readonly SortedDictionary<string, (string Symbol, int Count)> _types = new(StringComparer.Ordinal);

    private FitFrames(FrameTyping typing, EnergyOffsets offsets, string path, string? testPath, bool forCheck)
    {
        Frames = Read(typing, offsets, path, forCheck);
        TestFrames = testPath is null ? [] : Read(typing, offsets, testPath, forCheck);
        Types = [.. _types.Select(type => new AtomType(type.Key, type.Value.Symbol, type.Value.Count, []))];
        Groups = [.. Frames.Select(ConfigurationGroups.Of).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        ChangedFrames = typing.ChangedFrames;
    }

    /// <summary>In the order of the data, energies relative to the offsets.</summary>
    public IReadOnlyList<AtomicConfiguration> Frames { get; }

    /// <summary>Frames that are never fitted, the same.</summary>
    public IReadOnlyList<AtomicConfiguration> TestFrames { get; }

    /// <summary>The types in alphabetical order.</summary>
    public IReadOnlyList<AtomType> Types { get; }

    /// <summary>The names of groups in alphabetical order.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>See <see cref="FrameTyping.ChangedFrames"/>.</summary>
    public int ChangedFrames { get; }

    /// <summary>The types as the species of a potential.</summary>
    public IReadOnlyList<Species> Species =>
        [.. Types.Select(type => (type.Label, Element: Elements.BySymbol(type.Symbol))).Select(one => new Species(one.Label, one.Element.AtomicNumber, one.Element.Mass))];

    /// <summary>Reads them.</summary>
    /// <param name="options">Kinds of atoms, offsets of energies, test frames.</param>
    /// <param name="path">Where the frames are.</param>
    /// <param name="forCheck">Of each frame its group alone is kept: what a check needs, in little memory.</param>
    /// <exception cref="MofException">See <see cref="LabelledFrames.Read"/>; no frames; or a type that is two elements.</exception>
    public static FitFrames Read(FitOptions options, string path, bool forCheck = false)
    {
        var typing = new FrameTyping(options.Types, new BondSettings { Tolerance = options.BondTolerance.Value });
        return new FitFrames(typing, OffsetsOf(options.EnergyOffsets), path, options.TestFrames?.Path, forCheck).RequireAny(options.Frames?.Written ?? path);
    }

    /// <summary>Reads frames with the types that they have.</summary>
    /// <param name="energyOffsets">By type or element.</param>
    /// <param name="path">Where the frames are.</param>
    /// <param name="written">The path as a recipe has it; null: it has none.</param>
    /// <exception cref="MofException">See <see cref="LabelledFrames.Read"/>; no frames; or a type that is two elements.</exception>
    public static FitFrames Read(IReadOnlyDictionary<string, Quantity> energyOffsets, string path, string? written) =>
        new FitFrames(new FrameTyping(AtomKinds.AsGiven, new BondSettings()), OffsetsOf(energyOffsets), path, null, forCheck: false).RequireAny(written ?? path);

    private static EnergyOffsets OffsetsOf(IReadOnlyDictionary<string, Quantity> offsets) => new(offsets.ToDictionary(pair => pair.Key, pair => pair.Value.Value));

    private FitFrames RequireAny(string path) =>
        Frames.Count > 0 ? this : throw new MofException(ErrorKind.FileFormat, "there are no frames to fit", path, LabelledFrames.Formats);

    private List<AtomicConfiguration> Read(FrameTyping typing, EnergyOffsets offsets, string path, bool forCheck)
    {
        var frames = new List<AtomicConfiguration>();
        foreach (var frame in LabelledFrames.Read(path))
        {
            var typed = typing.Type(frame);
            for (var i = 0; i < typed.Count; i++)
            {
                Count(typed.Types![i], typed.Symbols[i]);
            }

            frames.Add(forCheck ? new AtomicConfiguration([], [], null, periodic: false) { Info = frame.Info } : offsets.Subtract(typed));
        }

        return frames;
    }

    private void Count(string label, string symbol)
    {
        var before = _types.TryGetValue(label, out var known) ? known : (symbol, 0);
        _types[label] = before.Item1 == symbol
            ? (symbol, before.Item2 + 1)
            : throw new MofException(ErrorKind.FileFormat, $"atoms of the type '{label}' are {before.Item1} and {symbol}", expected: "one element for each type");
    }
}
