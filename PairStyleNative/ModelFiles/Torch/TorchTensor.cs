using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.Torch;

/// <summary>Types of a tensor's elements.</summary>
public enum TorchType
{
    /// <summary>64-bit floating point.</summary>
    Double,

    /// <summary>32-bit floating point.</summary>
    Float,

    /// <summary>16-bit floating point, IEEE.</summary>
    Half,

    /// <summary>The upper half of a 32-bit one.</summary>
    BFloat16,

    /// <summary>64-bit integer.</summary>
    Long,

    /// <summary>32-bit integer.</summary>
    Int,

    /// <summary>16-bit integer.</summary>
    Short,

    /// <summary>Signed byte.</summary>
    Char,

    /// <summary>Unsigned byte.</summary>
    Byte,

    /// <summary>A byte that is 0 or 1.</summary>
    Bool,
}

/// <summary>A tensor of an archive: a view of a storage, as torch has it. Immutable.</summary>
public sealed class TorchTensor
{
    private const long MostRepeated = 1L << 20;

    private readonly byte[] _storage;
    private readonly long _offset;
    private readonly long[] _strides;

    private TorchTensor(TorchType type, byte[] storage, long offset, int[] shape, long[] strides)
    {
        Type = type;
        _storage = storage;
        _offset = offset;
        _strides = strides;
        Shape = shape;
    }

    /// <summary>Of the elements.</summary>
    public TorchType Type { get; }

    /// <summary>Sizes; none for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>From one index to the next in the storage, in elements.</summary>
    public IReadOnlyList<long> Strides => _strides;

    /// <summary>Number of elements.</summary>
    public int Count { get; private init; }

    /// <summary>The elements in row-major order of <see cref="Shape"/>, whatever order they are stored in.</summary>
    public double[] ToDoubles()
    {
        if (Count == 0 || !IsContiguous || Type is not (TorchType.Double or TorchType.Float) || !BitConverter.IsLittleEndian)
        {
            return Copy(ReadDouble);
        }

        var bytes = _storage.AsSpan(checked((int)(_offset * SizeOf(Type))), Count * SizeOf(Type));
        if (Type == TorchType.Double)
        {
            return MemoryMarshal.Cast<byte, double>(bytes).ToArray();
        }

        var result = new double[Count];
        var values = MemoryMarshal.Cast<byte, float>(bytes);
        for (var n = 0; n < result.Length; n++)
        {
            result[n] = values[n];
        }

        return result;
    }

    /// <summary>The elements in row-major order, of integer tensors.</summary>
    /// <exception cref="MofException">The elements are floating-point numbers.</exception>
    public long[] ToIntegers() =>
        Type >= TorchType.Long ? Copy(ReadInteger) : throw new MofException(ErrorKind.FileFormat, $"a tensor has elements of type {Type}", expected: "integers");

    /// <summary>The element of a tensor that has one.</summary>
    /// <exception cref="MofException">It has more or none.</exception>
    public double ToScalar() =>
        Count == 1 ? ToDoubles()[0] : throw new MofException(ErrorKind.FileFormat, $"a tensor has the shape [{string.Join(", ", Shape)}]", expected: "one number");

    internal static int SizeOf(TorchType type) => type switch
    {
        TorchType.Double or TorchType.Long => 8,
        TorchType.Float or TorchType.Int => 4,
        TorchType.Half or TorchType.BFloat16 or TorchType.Short => 2,
        _ => 1,
    };

    /// <summary>Checks that no index leaves the storage.</summary>
    internal static TorchTensor Create(TorchType type, byte[] storage, long offset, IReadOnlyList<long> shape, IReadOnlyList<long> strides, string where)
    {
        if (shape.Count != strides.Count || shape.Count > 16)
        {
            throw new MofException(ErrorKind.FileFormat, $"a tensor has {shape.Count} sizes and {strides.Count} strides", where, "as many of the one as of the other, at most 16");
        }

        var available = storage.LongLength / SizeOf(type);
        Int128 last = offset, count = 1;
        for (var k = 0; k < shape.Count; k++)
        {
            if (shape[k] < 0 || shape[k] > int.MaxValue || strides[k] < 0)
            {
                throw new MofException(ErrorKind.FileFormat, $"a tensor has the shape [{string.Join(", ", shape)}] and strides [{string.Join(", ", strides)}]", where, "none below zero");
            }

            // At most 16 sizes below 2^31: their product need not fit, but more than the storage holds is enough to know.
            count = Int128.Min(count * shape[k], Int128.MaxValue >> 40);
            last += (Int128)Math.Max(shape[k] - 1, 0) * strides[k];
        }

        if (offset < 0 || (count > 0 && last >= available) || count > Math.Max(available, MostRepeated))
        {
            throw new MofException(
                ErrorKind.FileFormat, $"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} leaves its storage", where, $"at most {available} elements");
        }

        return new TorchTensor(type, storage, offset, [.. shape.Select(size => (int)size)], [.. strides]) { Count = (int)count };
    }

    private bool IsContiguous
    {
        get
        {
            long stride = 1;
            for (var k = _strides.Length - 1; k >= 0; k--)
            {
                if (Shape[k] != 1 && _strides[k] != stride)
                {
                    return false;
                }

                stride *= Shape[k];
            }

            return true;
        }
    }

    private T[] Copy<T>(Func<int, T> read)
    {
        var result = new T[Count];
        var size = SizeOf(Type);
        var indices = new int[Shape.Count];
        var place = _offset;
        for (var n = 0; n < result.Length; n++)
        {
            result[n] = read((int)(place * size));
            for (var k = indices.Length - 1; k >= 0; k--)
            {
                place += _strides[k];
                if (++indices[k] < Shape[k])
                {
                    break;
                }

                place -= indices[k] * _strides[k];
                indices[k] = 0;
            }
        }

        return result;
    }

    private double ReadDouble(int place)
    {
        ReadOnlySpan<byte> bytes = _storage.AsSpan(place);
        return Type switch
        {
            TorchType.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            TorchType.Float => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            TorchType.Half => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
            TorchType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(bytes) << 16),
            _ => ReadInteger(place),
        };
    }

    private long ReadInteger(int place)
    {
        ReadOnlySpan<byte> bytes = _storage.AsSpan(place);
        return Type switch
        {
            TorchType.Long => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            TorchType.Int => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            TorchType.Short => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            TorchType.Char => (sbyte)bytes[0],
            _ => bytes[0],
        };
    }
}
