using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.PythonHost;

/// <summary>Where Python interpreters are looked for, best first.</summary>
public static class PythonCandidates
{
    /// <summary>Names the interpreter to use.</summary>
    public const string Variable = "MOFINTEROP_PYTHON";

    /// <summary>The one that is named, alone; else <c>/usr/bin/python3</c>, which has the distribution's packages, and every <c>python3</c> on PATH.</summary>
    /// <param name="setting">Path or name from the user's settings; null or empty: what the variable names.</param>
    /// <exception cref="MofException">What is named is no program (ToolFailure).</exception>
    public static IReadOnlyList<string> List(string? setting)
    {
        var named = string.IsNullOrEmpty(setting) ? Environment.GetEnvironmentVariable(Variable) : setting;
        if (!string.IsNullOrEmpty(named))
        {
            return [ProgramFinder.Require("python3", setting: named)];
        }

        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => ProgramFinder.LookUp(Path.Combine(folder, "python3")));
        return [.. onPath.Prepend(ProgramFinder.LookUp("/usr/bin/python3")).OfType<string>().Distinct()];
    }

    /// <summary>The best of them.</summary>
    /// <exception cref="MofException">There is none, or what is named is no program (ToolFailure).</exception>
    public static string First(string? setting) => List(setting) is [var best, ..] ? best : ProgramFinder.Require("python3", "Run apt install python3, or set MOFINTEROP_PYTHON to an interpreter.");
}
