using System.Globalization;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A finished run: its record, and its frames in the run folder.</summary>
/// <param name="Record">How it went.</param>
/// <param name="Folder">Where its files are.</param>
/// <param name="Structure">The atoms of its frames.</param>
internal sealed record FinishedRun(DynamicsRecord Record, string Folder, AtomicConfiguration Structure)
{
    /// <summary>File of the frames that are worth something.</summary>
    public const string FramesFile = "intact.frames";

    /// <summary>File of the record.</summary>
    public const string RecordFile = "record.json";

    /// <summary>Frames before the first broken bond, or before one is longer than <see cref="PlannedRun.Stretch"/> allows; in order, any by itself.</summary>
    public FrameArchive KeptFrames() => new(Path.Combine(Folder, FramesFile), Structure);
}

/// <summary>Molecular dynamics of one structure with a potential, many runs side by side, each a unit of work.</summary>
internal sealed class DynamicsRuns
{
    private const int TracePoints = 200;
    private const int MostStepsBetweenRows = 20;
    private readonly LammpsTool _lammps;
    private readonly StepContext _context;
    private readonly TypedStructure _structure;
    private readonly DynamicsOptions _options;

    public DynamicsRuns(StepServices services, StepContext context, TypedStructure structure, DynamicsOptions options)
    {
        _lammps = new LammpsTool(new WatchedRunner(services.Runner, ProgramUse.Dynamics, context), new LammpsSettings { TimeLimit = options.TimeLimit is { } limit ? TimeSpan.FromSeconds(limit.Value) : null });

        // A missing LAMMPS is told before the labels that come first, not after them.
        _ = _lammps.Program;
        _context = context;
        _structure = structure;
        _options = options;
    }

    /// <summary>
    /// NPT runs of one generation from the given starts; results in the order of the starts. All runs have asked for their cores when this returns its task, so
    /// what asks later does not hold them up.
    /// </summary>
    /// <param name="name">Of the generation.</param>
    /// <param name="plan">How to run.</param>
    /// <param name="potential">With what.</param>
    /// <param name="starts">One for each run.</param>
    /// <param name="stopGrade">Ends a run where a grade is above this; null: never.</param>
    /// <param name="ended">Given each run and its index when it has ended, in the order in which they end, several at a time; waited for.</param>
    /// <param name="cancellation">Stops.</param>
    public Task<IReadOnlyList<FinishedRun>> ExploreAsync(string name, GenerationOptions plan, FittedPotential potential, IReadOnlyList<AtomicConfiguration> starts, double? stopGrade, Func<int, FinishedRun, Task> ended, CancellationToken cancellation)
    {
        var runs = starts.Select((start, index) => Planned(name, index, plan, start) with { StopGrade = stopGrade });
        return RunAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: molecular dynamics at {plan.Temperature.Value:0} K"), [.. runs], potential, cancellation, ended);
    }

    /// <summary>A run of a generation.</summary>
    public static PlannedRun Planned(string generation, int index, GenerationOptions plan, AtomicConfiguration start) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{generation}/run-{index + 1:00}"), start, plan.Temperature.Value, null, plan.Steps, plan.TimeStep.Value, plan.FramesEvery) { Stretch = plan.Stretch };

    /// <summary>Runs all; results in the order of the plans.</summary>
    public async Task<IReadOnlyList<FinishedRun>> RunAsync(string what, IReadOnlyList<PlannedRun> plans, SimulationPotential potential, CancellationToken cancellation, Func<int, FinishedRun, Task>? ended = null)
    {
        using var progress = _context.Progress(what, plans.Count);
        return await Task.WhenAll(plans.Select(async (plan, index) =>
        {
            var fingerprint = Fingerprint(plan, potential);
            var known = _context.HasUnit(plan.Unit, fingerprint);
            var folder = await _context.OnceAsync(plan.Unit, fingerprint, (temporary, token) => MakeAsync(plan, potential, temporary, token), cancellation).ConfigureAwait(false);
            if (known)
            {
                progress.Skip();
            }
            else
            {
                progress.Advance();
            }

            var run = new FinishedRun(StepJson.Read<DynamicsRecord>(Path.Combine(folder, FinishedRun.RecordFile)), folder, _structure.Configuration);
            await (ended?.Invoke(index, run) ?? Task.CompletedTask).ConfigureAwait(false);
            return run;
        })).ConfigureAwait(false);
    }

    private string Fingerprint(PlannedRun plan, SimulationPotential potential) => string.Create(
        CultureInfo.InvariantCulture,
        $"{FinishedRun.FramesFile} {potential.Fingerprint} {plan.Temperature} {plan.FinalTemperature} {plan.Steps} {plan.TimeStep} {plan.FramesEvery} {plan.StopGrade} {_options with { TimeLimit = null }}") + plan.Limits;

