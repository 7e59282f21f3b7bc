using MofInterop.Engine;
using MofInterop.Lammps;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="LatticeStep"/>.</summary>
public sealed record LatticeOptions : SamplingOptions
{
    /// <summary>Temperatures.</summary>
    [Parameter("Temperatures, at the pressure of pressure.", Dimension = Dimension.Temperature, Above = "0 K")]
    public IReadOnlyList<Quantity> Temperatures { get; init; } = [];

    /// <summary>Pressure.</summary>
    [Parameter("Pressure of the scan of temperatures.", Dimension = Dimension.Pressure)]
    public Quantity Pressure { get; init; } = Quantity.Parse("1 bar");

    /// <summary>Pressures.</summary>
    [Parameter("Pressures, at the temperature of temperature.", Dimension = Dimension.Pressure)]
    public IReadOnlyList<Quantity> Pressures { get; init; } = [];

    /// <summary>Temperature.</summary>
    [Parameter("Temperature of the scan of pressures.", Dimension = Dimension.Temperature, Above = "0 K")]
    public Quantity Temperature { get; init; } = Quantity.Parse("300 K");

    /// <summary>Cell.</summary>
    [Parameter("How the cell may change: isotropic, anisotropic (lengths alone; rectangular cells) or flexible. Default: anisotropic for a rectangular cell, else flexible.")]
    public CellFreedom? Cell { get; init; }

    /// <summary>Expansion.</summary>
    [Parameter("Temperature at which the thermal expansion is stated.", Dimension = Dimension.Temperature, Above = "0 K")]
    public Quantity ExpansionAt { get; init; } = Quantity.Parse("300 K");

    /// <summary>Compressibility.</summary>
    [Parameter("Pressure at which the compressibility is stated.", Dimension = Dimension.Pressure)]
    public Quantity CompressibilityAt { get; init; } = Quantity.Parse("0 MPa");

    /// <summary>Order.</summary>
    [Parameter("Order of the polynomials a(T) and V(P) whose slopes are taken: 1 or 2.", AtLeast = 1, AtMost = 2)]
    public int Order { get; init; } = 1;

    /// <summary>Conventional cell.</summary>
    [Parameter("State the lengths of the conventional cell of the space group, averaged where symmetry makes them equal; false: those of the cell that is simulated.")]
    public bool Conventional { get; init; } = true;

    /// <summary>Tolerance.</summary>
    [Parameter("How far atoms of the structure may be from their symmetric places.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity SymmetryTolerance { get; init; } = Quantity.Parse("0.01 angstrom");

    /// <summary>Literature.</summary>
    [Parameter("Values of others, drawn and listed beside the results.")]
    public IReadOnlyList<LatticeLiteratureOptions> Literature { get; init; } = [];
}

/// <summary>Lattice parameters from elsewhere.</summary>
public sealed record LatticeLiteratureOptions
{
    /// <summary>Label.</summary>
    [Parameter("What it is, for legends: experiment.")]
    public required string Label { get; init; }

    /// <summary>Source.</summary>
    [Parameter("Where it stands.")]
    public required string Source { get; init; }

    /// <summary>Expansion.</summary>
    [Parameter("Coefficient of linear thermal expansion.", Dimension = Dimension.Expansion)]
    public Quantity? ThermalExpansion { get; init; }

    /// <summary>Points.</summary>
    [Parameter("Values at temperatures and pressures.")]
    public IReadOnlyList<LatticeLiteraturePoint> Points { get; init; } = [];
}

/// <summary>A lattice parameter from elsewhere.</summary>
public sealed record LatticeLiteraturePoint
{
    /// <summary>Temperature.</summary>
    [Parameter("Temperature.", Dimension = Dimension.Temperature, AtLeast = "0 K")]
    public required Quantity Temperature { get; init; }

    /// <summary>Pressure.</summary>
    [Parameter("Pressure.", Dimension = Dimension.Pressure)]
    public Quantity Pressure { get; init; } = Quantity.Parse("1 bar");

    /// <summary>a.</summary>
    [Parameter("Length a.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity? A { get; init; }

    /// <summary>b.</summary>
    [Parameter("Length b.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity? B { get; init; }

    /// <summary>c.</summary>
    [Parameter("Length c.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity? C { get; init; }

    /// <summary>Volume.</summary>
    [Parameter("Volume of the cell whose lengths are stated.", Dimension = Dimension.Volume, Above = "0 angstrom^3")]
    public Quantity? Volume { get; init; }
}
