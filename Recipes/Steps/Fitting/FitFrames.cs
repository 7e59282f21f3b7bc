using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>The labelled frames of a fit, typed: by their own types, or by their elements where they have none.</summary>
internal sealed class FitFrames
{
    private FitFrames(IReadOnlyList<AtomicConfiguration> frames)
    {
        Frames = frames;
        var atoms = frames.SelectMany(frame => frame.Types!.Zip(frame.Symbols)).GroupBy(atom => atom.First);
        Types = [.. atoms.Select(TypeOf).OrderBy(type => type.Label, StringComparer.Ordinal)];
        Groups = [.. frames.Select(ConfigurationGroups.Of).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>In the order of the data, energies relative to the offsets.</summary>
    public IReadOnlyList<AtomicConfiguration> Frames { get; }

    /// <summary>The types in alphabetical order.</summary>
    public IReadOnlyList<AtomType> Types { get; }

    /// <summary>The names of groups in alphabetical order.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>The types as the species of a potential.</summary>
    public IReadOnlyList<Species> Species =>
        [.. Types.Select(type => (type.Label, Element: Elements.BySymbol(type.Symbol))).Select(one => new Species(one.Label, one.Element.AtomicNumber, one.Element.Mass))];

    /// <summary>Reads them.</summary>
    /// <param name="energyOffsets">By type or element.</param>
    /// <param name="path">Where the frames are.</param>
    /// <param name="written">The path as a recipe has it; null: it has none.</param>
    /// <exception cref="MofException">See <see cref="LabelledFrames.Read"/>; no frames; or a type that is two elements.</exception>
    public static FitFrames Read(IReadOnlyDictionary<string, Quantity> energyOffsets, string path, string? written)
    {
        var offsets = new EnergyOffsets(energyOffsets.ToDictionary(pair => pair.Key, pair => pair.Value.Value));
        AtomicConfiguration[] frames = [.. LabelledFrames.Read(path).Select(frame => offsets.Subtract(frame.With(frame.Types ?? frame.Symbols)))];
        return frames.Length > 0
            ? new FitFrames(frames)
            : throw new MofException(ErrorKind.FileFormat, "there are no frames to fit", written ?? path, LabelledFrames.Formats);
    }

    private static AtomType TypeOf(IGrouping<string, (string Label, string Symbol)> atoms)
    {
        string[] symbols = [.. atoms.Select(atom => atom.Symbol).Distinct()];
        return symbols.Length == 1
            ? new AtomType(atoms.Key, symbols[0], atoms.Count(), [])
            : throw new MofException(ErrorKind.FileFormat, $"atoms of the type '{atoms.Key}' are {string.Join(" and ", symbols)}", expected: "one element for each type");
    }
}
