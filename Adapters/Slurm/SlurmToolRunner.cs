using System.Collections.Concurrent;
using System.Globalization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Slurm;

/// <summary>How the work ended that a runner served.</summary>
public enum WorkEnding
{
    /// <summary>All of it is done: what is left of its jobs is removed.</summary>
    Finished,

    /// <summary>It failed: jobs nobody waits for are cancelled, failed results are forgotten, good ones kept for the next try.</summary>
    Failed,

    /// <summary>It was interrupted: as <see cref="Failed"/>.</summary>
    Interrupted,

    /// <summary>It was interrupted and is to go on in Slurm: jobs are left as they are, and the next process finds them.</summary>
    Left,
}

/// <summary>
/// Runs commands as tasks of Slurm job arrays in a shared folder. Commands that come together become one array. Jobs outlive this process: the next
/// one that asks for the same command in the same run folder gets the result, or waits for the job, and submits nothing. Thread-safe.
/// </summary>
public sealed class SlurmToolRunner : IToolRunner, IAsyncDisposable
{
    /// <summary>More commands than this are not worth preparing ahead.</summary>
    private const int MostSideBySide = 10_000;

    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly SlurmSettings _settings;
    private readonly IToolRunner _local;
    private readonly SlurmClient _client;
    private readonly ArraySubmitter _submitter;
    private readonly JobMonitor _monitor;
    private readonly IJobLog _log;
    private readonly string _jobs;
    private bool _ended;

