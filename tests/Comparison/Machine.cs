using System.Globalization;
using MofInterop.Execution;
using MofInterop.TestKit;

namespace MofInterop.Comparison;

/// <summary>What the figures depend on besides the programs.</summary>
internal static class Machine
{
    /// <summary>Model and number of cores.</summary>
    public static string Processor()
    {
        const string Model = "model name";
        var line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Model, StringComparison.Ordinal));
        return $"{line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? "unknown processor"}, {Environment.ProcessorCount} cores";
    }

    /// <summary>The nice value of this process.</summary>
    public static int Priority()
    {
        // The 19th field; the second, the name in parentheses, may hold blanks.
        var text = File.ReadAllText("/proc/self/stat");
        return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }

    /// <summary>The short name of the commit, "+" where files differ from it.</summary>
    public static async Task<string> RevisionAsync(IToolRunner runner, string folder)
    {
        if (ProgramFinder.Find("git") is not { } git)
        {
            return "unknown";
        }

        var result = await runner.RunAsync(new ToolCommand { Name = "git", Program = git, Arguments = ["-C", Repository.Root, "describe", "--always", "--dirty=+"], WorkingDirectory = folder }).ConfigureAwait(false);
        return result.Succeeded ? (await File.ReadAllTextAsync(result.OutputFile).ConfigureAwait(false)).Trim() : "unknown";
    }
}