    private async Task MakeAsync(PlannedRun plan, SimulationPotential potential, string folder, CancellationToken cancellation)
    {
        var labelled = plan with { Start = potential.Label(plan.Start) };
        var run = RunOf(labelled, potential.ForLammps(labelled.Start, plan.StopGrade), _options, _context.Seed(VelocityPurpose(plan)));
        var outcome = await LammpsAttempts.RunAsync(_lammps, run, folder, _context, cancellation).ConfigureAwait(false);
        if (outcome.LammpsVersion is { } version)
        {
            _context.RecordVersion("LAMMPS", version);
        }

        var watch = new BondWatch(_structure.Graph, plan);
        FrameArchive.Write(Path.Combine(folder, FinishedRun.FramesFile), _structure.Configuration.Count, watch.Keep(outcome.Frames).Select(frame => frame.Configuration));
        var problem = watch.Problem ?? outcome.BlowUp?.Description;
        if (problem is null && watch.LastStep < plan.Steps - plan.FramesEvery)
        {
            MachineFaults.ThrowIfDiskIsFull(_context.RunFolder, folder, string.Empty);
            throw new MofException(ErrorKind.ToolFailure, string.Create(CultureInfo.InvariantCulture, $"LAMMPS made all {plan.Steps} steps, but its frames end at step {watch.LastStep}"), plan.Unit, "frames to the end", $"Look in {folder}");
        }

        var record = new DynamicsRecord(problem is null, problem, watch.LastIntactStep * plan.TimeStep, plan.Steps * plan.TimeStep, watch.IntactFrames, Trace(outcome))
        {
            Excursions = plan.Recovery > 0 ? watch.Excursions : null,
        };
        StepJson.Write(Path.Combine(folder, FinishedRun.RecordFile), record);
    }

    /// <summary>
    /// Writes the input of a run whose potential is not there yet: its card is named as the model will be.
    /// </summary>
    public static void WriteDeck(PlannedRun plan, TypedStructure structure, string card, DynamicsOptions options, StepDecks decks) => WriteDeck(plan, TrainedPotential.Card(card, structure.Labels), options, decks);

    /// <summary>Writes the input of a run with the potential that an earlier step makes or reads.</summary>
    public static void WriteDeck(PlannedRun plan, DynamicsOptions options, StepDecks decks)
    {
        var (potential, start) = TrainedPotential.Planned(decks, plan.Start);
        WriteDeck(plan with { Start = start }, potential, options, decks);
    }

    private static void WriteDeck(PlannedRun plan, LammpsPotential potential, DynamicsOptions options, StepDecks decks)
    {
        LammpsTool.WriteInput(RunOf(plan, potential, options, decks.Seed(VelocityPurpose(plan))), decks.Folder(plan.Unit));
    }

    private static string VelocityPurpose(PlannedRun plan) => plan.Unit + "/velocities";

    private static LammpsRun RunOf(PlannedRun plan, LammpsPotential potential, DynamicsOptions options, int seed) => new()
    {
        Name = plan.Unit.Replace('/', '-'),
        Start = plan.Start,
        Potential = potential,
        Stages =
        [
            new DynamicsStage
            {
                Name = "npt",
                Ensemble = Ensemble.Npt,
                Steps = plan.Steps,
                TimeStep = plan.TimeStep,
                Temperature = plan.Temperature,
                FinalTemperature = plan.FinalTemperature,
                Thermostat = options.Thermostat,
                Barostat = options.Barostat,
                Velocities = new VelocityCreation(plan.Temperature, seed),
            },
        ],
        Output = new LammpsOutputPlan { FramesEvery = plan.FramesEvery, ThermoEvery = Math.Min(plan.FramesEvery, MostStepsBetweenRows) },
        Guards = new LammpsGuards { MaximumTemperature = 1000 + 3 * Math.Max(plan.Temperature, plan.FinalTemperature ?? 0) },
    };

    private static DynamicsTrace Trace(Lammps.RunOutcome outcome)
    {
        var rows = outcome.Thermo.SelectMany(table => table.Rows).Where(row => row.IsFinite).ToArray();
        var stride = Math.Max(1, rows.Length / TracePoints);
        var kept = rows.Where((_, index) => index % stride == 0).ToArray();
        return new DynamicsTrace([.. kept.Select(r => r.Time)], [.. kept.Select(r => r.Temperature)], [.. kept.Select(r => r.Volume)], [.. kept.Select(r => r.PotentialEnergy)]);
    }
}

/// <summary>A run to be made: NPT at one temperature or along a ramp, with new velocities.</summary>
/// <param name="Unit">Its unit of work.</param>
/// <param name="Start">Where it starts.</param>
/// <param name="Temperature">K.</param>
/// <param name="FinalTemperature">K at the end of a ramp; null: constant.</param>
/// <param name="Steps">Steps.</param>
/// <param name="TimeStep">fs.</param>
/// <param name="FramesEvery">Steps between frames.</param>
internal sealed record PlannedRun(string Unit, AtomicConfiguration Start, double Temperature, double? FinalTemperature, int Steps, double TimeStep, int FramesEvery)
{
    /// <summary>The run ends when an atom's extrapolation grade is above this; null: grades are not looked at.</summary>
    public double? StopGrade { get; init; }

    /// <summary>How many times its length a bond of a frame that is kept may be, see <see cref="IntegritySettings.MaximumFactor"/>.</summary>
    public double Stretch { get; init; } = IntegritySettings.DefaultMaximumFactor;

    /// <summary>How long a bond may be longer than <see cref="IntegritySettings.MaximumFactor"/> says before it counts as broken, fs.</summary>
    public double Recovery { get; init; }

    /// <summary>Both, where they are not what they are without a word: part of what a unit of work is known by.</summary>
    public string Limits => (Stretch > IntegritySettings.DefaultMaximumFactor ? string.Create(CultureInfo.InvariantCulture, $" stretch {Stretch}") : string.Empty)
        + (Recovery > 0 ? string.Create(CultureInfo.InvariantCulture, $" recovery {Recovery}") : string.Empty);
}
