using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace MofInterop.Engine;

/// <summary>A file or a folder that must exist; what is in it, not its own name, enters the fingerprint.</summary>
internal sealed class DataSchema() : PathSchema("file or folder", "one", "Names")
{
    public override JsonNode? Display(object value) => ((InputData)value).Written;

    public override JsonNode? Identity(object value) => "sha256:" + HashOf(((InputData)value).Path);

    /// <summary>SHA-256, hexadecimal, of a file or of all files of a folder with their names.</summary>
    internal static string HashOf(string path)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in FilesOf(path))
        {
            using var stream = File.OpenRead(file);
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(path, file) + "\n"));
            hash.AppendData(SHA256.HashData(stream));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    protected override string Normalized(string path) => Path.TrimEndingDirectorySeparator(path);

    protected override object? Find(string path, string written) => Path.Exists(path) ? new InputData(path) { Written = written } : null;

    protected override IEnumerable<string> Neighbors(string folder) => Directory.EnumerateFileSystemEntries(folder);

    private static IEnumerable<string> FilesOf(string path) =>
        File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
}
