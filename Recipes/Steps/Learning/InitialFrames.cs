using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Labelled frames of an earlier step that active learning begins with.</summary>
internal static class InitialFrames
{
    /// <summary>Reads them.</summary>
    /// <exception cref="MofException">A frame has no label, or is not of the structure's atoms in its order (FileFormat).</exception>
    public static IReadOnlyList<AtomicConfiguration> Read(string path, TypedStructure structure)
    {
        var frames = new List<AtomicConfiguration>();
        foreach (var frame in ExtendedXyz.Read(path, requireLabels: true))
        {
            frames.Add(frame.Symbols.SequenceEqual(structure.Configuration.Symbols) && (frame.Types?.SequenceEqual(structure.Configuration.Types!) ?? true)
                ? Tagged(frame, structure)
                : throw new MofException(ErrorKind.FileFormat, $"frame {frames.Count + 1} has other atoms than the structure", path, "the structure's atoms in its order", "Send the frames through a step of kind trajectory, which finds the atoms."));
        }

        return frames;
    }

    /// <summary>They count as of generation 0.</summary>
    private static AtomicConfiguration Tagged(AtomicConfiguration frame, TypedStructure structure) => new(frame.Symbols, frame.Positions, frame.Cell, frame.Periodic)
    {
        Types = structure.Configuration.Types,
        Label = frame.Label,
        Info = new Dictionary<string, string>(frame.Info) { ["generation"] = "0" },
    };
}
