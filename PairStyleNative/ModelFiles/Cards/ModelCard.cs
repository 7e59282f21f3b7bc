namespace MofInterop.ModelFiles.Cards;

/// <summary>
/// What a <c>&lt;name&gt;.mof.yaml</c> says about a potential: enough to load it, and to judge whether it is the one wanted.
/// Immutable.
/// </summary>
public sealed record ModelCard : CardPart
{
    /// <summary>The ending of model cards.</summary>
    public const string Extension = ".mof.yaml";

    /// <summary>Kinds that a card can name; this version loads <c>snap</c>, <c>zbl</c>, <c>d3</c>, <c>deeppot</c>, <c>nequip</c>, <c>mace</c>, <c>allegro</c> and <c>sum</c>.</summary>
    public static IReadOnlyList<string> KnownKinds { get; } = ["snap", "zbl", "d3", "deeppot", "nequip", "mace", "allegro", "sum"];

    /// <summary>What the potential was fitted to.</summary>
    public required ReferenceMethod Reference { get; init; }

    /// <summary>Errors against the reference, one entry for each set of configurations.</summary>
    public IReadOnlyList<SetErrors> Errors { get; init; } = [];

    /// <summary>Where the potential has seen data, or null where that is not told.</summary>
    public TrainedRange? TrainedRange { get; init; }

    /// <summary>How it came about, or null where that is not told.</summary>
    public Provenance? Provenance { get; init; }
}

/// <summary>A weight file of a card.</summary>
/// <param name="Path">Relative to the card's folder.</param>
/// <param name="Sha256">64 hexadecimal digits; compared when the potential is loaded.</param>
public sealed record CardFile(string Path, string Sha256);

/// <summary>The electronic-structure method that a potential reproduces.</summary>
/// <param name="Method">Such as <c>GFN1-xTB</c> or <c>PBE</c>.</param>
/// <param name="DispersionIncluded">Whether its energies hold dispersion already; if not, D3 is to be added.</param>
/// <param name="Program">The program and its version, or null.</param>
public sealed record ReferenceMethod(string Method, bool DispersionIncluded, string? Program = null);

/// <summary>Root-mean-square errors on a set of configurations; null where not computed.</summary>
/// <param name="Set">Its name: <c>training</c>, <c>held-out</c>.</param>
/// <param name="Frames">Number of configurations.</param>
public sealed record SetErrors(string Set, int Frames)
{
    /// <summary>meV/atom.</summary>
    public double? EnergyRmse { get; init; }

    /// <summary>meV/Å.</summary>
    public double? ForceRmse { get; init; }

    /// <summary>MPa.</summary>
    public double? StressRmse { get; init; }
}

/// <summary>Where the training data lie; null where not told.</summary>
public sealed record TrainedRange
{
    /// <summary>K.</summary>
    public double? MinimumTemperature { get; init; }

    /// <summary>K.</summary>
    public double? MaximumTemperature { get; init; }

    /// <summary>Width of a bin of bond lengths in the selection, Å.</summary>
    public double? BondResolution { get; init; }

    /// <summary>Width of a bin of angles in the selection, degrees.</summary>
    public double? AngleResolution { get; init; }

    /// <summary>Width of a bin of dihedral angles in the selection, degrees.</summary>
    public double? DihedralResolution { get; init; }

    /// <summary>Width of a bin of cell lengths in the selection, Å.</summary>
    public double? CellLengthResolution { get; init; }

    /// <summary>Width of a bin of cell angles in the selection, rad.</summary>
    public double? CellAngleResolution { get; init; }

    /// <summary>Bins that training configurations occupy.</summary>
    public int? OccupiedBins { get; init; }

    /// <summary>Extrapolation grade beyond which a configuration counts as unknown.</summary>
    public double? ExtrapolationThreshold { get; init; }
}

/// <summary>How a potential came about.</summary>
public sealed record Provenance
{
    /// <summary>The recipe's name, or null.</summary>
    public string? Recipe { get; init; }

    /// <summary>Versions of the programs that took part, by name.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();
}
