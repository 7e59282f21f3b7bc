using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>A file or a folder that must exist; what is in it, not its own name, enters the fingerprint.</summary>
internal sealed class DataSchema : ValueSchema
{
    public override string Expectation => "the name of a file or folder, relative to the recipe";

    public override object? Bind(YamlValue value, BindingContext context)
    {
        var text = Scalar(value, context);
        if (text is null)
        {
            return null;
        }

        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(Path.Combine(context.Folder, text)));
        if (Path.Exists(path))
        {
            return new InputData(path) { Written = text };
        }

        var names = Directory.Exists(Path.GetDirectoryName(path)) ? Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!).Select(entry => Path.GetFileName(entry)) : [];
        context.Problem(
            value,
            $"{context.Parameter}: there is no file or folder '{text}'",
            $"one at {path}",
            Spelling.DidYouMean(Path.GetFileName(path), names) ?? "Names are relative to the folder of the recipe.");
        return null;
    }

    public override JsonObject JsonSchema() => new() { ["type"] = "string" };

    public override JsonNode? Display(object value) => ((InputData)value).Written;

    public override JsonNode? Identity(object value)
    {
        var path = ((InputData)value).Path;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in FilesOf(path))
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(path, file) + "\n"));
            hash.AppendData(SHA256.HashData(stream));
        }

        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
