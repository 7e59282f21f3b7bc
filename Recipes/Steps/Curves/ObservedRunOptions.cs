using MofInterop.Engine;
using MofInterop.Lammps;

namespace MofInterop.Steps;

/// <summary>Runs of molecular dynamics whose frames are measured: an equilibration, then the part that counts.</summary>
public sealed record ObservedRunOptions
{
    /// <summary>Temperatures.</summary>
    [Parameter("Temperatures; diffusion at two or more gives an activation energy.", Dimension = Dimension.Temperature, Above = "0 K", MinimumCount = 1)]
    public required IReadOnlyList<Quantity> Temperatures { get; init; }

    /// <summary>Number.</summary>
    [Parameter("Independent runs at each temperature, each with velocities of its own.", AtLeast = 1)]
    public int Count { get; init; } = 5;

    /// <summary>Equilibration.</summary>
    [Parameter("Length of the equilibration; nothing of it is measured.", Dimension = Dimension.Time, AtLeast = "0 fs")]
    public Quantity Equilibration { get; init; } = Quantity.Parse("5 ps");

    /// <summary>Ensemble of the equilibration.</summary>
    [Parameter("Its ensemble: npt, with the cell of dynamics, or nvt.", Allowed = ["npt", "nvt"])]
    public string EquilibrationEnsemble { get; init; } = "npt";

    /// <summary>Ensemble.</summary>
    [Parameter("Ensemble of what is measured: nve (spectra), nvt (diffusion), npt.", Allowed = ["nve", "nvt", "npt"])]
    public string Ensemble { get; init; } = "nvt";

    /// <summary>Length.</summary>
    [Parameter("Length of what is measured.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity Length { get; init; } = Quantity.Parse("50 ps");

    /// <summary>Time step.</summary>
    [Parameter("Time step.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity TimeStep { get; init; } = Quantity.Parse("0.5 fs");

    /// <summary>Frames.</summary>
    [Parameter("Time between frames that are measured; rounded to whole time steps.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity SampleEvery { get; init; } = Quantity.Parse("20 fs");

    /// <summary>Starts.</summary>
    [Parameter("How the start of each run is distorted.")]
    public DistortionOptions Start { get; init; } = new() { Displacement = Quantity.Parse("0 angstrom"), Strain = Quantity.Parse("0 %") };

    /// <summary>Dynamics.</summary>
    [Parameter("Settings of the molecular dynamics.")]
    public DynamicsOptions Dynamics { get; init; } = new();

    /// <summary>Keeping.</summary>
    [Parameter("Keep the trajectories, which are large, beside the measurements.", AffectsResult = false)]
    public bool KeepTrajectories { get; init; }

    /// <summary>Steps between frames.</summary>
    internal int StepsBetweenFrames => Math.Max(1, (int)Math.Round(SampleEvery.Value / TimeStep.Value));

    /// <summary>Time between frames, fs.</summary>
    internal double Interval => StepsBetweenFrames * TimeStep.Value;

    /// <summary>Steps of the equilibration: whole frames, so that the first frame is its end.</summary>
    internal int EquilibrationSteps => StepsBetweenFrames * (int)Math.Ceiling(Equilibration.Value / Interval - 1e-9);

    /// <summary>Steps that are measured: whole frames.</summary>
    internal int Steps => StepsBetweenFrames * Math.Max(1, (int)Math.Round(Length.Value / Interval));

    /// <summary>Frames that are measured.</summary>
    internal int Frames => Steps / StepsBetweenFrames + 1;

    /// <summary>Stages of a run.</summary>
    internal IEnumerable<LammpsStage> Stages(double temperature, int seed, bool velocities)
    {
        var creation = new VelocityCreation(temperature, seed);
        if (EquilibrationSteps > 0)
        {
            yield return Stage("equilibration", DynamicsStage.EnsembleOf(EquilibrationEnsemble), EquilibrationSteps, temperature) with { Velocities = creation };
        }

        yield return Stage("production", DynamicsStage.EnsembleOf(Ensemble), Steps, temperature) with
        {
            Velocities = EquilibrationSteps > 0 ? null : creation,
            Trajectory = new StageTrajectory(ObservedRuns.TrajectoryFile, StepsBetweenFrames, velocities),
        };
    }

    /// <summary>Reports what cannot be meant.</summary>
    /// <param name="check">Of the step.</param>
    /// <param name="prefix">Of the parameters' names.</param>
    /// <param name="measured">What is measured.</param>
    internal void Check(StepCheck check, string prefix, MeasurementOptions measured)
    {
        if (SampleEvery.Value < TimeStep.Value * (1 - 1e-9))
        {
            check.Problem(prefix + "sample_every", $"{SampleEvery} is less than a time step", $"at least {TimeStep}");
        }

        if (measured.Spectrum is { } spectrum)
        {
            MeasurementChecks.Spectrum(spectrum, Interval, Frames, check, prefix + "length");
        }
    }

    private DynamicsStage Stage(string name, Ensemble ensemble, int steps, double temperature) => new()
    {
        Name = name,
        Ensemble = ensemble,
        Steps = steps,
        TimeStep = TimeStep.Value,
        Temperature = ensemble == Lammps.Ensemble.Nve ? null : temperature,
        Thermostat = Dynamics.Thermostat,
        Barostat = Dynamics.Barostat,
    };
}
