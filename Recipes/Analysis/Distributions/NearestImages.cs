using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>Vectors between atoms to the nearest image: right for distances up to half of the smallest distance of opposite faces of the cell.</summary>
internal readonly struct NearestImages
{
    private readonly double[] _positions;
    private readonly Cell? _cell;

    /// <exception cref="MofException">The cutoff is beyond half of the cell (InvalidArgument).</exception>
    public NearestImages(double[] positions, Cell? cell, double cutoff = 0)
    {
        _positions = positions;
        _cell = cell;
        if (cell is not null && 2 * cutoff > cell.FaceDistances().Min() * (1 + 1e-9))
        {
            throw new MofException(
                ErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"a cutoff of {cutoff} angstrom in a cell whose faces are {cell.FaceDistances().Min():0.##} angstrom apart"),
                expected: "at most half of that", remedy: "Use a larger cell, or a smaller cutoff.");
        }
    }

    /// <summary>From one atom to the nearest image of another, Å.</summary>
    public AtomVector Between(int from, int to)
    {
        int i = 3 * from, j = 3 * to;
        double x = _positions[j] - _positions[i], y = _positions[j + 1] - _positions[i + 1], z = _positions[j + 2] - _positions[i + 2];
        if (_cell is not null)
        {
            var (a, b, c) = _cell.ToFractional(x, y, z);
            (x, y, z) = _cell.ToCartesian(a - Math.Round(a), b - Math.Round(b), c - Math.Round(c));
        }

        return new AtomVector(x, y, z);
    }
}

/// <summary>A vector, Å.</summary>
internal readonly record struct AtomVector(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    public double Dot(AtomVector other) => X * other.X + Y * other.Y + Z * other.Z;

    public AtomVector Cross(AtomVector other) => new(Y * other.Z - Z * other.Y, Z * other.X - X * other.Z, X * other.Y - Y * other.X);
}