    /// <summary>A runner; nothing is submitted before the first command.</summary>
    /// <param name="settings">How jobs are made.</param>
    /// <param name="jobs">Folder for jobs, on a file system that the nodes share; only one process at a time may use it.</param>
    /// <param name="local">Runs what is brief.</param>
    /// <param name="log">Hears of what becomes of jobs.</param>
    public SlurmToolRunner(SlurmSettings settings, string jobs, IToolRunner local, IJobLog log)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _jobs = Path.GetFullPath(jobs);
        _local = local;
        _log = log;
        _client = new SlurmClient(Path.Combine(_jobs, "slurm"));
        _submitter = new ArraySubmitter(settings, _client, log, _jobs);
        _monitor = new JobMonitor(settings, _client, _submitter, log);
    }

    /// <inheritdoc/>
    public CoreBudget Cores => _local.Cores;

    /// <inheritdoc/>
    public bool HasSessions => false;

    /// <inheritdoc/>
    public int SideBySide(int coresEach) => MostSideBySide;

    /// <inheritdoc/>
    public async Task<ToolResult> RunAsync(ToolCommand command, Action<string>? onOutputLine = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (command.Brief)
        {
            return await _local.RunAsync(command, onOutputLine, cancellation).ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
        var task = Take(command);
        using var abandon = cancellation.Register(() =>
        {
            task.Abandoned = true;
            task.Completion.TrySetCanceled(cancellation);
        });
        _monitor.Add(task);
        var result = await task.Completion.Task.ConfigureAwait(false);
        if (onOutputLine is not null && File.Exists(result.OutputFile))
        {
            foreach (var line in File.ReadLines(result.OutputFile))
            {
                onOutputLine(line);
            }
        }

        return result;
    }

    /// <inheritdoc/>
    public IToolSession Start(ToolCommand command) => throw new MofException(
        ErrorKind.Unsupported, "a job of Slurm cannot be talked to line by line", command?.Name, "a command that runs to its end", "This is a defect of MofInterop, which should not ask for it.");

    /// <summary>Asks Slurm whether it would take jobs with these settings; submits nothing.</summary>
    /// <exception cref="MofException">It would not, with sbatch's own words; or Slurm is missing or does not answer.</exception>
    public async Task TestAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_jobs, "test")).FullName;
        var script = Path.Combine(folder, "job.sh");
        await File.WriteAllTextAsync(script, JobScript.Write(_settings, _settings.Request, 1, null, "mof-test", folder), cancellation).ConfigureAwait(false);
        try
        {
            await _client.TestAsync(script, cancellation).ConfigureAwait(false);
        }
        catch (SlurmBusyException busy)
        {
            throw new MofException(ErrorKind.ToolFailure, $"Slurm does not answer: {busy.Message}", "sbatch", remedy: "Look at scontrol ping; run again when it answers, or use --executor local.", inner: busy);
        }
    }

    /// <summary>Ends the service: cancels, forgets or keeps what is left.</summary>
    public async Task EndAsync(WorkEnding ending)
    {
        _ended = true;
        var (open, consumed) = await _monitor.StopAsync().ConfigureAwait(false);
        _monitor.Dispose();
        if (ending == WorkEnding.Left)
        {
            if (open.Count > 0)
            {
                _log.Say($"{open.Count} jobs are left in Slurm; the same command finds them again");
            }

            return;
        }

        await CancelAsync(open).ConfigureAwait(false);
        foreach (var task in open)
        {
            task.Folder.Delete();
        }

        foreach (var task in consumed.Where(task => ending == WorkEnding.Finished || task.Folder.ReadEnding() is not { Code: 0 }))
        {
            task.Folder.Delete();
        }

        if (ending == WorkEnding.Finished)
        {
            await RemoveAllAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Without <see cref="EndAsync"/> before: as <see cref="WorkEnding.Interrupted"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_ended)
        {
            await EndAsync(WorkEnding.Interrupted).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The task of a command: of the first, second … call with the same command in the life of this process, so that a run that is repeated after a
    /// kill gets every result in its turn.
    /// </summary>
    private TrackedTask Take(ToolCommand command)
    {
        var key = TaskFolder.Key(command);
        var turn = _asked.AddOrUpdate(key, 1, (_, count) => count + 1);
        Directory.CreateDirectory(_jobs);
        var folder = TaskFolder.Open(_jobs, string.Create(CultureInfo.InvariantCulture, $"{key}-{turn}"), command);
        var submission = folder.ReadSubmission();
        return new TrackedTask(folder, command) { Submission = submission, Adopted = submission is not null };
    }

    /// <summary>Cancels jobs; says how many. Slurm's silence is told and no reason to wait.</summary>
    private async Task CancelAsync(IReadOnlyList<TrackedTask> tasks)
    {
        var ids = new List<TaskId>();
        try
        {
            foreach (var task in tasks.Where(task => task.Submission is not null && task.Folder.ReadEnding() is null))
            {
                if (task.Id is { } known)
                {
                    ids.Add(known);
                }
                else if (await _submitter.IdOfAsync(task.Submission!.Array, CancellationToken.None).ConfigureAwait(false) is { } job)
                {
                    ids.Add(new TaskId(job, task.Submission.Index));
                }
            }

            if (ids.Count > 0)
            {
                await _client.CancelAsync(ids, CancellationToken.None).ConfigureAwait(false);
                _log.Record("jobs-cancelled", new Dictionary<string, object> { ["jobs"] = string.Join(' ', ids) });
                _log.Say($"{ids.Count} jobs cancelled");
            }
        }
        catch (Exception problem) when (problem is SlurmBusyException or MofException)
        {
            _log.Say($"jobs could not be cancelled: {problem.Message}");
        }
    }

    /// <summary>Jobs that an earlier version of the recipe had submitted and nobody asked for are cancelled with the rest.</summary>
    private async Task RemoveAllAsync()
    {
        if (!Directory.Exists(_jobs))
        {
            return;
        }

        var left = Directory.EnumerateDirectories(_jobs).Where(folder => File.Exists(Path.Combine(folder, TaskFolder.SubmissionFile))).ToArray();
        await CancelAsync([.. left.Select(TrackedOf)]).ConfigureAwait(false);
        TaskFolder.Remove(_jobs);
    }

    private static TrackedTask TrackedOf(string folder)
    {
        var command = new ToolCommand { Name = "left", Program = "left", WorkingDirectory = folder };
        var task = TaskFolder.Open(Path.GetDirectoryName(folder)!, Path.GetFileName(folder), command);
        return new TrackedTask(task, command) { Submission = task.ReadSubmission() };
    }
}
