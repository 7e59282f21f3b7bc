using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>
/// One kind of parameter value: how it is read from YAML, described to editors and written back. The same object
/// serves validation, the JSON Schema, the resolved recipe and the fingerprint, so that they cannot disagree.
/// </summary>
internal abstract class ValueSchema
{
    /// <summary>What the user may write, for messages: <c>a whole number</c>.</summary>
    public abstract string Expectation { get; }

    /// <summary>Reads a value; on failure reports to the context and returns null.</summary>
    public abstract object? Bind(YamlValue value, BindingContext context);

    /// <summary>The value's JSON Schema.</summary>
    public abstract JsonObject JsonSchema();

    /// <summary>The value as the resolved recipe shows it.</summary>
    public abstract JsonNode? Display(object value);

    /// <summary>The value as it enters the fingerprint: equal exactly when the result would be.</summary>
    public virtual JsonNode? Identity(object value) => Display(value);

    /// <summary>The text of a scalar, or null after reporting that something else stands there.</summary>
    protected string? Scalar(YamlValue value, BindingContext context)
    {
        if (value is YamlScalar { IsNull: false } scalar)
        {
            return scalar.Text;
        }

        var what = value switch
        {
            YamlScalar => "no value",
            YamlList => "a list",
            _ => "a group of keys",
        };
        context.Problem(value, $"{context.Parameter} has {what}", Expectation);
        return null;
    }
}

/// <summary>Where binding is: the file, the parameter, what has been found wrong.</summary>
internal sealed class BindingContext(ProblemList problems, string folder)
{
    private readonly Stack<string> _path = new();

    /// <summary>The recipe's folder, which file names are relative to.</summary>
    public string Folder { get; } = folder;

    /// <summary>Where every parameter of this step stands, by path (<c>schedule[1].temperature</c>).</summary>
    public Dictionary<string, TextPosition> Positions { get; } = [];

    /// <summary>The parameter's path within its step.</summary>
    public string Path => string.Concat(_path.Reverse()).TrimStart('.');

    /// <summary>The parameter for messages.</summary>
    public string Parameter => $"'{Path}'";

    /// <summary>Reports a problem at a value.</summary>
    public void Problem(YamlValue value, string what, string? expected = null, string? remedy = null) =>
        problems.Add(value.Start, what, expected, remedy);

    /// <summary>Runs an action one level deeper (<c>.key</c> or <c>[index]</c>).</summary>
    public T Within<T>(string part, YamlValue value, Func<T> action)
    {
        _path.Push(part);
        Positions[Path] = value.Start;
        var result = action();
        _path.Pop();
        return result;
    }
}
