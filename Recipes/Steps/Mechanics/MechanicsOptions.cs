using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="MechanicsStep"/>: which of the four ways are gone.</summary>
public sealed record MechanicsOptions
{
    /// <summary>Relaxation.</summary>
    [Parameter("Relax positions and cell before the static ways; false: the structure is relaxed already.")]
    public bool Relax { get; init; } = true;

    /// <summary>Forces.</summary>
    [Parameter("Atoms are at rest when no component of a force is larger than this.", Dimension = Dimension.Force, Above = "0 eV/angstrom")]
    public Quantity ForceTolerance { get; init; } = Quantity.Parse("1e-5 eV/angstrom");

    /// <summary>Stress.</summary>
    [Parameter("The cell is relaxed when no component of the stress is larger than this.", Dimension = Dimension.Pressure, Above = "0 MPa")]
    public Quantity StressTolerance { get; init; } = Quantity.Parse("0.1 MPa");

    /// <summary>Iterations.</summary>
    [Parameter("Iterations of each minimiser at most.", AtLeast = 1)]
    public int Steps { get; init; } = 5000;

    /// <summary>Symmetry.</summary>
    [Parameter("How far atoms of the structure may be from their symmetric places: the elastic tensor is made as symmetric as the crystal.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity SymmetryTolerance { get; init; } = Quantity.Parse("0.01 angstrom");

    /// <summary>Equation of state.</summary>
    [Parameter("Bulk modulus by energies of volumes with atoms at rest, Birch–Murnaghan of third order; left out: not made.")]
    public EquationOfStateOptions? EquationOfState { get; init; }

    /// <summary>Tensor.</summary>
    [Parameter("Elastic tensor by stresses of small strains with atoms at rest; left out: not made.")]
    public ElasticTensorOptions? ElasticTensor { get; init; }

    /// <summary>Finite strain.</summary>
    [Parameter("Bulk modulus by mean pressures of NVT runs at several volumes, Birch–Murnaghan of second order; left out: not made.")]
    public FiniteStrainOptions? FiniteStrain { get; init; }

    /// <summary>Fluctuations.</summary>
    [Parameter("Bulk modulus and elastic tensor by the fluctuations of flexible cells in NPT runs; left out: not made.")]
    public FluctuationOptions? Fluctuations { get; init; }

    /// <summary>Literature.</summary>
    [Parameter("Values of others, listed beside the results.")]
    public IReadOnlyList<BulkModulusLiteratureOptions> Literature { get; init; } = [];
}

/// <summary>Energies of volumes.</summary>
public sealed record EquationOfStateOptions
{
    /// <summary>Strain.</summary>
    [Parameter("All lengths are changed by up to this, both ways.", Dimension = Dimension.Fraction, Above = "0 %", AtMost = "10 %")]
    public Quantity Strain { get; init; } = Quantity.Parse("2 %");

    /// <summary>Points.</summary>
    [Parameter("How many volumes.", AtLeast = 5)]
    public int Points { get; init; } = 9;
}

/// <summary>Stresses of small strains.</summary>
public sealed record ElasticTensorOptions
{
    /// <summary>Strain.</summary>
    [Parameter("Each of the six strains (shear counted twice), both ways.", Dimension = Dimension.Fraction, Above = "0 %", AtMost = "5 %")]
    public Quantity Strain { get; init; } = Quantity.Parse("0.2 %");
}

/// <summary>NVT runs at several volumes.</summary>
public sealed record FiniteStrainOptions : SamplingOptions
{
    /// <summary>Temperature.</summary>
    [Parameter("Temperature of the runs.", Dimension = Dimension.Temperature, Above = "0 K")]
    public Quantity Temperature { get; init; } = Quantity.Parse("300 K");

    /// <summary>Step.</summary>
    [Parameter("Relative difference between two volumes.", Dimension = Dimension.Fraction, Above = "0 %", AtMost = "10 %")]
    public Quantity VolumeStep { get; init; } = Quantity.Parse("1.5 %");

    /// <summary>Points.</summary>
    [Parameter("How many volumes, the structure's in the middle.", AtLeast = 3)]
    public int Points { get; init; } = 7;

    /// <summary>Fitted.</summary>
    [Parameter("The points of smallest pressure that are fitted, at most.", AtLeast = 3)]
    public int Fitted { get; init; } = 5;
}

/// <summary>NPT runs with flexible cells.</summary>
public sealed record FluctuationOptions : SamplingOptions
{
    /// <summary>Temperature.</summary>
    [Parameter("Temperature of the runs.", Dimension = Dimension.Temperature, Above = "0 K")]
    public Quantity Temperature { get; init; } = Quantity.Parse("300 K");

    /// <summary>Pressure.</summary>
    [Parameter("Pressure of the runs.", Dimension = Dimension.Pressure)]
    public Quantity Pressure { get; init; } = Quantity.Parse("1 bar");
}

/// <summary>A bulk modulus from elsewhere.</summary>
public sealed record BulkModulusLiteratureOptions
{
    /// <summary>Label.</summary>
    [Parameter("What it is: PBE, experiment.")]
    public required string Label { get; init; }

    /// <summary>Source.</summary>
    [Parameter("Where it stands.")]
    public required string Source { get; init; }

    /// <summary>Value.</summary>
    [Parameter("Bulk modulus.", Dimension = Dimension.Pressure, Above = "0 GPa")]
    public required Quantity BulkModulus { get; init; }
}
