using MofInterop.Engine;
using MofInterop.Lammps;

namespace MofInterop.Steps;

/// <summary>What relaxes a structure.</summary>
public enum RelaxationEngine
{
    /// <summary>LAMMPS; any potential.</summary>
    Lammps,

    /// <summary>ASE with MofCalculator; a model card.</summary>
    Ase,
}

/// <summary>How the cell of a structure may relax.</summary>
public enum CellRelaxationChoice
{
    /// <summary>Not.</summary>
    Fixed,

    /// <summary>Volume.</summary>
    Isotropic,

    /// <summary>Lengths.</summary>
    Anisotropic,

    /// <summary>Lengths and angles.</summary>
    Flexible,
}

/// <summary>Parameters of <see cref="RelaxationStep"/>.</summary>
public sealed record RelaxationOptions
{
    /// <summary>Engine.</summary>
    [Parameter("lammps, with any potential, or ase (MofCalculator), with a model card.")]
    public RelaxationEngine Engine { get; init; }

    /// <summary>Cell.</summary>
    [Parameter("How the cell may change: fixed, isotropic, anisotropic (lengths; rectangular cells) or flexible.")]
    public CellRelaxationChoice Cell { get; init; } = CellRelaxationChoice.Flexible;

    /// <summary>Pressure.</summary>
    [Parameter("Pressure on the relaxed cell.", Dimension = Dimension.Pressure)]
    public Quantity Pressure { get; init; } = Quantity.Parse("0 MPa");

    /// <summary>Displacement.</summary>
    [Parameter("Every coordinate is displaced by up to this at random before the relaxation; 0: not, and a symmetric structure stays symmetric, even on a saddle point.", Dimension = Dimension.Length, AtLeast = "0 angstrom")]
    public Quantity Displacement { get; init; } = Quantity.Parse("0 angstrom");

    /// <summary>Forces.</summary>
    [Parameter("No component of a force is larger than this in the end.", Dimension = Dimension.Force, Above = "0 eV/angstrom")]
    public Quantity ForceTolerance { get; init; } = Quantity.Parse("1e-6 eV/angstrom");

    /// <summary>Stress.</summary>
    [Parameter("No component of the stress is farther than this from the pressure in the end.", Dimension = Dimension.Pressure, Above = "0 MPa")]
    public Quantity StressTolerance { get; init; } = Quantity.Parse("0.001 MPa");

    /// <summary>Iterations.</summary>
    [Parameter("Iterations of a minimiser at most: for each cell with lammps, in all with ase.", AtLeast = 1)]
    public int Steps { get; init; } = 5000;

    /// <summary>Cells.</summary>
    [Parameter("With lammps: cells that are tried at most.", AtLeast = 1)]
    public int Cells { get; init; } = 60;

    /// <summary>Symmetry.</summary>
    [Parameter("How far atoms may be from their symmetric places for the space group before and after.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity SymmetryTolerance { get; init; } = Quantity.Parse("0.01 angstrom");

    /// <summary>As LAMMPS and the minimiser take it; null: fixed.</summary>
    internal CellFreedom? Freedom => Cell switch
    {
        CellRelaxationChoice.Fixed => null,
        CellRelaxationChoice.Isotropic => CellFreedom.Isotropic,
        CellRelaxationChoice.Anisotropic => CellFreedom.Anisotropic,
        _ => CellFreedom.Flexible,
    };
}
