using System.Collections.Immutable;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>What a run writes beside its log.</summary>
public sealed record LammpsOutputPlan
{
    /// <summary>A row of thermodynamic quantities every so many steps.</summary>
    public int ThermoEvery { get; init; } = 10;

    /// <summary>A frame every so many steps (also the first); 0: none but the last configuration.</summary>
    public int FramesEvery { get; init; } = 10;

    /// <summary>Frames carry velocities.</summary>
    public bool Velocities { get; init; }

    /// <summary>Frames carry forces.</summary>
    public bool Forces { get; init; }

    /// <summary>Significant digits of the numbers of a frame.</summary>
    public int Digits { get; init; } = 12;

    /// <summary>A restart file every so many steps, and one at the end; 0: none.</summary>
    public int RestartEvery { get; init; }

    internal void Check()
    {
        if (ThermoEvery < 1 || FramesEvery < 0 || RestartEvery < 0 || Digits is < 4 or > 17)
        {
            throw new MofException(
                ErrorKind.InvalidArgument,
                $"thermo every {ThermoEvery}, frames every {FramesEvery}, restart every {RestartEvery} steps with {Digits} digits",
                expected: "thermo every 1 or more, the others 0 or more, 4 to 17 digits");
        }
    }
}

/// <summary>
/// When a run counts as blown up. LAMMPS checks temperature and volume while it runs and stops;
/// all limits are checked on what it wrote. Changes are relative to the cell of the start.
/// </summary>
public sealed record LammpsGuards
{
    /// <summary>No limits: only what LAMMPS itself calls an error, and values that are not finite.</summary>
    public static LammpsGuards None { get; } = new()
    {
        MinimumVolumeRatio = null, MaximumVolumeRatio = null, MaximumLengthChange = null, MaximumAngleChange = null, MinimumDistance = null,
    };

    /// <summary>K; null: no limit.</summary>
    public double? MaximumTemperature { get; init; }

    /// <summary>Smallest volume as a fraction of the volume at the start; null: no limit.</summary>
    public double? MinimumVolumeRatio { get; init; } = 0.6;

    /// <summary>Largest volume as a fraction of the volume at the start; null: no limit.</summary>
    public double? MaximumVolumeRatio { get; init; } = 1.6;

    /// <summary>Largest relative change of a cell length; null: no limit.</summary>
    public double? MaximumLengthChange { get; init; } = 0.3;

    /// <summary>Largest change of a cell angle, degrees; null: no limit.</summary>
    public double? MaximumAngleChange { get; init; } = 20;

    /// <summary>Two atoms closer than this, Å, overlap; null: distances are not looked at.</summary>
    public double? MinimumDistance { get; init; } = 0.6;

    /// <summary>LAMMPS checks every so many steps.</summary>
    public int CheckEvery { get; init; } = 10;

    internal void Check(IEnumerable<LammpsStage> stages)
    {
        var aim = stages.OfType<DynamicsStage>().Select(stage => stage.HighestTemperature).DefaultIfEmpty().Max();
        if (MaximumTemperature <= aim)
        {
            throw new MofException(
                ErrorKind.InvalidArgument, $"the temperature limit of {MaximumTemperature} K is not above the {aim} K that the run aims at", expected: "some hundred kelvin of room for fluctuations");
        }

        if (MinimumVolumeRatio >= 1 || MaximumVolumeRatio <= 1 || MaximumLengthChange <= 0 || MaximumAngleChange <= 0 || MinimumDistance <= 0 || CheckEvery < 1)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a limit of the run excludes its own start", expected: "volume ratios round 1, positive changes and distances");
        }
    }
}

/// <summary>A LAMMPS run as an immutable value: what to start from, with which potential, what to do, what to write.</summary>
public sealed record LammpsRun
{
    /// <summary>A short name for progress lines and log files.</summary>
    public string Name { get; init; } = "lammps";

    /// <summary>The periodic configuration at step 0. Its atom types (or symbols where it has none) are labels of the potential. Velocities are used.</summary>
    public required AtomicConfiguration Start { get; init; }

    /// <summary>The potential.</summary>
    public required LammpsPotential Potential { get; init; }

    /// <summary>What to do, in order.</summary>
    public required ImmutableArray<LammpsStage> Stages { get; init; }

    /// <summary>What to write.</summary>
    public LammpsOutputPlan Output { get; init; } = new();

    /// <summary>When to stop.</summary>
    public LammpsGuards Guards { get; init; } = new();

    /// <summary>Masses by label, atomic mass units, where they are not the element's standard mass.</summary>
    public ImmutableDictionary<string, double> Masses { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>Å beyond the cutoff within which neighbours are listed, so that lists last for several steps.</summary>
    public double NeighborSkin { get; init; } = 1.0;

    /// <summary>
    /// Goes on from a restart file that this same run wrote, into another folder: finished stages are left out, a broken
    /// one is finished with its ramps as planned. The same trajectory follows, but for an NPT ramp: LAMMPS takes the mass of
    /// the barostat from the temperature at which it is started. Null: from the start.
    /// </summary>
    public LammpsRestart? ContinueFrom { get; init; }

    /// <summary>Steps of all stages.</summary>
    public long PlannedSteps => Stages.Sum(stage => (long)stage.PlannedSteps);

    /// <summary>Throws for what cannot be meant, before anything runs.</summary>
    /// <exception cref="MofException">With the stage, the value, and what was expected.</exception>
    public void Check()
    {
        if (Stages.IsDefaultOrEmpty)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the run has no stages", Name);
        }

        if (!Start.Periodic || Start.Cell is null)
        {
            throw new MofException(ErrorKind.Unsupported, "the configuration is not periodic", Name, "a periodic cell", "Put the molecule into a large cell.");
        }

        if (!(NeighborSkin > 0))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the neighbour skin is {NeighborSkin} angstrom", Name, "a positive number");
        }

        Output.Check();
        Guards.Check(Stages);
        foreach (var stage in Stages)
        {
            stage.Check();
        }
    }
}
