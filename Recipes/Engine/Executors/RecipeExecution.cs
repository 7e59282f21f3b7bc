using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>Where the programs of one recipe run.</summary>
public sealed class RecipeExecution
{
    private readonly ExecutorDefinition _executor;
    private readonly object _settings;
    private readonly string? _where;

    internal RecipeExecution(ExecutorDefinition executor, object settings, string? where)
    {
        _executor = executor;
        _settings = settings;
        _where = where;
    }

    /// <summary>What a dry run tells: once for every different set of resources of the steps that are not finished.</summary>
    public IReadOnlyList<string> Describe(RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return [.. Different(plan).SelectMany(group =>
        {
            var lines = _executor.Describe(_settings, group.Resources, plan.Folder);
            return lines.Count == 0 ? lines : [$"programs of {string.Join(", ", group.Steps)}:", .. lines.Select(line => "  " + line)];
        })];
    }

    /// <summary>Asks, before anything starts, whether the programs of the steps that are not finished would be run.</summary>
    /// <exception cref="MofException">They would not; the message says where the settings stand.</exception>
    public async Task TestAsync(RunPlan plan, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        foreach (var (resources, steps) in Different(plan))
        {
            try
            {
                await _executor.TestAsync(_settings, resources, cancellation).ConfigureAwait(false);
            }
            catch (MofException refusal)
            {
                var step = resources is null ? string.Empty : $", resources of {string.Join(", ", steps)}";
                throw new MofException(refusal.Kind, refusal.What, $"{_where}{step}", refusal.Expected, refusal.Remedy, refusal);
            }
        }
    }

    /// <summary>Has the run itself done by the executor.</summary>
    /// <param name="plan">What is to be run.</param>
    /// <param name="command">The command that runs the recipe in its folder; the number of cores is added.</param>
    /// <param name="goesOn">Exit codes after which the same command goes on.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>What to tell the user.</returns>
    /// <exception cref="MofException">The executor refuses or cannot do it.</exception>
    public Task<string> SubmitRunAsync(RunPlan plan, IReadOnlyList<string> command, IReadOnlyCollection<int> goesOn, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(plan);
        RunFolder.Mark(plan.Folder);
        return _executor.SubmitRunAsync(_settings, plan.Folder, plan.Recipe.Name, command, goesOn, cancellation);
    }

    internal JsonNode? Display() => _where is null ? null : _executor.Settings.Display(_settings);

    internal JsonNode? DisplayResources(object resources) => _executor.Resources.Display(resources);

    internal void Begin(RecipeEntry step, StepContext context) => _executor.Begin(_settings, step.Resources, context);

    internal Task EndAsync(StepEnding ending) => _executor.EndAsync(ending);

    private IEnumerable<(object? Resources, IReadOnlyList<string> Steps)> Different(RunPlan plan) => plan.Steps
        .Where(step => step.State != StepState.Finished)
        .GroupBy(step => step.Step.Resources is { } resources ? DisplayResources(resources)!.ToJsonString() : string.Empty)
        .Select(group => (group.First().Step.Resources, (IReadOnlyList<string>)[.. group.Select(step => step.Step.Name)]));
}
