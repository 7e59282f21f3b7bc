using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A stage that LAMMPS has made.</summary>
/// <param name="Key">All that it depends on.</param>
/// <param name="Samples">Every frame's thermodynamic quantities.</param>
/// <param name="Frames">From its beginning on, all at the same distance.</param>
/// <param name="Final">Its end with velocities; null where it blew up.</param>
/// <param name="Problem">Why it blew up, or null.</param>
internal sealed record FinishedMeltStage(string Key, IReadOnlyList<Sample> Samples, FrameArchive Frames, AtomicConfiguration? Final, string? Problem);

/// <summary>
/// The molecular dynamics of the stages of a melt-quench run. Each stage is a unit of work of its own (<see cref="ResumableDynamics"/>), which depends on its deck, the potential, and the state
/// that the stage before it ended in. So another cooling rate melts nothing again.
/// </summary>
internal sealed class MeltStageRuns
{
    private const string SeriesFile = "series.csv", FramesFile = "frames.bin", FinalFile = "final.extxyz", RecordFile = "stage.json";
    private const double SmallestVolume = 0.4, LargestVolume = 3, LargestTilt = 60, TemperatureRoom = 1000, TemperatureFactor = 3;
    private readonly ResumableDynamics _dynamics;
    private readonly StepContext _context;
    private readonly TypedStructure _structure;
    private readonly SimulationPotential _potential;
    private readonly MeltQuenchOptions _options;

    public MeltStageRuns(StepServices services, StepContext context, TypedStructure structure, SimulationPotential potential, MeltQuenchOptions options)
    {
        _dynamics = new ResumableDynamics(services, context, "melt-stages", options.TimeLimit);
        _context = context;
        _structure = structure;
        _potential = potential;
        _options = options;
    }

    /// <summary>Where a run begins.</summary>
    public static AtomicConfiguration Start(string run, AtomicConfiguration structure, MeltQuenchOptions options, Func<string, int> seed) =>
        options.Start.Distortion.Apply(structure, new DeterministicRandom((ulong)seed(run + "/start")));

    /// <summary>A stage as LAMMPS gets it.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="start">Where it begins, with the potential's names; without velocities the stage draws them.</param>
    /// <param name="potential">The potential.</param>
    /// <param name="options">Of the step.</param>
    /// <param name="seed">Of the velocities.</param>
    public static LammpsRun RunOf(string run, MeltStage stage, AtomicConfiguration start, LammpsPotential potential, MeltQuenchOptions options, int seed) => new()
    {
        Name = $"{run}-{stage.Name}",
        Start = start,
        Potential = potential,
        Stages =
        [
            new DynamicsStage
            {
                Name = stage.Name,
                Ensemble = DynamicsStage.EnsembleOf(options.Ensemble),
                Steps = stage.Frames * options.StepsBetweenFrames,
                TimeStep = options.TimeStep.Value,
                Temperature = stage.From,
                FinalTemperature = stage.To,
                Thermostat = new Thermostat { Damping = options.ThermostatDamping.Value },
                Barostat = new Barostat { Pressure = options.Pressure.Value, Cell = options.Cell, Damping = options.BarostatDamping.Value },
                Velocities = start.Velocities is null ? new VelocityCreation(stage.From, seed) : null,
            },
        ],
        Output = new LammpsOutputPlan { ThermoEvery = options.StepsBetweenFrames, FramesEvery = options.StepsBetweenFrames, RestartEvery = options.StepsBetweenRestarts, Digits = 8 },

        // A melt changes its volume and may change its shape; what is meaningless is beyond that.
        Guards = new LammpsGuards
        {
            MaximumTemperature = TemperatureRoom + TemperatureFactor * Math.Max(stage.From, stage.To),
            MinimumVolumeRatio = SmallestVolume, MaximumVolumeRatio = LargestVolume, MaximumLengthChange = null, MaximumAngleChange = LargestTilt,
        },
    };

    /// <summary>Makes a stage, or takes it from the cache.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="start">Where it begins.</param>
    /// <param name="onFrames">Told how many frames are there, and whether they were there before.</param>
    /// <param name="cancellation">Stops; a later call goes on.</param>
    /// <exception cref="MofException">LAMMPS fails (ToolFailure).</exception>
    public async Task<FinishedMeltStage> MakeAsync(string run, MeltStage stage, AtomicConfiguration start, Action<double, bool> onFrames, CancellationToken cancellation)
    {
        var labelled = _potential.Label(start);
        var lammps = RunOf(run, stage, labelled, _potential.ForLammps(labelled), _options, _context.Seed(run + "/velocities"));
        var key = ResumableDynamics.Key(lammps, _potential, ConfigurationHash.Of(start), HashOfVelocities(start));
        var known = _dynamics.Has(key);
        var folder = await _dynamics.RunAsync(
            lammps, key, (step, skip) => onFrames((double)step / _options.StepsBetweenFrames, skip), (result, kept, work, _) => Keep(stage, lammps, result, kept, work),
            name => !name.EndsWith(".lammpstrj", StringComparison.Ordinal), cancellation).ConfigureAwait(false);
        onFrames(stage.Frames, known);
        return Read(folder, key);
    }

    // Frames are kept as an archive in place of LAMMPS's text.
    private void Keep(MeltStage stage, LammpsRun run, LammpsDynamicsResult result, string folder, string work)
    {
        // One row a frame: where LAMMPS went on from a restart file it prints one more.
        SampleSeries.Write(Path.Combine(folder, SeriesFile), result.Rows.Where(row => row.Step % _options.StepsBetweenFrames == 0).Select(SampleSeries.Of));
        var frames = FrameArchive.Write(Path.Combine(folder, FramesFile), run.Start.Count, result.Frames.Select(frame => frame.Configuration));
        if (result.BlowUp is null && frames != stage.Frames + 1)
        {
            MachineFaults.ThrowIfDiskIsFull(_context.RunFolder, work, string.Empty);
            throw new MofException(ErrorKind.ToolFailure, $"LAMMPS made all steps, but wrote {frames} frames", run.Name, $"{stage.Frames + 1} frames", $"Look in {work}");
        }

        if (result.Final is { } final)
        {
            ExtendedXyz.Write(Path.Combine(folder, FinalFile), final.Configuration.With(_structure.Configuration.Types!));
        }

        StepJson.Write(Path.Combine(folder, RecordFile), new StageEnd(result.BlowUp is { } blowUp ? Description(blowUp, run) : null));
    }

    private string Description(BlowUp blowUp, LammpsRun run)
    {
        var stage = (DynamicsStage)run.Stages[0];
        var target = stage.Temperature!.Value + (stage.FinalTemperature!.Value - stage.Temperature.Value) * Math.Min(1, (double)blowUp.Step / stage.Steps);
        return string.Create(CultureInfo.InvariantCulture, $"{blowUp.Description}, after {blowUp.Step * _options.TimeStep.In("ps"):0.##} ps of the stage, at {target:0} K");
    }

    private FinishedMeltStage Read(string folder, string key)
    {
        var final = Path.Combine(folder, FinalFile);
        return new FinishedMeltStage(
            key, SampleSeries.Read(Path.Combine(folder, SeriesFile)), new FrameArchive(Path.Combine(folder, FramesFile), _structure.Configuration),
            File.Exists(final) ? ExtendedXyz.Read(final).Single() : null, StepJson.Read<StageEnd>(Path.Combine(folder, RecordFile)).Problem);
    }

    private static string HashOfVelocities(AtomicConfiguration start) =>
        start.Velocities is { } known ? Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<double>(known))) : string.Empty;

    private sealed record StageEnd(string? Problem);
}
