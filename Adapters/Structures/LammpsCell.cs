using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>
/// The rotation between any cell and the one LAMMPS asks for: a along +x, b in the xy plane with positive y, c with positive z
/// (LAMMPS manual, "Triclinic simulation boxes"). Rows: cell = <see cref="Cell"/> · Q, vectors: v = v(LAMMPS) · Q.
/// A left-handed cell is mirrored, which no energy, distance or angle notices. Immutable.
/// </summary>
public sealed class LammpsCell
{
    // Q row-major: its rows are the unit vectors of LAMMPS's axes in the original frame of reference.
    private readonly double[] _axes;

    /// <summary>Finds the rotation for a cell. A cell that is already in LAMMPS's form is taken over exactly.</summary>
    public LammpsCell(Cell original)
    {
        ArgumentNullException.ThrowIfNull(original);
        var rows = original.Rows;
        ReadOnlySpan<double> a = rows[..3], b = rows[3..6], c = rows[6..];
        var x = Unit(a);
        var along = Dot(b, x);
        double[] rest = [b[0] - along * x[0], b[1] - along * x[1], b[2] - along * x[2]];
        var y = Unit(rest);
        double[] z = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
        if (Dot(c, z) < 0)
        {
            z = [-z[0], -z[1], -z[2]];
        }

        _axes = [.. x, .. y, .. z];
        Cell = new Cell([Dot(a, x), 0, 0, along, Dot(b, y), 0, Dot(c, x), Dot(c, y), Dot(c, z)]);
    }

    /// <summary>The cell as LAMMPS has it: rows (lx, 0, 0), (xy, ly, 0), (xz, yz, lz).</summary>
    public Cell Cell { get; }

    /// <summary>Rotates vectors (positions, velocities, forces) <c>double[3N]</c> into LAMMPS's frame of reference.</summary>
    public double[] ToLammps(ReadOnlySpan<double> vectors)
    {
        var rotated = new double[Checked(vectors.Length)];
        for (var i = 0; i < rotated.Length; i += 3)
        {
            for (var k = 0; k < 3; k++)
            {
                rotated[i + k] = vectors[i] * _axes[3 * k] + vectors[i + 1] * _axes[3 * k + 1] + vectors[i + 2] * _axes[3 * k + 2];
            }
        }

        return rotated;
    }

    /// <summary>Rotates vectors <c>double[3N]</c> back into the original frame of reference.</summary>
    public double[] FromLammps(ReadOnlySpan<double> vectors)
    {
        var rotated = new double[Checked(vectors.Length)];
        for (var i = 0; i < rotated.Length; i += 3)
        {
            for (var k = 0; k < 3; k++)
            {
                rotated[i + k] = vectors[i] * _axes[k] + vectors[i + 1] * _axes[3 + k] + vectors[i + 2] * _axes[6 + k];
            }
        }

        return rotated;
    }

    /// <summary>A later LAMMPS cell (in NPT the box changes, the frame of reference does not) in the original frame of reference.</summary>
    public Cell FromLammps(Cell cell)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return new Cell(FromLammps(cell.Rows));
    }

    /// <summary>A symmetric tensor <c>double[9]</c> row-major in LAMMPS's frame of reference, in the original one.</summary>
    public double[] TensorFromLammps(ReadOnlySpan<double> tensor)
    {
        if (tensor.Length != 9)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a tensor has 9 numbers, got {tensor.Length}");
        }

        var half = FromLammps(tensor);
        double[] transposed = [half[0], half[3], half[6], half[1], half[4], half[7], half[2], half[5], half[8]];
        return FromLammps(transposed);
    }

    private static int Checked(int length) => length % 3 == 0
        ? length
        : throw new MofException(ErrorKind.InvalidArgument, $"{length} numbers are not vectors of three");

    private static double Dot(ReadOnlySpan<double> u, ReadOnlySpan<double> v) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];

    private static double[] Unit(ReadOnlySpan<double> u)
    {
        // Divided, not multiplied by a reciprocal: a vector along an axis then gives exactly 1.
        var length = Math.Sqrt(Dot(u, u));
        return [u[0] / length, u[1] / length, u[2] / length];
    }
}
