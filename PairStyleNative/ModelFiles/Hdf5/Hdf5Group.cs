using System.Text;

namespace MofInterop.ModelFiles.Hdf5;

/// <summary>Members of a group whose links are a B-tree of symbol nodes, as h5py writes it (HDF5 File Format Specification 3.0, III.A.1, III.B, III.D).</summary>
internal static class Hdf5Group
{
    private const int EntryLength = 40, MostDepth = 16;

    /// <summary>Addresses of the members by name.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="offset">The symbol table message: addresses of tree and heap of names.</param>
    public static Dictionary<string, long> Members(Hdf5Bytes bytes, long offset)
    {
        var heap = bytes.Long(offset + 8);
        bytes.Expect(heap, "HEAP");
        var members = new Dictionary<string, long>(StringComparer.Ordinal);
        Walk(bytes, bytes.Long(offset), bytes.Long(heap + 24), bytes.Long(heap + 8), members, MostDepth);
        return members;
    }

    private static void Walk(Hdf5Bytes bytes, long node, long names, long namesLength, Dictionary<string, long> members, int depth)
    {
        bytes.Expect(node, "TREE");
        int level = bytes.Byte(node + 5), used = bytes.Short(node + 6);
        if (level >= depth || bytes.Byte(node + 4) != 0)
        {
            throw bytes.Wrong(node, "a tree of links without end, or of something else");
        }

        for (var k = 0; k < used; k++)
        {
            var child = bytes.Long(node + 32 + 16L * k);
            if (level > 0)
            {
                Walk(bytes, child, names, namesLength, members, level);
            }
            else
            {
                AddSymbols(bytes, child, names, namesLength, members);
            }
        }
    }

    private static void AddSymbols(Hdf5Bytes bytes, long node, long names, long namesLength, Dictionary<string, long> members)
    {
        bytes.Expect(node, "SNOD");
        var count = bytes.Short(node + 6);
        for (var k = 0; k < count; k++)
        {
            var entry = node + 8 + EntryLength * k;
            var at = bytes.Long(entry);
            if (at < 0 || at >= namesLength)
            {
                throw bytes.Wrong(entry, "a name outside the heap of names");
            }

            var rest = bytes.At(names + at, namesLength - at);
            var end = rest.IndexOf((byte)0);
            members[Encoding.UTF8.GetString(end < 0 ? rest : rest[..end])] = bytes.Long(entry + 8);
        }
    }
}
