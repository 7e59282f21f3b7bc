using System.Globalization;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.Execution;

/// <summary>Turns a failed run into the error that a user reads: command, exit code, last lines of output, the folder to look in.</summary>
public static class ToolFailure
{
    private const int ShownLines = 12;
    private const int ShownBytes = 32 * 1024;

    /// <summary>Returns the result when it succeeded, otherwise throws <see cref="From"/>.</summary>
    /// <exception cref="MofException">The program failed or timed out (ToolFailure).</exception>
    public static ToolResult ThrowIfFailed(this ToolResult result, string? remedy = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Succeeded ? result : throw From(result, remedy: remedy);
    }

    /// <summary>The error for a run that failed.</summary>
    /// <param name="result">How it ended.</param>
    /// <param name="what">What went wrong where the caller knows better than the exit code (<c>SCF did not converge</c>); null: the exit code.</param>
    /// <param name="remedy">What the user can do; the folder to look in is added.</param>
    public static MofException From(ToolResult result, string? what = null, string? remedy = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        var command = result.Command;
        var text = new StringBuilder();
        text.Append(remedy is null ? "" : remedy.TrimEnd() + " ");
        text.Append(CultureInfo.InvariantCulture, $"Look in {command.WorkingDirectory}");
        AppendTail(text, result.ErrorFile);
        AppendTail(text, result.OutputFile);
        var ending = $"`{Describe(command)}` {Ending(result)}";
        return new MofException(ErrorKind.ToolFailure, what is null ? ending : $"{what}: {ending}", command.Name, remedy: text.ToString());
    }

    /// <summary>The command as one would type it.</summary>
    public static string Describe(ToolCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return string.Join(' ', command.Arguments.Prepend(command.Program).Select(Quote));
    }

    /// <summary>The last lines of a text file, without the lines being read that come before; empty when there is no file.</summary>
    public static IReadOnlyList<string> LastLines(string path, int count)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var start = Math.Max(0, stream.Length - ShownBytes);
        stream.Seek(start, SeekOrigin.Begin);
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().TrimEnd().Split('\n', StringSplitOptions.TrimEntries);
        return lines.Length == 1 && lines[0].Length == 0 ? [] : lines.Skip(Math.Max(start > 0 ? 1 : 0, lines.Length - count)).ToArray();
    }

    private static string Ending(ToolResult result)
    {
        if (result.Ending is { } ending)
        {
            return ending;
        }

        if (result.TimedOut)
        {
            return $"was stopped at its time limit of {result.Command.TimeLimit?.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s";
        }

        var after = result.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return result.ExitCode > 128
            ? $"was killed by signal {result.ExitCode - 128} after {after} s (exit code {result.ExitCode})"
            : $"ended with exit code {result.ExitCode} after {after} s";
    }

    private static void AppendTail(StringBuilder text, string path)
    {
        var lines = LastLines(path, ShownLines);
        if (lines.Count == 0)
        {
            return;
        }

        text.Append('\n').Append(Path.GetFileName(path)).Append(" ends with:");
        foreach (var line in lines)
        {
            text.Append("\n    ").Append(line);
        }
    }

    /// <summary>A word as a POSIX shell reads it back unchanged.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+@%".Contains(c, StringComparison.Ordinal))
            ? word
            : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
