namespace MofInterop.Structures;

/// <summary>What a reader of trajectories says about a file that was cut while it was written.</summary>
public static class TrajectoryNotes
{
    /// <summary>The file ends inside a frame.</summary>
    public static string CutFrame(string path, long line) => $"{path}:{line}: the file ends inside a frame, which is left out";

    /// <summary>The last line has no newline.</summary>
    public static string UnfinishedLine(string path, long line) =>
        $"{path}:{line}: the last line has no newline; if the file was cut there, the last number of its last frame is wrong";
}
