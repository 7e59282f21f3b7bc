using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Atoms;

/// <summary>
/// A parallelepiped with rows a, b, c: <c>double[9]</c> row-major, Å; position = fractional · rows.
/// Immutable; a periodic direction needs a non-degenerate cell.
/// </summary>
public sealed class Cell
{
    private readonly double[] _rows;
    private readonly double[] _inverse;

    /// <summary>Creates a cell from its rows.</summary>
    /// <param name="rows">a, b, c as <c>double[9]</c> row-major, Å.</param>
    /// <exception cref="MofException">Wrong length, a value that is not finite, or zero volume.</exception>
    public Cell(ReadOnlySpan<double> rows)
    {
        if (rows.Length != 9)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a cell has 9 numbers, got {rows.Length}");
        }

        foreach (var value in rows)
        {
            if (!double.IsFinite(value))
            {
                throw new MofException(ErrorKind.InvalidArgument, "a cell vector is not finite");
            }
        }

        _rows = rows.ToArray();
        var volume = Determinant(_rows);
        if (Math.Abs(volume) < 1e-9)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the cell vectors span no volume", expected: "three vectors that are not in one plane");
        }

        _inverse = Invert(_rows, volume);
        Volume = Math.Abs(volume);
    }

    /// <summary>a, b, c, <c>double[9]</c> row-major, Å.</summary>
    public ReadOnlySpan<double> Rows => _rows;

    /// <summary>Inverse of <see cref="Rows"/>: fractional = position · inverse, row-major, 1/Å.</summary>
    public ReadOnlySpan<double> Inverse => _inverse;

    /// <summary>Volume, Å³, positive.</summary>
    public double Volume { get; }

    /// <summary>Creates a cell from lengths (Å) and angles (degrees): a along x, b in the xy plane (LAMMPS's and ASE's convention).</summary>
    public static Cell FromParameters(double a, double b, double c, double alpha, double beta, double gamma)
    {
        static double Cosine(double degrees) => degrees == 90 ? 0 : Math.Cos(degrees * Math.PI / 180);
        double cosAlpha = Cosine(alpha), cosBeta = Cosine(beta), cosGamma = Cosine(gamma);
        var sinGamma = gamma == 90 ? 1 : Math.Sin(gamma * Math.PI / 180);
        var cx = c * cosBeta;
        var cy = c * (cosAlpha - cosBeta * cosGamma) / sinGamma;
        var square = c * c - cx * cx - cy * cy;
        if (!(square > 0))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"no cell has the angles {alpha}, {beta}, {gamma} degrees");
        }

        return new Cell([a, 0, 0, b * cosGamma, b * sinGamma, 0, cx, cy, Math.Sqrt(square)]);
    }

    /// <summary>Lengths (Å) and angles (degrees): a, b, c, α, β, γ.</summary>
    public double[] Parameters()
    {
        var r = _rows;
        double a = Norm(0), b = Norm(3), c = Norm(6);
        return [a, b, c, Angle(3, 6, b, c), Angle(0, 6, a, c), Angle(0, 3, a, b)];

        double Norm(int i) => Math.Sqrt(r[i] * r[i] + r[i + 1] * r[i + 1] + r[i + 2] * r[i + 2]);
        double Angle(int i, int j, double ni, double nj) =>
            Math.Acos(Math.Clamp((r[i] * r[j] + r[i + 1] * r[j + 1] + r[i + 2] * r[j + 2]) / (ni * nj), -1, 1)) * 180 / Math.PI;
    }

    /// <summary>Distances between opposite faces, Å, <c>double[3]</c>.</summary>
    public double[] FaceDistances() => [FaceDistance(0), FaceDistance(1), FaceDistance(2)];

    /// <summary>Distance between the two faces that vector 0, 1 or 2 (a, b, c) joins, Å.</summary>
    public double FaceDistance(int vector)
    {
        double x = _inverse[vector], y = _inverse[3 + vector], z = _inverse[6 + vector];
        return 1 / Math.Sqrt(x * x + y * y + z * z);
    }

    /// <summary>Cartesian (Å) to fractional coordinates.</summary>
    public (double A, double B, double C) ToFractional(double x, double y, double z)
    {
        var m = _inverse;
        return (x * m[0] + y * m[3] + z * m[6], x * m[1] + y * m[4] + z * m[7], x * m[2] + y * m[5] + z * m[8]);
    }

    /// <summary>Fractional to Cartesian coordinates, Å.</summary>
    public (double X, double Y, double Z) ToCartesian(double a, double b, double c)
    {
        var m = _rows;
        return (a * m[0] + b * m[3] + c * m[6], a * m[1] + b * m[4] + c * m[7], a * m[2] + b * m[5] + c * m[8]);
    }

    private static double Determinant(double[] m) =>
        m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);

    private static double[] Invert(double[] m, double determinant) =>
    [
        (m[4] * m[8] - m[5] * m[7]) / determinant, (m[2] * m[7] - m[1] * m[8]) / determinant, (m[1] * m[5] - m[2] * m[4]) / determinant,
        (m[5] * m[6] - m[3] * m[8]) / determinant, (m[0] * m[8] - m[2] * m[6]) / determinant, (m[2] * m[3] - m[0] * m[5]) / determinant,
        (m[3] * m[7] - m[4] * m[6]) / determinant, (m[1] * m[6] - m[0] * m[7]) / determinant, (m[0] * m[4] - m[1] * m[3]) / determinant,
    ];
}
