using System.Globalization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Slurm;

/// <summary>
/// Makes arrays of tasks. What is submitted is on disk before it is: a process that dies between sbatch and writing down the id finds the job
/// again by its name.
/// </summary>
internal sealed class ArraySubmitter(SlurmSettings settings, SlurmClient client, IJobLog log, string jobs)
{
    private const string IdFile = "id";
    private readonly Dictionary<string, string?> _ids = [];
    private int _largest;

    /// <summary>Folder of an array.</summary>
    public string FolderOf(string array) => Path.Combine(jobs, "arrays", array);

    /// <summary>Submits tasks that ask for the same.</summary>
    /// <exception cref="MofException">Slurm refuses.</exception>
    /// <exception cref="SlurmBusyException">Not now.</exception>
    public async Task SubmitAsync(IReadOnlyList<TrackedTask> tasks, CancellationToken cancellation)
    {
        if (_largest == 0)
        {
            _largest = await client.LargestArrayAsync(cancellation).ConfigureAwait(false);
        }

        foreach (var part in tasks.Chunk(_largest))
        {
            await SubmitPartAsync(part, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Submits one array, or two halves of it where a limit on the number of jobs forbids the whole.</summary>
    private async Task SubmitPartAsync(TrackedTask[] tasks, CancellationToken cancellation)
    {
        try
        {
            await SubmitOneAsync(tasks, cancellation).ConfigureAwait(false);
        }
        catch (SlurmBusyException busy) when (busy.TooMany && tasks.Length > 1)
        {
            var half = tasks.Length / 2;
            await SubmitPartAsync(tasks[..half], cancellation).ConfigureAwait(false);
            await SubmitPartAsync(tasks[half..], cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The id of an array, also of one that an earlier process submitted; null: it never came to that.</summary>
    /// <exception cref="SlurmBusyException">Slurm has to be asked and does not answer.</exception>
    public async Task<string?> IdOfAsync(string array, CancellationToken cancellation)
    {
        if (_ids.TryGetValue(array, out var known))
        {
            return known;
        }

        var file = Path.Combine(FolderOf(array), IdFile);
        var id = File.Exists(file) ? File.ReadAllText(file).Trim() : await client.FindAsync(array, cancellation).ConfigureAwait(false);
        if (id is not null && !File.Exists(file))
        {
            WriteDown(array, id);
        }

        return _ids[array] = id;
    }

    /// <summary>The script of an array of such tasks.</summary>
    public string Script(TrackedTask task, string array) =>
        JobScript.Write(settings, settings.Request, task.Command.Cores, task.Command.TimeLimit, array, FolderOf(array));

    private async Task SubmitOneAsync(TrackedTask[] tasks, CancellationToken cancellation)
    {
        var array = string.Create(CultureInfo.InvariantCulture, $"mof-{DateTime.UtcNow:yyyyMMddTHHmmss}-{Guid.NewGuid().ToString("N")[..6]}");
        var folder = Directory.CreateDirectory(FolderOf(array)).FullName;
        File.WriteAllLines(Path.Combine(folder, "tasks"), tasks.Select(task => task.Folder.Path));
        var script = Path.Combine(folder, "job.sh");
        File.WriteAllText(script, Script(tasks[0], array));
        var earlier = tasks.Select(task => task.Submission).ToArray();
        for (var index = 0; index < tasks.Length; index++)
        {
            var task = tasks[index];
            var submission = new TaskSubmission(array, index, (task.Submission?.Count ?? 0) + 1);
            var program = ProgramFinder.Find(task.Command.Program) ?? task.Command.Program;
            task.Folder.WriteSubmission(submission, TaskScript.Write(task.Command, task.Folder.Path, program, settings.Container));
            task.Submission = submission;
        }

        var throttle = settings.AtMost is { } most ? string.Create(CultureInfo.InvariantCulture, $"%{most}") : string.Empty;
        string id;
        try
        {
            id = await client.SubmitAsync(script, [string.Create(CultureInfo.InvariantCulture, $"--array=0-{tasks.Length - 1}{throttle}")], cancellation).ConfigureAwait(false);
        }
        catch (SlurmBusyException)
        {
            // Not a submission that counts. If Slurm took the job all the same, it will find its tasks in another array's hands and do nothing.
            for (var index = 0; index < tasks.Length; index++)
            {
                tasks[index].Submission = earlier[index];
            }

            throw;
        }

        WriteDown(array, id);
        _ids[array] = id;
        for (var index = 0; index < tasks.Length; index++)
        {
            tasks[index].Id = new TaskId(id, index);
            tasks[index].MissedSince = null;
        }

        log.Record("jobs-submitted", new Dictionary<string, object> { ["job"] = id, ["array"] = array, ["tasks"] = tasks.Length });
    }

    private void WriteDown(string array, string id)
    {
        var file = Path.Combine(FolderOf(array), IdFile);
        Directory.CreateDirectory(FolderOf(array));
        File.WriteAllText(file + ".new", id + "\n");
        File.Move(file + ".new", file, overwrite: true);
    }
}
