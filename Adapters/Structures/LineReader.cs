using System.Globalization;
using System.IO.Compression;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>Reads a text file (also <c>.gz</c>) line by line and knows where it is, for messages with <c>file:line</c>.</summary>
public sealed class LineReader : IDisposable
{
    private readonly StreamReader _reader;
    private readonly bool _packed;
    private readonly TailStream _tail;
    private bool _ended;

    /// <summary>Opens a file.</summary>
    /// <exception cref="MofException">The file does not exist or cannot be opened (FileFormat).</exception>
    public LineReader(string path)
    {
        FilePath = path;
        try
        {
            // A program may still be writing the file that is read.
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _packed = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
            _tail = new TailStream(_packed ? new GZipStream(stream, CompressionMode.Decompress) : stream);
            _reader = new StreamReader(_tail);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var missing = problem is FileNotFoundException or DirectoryNotFoundException;
            throw new MofException(ErrorKind.FileFormat, missing ? "the file does not exist" : problem.Message, path, inner: problem);
        }
    }

    /// <summary>The file as it was named.</summary>
    public string FilePath { get; }

    /// <summary>Number of the line that was read last, from 1.</summary>
    public int LineNumber { get; private set; }

    /// <summary>Nothing follows what was read last.</summary>
    public bool AtEnd { get; private set; }

    /// <summary>The line that was read last is the end of the file and has no newline: whether it is whole cannot be known.</summary>
    public bool AtUnfinishedLine => AtEnd && _tail.LastByte is not ((byte)'\n' or null);

    /// <summary>The file ended where more was asked for, or in the middle of a line: what did not read well was cut off.</summary>
    public bool EndedInside => _ended || AtUnfinishedLine;

    /// <summary>The next line, or null at the end.</summary>
    /// <exception cref="MofException">A packed file is damaged or cut (FileFormat).</exception>
    public string? Next()
    {
        string? line;
        try
        {
            line = _reader.ReadLine();
            AtEnd = line is null || _reader.Peek() < 0;
        }
        catch (Exception problem) when (_packed && problem is InvalidDataException or EndOfStreamException)
        {
            throw Error("the packed file is damaged or cut off after this line", "a whole .gz file", "Unpack it (gzip -dc keeps what can be read) and use the text.");
        }

        _ended = line is null;
        if (line is not null)
        {
            LineNumber++;
        }

        return line;
    }

    /// <summary>The next line; the end of the file is an error.</summary>
    public string Require(string expected) => Next() ?? throw Error("the file ends here", expected);

    /// <summary>An error at the line that was read last.</summary>
    public MofException Error(string what, string? expected = null, string? remedy = null) =>
        new(ErrorKind.FileFormat, what, $"{FilePath}:{Math.Max(1, LineNumber)}", expected, remedy);

    /// <summary>A number of the current line; <c>nan</c> and <c>inf</c>, as C programs print them, are numbers too.</summary>
    public double Number(ReadOnlySpan<char> text)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            return value;
        }

        return text.TrimStart("+-").ToString().ToUpperInvariant() switch
        {
            "NAN" => double.NaN,
            "INF" => text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            _ => throw Error($"'{text}' is not a number"),
        };
    }

    /// <summary>A whole number of the current line.</summary>
    public int Integer(ReadOnlySpan<char> text, string meaning) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Error($"'{text}' is not a whole number", meaning);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    /// <summary>Words of a line, separated by blanks.</summary>
    public static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Remembers the last byte that was read: at the end, whether the file closes its last line. A packed file cannot be asked beforehand, and a cut one only ends early.</summary>
    private sealed class TailStream(Stream inner) : Stream
    {
        public byte? LastByte { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var count = inner.Read(buffer);
            LastByte = count > 0 ? buffer[count - 1] : LastByte;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
