using MofInterop.Engine;
using MofInterop.Lammps;

namespace MofInterop.Steps;

/// <summary>How molecular dynamics is run, whatever its temperature and length.</summary>
public sealed record DynamicsOptions
{
    /// <summary>Cell freedom.</summary>
    [Parameter("How the cell may change in NPT runs.")]
    public CellFreedom Cell { get; init; } = CellFreedom.Flexible;

    /// <summary>Pressure.</summary>
    [Parameter("Pressure of NPT runs.", Dimension = Dimension.Pressure)]
    public Quantity Pressure { get; init; } = Quantity.Parse("1 bar");

    /// <summary>Thermostat.</summary>
    [Parameter("Relaxation time of the Nosé–Hoover thermostat.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity ThermostatDamping { get; init; } = Quantity.Parse("100 fs");

    /// <summary>Barostat.</summary>
    [Parameter("Relaxation time of the barostat.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity BarostatDamping { get; init; } = Quantity.Parse("1000 fs");

    /// <summary>Time limit of one run.</summary>
    [Parameter("A run that takes longer on the clock is ended and made once more; after that the step stops. Default: none.", Dimension = Dimension.WallTime, Above = "0 s", AffectsResult = false)]
    public Quantity? TimeLimit { get; init; }

    /// <summary>The barostat as LAMMPS takes it.</summary>
    internal Barostat Barostat => new() { Pressure = Pressure.Value, Cell = Cell, Damping = BarostatDamping.Value };

    /// <summary>The thermostat as LAMMPS takes it.</summary>
    internal Thermostat Thermostat => new() { Damping = ThermostatDamping.Value };
}
