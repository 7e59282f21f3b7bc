using System.Buffers.Binary;
using System.Text.Json;
using MofInterop.ModelFiles.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.ModelFiles.SafeTensors;

/// <summary>Numbers of a file, in row-major order.</summary>
/// <param name="Shape">Sizes.</param>
/// <param name="Values">As many as their product.</param>
public sealed record SafeTensor(IReadOnlyList<int> Shape, double[] Values);

/// <summary>
/// A safetensors file (github.com/huggingface/safetensors): eight bytes of length, that much JSON which tells type, shape and place of every tensor and holds texts in <c>__metadata__</c>, and the numbers.
/// </summary>
public sealed class SafeTensorsFile
{
    private const string Description = "safetensors file";
    private const string MetadataKey = "__metadata__";
    private const int LengthBytes = 8;

    private SafeTensorsFile(Dictionary<string, string> metadata, Dictionary<string, SafeTensor> tensors)
    {
        (Metadata, Tensors) = (metadata, tensors);
    }

    /// <summary>Texts.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Numbers by name; of integers and single-precision numbers the doubles that equal them.</summary>
    public IReadOnlyDictionary<string, SafeTensor> Tensors { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="MofException">Missing, damaged, of another kind (FileFormat); numbers of a type that is lacking here (Unsupported).</exception>
    public static SafeTensorsFile Read(string path)
    {
        var bytes = TextFile.ReadBytes(path, Description);
        var length = bytes.Length >= LengthBytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : ulong.MaxValue;
        if (bytes.Length < LengthBytes || length > (ulong)(bytes.Length - LengthBytes))
        {
            throw new MofException(ErrorKind.FileFormat, "this is no safetensors file, or a truncated one", path, "a file that tells the length of its header first");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes.AsMemory(LengthBytes, (int)length));
            return Read(document.RootElement, bytes, LengthBytes + (int)length, path);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new MofException(ErrorKind.FileFormat, $"the header is unreadable: {e.Message}", path, "a safetensors file", "The file may be damaged; copy it again.", e);
        }
    }

    private static SafeTensorsFile Read(JsonElement header, byte[] bytes, int start, string path)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, SafeTensor>(StringComparer.Ordinal);
        long left = bytes.Length - start;
        foreach (var entry in header.EnumerateObject())
        {
            if (entry.Name == MetadataKey)
            {
                foreach (var text in entry.Value.EnumerateObject())
                {
                    metadata[text.Name] = text.Value.GetString() ?? "";
                }

                continue;
            }

            long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(one => one.GetInt64())];
            int[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(one => one.GetInt32())];
            if (offsets is not [>= 0, >= 0] || offsets[1] < offsets[0] || offsets[1] > bytes.Length - start || shape.Any(size => size < 0))
            {
                throw new MofException(ErrorKind.FileFormat, $"the tensor '{entry.Name}' lies outside of the file", path, remedy: "The file may be truncated; copy it again.");
            }

            // Tensors do not share numbers, so that a small file cannot claim much memory.
            left -= offsets[1] - offsets[0];
            if (left < 0)
            {
                throw new MofException(ErrorKind.FileFormat, $"the tensor '{entry.Name}' has numbers that others have", path, "tensors that lie one after the other");
            }

            var data = bytes.AsSpan(start + (int)offsets[0], (int)(offsets[1] - offsets[0]));
            tensors[entry.Name] = new SafeTensor(shape, Values(entry.Value.GetProperty("dtype").GetString(), shape, data, $"{path}, {entry.Name}"));
        }

        return new SafeTensorsFile(metadata, tensors);
    }

    private static double[] Values(string? type, int[] shape, ReadOnlySpan<byte> data, string where)
    {
        var size = type switch
        {
            "F64" or "I64" => 8,
            "F32" or "I32" => 4,
            _ => throw new MofException(ErrorKind.Unsupported, $"the numbers have the type {type}", where, "F64, F32, I64 or I32"),
        };
        var count = shape.Aggregate((Int128)1, (product, one) => Int128.Min(product * one, int.MaxValue));
        if (count * size != data.Length)
        {
            throw new MofException(ErrorKind.FileFormat, $"{data.Length} bytes are given for the shape [{string.Join(", ", shape)}] of {type}", where, $"{count * size} bytes");
        }

        var values = new double[(int)count];
        for (var k = 0; k < values.Length; k++)
        {
            var one = data.Slice(k * size, size);
            values[k] = type switch
            {
                "F64" => BinaryPrimitives.ReadDoubleLittleEndian(one),
                "F32" => BinaryPrimitives.ReadSingleLittleEndian(one),
                "I64" => BinaryPrimitives.ReadInt64LittleEndian(one),
                _ => BinaryPrimitives.ReadInt32LittleEndian(one),
            };
        }

        return values;
    }
}
