using System.Diagnostics;
using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>How a run ended that came to its end.</summary>
/// <param name="Folder">The run folder.</param>
/// <param name="Goals">The quality goals of all steps.</param>
/// <param name="Warnings">The warnings of all steps, each with its step.</param>
/// <param name="Elapsed">Wall time of this process's part.</param>
public sealed record RunOutcome(string Folder, IReadOnlyList<QualityGoal> Goals, IReadOnlyList<string> Warnings, TimeSpan Elapsed)
{
    /// <summary>Every goal was reached.</summary>
    public bool GoalsMet => Goals.All(goal => goal.Met);
}

/// <summary>Runs recipes in run folders.</summary>
public static class RunEngine
{
    /// <summary>
    /// Runs what is not finished yet. Safe against a kill at any moment: the same call goes on where it stopped.
    /// </summary>
    /// <exception cref="MofException">A step failed (the message names it), or another process is at work on the folder.</exception>
    /// <exception cref="OperationCanceledException">Interrupted; everything finished is kept.</exception>
    public static async Task<RunOutcome> RunAsync(Recipe recipe, string folder, RunSettings settings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(settings);
        try
        {
            return await RunInAsync(recipe, folder, settings, cancellation).ConfigureAwait(false);
        }
        catch (Exception full) when (full is not MofException && FullDisk.IsCause(full))
        {
            throw FullDisk.Error(Path.GetFullPath(folder), null, full.Message, full);
        }
    }

