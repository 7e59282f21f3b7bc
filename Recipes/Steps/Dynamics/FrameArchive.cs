using System.Runtime.InteropServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// Frames of one structure in binary, to be read again without parsing text, any frame by itself: a header line, then for each frame the cell rows and
/// the positions, 9 + 3N little-endian doubles, Å. Symbols and types are the structure's.
/// </summary>
internal sealed class FrameArchive
{
    private const int CellNumbers = 9;
    private readonly AtomicConfiguration _structure;
    private readonly string _path;
    private readonly int _numbers;
    private readonly int _headerLength;

    /// <summary>Opens an archive of a structure's frames.</summary>
    /// <exception cref="MofException">It is not there, or not one of frames of so many atoms (FileFormat).</exception>
    public FrameArchive(string path, AtomicConfiguration structure)
    {
        _path = path;
        _structure = structure;
        _numbers = CellNumbers + 3 * structure.Count;
        var header = Header(structure.Count);
        _headerLength = header.Length;
        using var stream = Open();
        var found = new byte[header.Length];
        var body = stream.Length - header.Length;
        if (stream.ReadAtLeast(found, found.Length, false) < found.Length || !found.AsSpan().SequenceEqual(header) || body % (_numbers * sizeof(double)) != 0)
        {
            throw new MofException(ErrorKind.FileFormat, "the file does not hold whole frames of this structure", path, $"frames of {structure.Count} atoms", "Delete the folder of the run; it is made again.");
        }

        Count = (int)(body / (_numbers * sizeof(double)));
    }

    /// <summary>How many frames.</summary>
    public int Count { get; }

    /// <summary>One frame.</summary>
    public AtomicConfiguration this[int frame] => Read(frame, 1).First();

    /// <summary>All frames in order, one at a time in memory.</summary>
    public IEnumerable<AtomicConfiguration> Frames => Read(0, Count);

    /// <summary>Mean lengths of a, b and c over all frames of archives, Å; null without frames.</summary>
    public static IReadOnlyList<double>? MeanCellLengths(IReadOnlyList<FrameArchive> archives)
    {
        var sums = new double[3];
        var count = 0;
        foreach (var cell in archives.SelectMany(archive => archive.Cells()))
        {
            var lengths = cell.Parameters();
            for (var k = 0; k < 3; k++)
            {
                sums[k] += lengths[k];
            }

            count++;
        }

        return count == 0 ? null : [.. sums.Select(sum => sum / count)];
    }

    /// <summary>Writes an archive as its frames come; returns how many came.</summary>
    public static int Write(string path, int atoms, IEnumerable<AtomicConfiguration> frames)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        stream.Write(Header(atoms));
        var count = 0;
        foreach (var frame in frames)
        {
            stream.Write(MemoryMarshal.AsBytes(frame.Cell!.Rows));
            stream.Write(MemoryMarshal.AsBytes<double>(frame.Positions));
            count++;
        }

        return count;
    }

    private static byte[] Header(int atoms) => System.Text.Encoding.ASCII.GetBytes($"MofInterop frames of {atoms} atoms: cell rows and positions, angstrom, little-endian doubles\n");

    private FileStream Open() => File.Exists(_path)
        ? new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16)
        : throw new MofException(ErrorKind.FileFormat, "the frames of a run are missing", _path, remedy: "Delete the folder of the run; it is made again.");

    private IEnumerable<Cell> Cells()
    {
        using var stream = Open();
        var cell = new double[CellNumbers];
        for (var frame = 0; frame < Count; frame++)
        {
            stream.Seek(Start(frame), SeekOrigin.Begin);
            stream.ReadExactly(MemoryMarshal.AsBytes<double>(cell));
            yield return new Cell(cell);
        }
    }

    private long Start(int frame) => _headerLength + (long)frame * _numbers * sizeof(double);

    private IEnumerable<AtomicConfiguration> Read(int first, int count)
    {
        using var stream = Open();
        stream.Seek(Start(first), SeekOrigin.Begin);
        var cell = new double[CellNumbers];
        for (var frame = 0; frame < count; frame++)
        {
            var positions = new double[3 * _structure.Count];
            stream.ReadExactly(MemoryMarshal.AsBytes<double>(cell));
            stream.ReadExactly(MemoryMarshal.AsBytes<double>(positions));
            yield return _structure.With(positions, new Cell(cell));
        }
    }
}
