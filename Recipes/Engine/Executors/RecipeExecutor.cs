namespace MofInterop.Engine;

/// <summary>How the work of a step ended, for whoever runs its programs.</summary>
public enum StepEnding
{
    /// <summary>Its outputs are in place.</summary>
    Finished,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was interrupted; what runs elsewhere is to be ended.</summary>
    Interrupted,

    /// <summary>It was interrupted, and what runs elsewhere is to go on until the next run asks for it.</summary>
    Left,
}

/// <summary>
/// Decides where the programs of a recipe's steps run, from the recipe's <c>executor:</c> and the <c>resources:</c> of steps. Neither changes
/// results, so neither enters a fingerprint. Register it with <see cref="StepCatalog.ExecuteWith{TSettings, TResources}"/>.
/// </summary>
/// <typeparam name="TSettings">Options record of <c>executor:</c>; a new one stands for a recipe that has none.</typeparam>
/// <typeparam name="TResources">Options record of a step's <c>resources:</c>.</typeparam>
public abstract class RecipeExecutor<TSettings, TResources>
    where TSettings : class, new()
    where TResources : class, new()
{
    /// <summary>Reports what can be known to be wrong without asking anybody.</summary>
    public virtual void Check(TSettings settings, ExecutorCheck check)
    {
    }

    /// <summary>Reports what can be known to be wrong with a step's resources.</summary>
    public virtual void CheckResources(TSettings settings, TResources resources, ExecutorCheck check)
    {
    }

    /// <summary>What a dry run tells of a step, line by line.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="resources">The step's resources, or null.</param>
    /// <param name="folder">The run folder.</param>
    public virtual IReadOnlyList<string> Describe(TSettings settings, TResources? resources, string folder) => [];

    /// <summary>Asks whoever runs the programs whether it would. Called before anything starts, once for each different set of resources.</summary>
    /// <exception cref="MofInterop.Potentials.Errors.MofException">It would not.</exception>
    public virtual Task TestAsync(TSettings settings, TResources? resources, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Has the run itself, and not only its programs, done elsewhere, unattended, for as long as it takes.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="folder">The run folder.</param>
    /// <param name="name">Name of the recipe.</param>
    /// <param name="command">The command that runs the recipe; the number of cores is added.</param>
    /// <param name="goesOn">Exit codes after which the same command goes on.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>What to tell the user.</returns>
    /// <exception cref="MofInterop.Potentials.Errors.MofException">It cannot be.</exception>
    public virtual Task<string> SubmitRunAsync(TSettings settings, string folder, string name, IReadOnlyList<string> command, IReadOnlyCollection<int> goesOn, CancellationToken cancellation) =>
        throw new MofInterop.Potentials.Errors.MofException(MofInterop.Potentials.Errors.ErrorKind.Unsupported, "this executor cannot take a whole run");

    /// <summary>A step begins.</summary>
    public abstract void Begin(TSettings settings, TResources? resources, StepContext context);

    /// <summary>The step that began last has ended.</summary>
    public abstract Task EndAsync(StepEnding ending);
}

/// <summary>Where problems of an executor's settings are reported.</summary>
public sealed class ExecutorCheck
{
    private readonly ProblemList _problems;
    private readonly IReadOnlyDictionary<string, TextPosition> _positions;
    private readonly TextPosition _start;

    internal ExecutorCheck(ProblemList problems, IReadOnlyDictionary<string, TextPosition> positions, TextPosition start)
    {
        _problems = problems;
        _positions = positions;
        _start = start;
    }

    /// <summary>The parameters that the user gave, without those inside of them.</summary>
    public IEnumerable<string> Given => _positions.Keys.Where(name => name.IndexOfAny(['.', '[']) < 0);

    /// <summary>Reports a problem at a parameter.</summary>
    public void Problem(string parameter, string what, string? expected = null, string? remedy = null) =>
        _problems.Add(_positions.GetValueOrDefault(parameter, _start), what, expected, remedy);
}
