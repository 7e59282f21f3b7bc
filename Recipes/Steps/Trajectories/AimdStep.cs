using System.Globalization;
using MofInterop.Cp2k;
using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>How one run of ab-initio molecular dynamics went.</summary>
/// <param name="Temperature">Asked for, K.</param>
/// <param name="MeanTemperature">Of the frames that are kept, K.</param>
/// <param name="Frames">Frames kept.</param>
/// <param name="Unlabelled">Frames of those whose SCF did not converge.</param>
/// <param name="BrokenAt">Time and bond at which the structure's bonds first changed, or null.</param>
public sealed record AimdRunRecord(double Temperature, double MeanTemperature, int Frames, int Unlabelled, string? BrokenAt);

/// <summary>
/// Ab-initio molecular dynamics by CP2K at a list of temperatures. Every frame has the energy, forces and stress of its method. A run that is killed goes on from CP2K's last restart file.
/// </summary>
/// <param name="services">Starts programs.</param>
public sealed class AimdStep(StepServices services) : RecipeStep<AimdOptions>
{
    private const string FramesFile = "frames.extxyz", RecordFile = "run.json";

    /// <inheritdoc/>
    public override string Kind => "aimd";

    /// <inheritdoc/>
    public override string Summary => "Runs ab-initio molecular dynamics by CP2K at a list of temperatures";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("frames", "frames", "The frames with their labels, temperature by temperature, extended XYZ"),
        new("runs", "aimd", "How each run went"),
    ];

    /// <inheritdoc/>
    public override void Check(AimdOptions options, StepCheck check)
    {
        if (options.Reference.Program != ReferenceProgram.Cp2k)
        {
            check.Problem("reference.program", "ab-initio molecular dynamics is run by CP2K", "program: cp2k", "Runs of other programs are read by a step of kind trajectory.");
            return;
        }

        if (options.Equilibration.Value >= options.Length.Value)
        {
            check.Problem("equilibration", "nothing of a run is left after its equilibration", "less than length");
        }

        if (options.Temperatures.GroupBy(temperature => Name(temperature.Value)).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            check.Problem("temperatures", $"{twice.Key} is there {twice.Count()} times", "different temperatures", "For independent runs at one temperature write another aimd step: its seeds differ.");
        }

        var structure = check.Published<TypedStructure>(StructureStep.Input.Name);
        ReferencePrograms.Check(options.Reference, "reference", check, structure);
        if (structure is not null)
        {
            check.Publish("frames", structure);
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(AimdOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(StructureStep.Input.Name) is not { } structure)
        {
            return;
        }

        foreach (var temperature in options.Temperatures)
        {
            var name = Name(temperature.Value);
            var run = RunOf(options, structure.Configuration, temperature.Value, decks.Seed($"{name}/velocities"));
            File.WriteAllText(Path.Combine(decks.Folder(name), Cp2kDynamics.InputFile), Cp2kDynamicsInput.Write(run));
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(AimdOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var settings = new Cp2kSettings { Threads = options.Reference.CoresEach };
        context.RecordVersion("CP2K", await Cp2kTool.VersionAsync(services.Runner, settings, context.StepFolder, cancellation).ConfigureAwait(false));
        using var workers = new SemaphoreSlim(options.Reference.Workers ?? services.Runner.SideBySide(options.Reference.CoresEach));
        var runs = await Task.WhenAll(options.Temperatures.Select(async temperature =>
        {
            await workers.WaitAsync(cancellation).ConfigureAwait(false);
            try
            {
                return await RunAsync(options, context, structure, settings, temperature.Value, cancellation).ConfigureAwait(false);
            }
            finally
            {
                workers.Release();
            }
        })).ConfigureAwait(false);

        var records = runs.Select(folder => StepJson.Read<AimdRunRecord>(Path.Combine(folder, RecordFile))).ToArray();
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, FramesFile), runs.SelectMany(folder => ExtendedXyz.Read(Path.Combine(folder, FramesFile))));
        StepJson.Write(Path.Combine(context.OutputFolder, "runs.json"), records);
        context.SetOutputFile("frames", FramesFile);
        context.SetOutputFile("runs", "runs.json");
        foreach (var record in records)
        {
            Tell(context, record);
        }
    }

    private static string Name(double temperature) => string.Create(CultureInfo.InvariantCulture, $"{temperature:0.###}K");

    /// <summary>One temperature; returns the folder of its frames.</summary>
    private Task<string> RunAsync(AimdOptions options, StepContext context, TypedStructure structure, Cp2kSettings settings, double temperature, CancellationToken cancellation)
    {
        var name = Name(temperature);
        var run = RunOf(options, structure.Configuration, temperature, context.Seed($"{name}/velocities"));

        // CP2K's own files outlive a kill in the step's folder; a unit's folder would not.
        var dynamics = Path.Combine(context.StepFolder, "dynamics", name);
        return context.OnceAsync(name, "1", async (temporary, token) =>
        {
            using var progress = context.Progress($"molecular dynamics at {temperature:0} K: steps", run.Steps);
            await new Cp2kDynamics(settings, new WatchedRunner(services.Runner, ProgramUse.Reference, context)).RunAsync(run, dynamics, step => progress.Report(step), token).ConfigureAwait(false);
            Convert(options, structure, temperature, dynamics, temporary);
        }, cancellation);
    }

    /// <summary>The run of one temperature as CP2K takes it.</summary>
    internal static Cp2kDynamicsRun RunOf(AimdOptions options, AtomicConfiguration start, double temperature, int seed) => new()
    {
        Method = ReferencePrograms.Method(options.Reference),
        Start = start,
        Ensemble = options.Ensemble == AimdEnsemble.Nvt ? Cp2kEnsemble.Nvt : Cp2kEnsemble.NptFlexible,
        Temperature = temperature,
        Thermostat = options.Thermostat,
        ThermostatTime = options.ThermostatDamping.Value,
        Pressure = options.Pressure.Value,
        BarostatTime = options.BarostatDamping.Value,
        TimeStep = options.TimeStep.Value,
        Steps = options.Steps,
        FramesEvery = options.FramesEvery,
        RestartEvery = options.RestartEvery,
        Seed = seed,
    };

    /// <summary>The frames after the equilibration in one file.</summary>
    private static void Convert(AimdOptions options, TypedStructure structure, double temperature, string dynamics, string folder)
    {
        int frames = 0, unlabelled = 0;
        var sum = 0.0;
        string? brokenAt = null;
        using var writer = new StreamWriter(Path.Combine(folder, FramesFile));
        foreach (var frame in Cp2kDynamics.Frames(dynamics))
        {
            var time = long.Parse(frame.Info["step"], CultureInfo.InvariantCulture) * options.TimeStep.Value;
            brokenAt ??= structure.Graph.FindBreak(frame) is { } broken ? string.Create(CultureInfo.InvariantCulture, $"{time:0.##} fs: {broken}") : null;
            if (time < options.Equilibration.Value)
            {
                continue;
            }

            frames++;
            unlabelled += frame.Label is null ? 1 : 0;
            sum += Kinetics.Temperature(frame);
            ExtendedXyz.Write(writer, new AtomicConfiguration(frame.Symbols, frame.Positions, frame.Cell, frame.Periodic)
            {
                Types = structure.Configuration.Types,
                Label = frame.Label,
                Info = new Dictionary<string, string> { ["temperature"] = temperature.ToString("R", CultureInfo.InvariantCulture), ["time"] = time.ToString("0.###", CultureInfo.InvariantCulture) },
            });
        }

        StepJson.Write(Path.Combine(folder, RecordFile), new AimdRunRecord(temperature, frames > 0 ? sum / frames : double.NaN, frames, unlabelled, brokenAt));
    }

    private static void Tell(StepContext context, AimdRunRecord record)
    {
        context.Say(string.Create(CultureInfo.InvariantCulture, $"{record.Temperature:0} K: {record.Frames} frames, mean temperature {record.MeanTemperature:0} K"));
        if (record.Unlabelled > 0)
        {
            context.Warn(string.Create(CultureInfo.InvariantCulture, $"{record.Temperature:0} K: the SCF of {record.Unlabelled} frames did not converge; they have no labels"));
        }

        if (record.BrokenAt is { } broken)
        {
            context.Warn(string.Create(CultureInfo.InvariantCulture, $"{record.Temperature:0} K: the bonds changed at {broken}"));
        }
    }
}
