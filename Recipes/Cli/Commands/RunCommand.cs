using System.CommandLine;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop run</c>.</summary>
internal static class RunCommand
{
    private const string Notes = """
        Everything is kept in the run folder, and what is finished there is not done again: give the
        same command after an interruption, a crash or a power failure. After a change of the recipe,
        the steps that changed run again with those that use them; the program says so first, and
        reference calculations that still fit are not repeated.

        Exit code: 0 done; 1 error; 2 done, but quality goals of the recipe were missed;
        130 interrupted (Ctrl-C).

        With the executor slurm, jobs outlive this program: after a kill the same command finds them
        queued, running or finished. Ctrl-C cancels them unless --leave-jobs is given.
        """;

    public static Command Create(CliServices services)
    {
        var recipe = CommonArguments.Recipe();
        var folder = CommonArguments.RunFolder();
        var dryRun = new Option<bool>("--dry-run", "-n") { Description = "Check the recipe and say what would be done; change nothing." };
        var decks = new Option<string?>("--decks") { Description = "With --dry-run: write the input files of the first calculation of each kind into this folder.", HelpName = "DIR" };
        var cores = new Option<int>("--cores", "-c") { Description = "Processor cores to use.", HelpName = "N", DefaultValueFactory = _ => Environment.ProcessorCount };
        cores.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(int.TryParse(result.Tokens[0].Value, out var count) && count >= 1))
            {
                result.AddError($"--cores is '{result.Tokens[0].Value}'; expected a whole number from 1");
            }
        });
        var executor = CommonArguments.Executor();
        var retryFailed = CommonArguments.RetryFailed();
        var leaveJobs = new Option<bool>("--leave-jobs") { Description = "When interrupted, leave jobs in Slurm; the next run finds them. Default: they are cancelled." };
        var command = new DocumentedCommand("run", "Runs a recipe, or goes on with it.", Notes) { recipe, folder, dryRun, decks, cores, executor, leaveJobs, retryFailed };
        command.Validators.Add(result =>
        {
            if (result.GetValue(decks) is not null && !result.GetValue(dryRun))
            {
                result.AddError("--decks is of use with --dry-run only");
            }
        });
        command.SetAction((result, cancellation) =>
        {
            var request = new Request(result.GetValue(recipe)!, result.GetValue(folder), result.GetValue(cores), result.GetValue(executor), result.GetValue(leaveJobs), result.GetValue(retryFailed));
            return result.GetValue(dryRun) ? DryRunAsync(request, result.GetValue(decks), services) : RunAsync(request, services, cancellation);
        });
        return command;
    }

    /// <summary>What the user asks for.</summary>
    private sealed record Request(string File, string? Folder, int Cores, string? Executor, bool LeaveJobs, bool RetryFailed)
    {
        /// <summary>The command that goes on.</summary>
        public string Again() => $"mofinterop run {Quote(File)}{(Folder is null ? string.Empty : $" --folder {Quote(Folder)}")}{(Executor is null ? string.Empty : $" --executor {Quote(Executor)}")}";
    }

    /// <summary>Says what would be done and writes decks; programs that are missing here are told, and no hindrance.</summary>
    private static async Task<int> DryRunAsync(Request request, string? decks, CliServices services)
    {
        var check = RecipeLoader.Load(request.File, services.Steps(request.Cores), request.Executor);
        if (check.Plannable is not { } recipe)
        {
            return Problems.Print(check.Problems, services.Error);
        }

        var output = services.Output;
        foreach (var missing in check.Problems)
        {
            await output.WriteLineAsync($"missing here: {missing.Message}");
        }

        var plan = RunPlan.Create(recipe, CommonArguments.RunFolderOf(request.Folder, recipe), request.RetryFailed);
        foreach (var line in RunPlanText.Lines(plan).Concat(recipe.Execution?.Describe(plan) ?? []))
        {
            await output.WriteLineAsync(line);
        }

        if (decks is not null)
        {
            var written = DryRunDecks.Write(recipe, decks);
            foreach (var line in written.Folders.Select(one => $"deck: {one}").Concat(written.Notes))
            {
                await output.WriteLineAsync(line);
            }
        }

        return ExitCode.Success;
    }

    private static async Task<int> RunAsync(Request request, CliServices services, CancellationToken cancellation)
    {
        var check = RecipeLoader.Load(request.File, services.Steps(request.Cores), request.Executor);
        if (check.Recipe is not { } recipe)
        {
            return Problems.Print(check.Problems, services.Error);
        }

        var place = CommonArguments.RunFolderOf(request.Folder, recipe);
        var plan = RunPlan.Create(recipe, place);
        try
        {
            await (recipe.Execution?.TestAsync(plan, cancellation) ?? Task.CompletedTask);
            var outcome = await TerminalProgress.ShowAsync(services, new PlainProgress(services.Output, TimeSpan.FromSeconds(10), timestamps: false), sink => RunEngine.RunAsync(recipe, place, Settings(sink, request), cancellation));
            return await FinishAsync(outcome, services, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await services.Error.WriteLineAsync($"mofinterop: interrupted. Everything finished is kept; go on with:\n  {request.Again()}");
            return ExitCode.Interrupted;
        }
    }

    private static RunSettings Settings(IProgressSink sink, Request request) => new()
    {
        Progress = sink,
        Cores = request.Cores,
        LeaveJobs = request.LeaveJobs,
        RetryFailed = request.RetryFailed,
        Versions = ProgramVersions.Own(),
    };

    /// <summary>Writes the report and sums up; a report that fails does not make the run fail.</summary>
    private static async Task<int> FinishAsync(RunOutcome outcome, CliServices services, CancellationToken cancellation)
    {
        var output = services.Output;
        foreach (var warning in outcome.Warnings)
        {
            await output.WriteLineAsync($"warning: {warning}");
        }

        foreach (var goal in outcome.Goals)
        {
            await output.WriteLineAsync(goal.ToString());
        }

        await output.WriteLineAsync($"finished in {PlainProgress.Duration(outcome.Elapsed)}: {outcome.Folder}");
        if (services.WriteReport is { } write)
        {
            try
            {
                await output.WriteLineAsync($"report: {await write(RunFolder.Open(outcome.Folder), cancellation)}");
            }
            catch (Exception exception) when (exception is MofException or IOException)
            {
                await services.Error.WriteLineAsync($"mofinterop: the results are complete, but the report could not be written: {exception.Message}");
                return ExitCode.Error;
            }
        }

        return outcome.GoalsMet ? ExitCode.Success : ExitCode.GoalsMissed;
    }

    private static string Quote(string word) => word.Any(char.IsWhiteSpace) ? $"'{word}'" : word;
}
