using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A run and what was measured on it.</summary>
/// <param name="Measurement">Null where the run blew up.</param>
/// <param name="Problem">Why, or which bond broke; null: nothing.</param>
public sealed record ObservedRun(RunMeasurement? Measurement, string? Problem);

/// <summary>
/// Independent runs of molecular dynamics, each measured as soon as it has ended; its trajectory is removed unless it is to be kept. A run with its measurement is a unit of work, kept in the
/// run folder's cache under all that it depends on: another way to look at the same sums, or another temperature in the list, repeats none.
/// </summary>
internal sealed class ObservedRuns
{
    /// <summary>Name of the file of frames.</summary>
    public const string TrajectoryFile = "trajectory.lammpstrj";

    private const string CacheName = "observed-runs", RecordFile = "measurement.json";
    private const int ThermoRows = 2000;
    private readonly LammpsTool _lammps;
    private readonly StepContext _context;
    private readonly TypedStructure _structure;
    private readonly SimulationPotential _potential;
    private readonly ObservedRunOptions _options;
    private readonly MeasurementOptions _measured;

    public ObservedRuns(StepServices services, StepContext context, TypedStructure structure, SimulationPotential potential, ObservedRunOptions options, MeasurementOptions measured)
    {
        _lammps = new LammpsTool(
            new WatchedRunner(services.Runner, ProgramUse.Dynamics, context), new LammpsSettings { TimeLimit = options.Dynamics.TimeLimit is { } limit ? TimeSpan.FromSeconds(limit.Value) : null });
        _ = _lammps.Program;
        _context = context;
        _structure = structure;
        _potential = potential;
        _options = options;
        _measured = measured;
    }

    /// <summary>Runs and measures all temperatures; runs that blew up are left out and warned of.</summary>
    /// <exception cref="MofException">LAMMPS fails, or no run of a temperature came to its end (ToolFailure).</exception>
    public async Task<IReadOnlyList<StateCurves>> MeasureAsync(CancellationToken cancellation)
    {
        using var progress = _context.Progress("runs with their measurement", _options.Temperatures.Count * _options.Count);
        var states = await Task.WhenAll(_options.Temperatures.Select(async temperature =>
        {
            var runs = await Task.WhenAll(Enumerable.Range(1, _options.Count).Select(run => OnceAsync(temperature.Value, run, progress, cancellation))).ConfigureAwait(false);
            return (Temperature: temperature.Value, Runs: runs);
        })).ConfigureAwait(false);
        return [.. states.Select(state => Average(state.Temperature, state.Runs))];
    }

    /// <summary>Writes the input of the first run of each temperature.</summary>
    public static void WriteDecks(ObservedRunOptions options, MeasurementOptions measured, TypedStructure structure, StepDecks decks)
    {
        var potential = LammpsPotential.Text(structure.Labels, "pair_style mof", $"pair_coeff * * {TrainedPotential.FutureCard} {string.Join(' ', structure.Labels)}");
        foreach (var temperature in options.Temperatures)
        {
            var unit = Unit(temperature.Value, 1);
            LammpsTool.WriteInput(RunOf(unit, options, measured, temperature.Value, structure.Configuration, potential, decks.Seed(unit + "/velocities")), decks.Folder(unit));
        }
    }

    private static string Unit(double temperature, int run) => string.Create(CultureInfo.InvariantCulture, $"{temperature:0.##}K/run-{run:00}");

    private async Task<ObservedRun> OnceAsync(double temperature, int index, WorkProgress progress, CancellationToken cancellation)
    {
        var unit = Unit(temperature, index);
        var distorted = _options.Start.Distortion.Apply(_structure.Configuration, new DeterministicRandom((ulong)_context.Seed(unit + "/start")));
        var start = _potential.Label(distorted);
        var run = RunOf(unit, _options, _measured, temperature, start, _potential.ForLammps(start), _context.Seed(unit + "/velocities"));
        var key = Key(run);
        var known = _context.HasCached(CacheName, key);
        var folder = await _context.CachedAsync(CacheName, key, (temporary, token) => MakeAsync(unit, run, temporary, token), cancellation).ConfigureAwait(false);
        if (known)
        {
            progress.Skip();
        }
        else
        {
            progress.Advance();
        }

        return StepJson.Read<ObservedRun>(Path.Combine(folder, RecordFile));
    }

