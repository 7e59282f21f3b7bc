using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Text;

/// <summary>Reads and writes the text files of a model; what the file system says becomes a <see cref="MofException"/>.</summary>
internal static class TextFile
{
    /// <summary>Beyond this a file is taken for something else: the largest real models are a few megabytes of text.</summary>
    private const long MaximumBytes = 256L * 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>All lines of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="description">What it should be, for the message: <c>SNAP coefficient file</c>.</param>
    /// <exception cref="MofException">The file is missing, unreadable, a folder or absurdly large.</exception>
    public static string[] ReadLines(string path, string description)
    {
        CheckReadable(path, description);
        return Access(path, description, "read", () => File.ReadAllLines(path, Utf8));
    }

    /// <summary>The whole text of a file.</summary>
    /// <exception cref="MofException">As <see cref="ReadLines"/>.</exception>
    public static string ReadAll(string path, string description)
    {
        CheckReadable(path, description);
        return Access(path, description, "read", () => File.ReadAllText(path, Utf8));
    }

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="MofException">As <see cref="ReadLines"/>.</exception>
    public static byte[] ReadBytes(string path, string description)
    {
        CheckReadable(path, description);
        return Access(path, description, "read", () => File.ReadAllBytes(path));
    }

    /// <summary>Puts a text in place in one rename, so that a reader or a crash never sees half a file.</summary>
    public static void Write(string path, string description, string text) => Access(path, description, "written", () =>
    {
        var temporary = path + ".part";
        File.WriteAllText(temporary, text, Utf8);
        File.Move(temporary, path, overwrite: true);
        return true;
    });

    private static void CheckReadable(string path, string description)
    {
        if (Directory.Exists(path))
        {
            throw new MofException(ErrorKind.FileFormat, "this is a folder", where: path, expected: $"a {description}");
        }

        var file = Access(path, description, "read", () => new FileInfo(path));
        if (!file.Exists)
        {
            throw new MofException(ErrorKind.FileFormat, $"there is no such {description}", where: path, remedy: "Check the path.");
        }

        if (file.Length > MaximumBytes)
        {
            throw new MofException(ErrorKind.FileFormat, $"the file has {file.Length} bytes", where: path, expected: $"a {description}");
        }
    }

    private static T Access<T>(string path, string description, string verb, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new MofException(ErrorKind.FileFormat, $"the {description} cannot be {verb}: {e.Message}", where: path, inner: e);
        }
    }
}
