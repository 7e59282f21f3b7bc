using System.Buffers.Binary;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Hdf5;

/// <summary>
/// As much of HDF5 as DeePMD-kit's <c>.dp</c> files need: numbers in datasets right below the root, and texts that are attributes of the root, in the layout that h5py
/// writes by default. Libraries for HDF5 make their readers while they run, which a library compiled ahead of time cannot.
/// </summary>
/// <remarks>HDF5 File Format Specification, version 3.0, The HDF Group. Superblocks 0 and 1, object headers 1, contiguous and compact datasets without filters.</remarks>
internal sealed class Hdf5File
{
    private const string Signature = "\u0089HDF\r\n\u001a\n";
    private const int FixedPoint = 0, FloatingPoint = 1, FixedText = 3, VariableLength = 9;
    private const long MostBytes = 2_000_000_000;

    private readonly Hdf5Bytes _bytes;
    private readonly List<Hdf5Message> _root;
    private readonly Dictionary<string, long> _members;

    private Hdf5File(Hdf5Bytes bytes)
    {
        _bytes = bytes;
        bytes.Expect(0, Signature);
        if (bytes.Byte(8) > 1 || bytes.Byte(13) != 8 || bytes.Byte(14) != 8)
        {
            throw bytes.Unsupported(8, "a superblock of another version than 0 or 1 (libver='latest'), or addresses of another length than 8 bytes");
        }

        // Version 1 has four bytes more.
        var more = bytes.Byte(8) == 1 ? 4 : 0;
        var entry = 56 + more;
        if (bytes.Long(40 + more) is var end && end > bytes.Length)
        {
            throw bytes.Wrong(bytes.Length, $"the file ends here, and should have {end} bytes: it is cut");
        }

        _root = Hdf5Messages.Read(bytes, bytes.Long(entry + 8));
        _members = Hdf5Group.Members(bytes, Find(_root, Hdf5Messages.SymbolTable, "the root group has no table of symbols").Offset);
    }

    /// <summary>Whether a file begins like HDF5.</summary>
    public static bool IsOne(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> begin = stackalloc byte[8];
            return file.ReadAtLeast(begin, 8, throwOnEndOfStream: false) == 8 && begin[0] == Signature[0] && begin[1..4].SequenceEqual("HDF"u8);
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="MofException">It is missing, too large, cut or not HDF5 (FileFormat); has what is lacking here (Unsupported).</exception>
    public static Hdf5File Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MostBytes)
            {
                throw new MofException(ErrorKind.Unsupported, "the file has more than 2 GB", path);
            }

            return new Hdf5File(new Hdf5Bytes(File.ReadAllBytes(path), path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MofException(ErrorKind.FileFormat, $"the file cannot be read: {e.Message}", path, inner: e);
        }
    }

    /// <summary>A text among the root's attributes.</summary>
    public string Attribute(string name)
    {
        foreach (var message in _root)
        {
            if (message.Type == Hdf5Messages.Attribute && TryRead(message.Offset, name) is { } text)
            {
                return text;
            }
        }

        throw new MofException(ErrorKind.FileFormat, $"the root has no attribute '{name}'", _bytes.Path);
    }

    /// <summary>A dataset of numbers right below the root.</summary>
    /// <param name="name">Its name, with or without the slash before it.</param>
    /// <returns>Its sizes, and its numbers in row-major order.</returns>
    public (int[] Shape, double[] Values) Dataset(string name)
    {
        if (!_members.TryGetValue(name.TrimStart('/'), out var address))
        {
            throw new MofException(ErrorKind.FileFormat, $"there is no dataset '{name}'", _bytes.Path, $"one of {string.Join(", ", _members.Keys.Take(20))}{(_members.Count > 20 ? ", …" : "")}");
        }

        var messages = Hdf5Messages.Read(_bytes, address);
        if (messages.Any(message => message.Type == Hdf5Messages.Filters))
        {
            throw _bytes.Unsupported(address, $"the dataset '{name}' is compressed");
        }

        var shape = Hdf5Messages.Shape(_bytes, Find(messages, Hdf5Messages.Dataspace, $"'{name}' is not a dataset").Offset);
        var type = Find(messages, Hdf5Messages.Datatype, $"'{name}' is not a dataset").Offset;
        var count = shape.Aggregate(1L, (product, extent) => product * extent is <= MostBytes and var next ? next : throw _bytes.Wrong(address, $"'{name}' has too many numbers"));
        var size = (int)_bytes.Word(type + 4);
        if (size is not (1 or 2 or 4 or 8))
        {
            throw _bytes.Unsupported(type, $"numbers of {size} bytes");
        }

        // A dataset without numbers has no place; one with a place has as many bytes as it says, which the file must hold before memory is taken.
        var content = count == 0 ? [] : Content(Find(messages, Hdf5Messages.Layout, $"'{name}' has no layout").Offset, name, count * size);
        var values = new double[count];
        Convert(type, size, content, values);
        return (shape, values);
    }

