namespace MofInterop.Engine;

/// <summary>What a quantity in a recipe measures. The value inside is in the suite's units: eV, Å, fs, K, amu, rad.</summary>
public enum Dimension
{
    /// <summary>Simulated time; inside fs.</summary>
    Time,

    /// <summary>Time on the clock (limits of programs); inside s.</summary>
    WallTime,

    /// <summary>Length; inside Å.</summary>
    Length,

    /// <summary>Absolute temperature; inside K.</summary>
    Temperature,

    /// <summary>Pressure or stress; inside eV/Å³.</summary>
    Pressure,

    /// <summary>Energy; inside eV.</summary>
    Energy,

    /// <summary>Energy for each atom; inside eV/atom.</summary>
    EnergyPerAtom,

    /// <summary>Force; inside eV/Å.</summary>
    Force,

    /// <summary>Angle; inside rad.</summary>
    Angle,

    /// <summary>Mass; inside amu.</summary>
    Mass,

    /// <summary>Memory of a computer; inside MB of 1024² bytes, as Slurm counts.</summary>
    Memory,

    /// <summary>Wavenumber of a vibration; inside 1/cm.</summary>
    Wavenumber,

    /// <summary>Thermal expansion coefficient; inside 1/K.</summary>
    Expansion,

    /// <summary>Volume; inside Å³.</summary>
    Volume,

    /// <summary>Rate at which a temperature changes; inside K/fs.</summary>
    HeatingRate,

    /// <summary>Part of one: <c>1 %</c>, or a plain number; inside 1.</summary>
    Fraction,
}
