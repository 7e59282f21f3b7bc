using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Comparison;

/// <summary>Reads what LAMMPS says of the last run in a log: loop time and pair time (mean over ranks).</summary>
internal static class LammpsTimings
{
    private const string LoopPrefix = "Loop time of ";
    private const string PairPrefix = "Pair ";

    /// <summary>Loop and pair time in µs per atom and step; memory in MB, from the line of <c>/proc</c>.</summary>
    /// <exception cref="MofException">The log has no timings.</exception>
    public static IReadOnlyDictionary<Quantity, double> Read(IReadOnlyList<string> log, string memory, long atoms)
    {
        // "Loop time of 0.127757 on 1 procs for 500 steps with 108 atoms"
        var loop = Last(log, LoopPrefix).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var perStep = 1e6 / (atoms * Number(loop[8]));
        // "Pair    | 0.049 | 0.05 | 0.051 | 0.0 | 90.10": least, mean, largest of the ranks.
        var pair = Last(log, PairPrefix, '|').Split('|');
        return new Dictionary<Quantity, double>
        {
            [Quantity.Loop] = Number(loop[3]) * perStep,
            [Quantity.Pair] = Number(pair[2]) * perStep,

            // "VmHWM:	  65536 kB"
            [LammpsRun.Memory] = Number(memory[(memory.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace("kB", "", StringComparison.Ordinal)) / 1024,
        };
    }

    private static string Last(IReadOnlyList<string> log, string prefix, char mark = ' ') =>
        log.LastOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal) && line.Contains(mark, StringComparison.Ordinal))
        ?? throw new MofException(ErrorKind.ToolFailure, $"LAMMPS's log has no line \"{prefix.Trim()} …\"");

    private static double Number(string text) => double.Parse(text.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture);
}
