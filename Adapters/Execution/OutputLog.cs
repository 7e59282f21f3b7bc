using System.Text;

namespace MofInterop.Execution;

/// <summary>Copies a program's output byte for byte into a log file and hands its lines on as they come.</summary>
internal static class OutputLog
{
    /// <summary>Runs until the stream ends.</summary>
    /// <param name="source">The program's standard output or error.</param>
    /// <param name="path">The log file; replaced.</param>
    /// <param name="onLine">Called per line, without its end; null: nobody listens.</param>
    public static async Task CopyAsync(Stream source, string path, Action<string>? onLine)
    {
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[16 * 1024];
        var characters = new char[bytes.Length + 1];
        var line = new StringBuilder();
        int read;
        while ((read = await source.ReadAsync(bytes).ConfigureAwait(false)) > 0)
        {
            await file.WriteAsync(bytes.AsMemory(0, read)).ConfigureAwait(false);
            if (onLine is not null)
            {
                var count = decoder.GetChars(bytes, 0, read, characters, 0);
                Split(characters.AsSpan(0, count), line, onLine);
            }
        }

        if (line.Length > 0)
        {
            onLine?.Invoke(line.ToString());
        }
    }

    private static void Split(ReadOnlySpan<char> text, StringBuilder line, Action<string> onLine)
    {
        while (text.IndexOf('\n') is var end and >= 0)
        {
            line.Append(text[..end]);
            onLine(line.ToString().TrimEnd('\r'));
            line.Clear();
            text = text[(end + 1)..];
        }

        line.Append(text);
    }
}
