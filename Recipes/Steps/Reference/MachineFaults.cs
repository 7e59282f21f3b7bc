using MofInterop.Engine;
using MofInterop.Execution;

namespace MofInterop.Steps;

/// <summary>Tells a fault of the machine from one of a configuration: what a full disk did to a reference program says nothing about the frame.</summary>
internal static class MachineFaults
{
    private const int LinesSeen = 40;
    private static readonly string[] _logs = ["*.err", "*.out", "*.log"];

    /// <summary>Throws when a calculation failed because there was no room.</summary>
    /// <param name="runFolder">The run.</param>
    /// <param name="folder">Where the program ran.</param>
    /// <param name="failure">Why there is no label.</param>
    /// <exception cref="Potentials.Errors.MofException">The disk is full: the calculation is no failure of its configuration and is not kept as one.</exception>
    public static void ThrowIfDiskIsFull(string runFolder, string folder, string failure)
    {
        var told = _logs.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern))
            .SelectMany(file => ToolFailure.LastLines(file, LinesSeen))
            .Concat(failure.Split('\n'))
            .FirstOrDefault(FullDisk.IsToldBy);
        if (told is not null)
        {
            throw FullDisk.Error(runFolder, "reference program", told);
        }

        foreach (var place in (string[])[folder, Path.GetTempPath()])
        {
            if (FullDisk.Has(place))
            {
                throw FullDisk.Error(runFolder, "reference program", $"nothing is left for '{place}'");
            }
        }
    }
}
