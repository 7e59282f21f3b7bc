using MofInterop.Engine;
using MofInterop.Execution;

namespace MofInterop.Steps;

/// <summary>What can be known to be wrong with an executor's settings without asking Slurm.</summary>
internal static class ExecutorChecks
{
    /// <summary>The runner sets these itself; given again they would take its tasks or results from it.</summary>
    private static readonly string[] Reserved = ["--array", "-a", "--output", "-o", "--error", "-e", "--job-name", "-J", "--requeue", "--no-requeue", "--open-mode", "--parsable", "--wrap", "--wait", "-W", "--export", "--input", "-i"];

    public static void Check(ExecutorOptions settings, ExecutorCheck check)
    {
        if (settings.Kind == ExecutorKind.Local)
        {
            foreach (var key in check.Given.Where(key => key != "kind"))
            {
                check.Problem(key, $"the executor 'local' has no '{key}'", "kind: slurm", "Remove it, or say kind: slurm.");
            }

            return;
        }

        if (ProgramFinder.Find("sbatch") is null)
        {
            check.Problem("kind", "Slurm's commands are not on this machine", "sbatch on PATH", "Run on a login node of the cluster, install slurm-client, or use --executor local.");
        }

        CheckWord("partition", settings.Partition, check);
        CheckWord("account", settings.Account, check);
        CheckWord("qos", settings.Qos, check);
        CheckExtra(settings.Extra, check);
        CheckLines("modules", settings.Modules, check);
        CheckLines("setup", settings.Setup, check);
        var runtime = Path.GetFileName(settings.Container?.Runtime);
        if (runtime is not (null or "apptainer" or "singularity" or "podman"))
        {
            check.Problem("container.runtime", $"'{runtime}' is not a container runtime that is known here", "apptainer, singularity or podman, by name or path");
        }
    }

    public static void CheckResources(ResourceOptions resources, ExecutorCheck check)
    {
        CheckWord("partition", resources.Partition, check);
        CheckWord("account", resources.Account, check);
        CheckWord("qos", resources.Qos, check);
        CheckExtra(resources.Extra, check);
    }

    private static void CheckWord(string parameter, string? value, ExecutorCheck check)
    {
        if (value is not null && (value.Length == 0 || value.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '#')))
        {
            check.Problem(parameter, $"'{parameter}' is '{value}'", "a word as sinfo and sacctmgr show it");
        }
    }

    private static void CheckLines(string parameter, IReadOnlyList<string> lines, ExecutorCheck check)
    {
        if (lines.Any(line => line.Contains('\n', StringComparison.Ordinal) || line.TrimStart().StartsWith("#SBATCH", StringComparison.Ordinal)))
        {
            check.Problem(parameter, $"an item of '{parameter}' is not one line of shell", "one line an item; options of sbatch belong into 'extra'");
        }
    }

    private static void CheckExtra(IReadOnlyList<string> extra, ExecutorCheck check)
    {
        for (var item = 0; item < extra.Count; item++)
        {
            var name = extra[item].Split('=', ' ')[0];
            if (!name.StartsWith('-') || extra[item].Contains('\n', StringComparison.Ordinal))
            {
                check.Problem($"extra[{item + 1}]", $"'{extra[item]}' is not an option of sbatch", "--name or --name=value");
            }
            else if (Reserved.Contains(name))
            {
                check.Problem($"extra[{item + 1}]", $"the option {name} is set by mofinterop", remedy: "Remove it.");
            }
        }
    }
}
