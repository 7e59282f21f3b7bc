using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Slurm;

/// <summary>
/// A job that runs a long command which can be interrupted and goes on when it is started again (<c>mofinterop run</c>), for as many jobs as it
/// takes: each one queues its successor before it begins, and takes it back when the command is done.
/// </summary>
/// <param name="settings">The site's surroundings.</param>
/// <param name="request">What each job of the chain asks for.</param>
/// <param name="folder">Where script and log are kept; on a file system that the nodes share.</param>
public sealed class ControllerJob(SlurmSettings settings, SlurmRequest request, string folder)
{
    /// <summary>Seconds before the time limit at which the command is asked to end.</summary>
    private const int WarningSeconds = 120;

    /// <summary>Output of the command, of all jobs of the chain.</summary>
    public string LogFile => Path.Combine(folder, "controller.log");

    /// <summary>Queues the first job of the chain.</summary>
    /// <param name="name">Name of what is run, for squeue.</param>
    /// <param name="command">Program and arguments.</param>
    /// <param name="goesOn">Exit codes of a command that was interrupted and is to be started again; every other one ends the chain.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The id of the job.</returns>
    /// <exception cref="MofException">A chain for this folder is in the queue already; or Slurm refuses, with sbatch's own words, or does not answer.</exception>
    public async Task<string> SubmitAsync(string name, ImmutableArray<string> command, IReadOnlyCollection<int> goesOn, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        var script = Path.Combine(folder, "controller.sh");
        var client = new SlurmClient(Path.Combine(folder, "slurm"));
        var job = $"mof-{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder))))[..8]}";
        try
        {
            if (await client.FindQueuedAsync(job, cancellation).ConfigureAwait(false) is { } there)
            {
                throw new MofException(ErrorKind.InvalidArgument, $"this run is in Slurm already: job {there}", folder, remedy: $"Follow it in {LogFile}, or cancel it: scancel --name={job}");
            }

            await File.WriteAllTextAsync(script, Script(job, script, command, goesOn), cancellation).ConfigureAwait(false);
            return await client.SubmitAsync(script, [], cancellation).ConfigureAwait(false);
        }
        catch (SlurmBusyException busy)
        {
            throw new MofException(ErrorKind.ToolFailure, $"Slurm does not answer: {busy.Message}", "sbatch", remedy: "Look at scontrol ping; try again when it answers.", inner: busy);
        }
    }

    /// <summary>
    /// Singleton: of all jobs of this name one runs at a time, so a successor starts when its predecessor is gone, however that came. Its own commands see
    /// none of this job's variables: they would become options of theirs.
    /// </summary>
    private string Script(string job, string script, ImmutableArray<string> command, IReadOnlyCollection<int> goesOn)
    {
        var text = new StringBuilder("#!/bin/bash -l\n");
        foreach (var option in JobScript.Options(request, 1, null).Prepend($"--job-name={job}"))
        {
            text.Append("#SBATCH ").Append(option).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"#SBATCH --dependency=singleton\n#SBATCH --signal=B:TERM@{WarningSeconds}\n");
        text.Append(CultureInfo.InvariantCulture, $"#SBATCH --output=\"{LogFile.Replace("%", "%%", StringComparison.Ordinal)}\"\n");
        JobScript.AppendSurroundings(text, settings);
        text.Append(CultureInfo.InvariantCulture, $$"""
            echo "== job $SLURM_JOB_ID on $(hostname), $(date '+%Y-%m-%d %H:%M:%S')"
            waiting=$(squeue --noheader --states=PENDING --name={{job}} --format=%A | head -n 1)
            if [ -z "$waiting" ]; then
              waiting=$(env -u SLURM_JOB_ID -u SLURM_NTASKS -u SLURM_NPROCS -u SLURM_MEM_PER_NODE sbatch --parsable {{ToolFailure.Quote(script)}}) || echo "no successor: this job is the last"
            fi
            trap 'stopped=1; kill -TERM $run' TERM
            {{string.Join(' ', command.Select(ToolFailure.Quote))}} --cores "${SLURM_NTASKS:-1}" &
            run=$!
            wait $run
            code=$?
            if [ -n "$stopped" ]; then
              wait $run
              code=$?
            fi
            case $code in
              {{string.Join('|', goesOn.Append(137).Append(143).Select(code => code.ToString(CultureInfo.InvariantCulture)))}}) echo "== interrupted ($code); job $waiting goes on" ;;
              *) [ -n "$waiting" ] && scancel "$waiting"; echo "== over ($code)" ;;
            esac
            exit $code

            """);
        return text.ToString();
    }
}
