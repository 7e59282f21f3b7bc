using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>The raw frames of a dump. The checks and whoever uses the run each want all of them: what is not too large is parsed only once.</summary>
internal sealed class RawFrames(string path)
{
    /// <summary>Bytes of text; its frames take about half as much memory.</summary>
    private const long LargestKept = 32 << 20;

    private List<LammpsDumpFrame>? _kept;

    /// <summary>In the order of the file; none where it is absent.</summary>
    public IEnumerable<LammpsDumpFrame> Read()
    {
        if (_kept is not null)
        {
            return _kept;
        }

        var file = new FileInfo(path);
        return !file.Exists ? [] : file.Length > LargestKept ? LammpsDump.Read(path) : ReadAndKeep();
    }

    private IEnumerable<LammpsDumpFrame> ReadAndKeep()
    {
        var frames = new List<LammpsDumpFrame>();
        foreach (var frame in LammpsDump.Read(path))
        {
            frames.Add(frame);
            yield return frame;
        }

        _kept = frames;
    }
}
