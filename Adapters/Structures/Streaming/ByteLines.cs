using System.IO.Compression;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>The lines of a text file (also <c>.gz</c>) as bytes of one buffer; a last line without a newline is a broken write and is not given.</summary>
internal sealed class ByteLines : IDisposable
{
    private const int FirstBuffer = 1 << 20;

    private readonly FileStream _file;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;
    private bool _cut;

    /// <exception cref="MofException">The file does not exist or cannot be opened (FileFormat).</exception>
    public ByteLines(string path)
    {
        FilePath = path;
        try
        {
            // A program may still be writing the file that is read.
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var missing = problem is FileNotFoundException or DirectoryNotFoundException;
            throw new MofException(ErrorKind.FileFormat, missing ? "the file does not exist" : problem.Message, path, inner: problem);
        }

        Packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        _stream = Packed ? new GZipStream(_file, CompressionMode.Decompress) : _file;
        Length = _file.Length;
    }

    public string FilePath { get; }

    public bool Packed { get; }

    /// <summary>Bytes of the file when it was opened.</summary>
    public long Length { get; }

    /// <summary>Bytes of the file that were taken from the disk.</summary>
    public long BytesRead => _file.Position;

    /// <summary>Bytes of text in the lines that were given.</summary>
    public long BytesGiven { get; private set; }

    /// <summary>Number of the line that was given last, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Whether there is text behind the last newline, or a packed file ends before its text does.</summary>
    public bool EndsInsideLine { get; private set; }

    /// <summary>The next whole line without its newline; false at the end. Valid until the next call.</summary>
    /// <exception cref="MofException">A packed file is damaged before its end (FileFormat).</exception>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        var looked = 0;
        while (true)
        {
            var found = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var length = looked + found;
                line = _buffer.AsSpan(_start, length);
                _start += length + 1;
                BytesGiven += length + 1;
                Number++;
                line = line.Length > 0 && line[^1] == (byte)'\r' ? line[..^1] : line;
                return true;
            }

            looked = _end - _start;
            if (!Fill())
            {
                line = [];
                EndsInsideLine = looked > 0 || _cut;
                return false;
            }
        }
    }

    /// <summary>Goes behind so many lines; false where there are fewer.</summary>
    public bool Skip(long lines)
    {
        for (var k = 0L; k < lines; k++)
        {
            if (!Next(out _))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An error about a line.</summary>
    public MofException Error(string what, string? expected = null, string? remedy = null) => new(ErrorKind.FileFormat, what, $"{FilePath}:{Number}", expected, remedy);

    /// <summary>An error that shows the line.</summary>
    public MofException Unexpected(ReadOnlySpan<byte> line, string expected)
    {
        var text = Encoding.UTF8.GetString(line);
        return Error($"'{(text.Length > 60 ? text[..60] + "…" : text)}'", expected);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _file.Dispose();
    }

    private bool Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        try
        {
            var count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            return count > 0;
        }
        catch (Exception problem) when (Packed && problem is InvalidDataException or EndOfStreamException)
        {
            // Whoever packs is killed like whoever writes: what was unpacked is whole.
            _cut = _file.Position >= _file.Length;
            return _cut
                ? false
                : throw new MofException(
                    ErrorKind.FileFormat, $"the packed file is damaged: {problem.Message}", $"{FilePath}:{Number + 1}", "a file that gzip -t finds whole", "Pack it again, or unpack what can be read: gzip -dc.", problem);
        }
    }
}
