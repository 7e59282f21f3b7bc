using System.Buffers.Binary;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Hdf5;

/// <summary>The bytes of an HDF5 file; whatever lies outside of it is an error of the file's.</summary>
internal sealed class Hdf5Bytes(byte[] bytes, string path)
{
    /// <summary>An address that leads nowhere.</summary>
    public const long Undefined = -1;

    /// <summary>The file, for messages.</summary>
    public string Path => path;

    /// <summary>How many there are.</summary>
    public long Length => bytes.Length;

    public ReadOnlySpan<byte> At(long offset, long length) =>
        offset >= 0 && length >= 0 && offset <= bytes.Length - length
            ? bytes.AsSpan((int)offset, (int)length)
            : throw Wrong(offset, $"{length} bytes are missing here: the file is cut, or an address in it is wrong");

    public int Byte(long offset) => At(offset, 1)[0];

    public int Short(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(At(offset, 2));

    public long Word(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(At(offset, 4));

    /// <summary>An address or a length, 8 bytes; <see cref="Undefined"/> for all ones.</summary>
    public long Long(long offset) => BinaryPrimitives.ReadInt64LittleEndian(At(offset, 8));

    public void Expect(long offset, string signature)
    {
        var found = At(offset, signature.Length);
        for (var k = 0; k < signature.Length; k++)
        {
            if (found[k] != signature[k])
            {
                throw Wrong(offset, $"'{signature}' is not here");
            }
        }
    }

    public MofException Wrong(long offset, string what) =>
        new(ErrorKind.FileFormat, what, $"{path}, byte {offset}", "an HDF5 file as h5py writes it");

    public MofException Unsupported(long offset, string what) =>
        new(ErrorKind.Unsupported, what, $"{path}, byte {offset}", "datasets of numbers that lie in one piece, without filters, below the root group", "Write the model as YAML instead.");
}
