using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Lammps;

/// <summary>What long molecular dynamics left, however often it was interrupted.</summary>
/// <param name="Rows">Thermodynamic rows in the order of the steps, each step once.</param>
/// <param name="Frames">Frames likewise, read from the run's folder when they are enumerated.</param>
/// <param name="Final">The configuration at the end with velocities; null unless all steps were made.</param>
/// <param name="BlowUp">Set when the simulation became meaningless.</param>
/// <param name="LammpsVersion">As LAMMPS prints it, or null.</param>
public sealed record LammpsDynamicsResult(IReadOnlyList<LammpsThermoRow> Rows, IEnumerable<LammpsFrame> Frames, LammpsFrame? Final, BlowUp? BlowUp, string? LammpsVersion);

/// <summary>
/// Molecular dynamics by LAMMPS that goes on from its last restart file after any kill. Every start of LAMMPS is a segment with a folder of its own; a segment counts up to the step
/// from which the next one went on. Needs <see cref="LammpsOutputPlan.RestartEvery"/>.
/// </summary>
/// <param name="tool">Runs LAMMPS.</param>
public sealed class LammpsDynamics(LammpsTool tool)
{
    private const string SegmentPrefix = "segment-";

    /// <summary>A run that fails is taken up again where it was, as long as it gets further, so many times.</summary>
    private const int MostFailures = 3;

    /// <summary>Runs to the end, from the start or from where an earlier call was interrupted.</summary>
    /// <param name="run">What is run; the same as in the earlier call.</param>
    /// <param name="folder">Where segments are kept; made when needed.</param>
    /// <param name="onStep">Told the steps that are done, on another thread; may be null.</param>
    /// <param name="cancellation">Ends LAMMPS; a later call goes on.</param>
    /// <exception cref="MofException">The run cannot be meant (InvalidArgument), or LAMMPS fails without getting further (ToolFailure).</exception>
    public async Task<LammpsDynamicsResult> RunAsync(LammpsRun run, string folder, Action<long>? onStep = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Output.RestartEvery < 1)
        {
            throw new MofException(ErrorKind.InvalidArgument, "long dynamics without restart files", run.Name, "a restart file every so many steps");
        }

        Directory.CreateDirectory(folder);
        for (var failures = 0; ;)
        {
            var segments = Segments(folder, run);
            if (segments.Count > 0 && segments[^1].Outcome.Status != RunStatus.Failed)
            {
                return Collect(segments);
            }

            var restart = Restart(segments);
            onStep?.Invoke(restart?.Step ?? 0);
            var segment = Path.Combine(folder, SegmentPrefix + (segments.Count + 1).ToString(CultureInfo.InvariantCulture));
            var outcome = await tool.RunAsync(run with { ContinueFrom = restart }, segment, onStep is null ? null : progress => onStep(progress.Step), cancellation).ConfigureAwait(false);
            if (outcome.Status != RunStatus.Failed)
            {
                continue;
            }

            // Its folder is looked at here, and is removed only when the next call starts again.
            if (++failures == MostFailures || (outcome.Restart?.Step ?? 0) <= (restart?.Step ?? 0))
            {
                throw outcome.Failure!;
            }
        }
    }

    private static LammpsRestart? Restart(List<Segment> segments) => segments.Count == 0 ? null : segments[^1].Outcome.Restart;

    /// <summary>The segments in order; those at the end that came to no restart file nor to an end are removed.</summary>
    private static List<Segment> Segments(string folder, LammpsRun run)
    {
        var segments = new List<Segment>();
        var places = Directory.EnumerateDirectories(folder, SegmentPrefix + "*").OrderBy(path => int.Parse(Path.GetFileName(path)[SegmentPrefix.Length..], CultureInfo.InvariantCulture)).ToArray();
        foreach (var path in places)
        {
            var from = Restart(segments);
            var outcome = LammpsOutput.Read(run with { ContinueFrom = from }, path);
            if (outcome.Status == RunStatus.Failed && outcome.Restart is null)
            {
                Directory.Delete(path, recursive: true);
                continue;
            }

            segments.Add(new Segment(outcome, from?.Step ?? 0));
        }

        return segments;
    }

    private static LammpsDynamicsResult Collect(List<Segment> segments)
    {
        var rows = new List<LammpsThermoRow>();
        for (var k = 0; k < segments.Count; k++)
        {
            var blowUp = segments[k].Outcome.BlowUp?.Step ?? long.MaxValue;
            foreach (var row in segments[k].Outcome.Thermo.SelectMany(table => table.Rows).Where(row => row.Step <= EndOf(segments, k) && row.Step < blowUp))
            {
                if (rows.Count == 0 || row.Step > rows[^1].Step)
                {
                    rows.Add(row);
                }
            }
        }

        var last = segments[^1].Outcome;
        return new LammpsDynamicsResult(rows, Frames(segments), last.Final, last.BlowUp, last.LammpsVersion);
    }

    private static long EndOf(List<Segment> segments, int index) => index + 1 < segments.Count ? segments[index + 1].Start : long.MaxValue;

    private static IEnumerable<LammpsFrame> Frames(List<Segment> segments)
    {
        var last = -1L;
        for (var k = 0; k < segments.Count; k++)
        {
            foreach (var frame in segments[k].Outcome.Frames.TakeWhile(frame => frame.Step <= EndOf(segments, k)).Where(frame => frame.Step > last))
            {
                last = frame.Step;
                yield return frame;
            }
        }
    }

    private sealed record Segment(RunOutcome Outcome, long Start);
}
