using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Lammps;

/// <summary>One part of a run: what LAMMPS does between two changes of what it does. Stages of one run follow each other in one process.</summary>
public abstract record LammpsStage
{
    /// <summary>A short name for progress lines and messages.</summary>
    public string Name { get; init; } = "run";

    /// <summary>Steps that are planned; a minimisation may end earlier and the next stage still starts at the planned step.</summary>
    public abstract int PlannedSteps { get; }

    /// <summary>Throws for what cannot be meant.</summary>
    internal abstract void Check();

    private protected MofException Wrong(string what, string expected) => new(ErrorKind.InvalidArgument, what, $"stage {Name}", expected);

    private protected void RequirePositive(double value, string what, string unit)
    {
        if (!(value > 0) || !double.IsFinite(value))
        {
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"{what} is {value} {unit}"), "a positive number");
        }
    }

    private protected void RequireName()
    {
        if (Name.Length == 0 || Name.Any(c => char.IsControl(c) || c is '"' or '$' or '\''))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"'{Name}' cannot be the name of a stage", expected: "a few words without quotes");
        }
    }
}

/// <summary>Energy, forces and stress of the configuration as it stands.</summary>
public sealed record EvaluationStage : LammpsStage
{
    /// <inheritdoc/>
    public override int PlannedSteps => 0;

    internal override void Check() => RequireName();
}

/// <summary>How the cell may change.</summary>
public enum CellFreedom
{
    /// <summary>Volume only: all lengths by one factor.</summary>
    Isotropic,

    /// <summary>The three lengths independently, angles fixed.</summary>
    Anisotropic,

    /// <summary>Lengths and angles.</summary>
    Flexible,
}

/// <summary>Moves atoms, and the cell where asked, downhill to zero force.</summary>
public sealed record MinimisationStage : LammpsStage
{
    /// <summary>Stops when the length of the force vector of all atoms is below this, eV/Å.</summary>
    public double ForceTolerance { get; init; } = 1e-4;

    /// <summary>Stops when the energy changes by less than this fraction between iterations; 0: never for this reason.</summary>
    public double EnergyTolerance { get; init; }

    /// <summary>At most so many iterations.</summary>
    public int MaximumSteps { get; init; } = 1000;

    /// <summary>
    /// Follows forces alone, to tolerances of forces that the digits of an energy no longer show; <see cref="ForceTolerance"/> is then that of the largest component of a force
    /// (LAMMPS <c>min_modify line forcezero norm inf</c>). Not for a cell that is relaxed.
    /// </summary>
    public bool ByForces { get; init; }

    /// <summary>LAMMPS <c>min_style</c>.</summary>
    public string Algorithm { get; init; } = "cg";

    /// <summary>Relaxes the cell as well in this way; null: the cell is fixed.</summary>
    public CellFreedom? Cell { get; init; }

    /// <summary>Target pressure of a relaxed cell, eV/Å³, compression positive.</summary>
    public double Pressure { get; init; }

    /// <inheritdoc/>
    public override int PlannedSteps => MaximumSteps;

    internal override void Check()
    {
        RequireName();
        RequirePositive(MaximumSteps, "the number of iterations", "");
        if (!(ForceTolerance >= 0) || !(EnergyTolerance >= 0))
        {
            throw Wrong("a tolerance is negative", "zero or a positive number");
        }

        string[] known = ["cg", "fire", "hftn", "quickmin", "sd"];
        if (!known.Contains(Algorithm))
        {
            throw Wrong($"the minimiser '{Algorithm}' is unknown", string.Join(", ", known));
        }

        if (Cell is not null && ByForces)
        {
            throw Wrong("LAMMPS relaxes a cell by its energy only", "ByForces false, or a fixed cell");
        }

        if (Cell is not null && Algorithm is "fire" or "quickmin" or "hftn")
        {
            throw Wrong($"LAMMPS cannot relax the cell with the minimiser {Algorithm}", "cg or sd");
        }
    }
}

/// <summary>Which quantities a dynamics stage keeps.</summary>
public enum Ensemble
{
    /// <summary>Number, volume, energy.</summary>
    Nve,

    /// <summary>Number, volume, temperature.</summary>
    Nvt,

    /// <summary>Number, pressure, temperature.</summary>
    Npt,
}

/// <summary>Nosé–Hoover chain thermostat.</summary>
public sealed record Thermostat
{
    /// <summary>Relaxation time, fs.</summary>
    public double Damping { get; init; } = 100;

    /// <summary>Thermostats in the chain.</summary>
    public int ChainLength { get; init; } = 5;

    /// <summary>Extra friction that quenches oscillations; 0 is the true ensemble.</summary>
    public double Drag { get; init; }
}

/// <summary>Nosé–Hoover barostat of Martyna, Tobias and Klein.</summary>
public sealed record Barostat
{
    /// <summary>Pressure at the start of the stage, eV/Å³, compression positive (1 bar is 6.2415e-7).</summary>
    public double Pressure { get; init; }

    /// <summary>Pressure at its end, eV/Å³; null: the same.</summary>
    public double? FinalPressure { get; init; }

    /// <summary>How the cell may change.</summary>
    public CellFreedom Cell { get; init; } = CellFreedom.Flexible;

