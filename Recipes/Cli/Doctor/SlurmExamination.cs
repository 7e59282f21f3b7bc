using MofInterop.Execution;

namespace MofInterop.Cli.Doctor;

/// <summary>Looks for a Slurm that jobs can be submitted to. Recipes run without one, so its absence is no fault.</summary>
internal static class SlurmExamination
{
    private const string Name = "slurm";

    public static async Task<Finding> ExamineAsync(IToolRunner runner, string folder, CancellationToken cancellation)
    {
        if (ProgramFinder.Find("sbatch") is not { } path)
        {
            return new Finding(Name, true, "none here; programs run on this machine (executor: local)");
        }

        var version = await AskAsync(runner, "sbatch", ["--version"], folder, cancellation);
        var partitions = await AskAsync(runner, "sinfo", ["--noheader", "--format=%R %a %D nodes, at most %l"], folder, cancellation);
        return partitions is null
            ? new Finding(Name, true, $"{version ?? "its commands are here"} ({path}), but no controller answers: the executor slurm cannot be used")
            : new Finding(Name, true, $"{version} ({path}); partitions: {string.Join("; ", partitions.Split('\n'))}");
    }

    private static async Task<string?> AskAsync(IToolRunner runner, string program, string[] arguments, string folder, CancellationToken cancellation)
    {
        if (ProgramFinder.Find(program) is null)
        {
            return null;
        }

        var command = new ToolCommand { Name = program, Program = program, Arguments = [.. arguments], WorkingDirectory = folder, TimeLimit = TimeSpan.FromSeconds(20), Brief = true };
        var result = await runner.RunAsync(command, cancellation: cancellation);
        return result.Succeeded ? (await File.ReadAllTextAsync(result.OutputFile, cancellation)).Trim() : null;
    }
}
