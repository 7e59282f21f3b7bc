namespace MofInterop.Engine;

/// <summary>A plan in words.</summary>
public static class RunPlanText
{
    /// <summary>One line a step, and one about what is no longer in the recipe.</summary>
    public static IReadOnlyList<string> Lines(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var lines = new List<string> { $"recipe {plan.Recipe.Name}, run folder {plan.Folder}" };
        lines.AddRange(plan.Steps.Select(step => $"  {step.Step.Name}: {Describe(step)}"));
        var steps = Path.Combine(plan.Folder, "steps");
        var names = plan.Steps.Select(step => step.Step.Name).ToHashSet();
        var forgotten = Directory.Exists(steps)
            ? Directory.EnumerateDirectories(steps).Select(folder => Path.GetFileName(folder)).Where(name => !names.Contains(name)).Order(StringComparer.Ordinal)
            : Enumerable.Empty<string>();
        lines.AddRange(forgotten.Select(name => $"  {name}: no longer in the recipe; its folder is left as it is"));
        return lines;
    }

    private static string Describe(PlannedStep step) => step.State switch
    {
        StepState.Finished => "finished earlier",
        StepState.Continue when step.Reason.Length > 0 => $"goes on: {step.Reason}",
        StepState.Continue => "goes on where it stopped",
        StepState.New => $"to do ({step.Step.Definition.Kind}): {step.Step.Definition.Summary}",
        _ => $"runs again, because it changed ({step.Reason}); the earlier results are kept in superseded/",
    };
}
