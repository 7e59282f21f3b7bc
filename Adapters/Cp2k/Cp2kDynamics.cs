using System.Globalization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>
/// Molecular dynamics by CP2K that goes on from its last restart file after any kill. Every start of CP2K is a segment with a folder of its own; a
/// segment's frames count up to the step from which the next one went on.
/// </summary>
/// <param name="settings">How CP2K runs; its time limit does not apply.</param>
/// <param name="runner">Runs it.</param>
public sealed class Cp2kDynamics(Cp2kSettings settings, IToolRunner runner)
{
    /// <summary>Name of the deck.</summary>
    public const string InputFile = "md.inp";

    private const string SegmentPrefix = "segment-";
    private const string StepMark = "MD| Step number";

    /// <summary>A run that fails is taken up again where it was, as long as it gets further, so many times.</summary>
    private const int MostFailures = 3;

    /// <summary>Runs to the end, from the start or from where an earlier call was interrupted.</summary>
    /// <param name="run">What is run; the same as in the earlier call.</param>
    /// <param name="folder">Where segments are kept; made when needed.</param>
    /// <param name="progress">Told the steps that are done, from output that CP2K buffers.</param>
    /// <param name="cancellation">Ends CP2K; a later call goes on.</param>
    /// <exception cref="MofException">CP2K is missing, or fails without getting further (ToolFailure); the method cannot treat the atoms.</exception>
    public async Task RunAsync(Cp2kDynamicsRun run, string folder, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Method.Check(run.Start);
        Directory.CreateDirectory(folder);
        var failures = 0;
        while (true)
        {
            var segments = Segments(folder);
            var (done, restart) = Resume(segments, run);
            progress?.Invoke(done);
            if (done >= run.Steps)
            {
                return;
            }

            var result = await StartAsync(run, folder, segments.Count + 1, done, restart, progress, cancellation).ConfigureAwait(false);
            var reached = Segments(folder).Max(segment => Cp2kRestart.Best(segment)?.Step ?? 0);
            if (reached >= run.Steps)
            {
                continue;
            }

            // Its folder is looked at here, and is removed only when the next call starts again.
            if (++failures == MostFailures || reached <= done)
            {
                var abort = Cp2kOutput.AbortMessage(File.ReadLines(result.OutputFile));
                throw ToolFailure.From(result, string.Create(CultureInfo.InvariantCulture, $"molecular dynamics at {run.Temperature} K stopped after step {reached} of {run.Steps}{(abort is null ? "" : $": {abort}")}"), "Try a smaller time step, or look at the structure.");
            }
        }
    }

    /// <summary>The frames of all segments, labelled; those whose SCF did not converge have no label.</summary>
    /// <param name="folder">The folder of a run.</param>
    /// <param name="note">Told what has no label, and why.</param>
    /// <exception cref="MofException">A file is damaged (FileFormat).</exception>
    public static IEnumerable<AtomicConfiguration> Frames(string folder, Action<string>? note = null)
    {
        var segments = Segments(folder);
        var last = -1L;
        for (var k = 0; k < segments.Count; k++)
        {
            var unconverged = UnconvergedSteps(Path.Combine(segments[k], "cp2k.out"));
            var end = k + 1 < segments.Count ? Cp2kRestart.Best(segments[k])?.Step ?? -1 : long.MaxValue;
            foreach (var frame in Cp2kTrajectory.Read(Path.Combine(segments[k], $"{Cp2kDynamicsInput.Project}-pos-1.xyz"), note: note))
            {
                var step = long.Parse(frame.Info["step"], CultureInfo.InvariantCulture);
                if (step > end)
                {
                    break;
                }

                if (step <= last)
                {
                    continue;
                }

                last = step;
                if (unconverged.Contains(step))
                {
                    note?.Invoke($"step {step} has no label: its SCF did not converge");
                }

                yield return unconverged.Contains(step) ? frame.With((ReferenceLabel?)null) : frame;
            }
        }
    }

    /// <summary>The folders of segments in order. A segment that never wrote a restart file is as good as none, unless it is the last.</summary>
    private static List<string> Segments(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder, SegmentPrefix + "*").OrderBy(name => int.Parse(Path.GetFileName(name)[SegmentPrefix.Length..], CultureInfo.InvariantCulture))]
        : [];

    /// <summary>How far the segments came, and the restart file to go on from; folders that came to nothing are removed.</summary>
    private static (long Step, string? File) Resume(List<string> segments, Cp2kDynamicsRun run)
    {
        while (segments.Count > 0)
        {
            if (Cp2kRestart.Best(segments[^1]) is { } restart)
            {
                return (Math.Min(restart.Step, run.Steps), Path.Combine("..", Path.GetFileName(segments[^1]), Path.GetFileName(restart.File)));
            }

            Directory.Delete(segments[^1], recursive: true);
            segments.RemoveAt(segments.Count - 1);
        }

        return (0, null);
    }

    private async Task<ToolResult> StartAsync(Cp2kDynamicsRun run, string folder, int number, long done, string? restart, Action<long>? progress, CancellationToken cancellation)
    {
        var segment = Directory.CreateDirectory(Path.Combine(folder, SegmentPrefix + number.ToString(CultureInfo.InvariantCulture))).FullName;
        await File.WriteAllTextAsync(Path.Combine(segment, InputFile), Cp2kDynamicsInput.Write(run, restart, done), cancellation).ConfigureAwait(false);
        return await runner.RunAsync(Cp2kTool.DynamicsCommand(settings, segment, InputFile), line => Follow(line, progress), cancellation).ConfigureAwait(false);
    }

    private static void Follow(string line, Action<long>? progress)
    {
        if (StepOf(line) is { } step)
        {
            progress?.Invoke(step);
        }
    }

    private static long? StepOf(string line)
    {
        var place = line.IndexOf(StepMark, StringComparison.Ordinal);
        return place >= 0 && long.TryParse(line.AsSpan(place + StepMark.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : null;
    }

    /// <summary>SCF messages come before the line that tells their step; those before the first such line belong to where the segment starts.</summary>
    private static HashSet<long> UnconvergedSteps(string log)
    {
        var steps = new HashSet<long>();
        var failed = false;
        var first = true;
        foreach (var line in File.Exists(log) ? File.ReadLines(log) : [])
        {
            failed |= line.Contains("SCF run NOT converged", StringComparison.Ordinal) || line.Contains("outer SCF loop FAILED", StringComparison.Ordinal);
            if (line.Contains("MD_INI|", StringComparison.Ordinal) && first)
            {
                first = false;
                if (failed)
                {
                    steps.Add(0);
                }

                failed = false;
            }
            else if (StepOf(line) is { } step)
            {
                if (failed)
                {
                    steps.Add(step);
                }

                failed = false;
            }
        }

        return steps;
    }
}
