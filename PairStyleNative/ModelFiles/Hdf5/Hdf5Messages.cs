namespace MofInterop.ModelFiles.Hdf5;

/// <summary>A message of an object header: its type, and where its content lies.</summary>
internal readonly record struct Hdf5Message(int Type, long Offset, int Length);

/// <summary>Object headers of version 1, which h5py writes unless it is told otherwise (HDF5 File Format Specification 3.0, IV.A.1.a).</summary>
internal static class Hdf5Messages
{
    public const int Dataspace = 0x0001, Datatype = 0x0003, Layout = 0x0008, Filters = 0x000B, Attribute = 0x000C, SymbolTable = 0x0011;

    private const int Continuation = 0x0010, MostMessages = 65536;

    /// <summary>All messages of the object at this address.</summary>
    public static List<Hdf5Message> Read(Hdf5Bytes bytes, long address)
    {
        if (bytes.Byte(address) != 1)
        {
            throw bytes.Unsupported(address, "an object header of another version than 1 (libver='latest')");
        }

        var messages = new List<Hdf5Message>();
        var blocks = new Queue<(long Begin, long Length)>();
        blocks.Enqueue((address + 16, bytes.Word(address + 8)));
        while (blocks.TryDequeue(out var block))
        {
            for (var at = block.Begin; at + 8 <= block.Begin + block.Length;)
            {
                var message = new Hdf5Message(bytes.Short(at), at + 8, bytes.Short(at + 2));
                if (message.Type == Continuation)
                {
                    blocks.Enqueue((bytes.Long(message.Offset), bytes.Long(message.Offset + 8)));
                }
                else
                {
                    messages.Add(message);
                }

                if (messages.Count + blocks.Count > MostMessages)
                {
                    throw bytes.Wrong(address, "an object header without end");
                }

                at += 8 + message.Length;
            }
        }

        return messages;
    }

    /// <summary>The sizes of a dataspace; none for a scalar.</summary>
    public static int[] Shape(Hdf5Bytes bytes, long offset)
    {
        int version = bytes.Byte(offset), rank = bytes.Byte(offset + 1);
        if (version is not (1 or 2) || rank > 32)
        {
            throw bytes.Wrong(offset, $"a dataspace of version {version} and {rank} dimensions");
        }

        var first = offset + (version == 1 ? 8 : 4);
        var shape = new int[rank];
        for (var k = 0; k < rank; k++)
        {
            var size = bytes.Long(first + 8L * k);
            shape[k] = size is >= 0 and <= int.MaxValue ? (int)size : throw bytes.Wrong(first + 8L * k, $"a dimension of {size}");
        }

        return shape;
    }
}
