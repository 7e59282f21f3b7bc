using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using MofInterop.Benchmarks;
using MofInterop.Execution;
using MofInterop.Learning;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Comparison;

/// <summary>
/// A fit to rattled cells of MOF-5 that a SNAP model with known coefficients has labelled, in a process of its own: the
/// fit must find that model again.
/// </summary>
internal static class TrainingRun
{
    private const int FrameCount = 600;
    private const int Threads = 2;
    private static readonly Quantity _time = new("fit", "s");
    private static readonly Quantity _memory = new("peak memory", "MB");
    private static readonly Quantity _forceError = new("force error / force", "RMS");

    public static IReadOnlyList<Quantity> Quantities { get; } = [_time, _memory, _forceError];

    /// <summary>Runs this program once more, as <c>train</c>.</summary>
    public static Subject Subject(IToolRunner runner, string folder, FitSolver solver) => new($"SnapTrainer, {solver}", async () =>
    {
        var command = new ToolCommand
        {
            Name = "train",
            Program = Environment.ProcessPath!,
            Arguments = ["train", FrameCount.ToString(CultureInfo.InvariantCulture), Threads.ToString(CultureInfo.InvariantCulture), solver.ToString()],
            WorkingDirectory = folder,
            Cores = Threads,
        };
        var result = await runner.RunAsync(command).ConfigureAwait(false);
        result.ThrowIfFailed();
        var found = JsonSerializer.Deserialize<double[]>(await File.ReadAllTextAsync(result.OutputFile).ConfigureAwait(false))!;
        return Quantities.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second);
    })
    {
        Goals = [new(_time, ValueAtMost: solver == FitSolver.Svd ? 60 : 30), new(_memory, ValueAtMost: 1024), new(_forceError, ValueAtMost: 1e-6)],
    };

    /// <summary>The <c>train</c> command: prints the numbers of <see cref="Quantities"/>.</summary>
    public static void Fit(int frameCount, int threads, FitSolver solver)
    {
        var truth = Workloads.Mof5Model();
        var frames = Frames(frameCount);
        var types = truth.Species.Select(s => new AtomType(s.Label, SymbolOf(s.Label), 1, [])).ToList();
        var settings = new SnapTrainingSettings
        {
            CutoffFactor = truth.Parameters.CutoffFactor,
            TwoJMax = truth.Parameters.TwoJMax,
            AngleFactor = truth.Parameters.AngleFactor,
            Radii = truth.Species.ToDictionary(s => s.Label, s => s.Radius),
            Weights = truth.Species.ToDictionary(s => s.Label, s => s.Weight),
            Ridge = solver == FitSolver.Svd ? 0 : 1e-14,
            Solver = solver,
        };
        var clock = Stopwatch.StartNew();
        using var trainer = new SnapTrainer(settings, types) { Threads = threads };
        var fit = trainer.Fit(frames);
        var seconds = clock.Elapsed.TotalSeconds;
        var peak = Memory();
        Console.WriteLine(JsonSerializer.Serialize(new[] { seconds, peak, ForceError(fit.Model, Frames(1, firstSeed: frameCount + 1).Single()) }));
    }

    /// <summary>Rattled, labelled cells; each differs.</summary>
    public static IReadOnlyList<AtomicConfiguration> Frames(int count, int firstSeed = 1)
    {
        var truth = Workloads.Mof5Model();
        using var potential = new SnapPotential(truth);
        using var evaluator = new PotentialEvaluator(potential);
        var ideal = Crystal.Mof5(0);
        string[] labels = [.. ideal.Types.Select(t => truth.Species[t].Label)];
        string[] symbols = [.. labels.Select(SymbolOf)];
        return [.. Enumerable.Range(firstSeed, count).Select(seed =>
        {
            var frame = new AtomicConfiguration(symbols, Crystal.Rattle(ideal.Positions, 0.05, seed), ideal.Cell, periodic: true) { Types = labels };
            return frame.With(evaluator.Evaluate(frame));
        })];
    }

    private static string SymbolOf(string label) => string.Concat(label.TakeWhile(c => !char.IsDigit(c)));

    // Of a frame that was not fitted. Coefficients themselves are determined only as far as the frames tell them apart.
    private static double ForceError(SnapModel fitted, AtomicConfiguration frame)
    {
        using var potential = new SnapPotential(fitted);
        using var evaluator = new PotentialEvaluator(potential);
        var found = evaluator.Evaluate(frame).Forces;
        var expected = frame.Label!.Forces;
        return Math.Sqrt(found.Zip(expected, (a, b) => (a - b) * (a - b)).Sum() / expected.Sum(f => f * f));
    }

    private static double Memory()
    {
        const string Peak = "VmHWM:";
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Peak, StringComparison.Ordinal));
        return double.Parse(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture) / 1024;
    }
}
