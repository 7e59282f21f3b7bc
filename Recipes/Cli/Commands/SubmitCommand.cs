using System.CommandLine;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop submit</c>.</summary>
internal static class SubmitCommand
{
    private const string Notes = """
        The run itself becomes a job (executor.controller says what it asks for); what it starts are
        jobs of their own. When its time limit comes, the next job of the chain goes on, until the
        recipe is done or a step fails. Nothing has to stay logged in. What the run says is in
        controller/controller.log of the run folder.
        """;

    public static Command Create(CliServices services)
    {
        var recipe = CommonArguments.Recipe();
        var folder = CommonArguments.RunFolder();
        var executor = CommonArguments.Executor();
        var retryFailed = CommonArguments.RetryFailed();
        var command = new DocumentedCommand("submit", "Has a whole run done by Slurm, unattended.", Notes) { recipe, folder, executor, retryFailed };
        command.SetAction((result, cancellation) => RunAsync(result.GetValue(recipe)!, result.GetValue(folder), result.GetValue(executor), result.GetValue(retryFailed), services, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string file, string? folder, string? executor, bool retryFailed, CliServices services, CancellationToken cancellation)
    {
        var check = RecipeLoader.Load(file, services.Catalog, executor);
        if (check.Recipe is not { } recipe)
        {
            return Problems.Print(check.Problems, services.Error);
        }

        if (recipe.Execution is not { } execution)
        {
            throw new MofException(ErrorKind.Unsupported, "this program runs recipes on this machine only");
        }

        var place = CommonArguments.RunFolderOf(folder, recipe);
        var plan = RunPlan.Create(recipe, place, retryFailed);
        await execution.TestAsync(plan, cancellation);
        string[] options = executor is null ? [] : ["--executor", Path.GetFullPath(executor)];
        string[] command = [.. Program(), "run", Path.GetFullPath(file), "--folder", place, "--leave-jobs", .. options, .. retryFailed ? ["--retry-failed"] : Array.Empty<string>()];
        await services.Output.WriteLineAsync(await execution.SubmitRunAsync(plan, command, [ExitCode.Interrupted], cancellation));
        return ExitCode.Success;
    }

    /// <summary>This program as the nodes can start it: the host of .NET with the program's file, or the program alone.</summary>
    private static IEnumerable<string> Program()
    {
        var process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, typeof(SubmitCommand).Assembly.Location] : [process];
    }
}
