using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>What atoms are told apart by.</summary>
public enum Grouping
{
    /// <summary>Chemical element.</summary>
    Element,

    /// <summary>Atom type (C3a).</summary>
    Type,
}

/// <summary>What is measured on a trajectory.</summary>
public record MeasurementOptions
{
    /// <summary>Groups.</summary>
    [Parameter("Partial quantities are those of each element, or of each atom type.")]
    public Grouping Groups { get; init; }

    /// <summary>Stride.</summary>
    [Parameter("Distances, angles and coordination numbers are taken of every so many frames.", AtLeast = 1)]
    public int StructureEvery { get; init; } = 1;

    /// <summary>RDF.</summary>
    [Parameter("Radial distribution functions of all pairs of groups, and with a temperature their potentials of mean force.")]
    public PairOptions? Rdf { get; init; }

    /// <summary>Angles.</summary>
    [Parameter("Distributions of angles.")]
    public IReadOnlyList<AngleOptions> Angles { get; init; } = [];

    /// <summary>Dihedrals.</summary>
    [Parameter("Distributions of dihedral angles along bonds of the structure.")]
    public IReadOnlyList<DihedralOptions> Dihedrals { get; init; } = [];

    /// <summary>Coordination.</summary>
    [Parameter("Coordination numbers against time.")]
    public IReadOnlyList<CoordinationOptions> Coordination { get; init; } = [];

    /// <summary>Displacement.</summary>
    [Parameter("Mean square displacements of the groups, and self-diffusion.")]
    public DisplacementOptions? Displacement { get; init; }

    /// <summary>Spectrum.</summary>
    [Parameter("Vibrational density of states and velocity autocorrelation of the groups; needs velocities.")]
    public SpectrumOptions? Spectrum { get; init; }

    /// <summary>Whether frames need velocities.</summary>
    internal bool NeedsVelocities => Spectrum is not null;

    /// <summary>Whether positions must go on through boundaries.</summary>
    internal bool NeedsPaths => Displacement is not null;

    /// <summary>Whether the time between frames must be known.</summary>
    internal bool NeedsTime => Displacement is not null || Spectrum is not null;

    /// <summary>All that what is summed up along a run depends on; what is done with the sums afterwards is not in it.</summary>
    internal string Key => FormattableString.Invariant(
        $"""
        {Groups} {StructureEvery}
        rdf {Rdf?.Cutoff.Value} {Rdf?.Bin.Value}
        angles {string.Join("; ", Angles.Select(one => FormattableString.Invariant($"{one.Name} {string.Join(' ', one.Cutoffs.Select(cutoff => cutoff.Value.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))} {one.Bin.Value}")))}
        dihedrals {string.Join("; ", Dihedrals.Select(one => FormattableString.Invariant($"{one.Name} {one.Bin.Value}")))}
        coordination {string.Join("; ", Coordination.Select(one => FormattableString.Invariant($"{one.Name} {one.Cutoff.Value} {one.Width.Value}")))}
        displacement {Displacement?.Segments}
        spectrum {Spectrum?.Resolution.Value}
        """);

    /// <summary>Whether nothing was asked for.</summary>
    internal bool IsEmpty => Rdf is null && Angles.Count == 0 && Dihedrals.Count == 0 && Coordination.Count == 0 && Displacement is null && Spectrum is null;
}

