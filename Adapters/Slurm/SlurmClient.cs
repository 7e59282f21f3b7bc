using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Slurm;

/// <summary>A task of an array.</summary>
/// <param name="Job">Id of the array as sbatch printed it.</param>
/// <param name="Index">Which task.</param>
internal readonly record struct TaskId(string Job, int Index)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Job}_{Index}");
}

/// <summary>What Slurm says of a task.</summary>
/// <param name="State">Its state, in full: <c>PENDING</c>.</param>
/// <param name="Reason">Why it waits, or <c>None</c>.</param>
/// <param name="Node">Where it runs, or <c>n/a</c>.</param>
internal sealed record TaskState(string State, string Reason, string Node)
{
    /// <summary>Slurm could not start it on its node, for a reason that lies there, and waits for somebody to release it.</summary>
    public bool IsHeld => Reason == "launch failed requeued held";

    /// <summary>Slurm will not run it any more.</summary>
    public bool IsOver => IsHeld || State is "COMPLETED" or "FAILED" or "CANCELLED" or "TIMEOUT" or "NODE_FAIL" or "BOOT_FAIL" or "OUT_OF_MEMORY" or "DEADLINE" or "PREEMPTED" or "REVOKED";
}

/// <summary>Talks to Slurm through its own commands: the interface that every site has in every version.</summary>
internal sealed partial class SlurmClient
{
    private const string Remedy = "Install Slurm's commands (Debian: slurm-client), run where jobs can be submitted, or use --executor local.";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // Slurm's commands wait for an answer and need no core of the work's budget.
    private readonly ToolRunner _runner = new(new CoreBudget(4));
    private readonly string _logs;

    /// <param name="logs">Where the output of Slurm's commands is kept until the next one.</param>
    public SlurmClient(string logs) => _logs = logs;

    /// <summary>Submits an array.</summary>
    /// <returns>The id of the job.</returns>
    /// <exception cref="MofException">Refused, with sbatch's own words.</exception>
    /// <exception cref="SlurmBusyException">Slurm does not answer or takes no more jobs now.</exception>
    public async Task<string> SubmitAsync(string script, IEnumerable<string> options, CancellationToken cancellation)
    {
        var result = await RunAsync("sbatch", ["--parsable", .. options, script], cancellation).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw Refusal(result, script);
        }