    /// <summary>Relaxation time, fs.</summary>
    public double Damping { get; init; } = 1000;

    /// <summary>Thermostats in the barostat's own chain.</summary>
    public int ChainLength { get; init; } = 3;
}

/// <summary>Velocities drawn from the Maxwell–Boltzmann distribution, without total momentum. The same seed gives the same velocities.</summary>
/// <param name="Temperature">K; the kinetic energy is scaled to be exactly this.</param>
/// <param name="Seed">From 1 to 900 000 000.</param>
public sealed record VelocityCreation(double Temperature, int Seed);

/// <summary>A text dump of one stage: ids, types, unwrapped positions and perhaps velocities, ordered by ids, in LAMMPS's units and axes.</summary>
/// <param name="File">Its name in the run's folder.</param>
/// <param name="Every">Frames are those of steps, counted through all stages, that are multiples of this.</param>
/// <param name="Velocities">Frames carry velocities.</param>
/// <param name="Digits">Significant digits, 4 to 17.</param>
public sealed record StageTrajectory(string File, int Every, bool Velocities, int Digits = 9);

/// <summary>Molecular dynamics in one ensemble, at one temperature and pressure or along a ramp.</summary>
public sealed record DynamicsStage : LammpsStage
{
    /// <summary>What is kept.</summary>
    public required Ensemble Ensemble { get; init; }

    /// <summary>Number of steps.</summary>
    public required int Steps { get; init; }

    /// <summary>fs.</summary>
    public double TimeStep { get; init; } = 0.5;

    /// <summary>Temperature at the start, K; needed in NVT and NPT.</summary>
    public double? Temperature { get; init; }

    /// <summary>Temperature at the end, K: a ramp; null: the same as at the start.</summary>
    public double? FinalTemperature { get; init; }

    /// <summary>Used in NVT and NPT.</summary>
    public Thermostat Thermostat { get; init; } = new();

    /// <summary>Used in NPT.</summary>
    public Barostat Barostat { get; init; } = new();

    /// <summary>New velocities at the start of the stage; null: atoms keep what they have.</summary>
    public VelocityCreation? Velocities { get; init; }

    /// <summary>Frames of this stage alone in a file of their own, for analyses that read them as a stream; null: none.</summary>
    public StageTrajectory? Trajectory { get; init; }

    /// <inheritdoc/>
    public override int PlannedSteps => Steps;

    /// <summary>The highest temperature that the stage aims at, K; 0 where it aims at none.</summary>
    internal double HighestTemperature => new[] { Temperature ?? 0, FinalTemperature ?? 0, Velocities?.Temperature ?? 0 }.Max();

    /// <summary>The ensemble of a name as recipes write it.</summary>
    /// <exception cref="MofException">The name is none of nve, nvt, npt.</exception>
    public static Ensemble EnsembleOf(string name) => name switch
    {
        "nve" => Ensemble.Nve,
        "nvt" => Ensemble.Nvt,
        "npt" => Ensemble.Npt,
        _ => throw new MofException(ErrorKind.InvalidArgument, $"the ensemble '{name}' is unknown", expected: "nve, nvt or npt"),
    };

    internal override void Check()
    {
        RequireName();
        RequirePositive(TimeStep, "the time step", "fs");
        RequirePositive(Steps, "the number of steps", "");
        if (Velocities is { } velocities)
        {
            RequirePositive(velocities.Temperature, "the temperature of the new velocities", "K");
            if (velocities.Seed is < 1 or > 900_000_000)
            {
                throw Wrong($"the seed of the velocities is {velocities.Seed}", "a number from 1 to 900000000");
            }
        }

        if (Trajectory is { } trajectory && (trajectory.Every < 1 || trajectory.Digits is < 4 or > 17 || trajectory.File.Length == 0 || trajectory.File.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))))
        {
            throw Wrong($"a trajectory '{trajectory.File}' of every {trajectory.Every} steps with {trajectory.Digits} digits", "a file name of letters, digits, dots and hyphens, 1 step or more, 4 to 17 digits");
        }

        if (!Enum.IsDefined(Ensemble))
        {
            throw Wrong($"the ensemble {(int)Ensemble} is unknown", "nve, nvt or npt");
        }

        if (Ensemble != Ensemble.Nve)
        {
            CheckThermostat();
        }
        else if (Temperature is not null || FinalTemperature is not null)
        {
            throw Wrong("a temperature is set, but NVE has no thermostat", "no temperature, or NVT or NPT");
        }

        if (Ensemble == Ensemble.Npt)
        {
            RequirePositive(Barostat.Damping, "the relaxation time of the barostat", "fs");
            RequirePositive(Barostat.ChainLength, "the chain length of the barostat", "");
        }
    }

    private void CheckThermostat()
    {
        if (Temperature is not { } start)
        {
            throw Wrong($"{Ensemble} needs a temperature", "kelvin");
        }

        RequirePositive(start, "the temperature", "K");
        RequirePositive(FinalTemperature ?? start, "the final temperature", "K");
        RequirePositive(Thermostat.Damping, "the relaxation time of the thermostat", "fs");
        RequirePositive(Thermostat.ChainLength, "the chain length of the thermostat", "");
        if (!(Thermostat.Drag >= 0))
        {
            throw Wrong("the drag is negative", "zero or a positive number");
        }
    }
}