    private Hdf5Message Find(List<Hdf5Message> messages, int type, string otherwise)
    {
        foreach (var message in messages)
        {
            if (message.Type == type)
            {
                return message;
            }
        }

        throw new MofException(ErrorKind.FileFormat, otherwise, _bytes.Path);
    }

    private ReadOnlySpan<byte> Content(long layout, string name, long length)
    {
        int version = _bytes.Byte(layout), kind = _bytes.Byte(layout + 1);
        return (version, kind) switch
        {
            (3 or 4, 0) => _bytes.At(layout + 4, length),
            (3 or 4, 1) => _bytes.At(_bytes.Long(layout + 2), length),
            _ => throw _bytes.Unsupported(layout, $"the dataset '{name}' does not lie in one piece (chunks, or layout version {version})"),
        };
    }

    private void Convert(long type, int size, ReadOnlySpan<byte> content, double[] values)
    {
        int kind = _bytes.Byte(type) & 15, bits = _bytes.Byte(type + 1);
        if ((bits & 1) != 0)
        {
            throw _bytes.Unsupported(type, "numbers whose largest byte is first");
        }

        for (var k = 0; k < values.Length; k++)
        {
            var one = content.Slice(k * size, size);
            values[k] = (kind, size) switch
            {
                (FloatingPoint, 8) => BinaryPrimitives.ReadDoubleLittleEndian(one),
                (FloatingPoint, 4) => BinaryPrimitives.ReadSingleLittleEndian(one),
                (FloatingPoint, 2) => (double)BinaryPrimitives.ReadHalfLittleEndian(one),
                (FixedPoint, 8) => BinaryPrimitives.ReadInt64LittleEndian(one),
                (FixedPoint, 4) => BinaryPrimitives.ReadInt32LittleEndian(one),
                (FixedPoint, 1) => one[0],
                _ => throw _bytes.Unsupported(type, $"numbers of class {kind} and {size} bytes"),
            };
        }
    }

    // The value of an attribute message, where it is a text of this name.
    private string? TryRead(long offset, string name)
    {
        int version = _bytes.Byte(offset), nameLength = _bytes.Short(offset + 2), typeLength = _bytes.Short(offset + 4), spaceLength = _bytes.Short(offset + 6);
        if (version is < 1 or > 3)
        {
            throw _bytes.Wrong(offset, $"an attribute of version {version}");
        }

        int Padded(int length) => version == 1 ? (length + 7) / 8 * 8 : length;
        var at = offset + (version == 3 ? 9 : 8);
        if (Encoding.UTF8.GetString(_bytes.At(at, nameLength)).TrimEnd('\0') != name)
        {
            return null;
        }

        var type = at + Padded(nameLength);
        var value = type + Padded(typeLength) + Padded(spaceLength);
        return (_bytes.Byte(type) & 15) switch
        {
            FixedText => Encoding.UTF8.GetString(_bytes.At(value, _bytes.Word(type + 4))).TrimEnd('\0'),
            VariableLength when (_bytes.Byte(type + 1) & 15) == 1 => Encoding.UTF8.GetString(Text(value)),
            var other => throw _bytes.Unsupported(type, $"the attribute '{name}' is no text (class {other})"),
        };
    }

    // Length, collection and index of a text of variable length.
    private ReadOnlySpan<byte> Text(long value)
    {
        var content = HeapObject(_bytes.Long(value + 4), _bytes.Word(value + 12));
        var length = _bytes.Word(value);
        return length <= content.Length ? content[..(int)length] : throw _bytes.Wrong(value, "a text longer than its place");
    }

    // An object of a global heap (III.E).
    private ReadOnlySpan<byte> HeapObject(long collection, long index)
    {
        _bytes.Expect(collection, "GCOL");
        var end = collection + _bytes.Long(collection + 8);
        for (var at = collection + 16; at + 16 <= end && at >= collection;)
        {
            var size = _bytes.Long(at + 8);
            var found = _bytes.Short(at);
            if (found == index && found != 0)
            {
                return _bytes.At(at + 16, size);
            }

            if (found == 0 || size < 0 || size > MostBytes)
            {
                break;
            }

            at += 16 + (size + 7) / 8 * 8;
        }

        throw _bytes.Wrong(collection, $"object {index} is not in this heap");
    }
}
