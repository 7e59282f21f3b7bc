using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.Execution;

/// <summary>
/// Finds programs: a path from a setting first, then the environment variable <c>MOFINTEROP_&lt;NAME&gt;</c>
/// (<c>cp2k_shell.psmp</c> → <c>MOFINTEROP_CP2K_SHELL_PSMP</c>), then PATH.
/// </summary>
public static class ProgramFinder
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The absolute path of a program, or null when it is nowhere.</summary>
    /// <param name="name">A name to look up on PATH, or a path.</param>
    /// <param name="setting">A path or name that the user's settings give; null or empty: none.</param>
    /// <exception cref="MofException">The setting or the variable names something that is not a program (ToolFailure).</exception>
    public static string? Find(string name, string? setting = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!string.IsNullOrEmpty(setting))
        {
            return LookUp(setting) ?? throw NotAProgram(setting, $"the setting for {name}");
        }

        // A path is a choice that was made already.
        var variable = VariableFor(name);
        var named = Path.IsPathRooted(name) ? null : Environment.GetEnvironmentVariable(variable);
        return string.IsNullOrEmpty(named) ? LookUp(name) : LookUp(named) ?? throw NotAProgram(named, variable);
    }

    /// <summary>Like <see cref="Find"/> for the first of several names that exists (<c>cp2k.psmp</c>, <c>cp2k</c>).</summary>
    public static string? FindFirst(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is { } path)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The absolute path of a program that must be there.</summary>
    /// <param name="name">A name to look up on PATH, or a path.</param>
    /// <param name="remedy">How to get it (<c>apt install lammps</c>).</param>
    /// <param name="setting">A path or name that the user's settings give.</param>
    /// <exception cref="MofException">It is nowhere (ToolFailure).</exception>
    public static string Require(string name, string? remedy = null, string? setting = null) => Find(name, setting) ?? throw Missing(name, remedy);

    /// <summary>The environment variable that overrides the look-up of a program.</summary>
    public static string VariableFor(string name)
    {
        var text = new StringBuilder("MOFINTEROP_");
        foreach (var letter in Path.GetFileName(name))
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToUpperInvariant(letter) : '_');
        }

        return text.ToString();
    }

    internal static MofException Missing(string name, string? remedy) => new(
        ErrorKind.ToolFailure,
        $"the program {name} was not found",
        expected: name.Contains('/', StringComparison.Ordinal) ? "an executable file there" : "it on PATH",
        remedy: remedy ?? $"Install it, or set {VariableFor(name)} to its path.");

    private static MofException NotAProgram(string path, string source) => new(
        ErrorKind.ToolFailure, $"{path} is not a program", source, "the path of an executable file", $"Correct {source} or remove it.");

    /// <summary>The absolute path of a program by name on PATH or by path, without settings and variables; null when it is not there.</summary>
    public static string? LookUp(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return IsExecutable(name) ? Path.GetFullPath(name) : null;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        foreach (var folder in folders)
        {
            var candidate = Path.Combine(folder, name);
            if (IsExecutable(candidate))
            {
                return Path.GetFullPath(candidate);
            }
        }

        return null;
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
}
