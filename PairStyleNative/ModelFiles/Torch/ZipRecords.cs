using System.IO.Compression;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Torch;

/// <summary>The records of a zip archive in memory; every one is checked against its length and CRC-32 when it is read.</summary>
internal sealed class ZipRecords
{
    private const int BufferSize = 1 << 16;

    // What matters is stored as it is; code and its debugging information, which are packed, are small.
    private const long MostUnpacked = 1 << 24;
    private static readonly uint[] _remainders = MakeRemainders();

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);
    private readonly long _size;
    private readonly string _where;

    /// <summary>Opens an archive.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="where">For messages.</param>
    /// <exception cref="MofException">It is none, or two records have one name.</exception>
    public ZipRecords(byte[] bytes, string where)
    {
        _where = where;
        _size = bytes.LongLength;
        if (bytes.Length < 4 || bytes[0] != 'P' || bytes[1] != 'K')
        {
            throw new MofException(
                ErrorKind.FileFormat, "this is no archive of PyTorch", where, "a zip file, as torch.save and torch.jit.save have written since PyTorch 1.6", "Load the model with PyTorch and save it again.");
        }

        _archive = Guarded("the archive is damaged", () => new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read));
        foreach (var entry in Guarded("the list of records is damaged", () => _archive.Entries))
        {
            if (!_entries.TryAdd(entry.FullName, entry))
            {
                throw new MofException(ErrorKind.FileFormat, $"the archive has two records '{entry.FullName}'", where);
            }
        }
    }

    /// <summary>Names.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Whether there is such a record.</summary>
    public bool Has(string name) => _entries.ContainsKey(name);

    /// <summary>The bytes of a record.</summary>
    /// <exception cref="MofException">There is none, or it is damaged.</exception>
    public byte[] Read(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            throw new MofException(ErrorKind.FileFormat, $"the archive has no record '{name}'", _where, remedy: "The file may be truncated or of another kind.");
        }

        if (entry.CompressedLength > _size || (entry.Length > entry.CompressedLength && entry.Length > MostUnpacked))
        {
            throw new MofException(ErrorKind.FileFormat, $"the record '{name}' claims {entry.Length} bytes", _where, "no more than the archive can hold");
        }

        var bytes = Guarded($"the record '{name}' is damaged", () => ReadAll(entry));
        return bytes is not null && Checksum(bytes) == entry.Crc32
            ? bytes
            : throw new MofException(ErrorKind.FileFormat, $"the record '{name}' is damaged: its length or CRC-32 is not the one that the archive tells", _where);
    }

    private static byte[]? ReadAll(ZipArchiveEntry entry)
    {
        using var source = entry.Open();
        using var target = new MemoryStream((int)Math.Min(entry.Length, 64L * BufferSize));
        var buffer = new byte[BufferSize];
        for (var read = source.Read(buffer); read > 0; read = source.Read(buffer))
        {
            target.Write(buffer, 0, read);
            if (target.Length > entry.Length)
            {
                return null;
            }
        }

        return target.Length == entry.Length ? target.ToArray() : null;
    }

    // What is wrong with a zip file comes as one of many exceptions.
    private T Guarded<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException or ObjectDisposedException or InvalidOperationException)
        {
            throw new MofException(ErrorKind.FileFormat, $"{what}: {e.Message}", _where, remedy: "The file may be truncated; copy it again.", inner: e);
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var remainder = uint.MaxValue;
        foreach (var one in bytes)
        {
            remainder = _remainders[(byte)(remainder ^ one)] ^ (remainder >> 8);
        }

        return ~remainder;
    }

    private static uint[] MakeRemainders()
    {
        var table = new uint[256];
        for (var n = 0u; n < 256; n++)
        {
            var remainder = n;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 1) != 0 ? 0xEDB88320u ^ (remainder >> 1) : remainder >> 1;
            }

            table[n] = remainder;
        }

        return table;
    }
}
