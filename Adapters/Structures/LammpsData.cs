using System.Globalization;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>
/// LAMMPS data files, <c>units metal</c>. Writing: <c>atom_style atomic</c>, rotated into LAMMPS's cell convention, wrapped with image flags,
/// so that unwrapped coordinates of a dump continue those written. Reading: atom styles atomic, charge, molecular and full.
/// </summary>
public static class LammpsData
{
    /// <summary>1 Å/ps (<c>units metal</c>) in Å/fs.</summary>
    internal const double MetalVelocity = 1e-3;

    /// <summary>Writes a configuration and returns its cell in LAMMPS's convention, with which results are rotated back.</summary>
    /// <param name="path">The file; replaced.</param>
    /// <param name="configuration">Periodic; its velocities are written too where it has them.</param>
    /// <param name="types">Meaning of the type numbers, also of types that do not occur.</param>
    /// <exception cref="MofException">No cell, or an atom without a type (InvalidArgument).</exception>
    public static LammpsCell Write(string path, AtomicConfiguration configuration, IReadOnlyList<LammpsType> types)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Cell is null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a LAMMPS data file needs a cell", path, remedy: "Put the molecule into a box first.");
        }

        var cell = new LammpsCell(configuration.Cell);
        var numbers = LammpsType.Assign(configuration, types);
        using var writer = new StreamWriter(path);
        writer.Write(Header(configuration.Count, types, cell));
        var positions = cell.ToLammps(configuration.Positions);
        var line = new StringBuilder();
        for (var i = 0; i < configuration.Count; i++)
        {
            var (x, y, z, image) = configuration.Periodic ? Wrap(cell.Cell, positions.AsSpan(3 * i, 3)) : (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2], "0 0 0");
            writer.Write(line.Clear().Append(CultureInfo.InvariantCulture, $"{i + 1} {numbers[i]} {x:R} {y:R} {z:R} {image}\n"));
        }

        if (configuration.Velocities is not null)
        {
            var velocities = cell.ToLammps(configuration.Velocities);
            writer.Write("\nVelocities\n\n");
            for (var i = 0; i < configuration.Count; i++)
            {
                double x = velocities[3 * i] / MetalVelocity, y = velocities[3 * i + 1] / MetalVelocity, z = velocities[3 * i + 2] / MetalVelocity;
                writer.Write(line.Clear().Append(CultureInfo.InvariantCulture, $"{i + 1} {x:R} {y:R} {z:R}\n"));
            }
        }

        return cell;
    }

    /// <summary>Reads a data file into LAMMPS's frame, atoms in the order of their ids, unwrapped where there are image flags.</summary>
    /// <param name="path">The file.</param>
    /// <param name="types">Meaning of the type numbers; null: elements by mass (within 0.05 amu).</param>
    /// <exception cref="MofException">Missing or malformed, or a type that means nothing, with <c>file:line</c> (FileFormat).</exception>
    public static AtomicConfiguration Read(string path, IReadOnlyList<LammpsType>? types = null)
    {
        using var lines = new LineReader(path);
        return new LammpsDataReader(lines, types).Read();
    }

    private static string Header(int count, IReadOnlyList<LammpsType> types, LammpsCell cell)
    {
        var text = new StringBuilder("MofInterop: units metal, atom_style atomic\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{count} atoms\n{types.Count} atom types\n\n");
        var rows = cell.Cell.Rows;
        text.Append(CultureInfo.InvariantCulture, $"0 {rows[0]:R} xlo xhi\n0 {rows[4]:R} ylo yhi\n0 {rows[8]:R} zlo zhi\n");
        double xy = rows[3], xz = rows[6], yz = rows[7];
        // Rounding in the rotation must not make an orthogonal box triclinic.
        if (Math.Abs(xy) + Math.Abs(xz) + Math.Abs(yz) > 1e-12 * (rows[0] + rows[4]))
        {
            text.Append(CultureInfo.InvariantCulture, $"{xy:R} {xz:R} {yz:R} xy xz yz\n");
        }

        text.Append("\nMasses\n\n");
        for (var k = 0; k < types.Count; k++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{k + 1} {types[k].Mass:R} # {types[k].Label}\n");
        }

        return text.Append("\nAtoms # atomic\n\n").ToString();
    }

    private static (double X, double Y, double Z, string Image) Wrap(Cell cell, ReadOnlySpan<double> position)
    {
        var (a, b, c) = cell.ToFractional(position[0], position[1], position[2]);
        double na = Math.Floor(a), nb = Math.Floor(b), nc = Math.Floor(c);
        if (na == 0 && nb == 0 && nc == 0)
        {
            return (position[0], position[1], position[2], "0 0 0");
        }

        var (x, y, z) = cell.ToCartesian(na, nb, nc);
        return (position[0] - x, position[1] - y, position[2] - z, string.Create(CultureInfo.InvariantCulture, $"{na} {nb} {nc}"));
    }
}
