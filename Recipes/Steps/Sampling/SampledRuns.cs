using System.Globalization;
using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A run to be sampled.</summary>
/// <param name="Name">Its folder and the purpose of its seeds: <c>300K-1bar/run-1</c>.</param>
/// <param name="Start">Where it starts; of the atoms of <see cref="SampledRuns"/>'s structure.</param>
/// <param name="Ensemble">NPT or NVT.</param>
/// <param name="Temperature">K.</param>
/// <param name="Pressure">eV/Å³, compression positive; of NPT.</param>
/// <param name="Cell">How the cell may change; of NPT.</param>
internal sealed record SamplePlan(string Name, AtomicConfiguration Start, Ensemble Ensemble, double Temperature, double Pressure, CellFreedom Cell);

/// <summary>A finished run.</summary>
/// <param name="Plan">What was planned.</param>
/// <param name="Samples">After the equilibration and before the first bond that broke for good; none where that came too early.</param>
/// <param name="Problem">Why it ended early, or null.</param>
internal sealed record SampledRun(SamplePlan Plan, IReadOnlyList<Sample> Samples, string? Problem);

/// <summary>Long molecular dynamics, many runs side by side, whose thermodynamic quantities are sampled.</summary>
internal sealed class SampledRuns
{
    private const string SeriesFile = "series.csv", RecordFile = "run.json";
    private readonly ResumableDynamics _dynamics;
    private readonly StepContext _context;
    private readonly TypedStructure _structure;
    private readonly SimulationPotential _potential;
    private readonly SamplingOptions _options;

    public SampledRuns(StepServices services, StepContext context, TypedStructure structure, SimulationPotential potential, SamplingOptions options)
    {
        _dynamics = new ResumableDynamics(services, context, "sampled-runs", options.TimeLimit);
        _context = context;
        _structure = structure;
        _potential = potential;
        _options = options;
    }

    /// <summary>Runs all; results in the order of the plans.</summary>
    /// <exception cref="MofException">LAMMPS fails (ToolFailure).</exception>
    public async Task<IReadOnlyList<SampledRun>> RunAsync(string what, IReadOnlyList<SamplePlan> plans, CancellationToken cancellation)
    {
        using var progress = _context.Progress(what + ": ps", plans.Count * _options.Length.In("ps"));
        return await Task.WhenAll(plans.Select(async plan =>
        {
            var told = 0.0;
            void Tell(double picoseconds, bool skip)
            {
                if (picoseconds > told)
                {
                    if (skip)
                    {
                        progress.Skip(picoseconds - told);
                    }
                    else
                    {
                        progress.Advance(picoseconds - told);
                    }

                    told = picoseconds;
                }
            }

            var run = RunOf(plan, _potential, _options, _context.Seed(plan.Name + "/velocities"));
            var key = ResumableDynamics.Key(run, _potential, string.Create(CultureInfo.InvariantCulture, $"{_options.Recovery.Value}"), ConfigurationHash.Of(plan.Start));
            var known = _dynamics.Has(key);
            var folder = await _dynamics.RunAsync(
                run, key, (step, skip) => Tell(step * _options.TimeStep.In("ps"), skip), (result, kept, _, token) => Keep(plan, run, result, kept, token), _ => true, cancellation).ConfigureAwait(false);
            Tell(_options.Length.In("ps"), skip: known);
            return Read(plan, folder);
        })).ConfigureAwait(false);
    }

    /// <summary>Writes the input of a run whose potential need not be there yet.</summary>
    public static void WriteDeck(SamplePlan plan, SamplingOptions options, StepDecks decks)
    {
        var (potential, start) = TrainedPotential.Planned(decks, plan.Start);
        LammpsTool.WriteInput(RunOf(plan, start, potential, options, decks.Seed(plan.Name + "/velocities")), decks.Folder(plan.Name));
    }

    /// <summary>The plans of independent runs of one state; each start is distorted as the options say.</summary>
    public static IEnumerable<SamplePlan> Independent(string name, SamplingOptions options, AtomicConfiguration start, Func<string, int> seed, Func<string, AtomicConfiguration, SamplePlan> plan) =>
        Enumerable.Range(1, options.Runs).Select(run =>
        {
            var one = string.Create(CultureInfo.InvariantCulture, $"{name}/run-{run}");
            return plan(one, options.Start.Distortion.Apply(start, new DeterministicRandom((ulong)seed(one + "/start"))));
        });

    private void Keep(SamplePlan plan, LammpsRun run, LammpsDynamicsResult result, string folder, CancellationToken cancellation)
    {
        var watch = new BondWatch(_structure.Graph, new PlannedRun(plan.Name, plan.Start, plan.Temperature, null, _options.Steps, _options.TimeStep.Value, run.Output.FramesEvery) { Recovery = _options.Recovery.Value });
        foreach (var frame in watch.Keep(result.Frames))
        {
            cancellation.ThrowIfCancellationRequested();
        }

        var last = watch.Problem is null ? double.PositiveInfinity : watch.LastIntactStep;
        SampleSeries.Write(Path.Combine(folder, SeriesFile), result.Rows.Where(row => row.Step <= last).Select(SampleSeries.Of));
        StepJson.Write(Path.Combine(folder, RecordFile), new RunEnd(watch.Problem ?? result.BlowUp?.Description));
    }

    private SampledRun Read(SamplePlan plan, string folder)
    {
        var end = StepJson.Read<RunEnd>(Path.Combine(folder, RecordFile));
        if (end.Problem is { } problem)
        {
            _context.Warn($"{plan.Name}: {problem}; what follows is left out");
        }

        return new SampledRun(plan, [.. SampleSeries.Read(Path.Combine(folder, SeriesFile)).Where(sample => sample.Time >= _options.Equilibration.Value)], end.Problem);
    }

    private static LammpsRun RunOf(SamplePlan plan, SimulationPotential potential, SamplingOptions options, int seed)
    {
        var start = potential.Label(plan.Start);
        return RunOf(plan, start, potential.ForLammps(start), options, seed);
    }

    private static LammpsRun RunOf(SamplePlan plan, AtomicConfiguration start, LammpsPotential potential, SamplingOptions options, int seed) => new()
    {
        Name = plan.Name.Replace('/', '-'),
        Start = start,
        Potential = potential,
        Stages =
        [
            new DynamicsStage
            {
                Name = plan.Ensemble == Ensemble.Npt ? "npt" : "nvt",
                Ensemble = plan.Ensemble,
                Steps = options.Steps,
                TimeStep = options.TimeStep.Value,
                Temperature = plan.Temperature,
                Thermostat = options.Thermostat,
                Barostat = options.BarostatAt(plan.Pressure, plan.Cell),
                Velocities = new VelocityCreation(plan.Temperature, seed),
            },
        ],
        Output = new LammpsOutputPlan { ThermoEvery = options.StepsOf(options.SampleEvery), FramesEvery = options.StepsOf(options.FramesEvery), RestartEvery = options.StepsOf(options.RestartEvery), Digits = 7 },
        Guards = new LammpsGuards { MaximumTemperature = 1000 + 3 * plan.Temperature },
    };

    private sealed record RunEnd(string? Problem);
}
