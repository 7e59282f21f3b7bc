using System.Globalization;
using System.Text.Json.Nodes;
using MofInterop.Engine;

namespace MofInterop.EngineHost;

/// <summary>What a recipe says about the toy structure.</summary>
public sealed record ToyStructureOptions
{
    [Parameter("File with one number a line.")]
    public required InputFile File { get; init; }

    [Parameter("How far numbers are moved.", Dimension = Dimension.Length, Above = "0 angstrom", AtMost = "1 angstrom")]
    public Quantity Displacement { get; init; } = Quantity.Parse("0.1 angstrom");
}

/// <summary>Reads numbers: the smallest step there can be.</summary>
public sealed class ToyStructureStep : RecipeStep<ToyStructureOptions>
{
    public override string Kind => "toy-structure";

    public override string Summary => "Reads numbers from a file.";

    public override IReadOnlyList<StepOutput> Outputs => [new("structure", "structure", "The numbers, displaced.")];

    public override void Check(ToyStructureOptions options, StepCheck check)
    {
        var lines = File.ReadAllLines(options.File.Path);
        var bad = Array.FindIndex(lines, line => !double.TryParse(line, CultureInfo.InvariantCulture, out _));
        if (bad >= 0)
        {
            check.Problem("file", $"{options.File.Written}:{bad + 1}: '{lines[bad]}' is not a number", "one number a line");
            return;
        }

        check.Publish("structure", lines);
    }

    public override Task RunAsync(ToyStructureOptions options, StepContext context, CancellationToken cancellation)
    {
        var random = new Random(context.Seed("displacements"));
        var numbers = File.ReadAllLines(options.File.Path).Select(line => double.Parse(line, CultureInfo.InvariantCulture) + options.Displacement.Value * random.NextDouble());
        var file = Path.Combine(context.OutputFolder, "structure.txt");
        File.WriteAllLines(file, numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
        context.SetOutputFile("structure", file);
        return Task.CompletedTask;
    }
}

/// <summary>One turn of the toy loop.</summary>
public sealed record ToyGeneration
{
    [Parameter("Temperature of the runs.", Dimension = Dimension.Temperature, Above = "0 K")]
    public required Quantity Temperature { get; init; }

