using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace MofInterop.TestKit;

/// <summary>A .npy file (format 1.0, little-endian, C order: <c>numpy.lib.format</c>) of doubles, integers or truth values.</summary>
public sealed class NumpyArray
{
    private NumpyArray(int[] shape, double[] values)
    {
        Shape = shape;
        Values = values;
    }

    public IReadOnlyList<int> Shape { get; }

    public double[] Values { get; }

    /// <summary>A row of a matrix.</summary>
    public ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Shape[1], Shape[1]);

    public static NumpyArray Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <summary>All arrays of a .npz file by their names.</summary>
    public static Dictionary<string, NumpyArray> ReadArchive(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        var arrays = new Dictionary<string, NumpyArray>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            using var source = entry.Open();
            using var target = new MemoryStream();
            source.CopyTo(target);
            arrays.Add(Path.GetFileNameWithoutExtension(entry.FullName), Parse(target.ToArray(), $"{path}, {entry.FullName}"));
        }

        return arrays;
    }

    private static NumpyArray Parse(byte[] bytes, string where)
    {
        var start = 10 + BitConverter.ToUInt16(bytes, 8);
        var header = Encoding.ASCII.GetString(bytes, 10, start - 10);
        var type = Regex.Match(header, "'descr': '([^']*)'").Groups[1].Value;
        if (bytes[6] != 1 || !header.Contains("'fortran_order': False", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"{where}: {header}");
        }

        int[] shape = [.. Regex.Match(header, @"\(([^)]*)\)").Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        var count = shape.Aggregate(1, (product, size) => product * size);
        var values = new double[count];
        for (var k = 0; k < count; k++)
        {
            values[k] = type switch
            {
                "<f8" => BitConverter.ToDouble(bytes, start + 8 * k),
                "<i8" => BitConverter.ToInt64(bytes, start + 8 * k),
                "<i4" => BitConverter.ToInt32(bytes, start + 4 * k),
                "|b1" => bytes[start + k],
                _ => throw new NotSupportedException($"{where}: {header}"),
            };
        }

        return new NumpyArray(shape, values);
    }
}
