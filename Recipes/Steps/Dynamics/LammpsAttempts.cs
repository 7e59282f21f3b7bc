using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>
/// A run that was killed or hung is made once more: both come from outside, and the same input gives the same run. What LAMMPS itself refuses stops the
/// step, since runs that are left out would change what is learnt or measured.
/// </summary>
internal static class LammpsAttempts
{
    private const int SignalBase = 128;
    private const int MostAttempts = 2;

    /// <summary>Runs; a blow-up is an outcome.</summary>
    /// <exception cref="MofException">LAMMPS failed twice, refused its input, or there is no room (ToolFailure).</exception>
    public static async Task<Lammps.RunOutcome> RunAsync(LammpsTool lammps, LammpsRun run, string folder, StepContext context, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await lammps.RunAsync(run, folder, null, cancellation).ConfigureAwait(false);
            if (outcome.Failure is not { } failure)
            {
                return outcome;
            }

            MachineFaults.ThrowIfDiskIsFull(context.RunFolder, folder, failure.Message);
            if (attempt == MostAttempts || outcome.Tool is not ({ ExitCode: > SignalBase } or { TimedOut: true }))
            {
                throw failure;
            }

            context.Say($"{run.Name} is made once more: {failure.What}");
        }
    }
}
