using MofInterop.Cp2k;
using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>What stays constant in ab-initio molecular dynamics.</summary>
public enum AimdEnsemble
{
    /// <summary>Cell and temperature.</summary>
    Nvt,

    /// <summary>Pressure and temperature, flexible cell.</summary>
    Npt,
}

/// <summary>Parameters of <see cref="AimdStep"/>.</summary>
public sealed record AimdOptions
{
    /// <summary>Reference.</summary>
    [Parameter("The method; program: cp2k. Workers and cores_each hold for runs.")]
    public ReferenceOptions Reference { get; init; } = new();

    /// <summary>Temperatures.</summary>
    [Parameter("Temperatures, one run each, all from the structure.", Dimension = Dimension.Temperature, Above = "0 K", MinimumCount = 1)]
    public required IReadOnlyList<Quantity> Temperatures { get; init; }

    /// <summary>Ensemble.</summary>
    [Parameter("nvt (fixed cell) or npt (fully flexible cell).")]
    public AimdEnsemble Ensemble { get; init; } = AimdEnsemble.Npt;

    /// <summary>Length.</summary>
    [Parameter("Length of every run.", Dimension = Dimension.Time, Above = "0 fs")]
    public required Quantity Length { get; init; }

    /// <summary>Time step.</summary>
    [Parameter("Time step.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity TimeStep { get; init; } = Quantity.Parse("0.5 fs");

    /// <summary>Frames.</summary>
    [Parameter("Every so many steps a frame is kept.", AtLeast = 1)]
    public int FramesEvery { get; init; } = 10;

    /// <summary>Equilibration.</summary>
    [Parameter("The first part of every run that gives no frames.", Dimension = Dimension.Time, AtLeast = "0 fs")]
    public Quantity Equilibration { get; init; } = Quantity.Parse("0 fs");

    /// <summary>Thermostat.</summary>
    [Parameter("csvr (stochastic velocity rescaling) or nose-hoover.")]
    public Cp2kThermostat Thermostat { get; init; }

    /// <summary>Its time constant.</summary>
    [Parameter("Time constant of the thermostat.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity ThermostatDamping { get; init; } = Quantity.Parse("50 fs");

    /// <summary>Pressure.</summary>
    [Parameter("Pressure of npt runs.", Dimension = Dimension.Pressure)]
    public Quantity Pressure { get; init; } = Quantity.Parse("1 bar");

    /// <summary>Its time constant.</summary>
    [Parameter("Time constant of the barostat.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity BarostatDamping { get; init; } = Quantity.Parse("100 fs");

    /// <summary>Restart files.</summary>
    [Parameter("Every so many steps a restart file is written: what a kill loses at most.", AtLeast = 1, AffectsResult = false)]
    public int RestartEvery { get; init; } = 10;

    /// <summary>Steps of every run.</summary>
    internal int Steps => (int)Math.Max(1, Math.Round(Length.Value / TimeStep.Value));
}
