using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="StabilityStep"/>.</summary>
public sealed record StabilityOptions
{
    /// <summary>Temperature.</summary>
    [Parameter("Temperature of the runs.", Dimension = Dimension.Temperature, Above = "0 K")]
    public required Quantity Temperature { get; init; }

    /// <summary>Sets of runs.</summary>
    [Parameter("Sets of independent runs of one length.", MinimumCount = 1)]
    public required IReadOnlyList<StabilityRuns> Sets { get; init; }

    /// <summary>Time step.</summary>
    [Parameter("Time step.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity TimeStep { get; init; } = Quantity.Parse("0.5 fs");

    /// <summary>Recovery.</summary>
    [Parameter("A bond longer than 1.4 times its length is broken unless it comes back within this time; 0: at once.", Dimension = Dimension.Time, AtLeast = "0 fs")]
    public Quantity Recovery { get; init; } = Quantity.Parse("0 fs");

    /// <summary>Starts.</summary>
    [Parameter("How the start of each run is distorted.")]
    public DistortionOptions Start { get; init; } = new() { Displacement = Quantity.Parse("0 angstrom"), Strain = Quantity.Parse("0 %") };

    /// <summary>Dynamics.</summary>
    [Parameter("Settings of the molecular dynamics.")]
    public DynamicsOptions Dynamics { get; init; } = new();
}

/// <summary>Independent runs of one length.</summary>
public sealed record StabilityRuns
{
    /// <summary>Runs.</summary>
    [Parameter("How many runs.", AtLeast = 1)]
    public int Runs { get; init; } = 5;

    /// <summary>Length.</summary>
    [Parameter("Length of each run.", Dimension = Dimension.Time, Above = "0 fs")]
    public required Quantity Length { get; init; }

    /// <summary>Goal.</summary>
    [Parameter("At least so many must stay intact; left out: no goal, the result is reported.", AtLeast = 1)]
    public int? Goal { get; init; }
}

/// <summary>Runs molecular dynamics with a potential and counts in how many runs the bond graph never changes.</summary>
/// <param name="services">Starts programs.</param>
public sealed class StabilityStep(StepServices services) : RecipeStep<StabilityOptions>
{
    private const double FemtosecondsBetweenFrames = 10;

    /// <inheritdoc/>
    public override string Kind => "stability";

    /// <inheritdoc/>
    public override string Summary => "Runs independent NPT runs and counts how many keep every bond";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, TrainedPotential.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs => [new("runs", "runs", "How each run went")];

    /// <inheritdoc/>
    public override void Check(StabilityOptions options, StepCheck check) => PotentialFacts.CheckAtoms(check);

    /// <inheritdoc/>
    public override void WriteDecks(StabilityOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            foreach (var set in options.Sets)
            {
                DynamicsRuns.WriteDeck(Plans(options, set, structure, decks.Seed)[0], options.Dynamics, decks);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(StabilityOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var potential = TrainedPotential.Read(context.Input(TrainedPotential.Input.Name));
        var dynamics = new DynamicsRuns(services, context, structure, options.Dynamics);
        var results = new List<StabilityRecord>();
        foreach (var set in options.Sets)
        {
            var length = string.Create(CultureInfo.InvariantCulture, $"{set.Length.In("ps"):0.###} ps");
            var runs = await dynamics.RunAsync($"runs of {length}", Plans(options, set, structure, context.Seed), potential, cancellation).ConfigureAwait(false);
            var record = new StabilityRecord(set.Length.In("ps"), options.Temperature.Value, [.. runs.Select(run => run.Record)], set.Goal);
            results.Add(record);
            foreach (var (run, index) in record.Runs.Select((run, index) => (run, index)).Where(pair => !pair.run.Intact))
            {
                context.Say(string.Create(CultureInfo.InvariantCulture, $"run {index + 1} of {length} was intact for {run.IntactFemtoseconds / 1000:0.00} ps: {run.Problem}"));
            }

            context.Say(string.Create(CultureInfo.InvariantCulture, $"{record.Intact} of {record.Runs.Count} runs of {length} at {record.Temperature:0} K stayed intact{record.ExcursionsText}"));
            if (set.Goal is { } goal)
            {
                context.Goal($"intact runs of {length} at {options.Temperature}", record.Intact, goal, "runs", record.Intact >= goal);
            }
        }

        StepJson.Write(Path.Combine(context.OutputFolder, "runs.json"), results);
        context.SetOutputFile("runs", "runs.json");
    }

    private static List<PlannedRun> Plans(StabilityOptions options, StabilityRuns set, TypedStructure structure, Func<string, int> seed)
    {
        var timeStep = options.TimeStep.Value;
        var steps = (int)Math.Round(set.Length.Value / timeStep);
        var plans = new List<PlannedRun>();
        for (var run = 0; run < set.Runs; run++)
        {
            var unit = string.Create(CultureInfo.InvariantCulture, $"{set.Length.Value:0}fs/run-{run + 1:00}");
            var start = options.Start.Distortion.Apply(structure.Configuration, new DeterministicRandom((ulong)seed(unit + "/start")));
            plans.Add(new PlannedRun(unit, start, options.Temperature.Value, null, steps, timeStep, Math.Max(1, (int)Math.Round(FemtosecondsBetweenFrames / timeStep))) { Recovery = options.Recovery.Value });
        }

        return plans;
    }
}

/// <summary>How a set of runs went.</summary>
/// <param name="Picoseconds">Length of each run.</param>
/// <param name="Temperature">K.</param>
/// <param name="Runs">Each run.</param>
/// <param name="Goal">How many had to stay intact, or null.</param>
public sealed record StabilityRecord(double Picoseconds, double Temperature, IReadOnlyList<DynamicsRecord> Runs, int? Goal)
{
    /// <summary>How many stayed intact.</summary>
    public int Intact => Runs.Count(run => run.Intact);

    /// <summary>How many kept every bond all the time, where bonds may come back; null where they may not.</summary>
    public int? WithoutExcursion => Runs.Any(run => run.Excursions is null) ? null : Runs.Count(run => run.Intact && run.Excursions!.Count == 0);

    /// <summary>How long bonds of all runs were too long before they came back, fs.</summary>
    public IReadOnlyList<double> AllExcursions() => [.. Runs.SelectMany(run => run.Excursions ?? [])];

    internal string ExcursionsText => (WithoutExcursion, AllExcursions()) switch
    {
        (null, _) => string.Empty,
        (var none, []) => string.Create(CultureInfo.InvariantCulture, $"; {none} without an excursion"),
        (var none, var all) => string.Create(CultureInfo.InvariantCulture, $"; {none} without an excursion; {all.Count} excursions, the longest {all.Max() / 1000:0.00} ps"),
    };
}