    /// <summary>All that a measurement depends on: the deck that LAMMPS gets, the atoms to the last bit, the potential, what is summed up.</summary>
    private string Key(LammpsRun run)
    {
        var deck = LammpsInputDeck.Write(run with { Potential = LammpsPotential.Text(run.Potential.Labels, "potential") });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join(' ', run.Start.Types ?? run.Start.Symbols)));
        hash.AppendData(MemoryMarshal.AsBytes(run.Start.Cell!.Rows));
        hash.AppendData(MemoryMarshal.AsBytes<double>(run.Start.Positions));
        return $"{deck}\n{_potential.Fingerprint}\n{_measured.Key}\n{_options.KeepTrajectories}\n{Convert.ToHexString(hash.GetHashAndReset())}";
    }

    private async Task MakeAsync(string unit, LammpsRun run, string folder, CancellationToken cancellation)
    {
        var outcome = await LammpsAttempts.RunAsync(_lammps, run, folder, _context, cancellation).ConfigureAwait(false);
        if (outcome.LammpsVersion is { } version)
        {
            _context.RecordVersion("LAMMPS", version);
        }

        var path = Path.Combine(folder, TrajectoryFile);
        if (outcome.BlowUp is { } blowUp)
        {
            File.Delete(path);
            StepJson.Write(Path.Combine(folder, RecordFile), new ObservedRun(null, blowUp.Description));
            return;
        }

        var bonds = new BondCheck(_structure, _options.Interval);
        var stream = new TrajectoryStreamOptions { Types = [.. run.Potential.Labels] };
        var measurement = await Task.Run(() => TrajectoryMeasurement.Measure(unit, path, stream, _measured, _structure, _options.Interval, _ => bonds, null, cancellation), cancellation).ConfigureAwait(false);
        if (measurement.Frames != _options.Frames)
        {
            MachineFaults.ThrowIfDiskIsFull(_context.RunFolder, folder, string.Empty);
            throw new MofException(ErrorKind.ToolFailure, $"LAMMPS made all steps, but wrote {measurement.Frames} frames", unit, $"{_options.Frames} frames", $"Look in {folder}");
        }

        if (!_options.KeepTrajectories)
        {
            File.Delete(path);
        }

        StepJson.Write(Path.Combine(folder, RecordFile), new ObservedRun(measurement with { Notes = [.. measurement.Notes.Select(note => note.Replace(path, unit, StringComparison.Ordinal))] }, bonds.Problem));
    }

    private static LammpsRun RunOf(string unit, ObservedRunOptions options, MeasurementOptions measured, double temperature, AtomicConfiguration start, LammpsPotential potential, int seed) => new()
    {
        Name = unit.Replace('/', '-'),
        Start = start,
        Potential = potential,
        Stages = [.. options.Stages(temperature, seed, measured.NeedsVelocities)],

        // Frames are those of the trajectory; blow-ups are seen in temperature and volume.
        Output = new LammpsOutputPlan { FramesEvery = 0, ThermoEvery = Math.Max(10, (options.EquilibrationSteps + options.Steps) / ThermoRows) },
        Guards = new LammpsGuards { MaximumTemperature = 1000 + 3 * temperature },
    };

    private StateCurves Average(double temperature, ObservedRun[] runs)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{temperature:0.##}K");
        foreach (var (run, index) in runs.Select((run, index) => (run, index)).Where(pair => pair.run.Problem is not null))
        {
            _context.Warn($"run {index + 1} at {name}: {run.Problem}{(run.Measurement is null ? "; it is left out" : string.Empty)}");
        }

        RunMeasurement[] measured = [.. runs.Select(run => run.Measurement).OfType<RunMeasurement>()];
        return measured.Length > 0
            ? CurveAverages.Of(name, temperature, measured, _measured)
            : throw new MofException(ErrorKind.ToolFailure, $"no run at {name} came to its end", _context.Name, remedy: $"The first: {runs[0].Problem}. Is the potential made for this temperature?");
    }

    /// <summary>Looks at the bonds now and then: what is measured behind a broken one is of another substance, unless it is one that reacts or melts.</summary>
    private sealed class BondCheck(TypedStructure structure, double interval) : IFrameAnalysis
    {
        private const double FemtosecondsBetweenLooks = 1000;
        private readonly int _every = Math.Max(1, (int)(FemtosecondsBetweenLooks / interval));

        public string? Problem { get; private set; }

        public void Add(TrajectoryFrame frame)
        {
            if (Problem is null && structure.Graph.Bonds.Count > 0 && frame.Index % _every == 0 && structure.Graph.FindBreak(structure.Configuration.With(frame.Positions, frame.Cell)) is { } found)
            {
                Problem = string.Create(CultureInfo.InvariantCulture, $"after {frame.Index * interval / 1000:0.##} ps {found}");
            }
        }
    }
}
