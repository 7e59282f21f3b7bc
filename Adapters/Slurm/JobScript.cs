using System.Globalization;
using System.Text;
using MofInterop.Execution;

namespace MofInterop.Slurm;

/// <summary>The job script of an array: what it asks of Slurm, the site's surroundings, and which task is whose.</summary>
public static class JobScript
{
    /// <summary>Writes the script.</summary>
    /// <param name="settings">Surroundings.</param>
    /// <param name="request">What a task asks for.</param>
    /// <param name="cores">Cores of a task.</param>
    /// <param name="commandLimit">The command's own time limit, from which that of the job follows where none is set.</param>
    /// <param name="name">Name of the job.</param>
    /// <param name="folder">Folder of the array: <c>tasks</c> names the folder of each task, logs are written there.</param>
    public static string Write(SlurmSettings settings, SlurmRequest request, int cores, TimeSpan? commandLimit, string name, string folder)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var text = new StringBuilder("#!/bin/bash -l\n");
        foreach (var option in Options(request, cores, commandLimit).Prepend($"--job-name={name}"))
        {
            text.Append("#SBATCH ").Append(option).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"#SBATCH --output=\"{folder.Replace("%", "%%", StringComparison.Ordinal)}/task-%a.log\"\n");
        text.Append(CultureInfo.InvariantCulture, $"task=$(sed -n \"$((SLURM_ARRAY_TASK_ID + 1))p\" {ToolFailure.Quote(folder + "/tasks")})\n");
        AppendSurroundings(text, settings);
        return text.Append(CultureInfo.InvariantCulture, $"exec bash \"$task/{TaskFolder.ScriptFile}\" {name}\n").ToString();
    }

    /// <summary>Modules and setup lines.</summary>
    internal static void AppendSurroundings(StringBuilder text, SlurmSettings settings)
    {
        if (settings.Modules.Length > 0)
        {
            var modules = string.Join(' ', settings.Modules.Select(ToolFailure.Quote));
            text.Append(CultureInfo.InvariantCulture, $"module load {modules} || {{ echo \"module load {modules.Replace("\"", string.Empty, StringComparison.Ordinal)} failed on $(hostname)\" >&2; exit 1; }}\n");
        }

        foreach (var line in settings.Setup)
        {
            text.Append(line).Append('\n');
        }
    }

    /// <summary>What a job asks for, as options of sbatch.</summary>
    internal static IEnumerable<string> Options(SlurmRequest request, int cores, TimeSpan? commandLimit)
    {
        // A task a core: so MPI finds its slots, and threads their cores.
        yield return "--requeue";
        yield return "--open-mode=append";
        yield return string.Create(CultureInfo.InvariantCulture, $"--nodes={request.Nodes}");
        yield return string.Create(CultureInfo.InvariantCulture, $"--ntasks={Math.Max(cores, Math.Max(request.Cores ?? 1, request.Nodes))}");
        if (TimeLimit(request, commandLimit) is { } limit)
        {
            yield return $"--time={Minutes(limit)}";
        }

        if (request.MemoryMegabytes is { } memory)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--mem={memory}M");
        }

        if (request.Gpus is { } gpus and > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"--gres=gpu:{gpus}");
        }

        foreach (var (name, value) in new[] { ("partition", request.Partition), ("account", request.Account), ("qos", request.Qos) })
        {
            if (value is not null)
            {
                yield return $"--{name}={value}";
            }
        }

        foreach (var option in request.Extra)
        {
            yield return option;
        }
    }

    /// <summary>Time for copying and for loading modules is added to a command's own limit.</summary>
    private static TimeSpan? TimeLimit(SlurmRequest request, TimeSpan? commandLimit) => request.TimeLimit ?? (commandLimit + TimeSpan.FromMinutes(5));

    /// <summary>Slurm counts in minutes: <c>days-hours:minutes</c>, rounded up.</summary>
    private static string Minutes(TimeSpan limit)
    {
        var minutes = (long)Math.Ceiling(limit.TotalMinutes);
        return string.Create(CultureInfo.InvariantCulture, $"{minutes / 1440}-{minutes / 60 % 24:00}:{minutes % 60:00}");
    }
}
