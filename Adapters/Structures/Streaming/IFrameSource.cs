namespace MofInterop.Structures;

/// <summary>Frames as a file has them, one after the other.</summary>
internal interface IFrameSource : IDisposable
{
    /// <summary>Known when the first frame was read.</summary>
    TrajectoryAtoms Atoms { get; }

    /// <summary>Whether positions go on through boundaries; null: the format does not say it.</summary>
    bool? Unwrapped { get; }

    /// <summary>Step of the frame that was read or skipped last: the run's own where the file says it, else the place of the frame in the file.</summary>
    long Step { get; }

    /// <summary>The lines that are read.</summary>
    ByteLines Lines { get; }

    /// <summary>Reads the first frame, which makes the atoms known; null where the file holds none.</summary>
    TrajectoryFrame? ReadFirst();

    /// <summary>Reads the next frame into this one.</summary>
    FrameRead Read(TrajectoryFrame frame);

    /// <summary>Goes behind the next frame without reading its numbers.</summary>
    FrameRead Skip();
}

/// <summary>What came of reading a frame.</summary>
internal enum FrameRead
{
    /// <summary>It is there.</summary>
    Whole,

    /// <summary>There is none.</summary>
    End,

    /// <summary>The file ends inside it.</summary>
    Cut,
}