/// <summary>How a radial distribution function is taken.</summary>
public sealed record PairOptions
{
    /// <summary>Cutoff.</summary>
    [Parameter("Largest distance; beyond half of the cell periodic images are counted.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity Cutoff { get; init; } = Quantity.Parse("10 angstrom");

    /// <summary>Bin.</summary>
    [Parameter("Width of a bin.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity Bin { get; init; } = Quantity.Parse("0.02 angstrom");
}

/// <summary>An angle.</summary>
public sealed record AngleOptions
{
    /// <summary>Atoms.</summary>
    [Parameter("Three elements or atom types; the second is at the vertex.", MinimumCount = 3)]
    public required IReadOnlyList<string> Between { get; init; }

    /// <summary>Cutoffs.</summary>
    [Parameter("Neighbours within these distances of the vertex (one, or one for each end) in the frame at hand; left out: along bonds of the structure.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public IReadOnlyList<Quantity> Cutoffs { get; init; } = [];

    /// <summary>Bin.</summary>
    [Parameter("Width of a bin; divides 180 degrees.", Dimension = Dimension.Angle, Above = "0 degree")]
    public Quantity Bin { get; init; } = Quantity.Parse("1 degree");

    /// <summary>Name in results.</summary>
    internal string Name => string.Join('-', Between);
}

/// <summary>A dihedral angle.</summary>
public sealed record DihedralOptions
{
    /// <summary>Atoms.</summary>
    [Parameter("Four elements or atom types along bonds.", MinimumCount = 4)]
    public required IReadOnlyList<string> Between { get; init; }

    /// <summary>Bin.</summary>
    [Parameter("Width of a bin; divides 360 degrees.", Dimension = Dimension.Angle, Above = "0 degree")]
    public Quantity Bin { get; init; } = Quantity.Parse("2 degree");

    /// <summary>Name in results.</summary>
    internal string Name => string.Join('-', Between);
}

/// <summary>A coordination number.</summary>
public sealed record CoordinationOptions
{
    /// <summary>Centres.</summary>
    [Parameter("Element or atom type whose neighbours are counted.")]
    public required string Of { get; init; }

    /// <summary>Neighbours.</summary>
    [Parameter("Element or atom type that is counted.")]
    public required string By { get; init; }

    /// <summary>Cutoff.</summary>
    [Parameter("Distance within which an atom counts.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public required Quantity Cutoff { get; init; }

    /// <summary>Width.</summary>
    [Parameter("An atom at distance r counts 1/(1+exp((r-cutoff)/width)); 0: 1 or nothing.", Dimension = Dimension.Length, AtLeast = "0 angstrom")]
    public Quantity Width { get; init; } = Quantity.Parse("0 angstrom");

    /// <summary>Name in results.</summary>
    internal string Name => $"{Of}-{By}";
}

/// <summary>How diffusion is read from displacements.</summary>
public sealed record DisplacementOptions
{
    /// <summary>Begin of the fit.</summary>
    [Parameter("Lag at which the straight line begins; left out: a tenth of the longest lag.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity? FitFrom { get; init; }

    /// <summary>End of the fit.</summary>
    [Parameter("Lag at which it ends; left out: half of the longest lag.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity? FitTo { get; init; }

    /// <summary>Segments.</summary>
    [Parameter("Each run is cut into so many segments that count as independent.", AtLeast = 1)]
    public int Segments { get; init; } = 4;
}

/// <summary>How a vibrational spectrum is taken.</summary>
public sealed record SpectrumOptions
{
    /// <summary>Resolution.</summary>
    [Parameter("Full width at half maximum that a sharp line gets; decides the length of the blocks.", Dimension = Dimension.Wavenumber, Above = "0 /cm")]
    public Quantity Resolution { get; init; } = Quantity.Parse("5 /cm");

    /// <summary>Largest wavenumber.</summary>
    [Parameter("Spectra are written up to here.", Dimension = Dimension.Wavenumber, Above = "0 /cm")]
    public Quantity UpTo { get; init; } = Quantity.Parse("4000 /cm");

    /// <summary>Prominence.</summary>
    [Parameter("A peak of the table rises above the valleys beside it by this part of the highest peak.", Dimension = Dimension.Fraction, Above = 0)]
    public Quantity Prominence { get; init; } = Quantity.Parse("2 %");

    /// <summary>Known places.</summary>
    [Parameter("Vibrations known from experiment or literature, which the figure and the table of peaks show beside the measured ones.")]
    public IReadOnlyList<KnownVibration> Known { get; init; } = [];
}

/// <summary>A vibration known from elsewhere.</summary>
public sealed record KnownVibration
{
    /// <summary>Place.</summary>
    [Parameter("Wavenumber.", Dimension = Dimension.Wavenumber, Above = "0 /cm")]
    public required Quantity At { get; init; }

    /// <summary>Name.</summary>
    [Parameter("What vibrates, and who says so.")]
    public string Name { get; init; } = "";
}
