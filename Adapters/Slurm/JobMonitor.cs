using System.Globalization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Slurm;

/// <summary>
/// One loop for all tasks of a runner: submits what has come together, looks for results, asks Slurm about what shows none, and decides what to
/// do about tasks that were lost. Only this loop talks to Slurm.
/// </summary>
internal sealed class JobMonitor : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private readonly Lock _gate = new();
    private readonly List<TrackedTask> _tasks = [];
    private readonly List<TrackedTask> _consumed = [];
    private readonly SlurmSettings _settings;
    private readonly SlurmClient _client;
    private readonly ArraySubmitter _submitter;
    private readonly IJobLog _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly HashSet<string> _told = [];
    private DateTime _lastCame;
    private DateTime _nextPoll = DateTime.MinValue;
    private DateTime _nextSubmission = DateTime.MinValue;
    private bool _silent;
    private Task? _loop;

    public JobMonitor(SlurmSettings settings, SlurmClient client, ArraySubmitter submitter, IJobLog log)
    {
        _settings = settings;
        _client = client;
        _submitter = submitter;
        _log = log;
    }

    /// <summary>Takes care of a task until its completion.</summary>
    public void Add(TrackedTask task)
    {
        lock (_gate)
        {
            _tasks.Add(task);
            _lastCame = DateTime.UtcNow;
            _loop ??= Task.Run(LoopAsync);
        }
    }

    /// <summary>Ends the loop.</summary>
    /// <returns>Tasks without a result, and those whose results were handed over.</returns>
    public async Task<(IReadOnlyList<TrackedTask> Open, IReadOnlyList<TrackedTask> Consumed)> StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_loop is { } loop)
        {
            await loop.ConfigureAwait(false);
        }

        return ([.. _tasks, .. _consumed.Where(task => !task.Consumed)], [.. _consumed.Where(task => task.Consumed)]);
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await SubmitAsync().ConfigureAwait(false);
                if (DateTime.UtcNow >= _nextPoll)
                {
                    await LookAsync().ConfigureAwait(false);
                    RemoveUsed();
                    _nextPoll = DateTime.UtcNow + _settings.Poll;
                }

                await Task.Delay(Tick, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (IOException problem)
            {
                // A file server that is away, a full disk: both may pass, and a week's work need not end for it.
                Silent(problem.Message);
                _nextPoll = DateTime.UtcNow + _settings.Poll;
                _nextSubmission = _nextPoll;
            }
            catch (Exception problem)
            {
                // Whoever waits must hear of it: squeue is missing, say.
                Open().ForEach(task => Fail(task, problem));
            }
        }
    }

    private List<TrackedTask> Open()
    {
        lock (_gate)
        {
            return [.. _tasks.Where(task => !task.Abandoned)];
        }
    }

    /// <summary>Submits tasks once no more have come for a while; tasks that ask for the same become one array.</summary>
    private async Task SubmitAsync()
    {
        var now = DateTime.UtcNow;
        var waiting = Open().Where(task => task.Submission is null || (task.Id is null && !task.Adopted)).ToList();
        if (waiting.Count == 0 || now < _nextSubmission || now - _lastCame < _settings.Window)
        {
            return;
        }

        foreach (var group in waiting.GroupBy(task => _submitter.Script(task, "name")))
        {
            try
            {
                await _submitter.SubmitAsync([.. group], _stop.Token).ConfigureAwait(false);
                Heard();
            }
            catch (SlurmBusyException busy)
            {
                Silent(busy.Message);
                _nextSubmission = now + _settings.Poll;
            }
            catch (MofException refusal)
            {
                foreach (var task in group)
                {
                    Fail(task, refusal);
                }
            }
        }
    }

    private async Task LookAsync()
    {
        var open = Open().Where(task => task.Submission is not null).ToList();
        foreach (var task in open.ToArray())
        {
            if (task.Folder.ReadEnding() is { } ending)
            {
                Complete(task, ending);
                open.Remove(task);
            }
        }

        if (open.Count == 0)
        {
            return;
        }

        if (await _client.StatesAsync(_stop.Token).ConfigureAwait(false) is not { } states)
        {
            Silent("squeue failed");
            return;
        }

        Heard();
        var stalled = new List<(TrackedTask Task, string Reason)>();
        foreach (var task in open)
        {
            if (task.Id is null && task.Adopted && !await FindAsync(task).ConfigureAwait(false))
            {
                continue;
            }

            if (task.Id is { } id)
            {
                var state = states.GetValueOrDefault((task.Submission!.Array, id.Index));
                if (state is { IsOver: false })
                {
                    task.MissedSince = null;
                    stalled.Add((task, state.State == "PENDING" ? state.Reason : "None"));
                }
                else
                {
                    await DecideAsync(task, id, state).ConfigureAwait(false);
                }
            }
        }

        TellWhatStalls(stalled);
    }

    /// <summary>Finds the job of an earlier process; false: there is none (the task is to be submitted), or Slurm is silent.</summary>
    private async Task<bool> FindAsync(TrackedTask task)
    {
        try
        {
            if (await _submitter.IdOfAsync(task.Submission!.Array, _stop.Token).ConfigureAwait(false) is { } job)
            {
                task.Id = new TaskId(job, task.Submission.Index);
                _log.Record("job-adopted", new Dictionary<string, object> { ["job"] = task.Id.Value.ToString(), ["command"] = task.Command.Name });
                return true;
            }

            task.Adopted = false;
            _lastCame = DateTime.UtcNow;
        }
        catch (SlurmBusyException busy)
        {
            Silent(busy.Message);
        }

        return false;
    }

    /// <summary>A task that Slurm has ended or does not know, and that left no result.</summary>
    private async Task DecideAsync(TrackedTask task, TaskId id, TaskState? state)
    {
        task.MissedSince ??= DateTime.UtcNow;
        if (DateTime.UtcNow - task.MissedSince < _settings.FilePatience)
        {
            return;
        }

        var word = state is { IsHeld: true } ? state.Reason : state?.State ?? await _client.RememberedStateAsync(id, _stop.Token).ConfigureAwait(false) ?? "UNKNOWN";
        switch (word)
        {
            case "TIMEOUT" or "DEADLINE":
                task.Folder.Deliver(null, task.Command.WorkingDirectory);
                Complete(task, new ToolResult(task.Command, -1, _settings.Request.TimeLimit ?? TimeSpan.Zero, task.OutputFile, task.ErrorFile, true) { Ending = $"was ended by Slurm at the time limit of job {id}{On(state)}" });
                break;
            case "OUT_OF_MEMORY":
                task.Folder.Deliver(null, task.Command.WorkingDirectory);
                Complete(task, new ToolResult(task.Command, 137, TimeSpan.Zero, task.OutputFile, task.ErrorFile, false) { Ending = $"was ended by Slurm because job {id}{On(state)} used more memory than it had asked for" });
                break;
            case "FAILED" when task.Folder.ReadTermination() is { } ending:
                Complete(task, ending);
                break;
            case "FAILED":
                Fail(task, Unstarted(task, id));
                break;
            case "CANCELLED" or "REVOKED" when ++task.Cancellations > 1:
                Fail(task, new MofException(ErrorKind.ToolFailure, $"job {id} was cancelled from outside, twice (scancel, or an administrator)", task.Command.Name, remedy: "Run the same command again to submit it anew; everything finished is kept."));
                break;
            default:
                if (state is { IsHeld: true })
                {
                    await _client.CancelAsync([id], _stop.Token).ConfigureAwait(false);
                }

                SubmitAgain(task, id, word);
                break;
        }
    }

    private void SubmitAgain(TrackedTask task, TaskId id, string word)
    {
        if (task.Submission!.Count > _settings.Resubmissions)
        {
            Fail(task, new MofException(ErrorKind.ToolFailure, $"job {id} was lost ({word}), as {task.Submission.Count - 1} before it", task.Command.Name, remedy: "Look at the nodes (sinfo -R); run the same command again to go on."));
            return;
        }

        _log.Say($"job {id} ({task.Command.Name}) ended without a result ({word}) and is submitted again");
        _log.Record("job-resubmitted", new Dictionary<string, object> { ["job"] = id.ToString(), ["command"] = task.Command.Name, ["because"] = word });
        task.Id = null;
        task.Adopted = false;
        task.MissedSince = null;
        _lastCame = DateTime.UtcNow;
    }

    private MofException Unstarted(TrackedTask task, TaskId id)
    {
        var file = Path.Combine(_submitter.FolderOf(task.Submission!.Array), string.Create(CultureInfo.InvariantCulture, $"task-{id.Index}.log"));
        var lines = ToolFailure.LastLines(file, 12);
        var said = lines.Count == 0 ? string.Empty : $"\nIt said:\n    {string.Join("\n    ", lines)}";
        return new MofException(ErrorKind.ToolFailure, $"job {id} failed before it could run {task.Command.Program}", task.Command.Name, remedy: $"Look in {Path.GetDirectoryName(file)} and at the modules and setup of the executor.{said}");
    }

    private static string On(TaskState? state) => state is null or { Node: "n/a" or "" } ? string.Empty : $" on {state.Node}";

    private void Complete(TrackedTask task, TaskEnding ending)
    {
        if (!Directory.Exists(task.Command.WorkingDirectory))
        {
            Fail(task, new MofException(ErrorKind.Internal, "the folder that waits for a job's result is gone", task.Command.WorkingDirectory));
            return;
        }

        task.Folder.Deliver(ending.Attempt, task.Command.WorkingDirectory);
        if (task.Folder.Attempts > 1)
        {
            _log.Record("job-restarted", new Dictionary<string, object> { ["job"] = ending.Job, ["command"] = task.Command.Name, ["attempts"] = task.Folder.Attempts, ["node"] = ending.Node });
        }

        // timeout(1) says 124, or 137 where the program had to be killed.
        var timedOut = task.Command.TimeLimit is { } limit && ending.Code is 124 or 137 && ending.Elapsed >= limit;
        Complete(task, new ToolResult(task.Command, timedOut ? -1 : ending.Code, ending.Elapsed, task.OutputFile, task.ErrorFile, timedOut));
    }

    private void Complete(TrackedTask task, ToolResult result)
    {
        lock (_gate)
        {
            task.Consumed = true;
            _tasks.Remove(task);
            _consumed.Add(task);
        }

        task.Completion.TrySetResult(result);
    }

    private void Fail(TrackedTask task, Exception problem)
    {
        lock (_gate)
        {
            _tasks.Remove(task);
            task.Abandoned = true;
            _consumed.Add(task);
        }

        task.Completion.TrySetException(problem);
    }

    /// <summary>A unit whose folder has moved into place needs its job's folder no more.</summary>
    private void RemoveUsed()
    {
        TrackedTask[] used;
        lock (_gate)
        {
            used = [.. _consumed.Where(task => task.Consumed && !Directory.Exists(task.Command.WorkingDirectory))];
            _consumed.RemoveAll(used.Contains);
        }

        foreach (var task in used)
        {
            task.Folder.Delete();
        }
    }

    private void TellWhatStalls(List<(TrackedTask Task, string Reason)> waiting)
    {
        // Priority, Resources and the limits of an array pass by themselves; the rest may want somebody's hand.
        string[] ordinary = ["None", "Priority", "Resources", "JobArrayTaskLimit", "BeginTime", "Dependency", "Licenses", "QOSMaxJobsPerUserLimit", "QOSGrpCpuLimit", "QOSMaxCpuPerUserLimit", "AssocGrpCpuLimit", "AssocMaxJobsLimit"];
        foreach (var group in waiting.Where(pair => !ordinary.Contains(pair.Reason)).GroupBy(pair => pair.Reason))
        {
            if (_told.Add(group.Key))
            {
                _log.Say($"Slurm keeps {group.Count()} jobs waiting ({group.First().Task.Id}, …): {group.Key}");
            }
        }
    }

    private void Silent(string words)
    {
        if (!_silent)
        {
            _silent = true;
            _log.Say($"Slurm or its files do not answer, or it takes no jobs for now; trying again: {words}");
            _log.Record("slurm-silent", new Dictionary<string, object> { ["words"] = words });
        }
    }

    private void Heard()
    {
        if (_silent)
        {
            _silent = false;
            _log.Say("Slurm answers again");
        }
    }
}
