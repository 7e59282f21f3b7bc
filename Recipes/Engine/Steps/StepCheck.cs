using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// What a step's <see cref="RecipeStep{TOptions}.Check"/> reports to and asks. Facts go from step to step: a step that
/// reads a structure publishes it (<see cref="Publish"/>), so that a step that uses its output can look at it
/// (<see cref="Published{T}"/>) before anything runs.
/// </summary>
public sealed class StepCheck
{
    private readonly RecipeEntry _entry;
    private readonly ProblemList _problems;
    private readonly Dictionary<(string Step, string Output), object> _facts;

    internal StepCheck(RecipeEntry entry, ProblemList problems, Dictionary<(string Step, string Output), object> facts)
    {
        _entry = entry;
        _problems = problems;
        _facts = facts;
    }

    /// <summary>The name of the step in the recipe.</summary>
    public string Step => _entry.Name;

    /// <summary>The seed of a purpose, as <see cref="StepContext.Seed"/> will give it.</summary>
    public int Seed(string purpose) => _entry.Seed(purpose);

    /// <summary>Reports a problem at a parameter, named as in the recipe with list items from 1: <c>schedule[2].temperature</c>.</summary>
    public void Problem(string parameter, string what, string? expected = null, string? remedy = null, ErrorKind kind = ErrorKind.InvalidArgument) =>
        _problems.Add(_entry.PositionOf(parameter), what, expected, remedy, kind);

    /// <summary>Reports an error at a parameter, keeping where it says it happened (a line of the CIF, say).</summary>
    public void Problem(string parameter, MofException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        var what = error.Where is null ? error.What : $"{error.Where}: {error.What}";
        Problem(parameter, what, error.Expected, error.Remedy, error.Kind);
    }

    /// <summary>Whether the recipe gives this input.</summary>
    public bool HasInput(string input) => _entry.Uses.ContainsKey(input);

    /// <summary>Tells later steps what an output will be.</summary>
    public void Publish(string output, object fact) => _facts[(_entry.Name, output)] = fact;

    /// <summary>What the step behind an input published about it; null when it published nothing, had problems itself, or the input is absent.</summary>
    public T? Published<T>(string input)
        where T : class =>
        _entry.Uses.TryGetValue(input, out var source) ? _facts.GetValueOrDefault((source.Step, source.Output)) as T : null;
}