        // With clusters in federation: id;cluster.
        return File.ReadAllText(result.OutputFile).Trim().Split(';')[0];
    }

    /// <summary>Asks whether Slurm would take a job.</summary>
    /// <exception cref="MofException">It would not, with sbatch's own words.</exception>
    public async Task TestAsync(string script, CancellationToken cancellation)
    {
        var result = await RunAsync("sbatch", ["--test-only", script], cancellation).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw Refusal(result, script);
        }
    }

    /// <summary>
    /// All array tasks of this user that Slurm remembers, by the name of the job and the index; null: no answer. Not by their ids: a controller that lost
    /// its last seconds in a crash gives ids a second time.
    /// </summary>
    public async Task<IReadOnlyDictionary<(string Name, int Index), TaskState>?> StatesAsync(CancellationToken cancellation)
    {
        var result = await RunAsync("squeue", ["--noheader", "--array", "--states=all", $"--user={Environment.UserName}", "--format=%j|%K|%T|%r|%B"], cancellation).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            return null;
        }

        var states = new Dictionary<(string Name, int Index), TaskState>();
        foreach (var fields in File.ReadLines(result.OutputFile).Select(line => line.Trim().Split('|')).Where(fields => fields.Length == 5))
        {
            if (int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                states[(fields[0], index)] = new TaskState(fields[2], fields[3], fields[4]);
            }
        }

        return states;
    }

    /// <summary>The id of the array with this name, or null when Slurm does not remember it.</summary>
    /// <exception cref="SlurmBusyException">No answer.</exception>
    public Task<string?> FindAsync(string name, CancellationToken cancellation) => FindAsync(name, "all", cancellation);

    /// <summary>The id of a job with this name that waits or runs, or null.</summary>
    /// <exception cref="SlurmBusyException">No answer.</exception>
    public Task<string?> FindQueuedAsync(string name, CancellationToken cancellation) => FindAsync(name, "PENDING,RUNNING,CONFIGURING,SUSPENDED", cancellation);

    private async Task<string?> FindAsync(string name, string states, CancellationToken cancellation)
    {
        var result = await RunAsync("squeue", ["--noheader", $"--states={states}", $"--user={Environment.UserName}", $"--name={name}", "--format=%F"], cancellation).ConfigureAwait(false);
        if (!result.Succeeded)
        {
            throw new SlurmBusyException(Words(result));
        }

        return File.ReadLines(result.OutputFile).Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0);
    }

    /// <summary>The state of a task that the controller has forgotten, from the site's accounting; null where there is none.</summary>
    public async Task<string?> RememberedStateAsync(TaskId task, CancellationToken cancellation)
    {
        if (ProgramFinder.Find("sacct") is null)
        {
            return null;
        }

        var result = await RunAsync("sacct", ["--noheader", "--allocations", "--parsable2", $"--jobs={task}", "--format=State"], cancellation).ConfigureAwait(false);

        // "CANCELLED by 1000" is one state.
        return result.Succeeded ? File.ReadLines(result.OutputFile).LastOrDefault(line => line.Length > 0)?.Split(' ')[0] : null;
    }

    /// <summary>Cancels tasks; those that are over already do not matter.</summary>
    public async Task CancelAsync(IReadOnlyCollection<TaskId> tasks, CancellationToken cancellation)
    {
        foreach (var part in tasks.Select(task => task.ToString()).Chunk(500))
        {
            await RunAsync("scancel", ["--quiet", .. part], cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The most tasks of one array, by the site's configuration.</summary>
    public async Task<int> LargestArrayAsync(CancellationToken cancellation)
    {
        const int usual = 1001;
        var result = await RunAsync("scontrol", ["show", "config"], cancellation).ConfigureAwait(false);
        var match = MaxArraySize().Match(result.Succeeded ? await File.ReadAllTextAsync(result.OutputFile, cancellation).ConfigureAwait(false) : string.Empty);
        return Math.Max(1, (match.Success ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : usual) - 1);
    }

    [GeneratedRegex(@"MaxArraySize\s*=\s*(\d+)")]
    private static partial Regex MaxArraySize();

    /// <summary>Refusals that pass by themselves (src/common/slurm_errno.c of Slurm has the sentences).</summary>
    [GeneratedRegex("Unable to contact slurm controller|Socket timed out|temporarily unable|Resource temporarily unavailable|Connection refused|Zero Bytes were transmitted|submit limit|Slurm backup controller|Slurmctld being reconfigured|Connection timed out|Transport endpoint", RegexOptions.IgnoreCase)]
    private static partial Regex Passing();

    /// <summary>Refusals that fewer jobs may escape; sbatch itself repeats some of them until its patience here is over.</summary>
    [GeneratedRegex("submit limit|temporarily unable to accept job", RegexOptions.IgnoreCase)]
    private static partial Regex TooMany();

    private static string Words(ToolResult result)
    {
        var lines = ToolFailure.LastLines(result.ErrorFile, 6).Select(line => line.Trim()).Where(line => line.Length > 0).ToArray();
        return lines.Length > 0 ? string.Join("; ", lines) : $"{result.Command.Program} ended with exit code {result.ExitCode} and said nothing";
    }

    private static Exception Refusal(ToolResult result, string script)
    {
        var words = Words(result);
        return result.TimedOut || Passing().IsMatch(words)
            ? new SlurmBusyException(words, result.TimedOut || TooMany().IsMatch(words))
            : new MofException(ErrorKind.ToolFailure, $"Slurm refuses the job: {words}", "sbatch", remedy: $"Correct the executor or the resources of the step; the script is {script}.");
    }

    private async Task<ToolResult> RunAsync(string program, ImmutableArray<string> arguments, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_logs, program)).FullName;
        var command = new ToolCommand
        {
            Name = program, Program = ProgramFinder.Require(program, Remedy), Arguments = arguments, WorkingDirectory = folder, TimeLimit = Patience,

            // Inside a job (mofinterop submit) these would become options of the jobs that it submits.
            Environment = OuterJob(),
        };
        return await _runner.RunAsync(command, cancellation: cancellation).ConfigureAwait(false);
    }

    private static ImmutableDictionary<string, string?> OuterJob() => Environment.GetEnvironmentVariables().Keys.Cast<string>()
        .Where(name => (name.StartsWith("SLURM_", StringComparison.Ordinal) && name != "SLURM_CONF") || name.StartsWith("SBATCH_", StringComparison.Ordinal) && Environment.GetEnvironmentVariable("SLURM_JOB_ID") is not null)
        .ToImmutableDictionary(name => name, _ => (string?)null);
}

/// <summary>Slurm does not answer, or takes no more jobs for now: to be tried again later.</summary>
/// <param name="words">Its words.</param>
/// <param name="tooMany">It may take fewer jobs.</param>
internal sealed class SlurmBusyException(string words, bool tooMany = false) : Exception(words)
{
    /// <summary>It may take fewer jobs.</summary>
    public bool TooMany { get; } = tooMany;
}
