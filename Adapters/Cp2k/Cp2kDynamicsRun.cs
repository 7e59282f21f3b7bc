using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>What stays constant in molecular dynamics.</summary>
public enum Cp2kEnsemble
{
    /// <summary>Cell and temperature.</summary>
    Nvt,

    /// <summary>Pressure and temperature; the cell is fully flexible (NPT_F).</summary>
    NptFlexible,
}

/// <summary>How the temperature is held.</summary>
public enum Cp2kThermostat
{
    /// <summary>Stochastic velocity rescaling (G. Bussi, D. Donadio, M. Parrinello, J. Chem. Phys. 2007, 126, 014101).</summary>
    Csvr,

    /// <summary>Nosé–Hoover chains.</summary>
    NoseHoover,
}

/// <summary>Ab-initio molecular dynamics of one structure at one temperature.</summary>
public sealed record Cp2kDynamicsRun
{
    /// <summary>The reference method.</summary>
    public required Cp2kMethod Method { get; init; }

    /// <summary>Where it starts; velocities are drawn anew.</summary>
    public required AtomicConfiguration Start { get; init; }

    /// <summary>Ensemble.</summary>
    public Cp2kEnsemble Ensemble { get; init; }

    /// <summary>K.</summary>
    public required double Temperature { get; init; }

    /// <summary>Thermostat.</summary>
    public Cp2kThermostat Thermostat { get; init; }

    /// <summary>Its time constant, fs.</summary>
    public double ThermostatTime { get; init; } = 50;

    /// <summary>eV/Å³.</summary>
    public double Pressure { get; init; }

    /// <summary>Time constant of the barostat, fs.</summary>
    public double BarostatTime { get; init; } = 100;

    /// <summary>fs.</summary>
    public double TimeStep { get; init; } = 0.5;

    /// <summary>Steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Steps between frames.</summary>
    public int FramesEvery { get; init; } = 1;

    /// <summary>Steps between restart files: what a kill loses at most.</summary>
    public int RestartEvery { get; init; } = 10;

    /// <summary>Seed of the velocities and of CSVR.</summary>
    public required int Seed { get; init; }
}
