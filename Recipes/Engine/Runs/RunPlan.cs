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
/// <param name="Reason">For <see cref="StepState.Changed"/>: what changed; otherwise empty.</param>
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
    /// <exception cref="MofException">The folder is not empty and not a run folder.</exception>
    public static RunPlan Create(Recipe recipe, string folder)
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
            steps.Add(Plan(step, identity, new StepFolder(folder, step.Name)));
        }

        return new RunPlan(recipe, folder, steps);
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
