using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>Something on disk that must exist, named relative to the recipe's folder.</summary>
/// <param name="kind">What it is: <c>file</c>.</param>
/// <param name="one">One of them: <c>a file</c>.</param>
/// <param name="names">Their names, at the beginning of a sentence: <c>File names</c>.</param>
internal abstract class PathSchema(string kind, string one, string names) : ValueSchema
{
    public override string Expectation => $"the name of a {kind}, relative to the recipe";

    public override object? Bind(YamlValue value, BindingContext context)
    {
        var text = Scalar(value, context);
        if (text is null)
        {
            return null;
        }

        var path = Normalized(Path.GetFullPath(Path.Combine(context.Folder, text)));
        if (Find(path, text) is { } found)
        {
            return found;
        }

        var folder = Path.GetDirectoryName(path);
        var neighbors = Directory.Exists(folder) ? Neighbors(folder).Select(neighbor => Path.GetFileName(neighbor)) : [];
        context.Problem(
            value,
            $"{context.Parameter}: there is no {kind} '{text}'",
            $"{one} at {path}",
            Spelling.DidYouMean(Path.GetFileName(path), neighbors) ?? $"{names} are relative to the folder of the recipe.");
        return null;
    }

    public override JsonObject JsonSchema() => new() { ["type"] = "string" };

    /// <summary>A full path as values and messages have it.</summary>
    protected virtual string Normalized(string path) => path;

    /// <summary>The value for a path; null where there is nothing of the kind.</summary>
    /// <param name="path">Full.</param>
    /// <param name="written">As the recipe writes it.</param>
    protected abstract object? Find(string path, string written);

    /// <summary>Paths in a folder that the user may have meant.</summary>
    protected abstract IEnumerable<string> Neighbors(string folder);
}