    private static async Task<RunOutcome> RunInAsync(Recipe recipe, string folder, RunSettings settings, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        RunPlan.Create(recipe, folder);
        using var session = new RunSession(Path.GetFullPath(folder), settings);
        using var log = new LogFile(Path.Combine(session.Folder, "run.log"));
        var sink = new ProgressSinks(settings.Progress, new PlainProgress(log, TimeSpan.FromSeconds(10), timestamps: true));

        // Planned again under the lock: another process may have finished steps meanwhile.
        var plan = RunPlan.Create(recipe, folder, settings.RetryFailed);
        Begin(plan, session, sink);
        try
        {
            // All at once, before anything is tried again: after a kill in between no result stands beside others that it does not belong to.
            foreach (var outdated in plan.Steps.Where(step => step.State != StepState.Finished))
            {
                MakeRoom(outdated, session, sink);
            }

            foreach (var planned in plan.Steps.Where(step => step.State != StepState.Finished))
            {
                cancellation.ThrowIfCancellationRequested();
                await RunStepAsync(planned, recipe.Execution, session, sink, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            session.Journal.TryAppend("run-interrupted", null);
            sink.Message(MessageLevel.Information, null, "interrupted; everything finished is kept");
            throw;
        }

        var records = plan.Steps.Select(step => (step.Step.Name, Record: new StepFolder(session.Folder, step.Step.Name).ReadRecord()!)).ToArray();
        session.Journal.Append("run-finished", null);
        return new RunOutcome(
            session.Folder,
            [.. records.SelectMany(pair => pair.Record.Goals)],
            [.. records.SelectMany(pair => pair.Record.Warnings.Select(warning => $"{pair.Name}: {warning}"))],
            clock.Elapsed);
    }

    /// <summary>Writes what the folder says about the run as a whole, and says what will happen.</summary>
    private static void Begin(RunPlan plan, RunSession session, ProgressSinks sink)
    {
        DurableFiles.WriteAllText(Path.Combine(session.Folder, "recipe.yaml"), plan.Recipe.Text);
        DurableFiles.WriteAllText(Path.Combine(session.Folder, "recipe.resolved.yaml"), plan.Recipe.ResolvedYaml());
        foreach (var (program, version) in session.Settings.Versions)
        {
            session.Versions.Set(program, version);
        }

        session.Journal.Append("run-started", null, new JsonObject
        {
            ["process"] = Environment.ProcessId,
            ["recipe"] = plan.Recipe.File,
            ["steps"] = new JsonObject(plan.Steps.Select(step => KeyValuePair.Create(step.Step.Name, (JsonNode?)step.State.ToString()))),
        });
        if (session.Journal.WasTorn)
        {
            session.Journal.Append("journal-repaired", null, new JsonObject { ["reason"] = "the last line was incomplete" });
        }

        foreach (var line in RunPlanText.Lines(plan))
        {
            sink.Message(MessageLevel.Information, null, line);
        }
    }

    private static async Task RunStepAsync(PlannedStep planned, RecipeExecution? execution, RunSession session, ProgressSinks sink, CancellationToken cancellation)
    {
        var step = planned.Step;
        var folder = new StepFolder(session.Folder, step.Name);
        folder.WriteIdentity(planned.Identity);
        folder.CopyInputs(step.Definition.Options.Files(step.Options).Select(file => file.Path));
        session.Journal.Append("step-started", step.Name, new JsonObject { ["state"] = planned.State.ToString() });
        using var log = new LogFile(folder.Log);
        var stepSink = new ProgressSinks(sink, new PlainProgress(log, TimeSpan.FromSeconds(10), timestamps: true));
        var clock = Stopwatch.StartNew();
        var processor = ProcessorTimes.Now();
        var ending = StepEnding.Failed;
        try
        {
            stepSink.Message(MessageLevel.Information, step.Name, planned.State == StepState.Continue ? $"goes on ({step.Definition.Kind})" : $"starts ({step.Definition.Kind})");
            var context = new StepContext(step, planned.Identity.Fingerprint, session, folder, ReadInputs(step, session.Folder), stepSink);
            execution?.Begin(step, context);
            await step.Definition.RunAsync(step.Options, context, cancellation).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            folder.MoveOutputsIntoPlace(context.Finish(clock.Elapsed));
            ending = StepEnding.Finished;
        }
        catch (Exception exception) when (cancellation.IsCancellationRequested)
        {
            // Programs that were ended by the interruption fail in their own ways.
            ending = session.Settings.LeaveJobs ? StepEnding.Left : StepEnding.Interrupted;
            throw new OperationCanceledException("interrupted", exception, cancellation);
        }
        catch (Exception exception)
        {
            throw Failure(step, exception, session, stepSink, log);
        }
        finally
        {
            await (execution?.EndAsync(ending) ?? Task.CompletedTask).ConfigureAwait(false);
        }

        session.Journal.Append("step-finished", step.Name, RunTimes.Facts(clock.Elapsed, ProcessorTimes.Now().Since(processor)));
        stepSink.Message(MessageLevel.Information, step.Name, $"finished in {PlainProgress.Duration(clock.Elapsed)}");
    }

    /// <summary>Takes earlier results out of the way of a step that runs: all of a changed one's, the outputs of one that goes on.</summary>
    private static void MakeRoom(PlannedStep planned, RunSession session, ProgressSinks sink)
    {
        var name = planned.Step.Name;
        var folder = new StepFolder(session.Folder, name);
        if (planned.State == StepState.Changed)
        {
            var target = folder.Supersede();
            session.Journal.Append("step-superseded", name, new JsonObject { ["reason"] = planned.Reason, ["kept"] = Path.GetRelativePath(session.Folder, target) });
        }
        else if (folder.PutOutputsAside() is { } kept)
        {
            var reason = planned.Reason.Length > 0 ? planned.Reason : $"{StepRecord.FileName} is cut or damaged";
            session.Journal.Append("outputs-put-aside", name, new JsonObject { ["reason"] = reason, ["kept"] = Path.GetRelativePath(session.Folder, kept) });
            sink.Message(MessageLevel.Information, name, $"its outputs are made again: {reason}; the earlier ones are in {kept}");
        }
    }

    private static Dictionary<string, StepValue> ReadInputs(RecipeEntry step, string runFolder) => step.Uses.ToDictionary(
        pair => pair.Key,
        pair =>
        {
            var source = new StepFolder(runFolder, pair.Value.Step);
            return source.ReadRecord()!.Values(source.Outputs)[pair.Value.Output];
        });

    /// <summary>Records a failure; the stack goes to the step's log, never to the terminal.</summary>
    private static MofException Failure(RecipeEntry step, Exception exception, RunSession session, ProgressSinks sink, TextWriter log)
    {
        var logFile = Path.Combine(session.Folder, "steps", step.Name, "step.log");
        var failure = FullDisk.IsCause(exception) && !FullDisk.IsError(exception)
            ? FullDisk.Error(session.Folder, $"step {step.Name}", exception.Message, exception)
            : exception is MofException known
            ? new MofException(known.Kind, known.What, known.Where is null ? $"step {step.Name}" : $"step {step.Name}, {known.Where}", known.Expected, known.Remedy, known)
            : new MofException(ErrorKind.Internal, $"unexpected {exception.GetType().Name}: {exception.Message}", $"step {step.Name}", remedy: $"This is a defect of MofInterop; {logFile} has the details.", inner: exception);
        session.Journal.TryAppend("step-failed", step.Name, new JsonObject { ["reason"] = failure.Message, ["details"] = exception.ToString() });
        log.WriteLine(exception);
        sink.Message(MessageLevel.Error, step.Name, "failed");
        return failure;
    }
}
