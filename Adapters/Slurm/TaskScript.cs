using System.Globalization;
using System.Text;
using MofInterop.Execution;

namespace MofInterop.Slurm;

/// <summary>
/// The shell script of one task: starts the command in a fresh copy of its input, so that a task that Slurm starts again begins anew, and says in
/// one rename how it ended. What an earlier, given-up submission starts late does nothing.
/// </summary>
internal static class TaskScript
{
    /// <summary>Seconds between the request to end and the kill at a command's own time limit.</summary>
    private const int KillSeconds = 10;

    public static string Write(ToolCommand command, string folder, string program, SlurmContainer? container)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            #!/bin/bash
            # {{command.Name.ReplaceLineEndings(" ")}}: written by mofinterop. Its argument is the submission that starts it.
            task={{ToolFailure.Quote(folder)}}
            grep -qsx "array $1" "$task/{{TaskFolder.SubmissionFile}}" || exit 0
            [ -e "$task/{{TaskFolder.EndedFile}}" ] && exit 0
            attempt="attempt-${SLURM_JOB_ID}-${SLURM_RESTART_COUNT:-0}"
            cp -r "$task/{{TaskFolder.InputFolder}}" "$task/$attempt" && cd "$task/$attempt" || exit 1

            """);
        AppendEnvironment(text, command);
        var input = command.StandardInput is null ? "/dev/null" : "../" + TaskFolder.StandardInputFile;
        var limit = command.TimeLimit is { } time ? string.Create(CultureInfo.InvariantCulture, $"timeout --kill-after={KillSeconds} {time.TotalSeconds:0.###} ") : string.Empty;
        text.Append(CultureInfo.InvariantCulture, $"""
            trap 'terminated=1' TERM
            started=$(date +%s%N)
            {limit}{Words(command, folder, program, container)} < {input} > {ToolFailure.Quote(command.Name + ".out")} 2> {ToolFailure.Quote(command.Name + ".err")}
            code=$?
            milliseconds=$(( ($(date +%s%N) - started) / 1000000 ))

            """);
        text.Append("""
            cd "$task"
            echo "code $code
            milliseconds $milliseconds
            attempt $attempt
            job ${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}
            node ${SLURMD_NODENAME:-$(hostname)}" > "$attempt.ended"

            """);

        // SIGTERM is how Slurm ends a job (time limit, scancel, preemption): that is no result, and a task that is started again begins anew.
        // A link is made for one process only: of two that run the same task, the first to end decides.
        text.Append(CultureInfo.InvariantCulture, $"""
            [ -n "$terminated" ] || [ $code -eq 143 ] && exit 143
            ln "$attempt.ended" {TaskFolder.EndedFile} 2> /dev/null || mv -n "$attempt.ended" {TaskFolder.EndedFile}
            exit $code

            """);
        return text.ToString();
    }

    private static void AppendEnvironment(StringBuilder text, ToolCommand command)
    {
        // As the local runner does it, so that the same command gives the same bits.
        if (command.Cores == 1)
        {
            text.Append("export OMP_NUM_THREADS=1\n");
        }

        // mpirun takes one slot a task of the job and refuses more ranks, also where threads are asked for as tasks.
        text.Append("export OMPI_MCA_rmaps_base_oversubscribe=1\n");
        foreach (var (name, value) in command.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.Append(value is null ? $"unset {name}\n" : $"export {name}={ToolFailure.Quote(value)}\n");
        }
    }

    /// <summary>The command for the shell.</summary>
    private static string Words(ToolCommand command, string folder, string program, SlurmContainer? container)
    {
        var name = Path.GetFileName(program);
        if (container is null || (container.Programs.Length > 0 && !container.Programs.Contains(name)))
        {
            return Quoted([program, .. command.Arguments]);
        }

        // The image has the program by its name; the run folder is seen in it under the same path.
        var run = Path.GetDirectoryName(Path.GetDirectoryName(folder))!;
        var shown = Path.GetFileName(container.Runtime) == "podman"
            ? $"run --rm --volume {ToolFailure.Quote($"{run}:{run}")} --workdir \"$PWD\""
            : $"exec --bind {ToolFailure.Quote(run)}";
        return $"{ToolFailure.Quote(container.Runtime)} {shown} {Quoted([.. container.Options, container.Image, name, .. command.Arguments])}";
    }

    private static string Quoted(IEnumerable<string> words) => string.Join(' ', words.Select(ToolFailure.Quote));
}
