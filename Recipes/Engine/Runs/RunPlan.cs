using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>What will happen to a step.</summary>
public enum StepState
{
    /// <summary>Finished earlier with the same parameters: nothing to do.</summary>
    Finished,

    /// <summary>Begun earlier with the same parameters: goes on where it stopped.</summary>
    Continue,

    /// <summary>Not begun.</summary>
    New,

    /// <summary>Done or begun earlier with other parameters, or using results that will change: runs again.</summary>
    Changed,
}

/// <summary>A step and what will happen to it.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">What will happen.</param>
/// <param name="Reason">For <see cref="StepState.Changed"/>: what changed; for <see cref="StepState.Continue"/>: why a finished step goes on; otherwise empty.</param>
public sealed record PlannedStep(RecipeEntry Step, StepState State, string Reason)
{
    internal StepIdentity Identity { get; init; } = null!;
}

/// <summary>What a run of a recipe in a folder will do, found without changing anything.</summary>
public sealed class RunPlan
{
    private RunPlan(Recipe recipe, string folder, IReadOnlyList<PlannedStep> steps)
    {
        Recipe = recipe;
        Folder = folder;
        Steps = steps;
    }

    /// <summary>The recipe.</summary>
    public Recipe Recipe { get; }

    /// <summary>Full path of the run folder, which need not exist.</summary>
    public string Folder { get; }

    /// <summary>The steps in the order of running.</summary>
    public IReadOnlyList<PlannedStep> Steps { get; }

    /// <summary>Compares a recipe with what a run folder holds.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">The run folder, which need not exist.</param>
    /// <param name="retryFailed">Steps that set something aside go on, also when they were finished, and what uses them runs again.</param>
    /// <exception cref="MofException">The folder is not empty and not a run folder.</exception>
    public static RunPlan Create(Recipe recipe, string folder, bool retryFailed = false)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        folder = Path.GetFullPath(folder);
        if (Directory.Exists(folder) && !Engine.RunFolder.IsRunFolder(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            throw new MofException(ErrorKind.InvalidArgument, "this folder holds something else than a run", folder, "an empty or new folder, or that of an earlier run", "Give another --folder.");
        }

        var fingerprints = new Dictionary<string, string>();
        var steps = new List<PlannedStep>();
        foreach (var step in recipe.Steps)
        {
            var identity = step.Identity(fingerprints);
            fingerprints[step.Name] = identity.Fingerprint;
            var planned = Plan(step, identity, new StepFolder(folder, step.Name));
            steps.Add(retryFailed ? Again(planned, new StepFolder(folder, step.Name), steps) : planned);
        }

        return new RunPlan(recipe, folder, steps);
    }

    /// <summary>A step when what was set aside is tried again. Results of the steps before are no part of a fingerprint, so what uses them is told to run by name.</summary>
    private static PlannedStep Again(PlannedStep planned, StepFolder folder, List<PlannedStep> before)
    {
        if (planned.State is StepState.New or StepState.Changed)
        {
            return planned;
        }

        var source = planned.Step.Uses.Values.Select(use => use.Step).FirstOrDefault(name => before.Exists(step => step.Step.Name == name && step.Reason.Length > 0));
        if (source is not null)
        {
            return planned with { State = StepState.Changed, Reason = $"it uses results of {source}" };
        }

        var count = planned.State == StepState.Finished ? folder.ReadRecord()!.SetAside.Count : 0;
        return count == 0 ? planned : planned with { State = StepState.Continue, Reason = $"tries again what was set aside ({count})" };
    }

    private static PlannedStep Plan(RecipeEntry step, StepIdentity identity, StepFolder folder)
    {
        if (folder.ReadRecord()?.Fingerprint == identity.Fingerprint)
        {
            return new PlannedStep(step, StepState.Finished, string.Empty) { Identity = identity };
        }

        var earlier = folder.ReadIdentity();
        if (earlier is null)
        {
            return new PlannedStep(step, StepState.New, string.Empty) { Identity = identity };
        }

        var difference = identity.DifferenceFrom(earlier);
        return difference.Length == 0
            ? new PlannedStep(step, StepState.Continue, string.Empty) { Identity = identity }
            : new PlannedStep(step, StepState.Changed, difference) { Identity = identity };
    }
}