    [Parameter("Length of each run.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity Length { get; init; } = Quantity.Parse("1 ps");
}

/// <summary>How the toy learns.</summary>
public enum ToyMethod
{
    /// <summary>Straight.</summary>
    LeastSquares,

    /// <summary>With a penalty.</summary>
    RidgeRegression,
}

/// <summary>What a recipe says about the toy loop.</summary>
public sealed record ToyLearnOptions
{
    [Parameter("Turns of the loop.", MinimumCount = 1)]
    public required IReadOnlyList<ToyGeneration> Schedule { get; init; }

    [Parameter("Runs in each generation.", AtLeast = 1, AtMost = 100)]
    public int Runs { get; init; } = 3;

    [Parameter("How it learns.")]
    public ToyMethod Method { get; init; } = ToyMethod.LeastSquares;

    [Parameter("Radius of each type.", Above = 0)]
    public IReadOnlyDictionary<string, double> Radii { get; init; } = new Dictionary<string, double>();

    [Parameter("The quality goal: the error must be below this; leave it out for no goal.", Dimension = Dimension.EnergyPerAtom)]
    public Quantity? Goal { get; init; }

    [Parameter("Runs at a time.", AtLeast = 1, AffectsResult = false)]
    public int AtATime { get; init; } = 2;
}

/// <summary>
/// The shape of an active-learning loop: parallel runs as units of work, labels in a cache that survives changes of the
/// recipe, a fit for each generation, the next generation depending on the last fit.
/// </summary>
public sealed class ToyLearnStep : RecipeStep<ToyLearnOptions>
{
    public override string Kind => "toy-learn";

    public override string Summary => "Learns a number by a loop of runs, labels and fits.";

    public override IReadOnlyList<StepInput> Inputs => [new("structure", "structure", "The numbers to start from.")];

    public override IReadOnlyList<StepOutput> Outputs =>
        [new("model", "model", "The learnt number."), new("error", "number", "How far it is off.")];

    public override void Check(ToyLearnOptions options, StepCheck check)
    {
        if (check.Published<string[]>("structure") is { } lines && lines.Contains("13"))
        {
            check.Problem("method", "the method has no parameters for 13", "other numbers");
        }
    }

    public override async Task RunAsync(ToyLearnOptions options, StepContext context, CancellationToken cancellation)
    {
        var start = (await File.ReadAllLinesAsync(context.Input("structure").FilePath, cancellation)).Sum(line => double.Parse(line, CultureInfo.InvariantCulture));
        var model = start;
        for (var generation = 0; generation < options.Schedule.Count; generation++)
        {
            var temperature = options.Schedule[generation].Temperature.In("K");
            var before = model;
            var frames = new double[options.Runs];
            using var progress = context.Progress($"runs of generation {generation + 1}", options.Runs);
            await Parallel.ForEachAsync(Enumerable.Range(0, options.Runs), new ParallelOptions { MaxDegreeOfParallelism = options.AtATime, CancellationToken = cancellation }, async (run, token) =>
            {
                var unit = $"gen{generation + 1}/md/{run}";
                var folder = await context.OnceAsync(unit, Text(before), (temporary, _) => Simulate(temporary, context.Seed(unit), before, temperature), token);
                frames[run] = double.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "frame.txt"), token), CultureInfo.InvariantCulture);
                progress.Advance();
            });
            var labels = new List<double>();
            foreach (var frame in frames)
            {
                var folder = await context.CachedAsync("labels", $"toy-method {Text(frame)}", (temporary, _) => Label(temporary, frame), cancellation);
                labels.Add(double.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "label.txt"), cancellation), CultureInfo.InvariantCulture));
            }

            model = 0.5 * (model + labels.Average());
            context.Record("fitted", new JsonObject { ["generation"] = generation + 1, ["model"] = model });
        }

        var file = Path.Combine(context.OutputFolder, "model.txt");
        await File.WriteAllTextAsync(file, Text(model), cancellation);
        context.SetOutputFile("model", file);
        context.SetOutput("error", Math.Abs(model - start));
        if (options.Goal is { } goal)
        {
            context.Goal("error of the toy", Math.Abs(model - start), goal.In("meV/atom"), "meV/atom", Math.Abs(model - start) < goal.In("meV/atom"));
        }

        context.RecordVersion("toy", "1.0");
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static async Task Simulate(string folder, int seed, double model, double temperature)
    {
        // Many small writes, so that a kill often falls between them.
        var random = new Random(seed);
        var value = model;
        await using var trajectory = new StreamWriter(Path.Combine(folder, "trajectory.txt"));
        for (var step = 0; step < 20; step++)
        {
            value += 1e-3 * temperature * (random.NextDouble() - 0.5);
            await trajectory.WriteLineAsync(Text(value));
            await trajectory.FlushAsync();
        }

        Interruption.Point("simulated");
        await File.WriteAllTextAsync(Path.Combine(folder, "frame.txt"), Text(value));
    }

    private static async Task Label(string folder, double frame)
    {
        // The stand-in for an expensive reference program: counts how often it was called for each frame.
        await File.AppendAllTextAsync(Environment.GetEnvironmentVariable("TOY_CALLS") ?? "/dev/null", $"{Text(frame)} started\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "label.txt"), "half");
        Interruption.Point("half a label");
        await File.WriteAllTextAsync(Path.Combine(folder, "label.txt"), Text(Math.Sin(frame) + frame));
        await File.WriteAllTextAsync(Path.Combine(folder, "frame.txt"), Text(frame));
    }
}
