using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A run that came to its end, or ended early.</summary>
/// <param name="Name">run-1, …</param>
/// <param name="Problem">Why it ended early, with the stage; null: it did not.</param>
/// <param name="Records">What was measured, by stage.</param>
/// <param name="Measurements">Folders of the measurements, by stage.</param>
/// <param name="Glass">Its end; null where it came to none.</param>
internal sealed record MeltRun(string Name, string? Problem, IReadOnlyList<MeltStageRecord> Records, IReadOnlyDictionary<string, string> Measurements, AtomicConfiguration? Glass);

/// <summary>Independent melt-quench runs side by side; in each, stage after stage is made and measured. Another window or criterion measures the kept frames anew and runs nothing.</summary>
/// <param name="services">Starts programs.</param>
/// <param name="context">Of the step.</param>
/// <param name="substance">What is melted.</param>
/// <param name="potential">With what.</param>
/// <param name="options">Of the step.</param>
internal sealed class MeltQuenchRuns(StepServices services, StepContext context, MeltedSubstance substance, SimulationPotential potential, MeltQuenchOptions options)
{
    private const string CacheName = "melt-measurements";
    private readonly MeltStageRuns _stages = new(services, context, substance.Structure, potential, options);
    private readonly MeltStageMeasurement _measurement = new(substance, options);

    /// <summary>Makes all; results in the order of their numbers.</summary>
    public async Task<IReadOnlyList<MeltRun>> RunAsync(CancellationToken cancellation)
    {
        var frame = options.Interval / 1000;
        using var progress = context.Progress("melting and quenching: ps", options.Runs * options.Stages.Sum(stage => stage.Frames) * frame);
        return await Task.WhenAll(Enumerable.Range(1, options.Runs).Select(number => RunAsync($"run-{number}", progress, frame, cancellation))).ConfigureAwait(false);
    }

    private async Task<MeltRun> RunAsync(string name, WorkProgress progress, double frame, CancellationToken cancellation)
    {
        var records = new List<MeltStageRecord>();
        var folders = new Dictionary<string, string>();
        var state = MeltStageRuns.Start(name, substance.Structure.Configuration, options, context.Seed);
        foreach (var stage in options.Stages)
        {
            var told = 0.0;
            void Tell(double frames, bool skip)
            {
                if (frames <= told)
                {
                    return;
                }

                if (skip)
                {
                    progress.Skip((frames - told) * frame);
                }
                else
                {
                    progress.Advance((frames - told) * frame, $"{name}: {stage.Name}");
                }

                told = frames;
            }

            var finished = await _stages.MakeAsync(name, stage, state, Tell, cancellation).ConfigureAwait(false);
            var folder = await context.CachedAsync(
                CacheName, $"{finished.Key}\n{_measurement.Key}", (temporary, token) => Task.Run(() => _measurement.Measure(name, stage, finished, temporary, token), token), cancellation).ConfigureAwait(false);
            folders[stage.Name] = folder;
            records.Add(StepJson.Read<MeltStageRecord>(Path.Combine(folder, MeltStageMeasurement.WindowsFile)) with { Begin = records.Sum(one => one.Length) });
            if (finished.Final is null)
            {
                return new MeltRun(name, $"{stage.Name}: {finished.Problem}", records, folders, null);
            }

            state = finished.Final;
        }

        return new MeltRun(name, null, records, folders, state);
    }
}
