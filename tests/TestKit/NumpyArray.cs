using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MofInterop.TestKit;

/// <summary>A .npy file (format 1.0, little-endian double, C order: <c>numpy.lib.format</c>).</summary>
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

    public static NumpyArray Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var start = 10 + BitConverter.ToUInt16(bytes, 8);
        var header = Encoding.ASCII.GetString(bytes, 10, start - 10);
        if (bytes[6] != 1 || !header.Contains("'<f8'", StringComparison.Ordinal) || !header.Contains("'fortran_order': False", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"{path}: {header}");
        }

        int[] shape = [.. Regex.Match(header, @"\(([^)]*)\)").Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        var values = new double[(bytes.Length - start) / sizeof(double)];
        Buffer.BlockCopy(bytes, start, values, 0, values.Length * sizeof(double));
        return new NumpyArray(shape, values);
    }
}
