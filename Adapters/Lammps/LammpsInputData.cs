using System.Globalization;
using System.Text;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>
/// Writes a configuration as a LAMMPS data file (<c>units metal</c>, <c>atom_style atomic</c>): a triclinic box at the origin,
/// in LAMMPS's frame of reference, atoms in their own order, labels as comments. Numbers read back to the same bits.
/// </summary>
public static class LammpsInputData
{
    private const double PicosecondInFemtoseconds = 1000;

    /// <summary>The text of the data file for the start of a run.</summary>
    /// <exception cref="Potentials.Errors.MofException">The configuration and the potential do not fit (see <see cref="LammpsRun.Check"/>).</exception>
    public static string Write(LammpsRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Check();
        return Write(run, LammpsInputTypes.Of(run));
    }

    internal static string Write(LammpsRun run, LammpsInputTypes types)
    {
        var start = run.Start;
        var rotation = new LammpsCell(start.Cell!);
        var rows = rotation.Cell.Rows;
        var text = new StringBuilder(160 * start.Count);
        var invariant = CultureInfo.InvariantCulture;
        text.Append(invariant, $"{run.Name}: metal units, atom_style atomic\n\n");
        text.Append(invariant, $"{start.Count} atoms\n{types.Labels.Length} atom types\n\n");
        text.Append(invariant, $"0 {rows[0]:R} xlo xhi\n0 {rows[4]:R} ylo yhi\n0 {rows[8]:R} zlo zhi\n");
        text.Append(invariant, $"{rows[3]:R} {rows[6]:R} {rows[7]:R} xy xz yz\n\nMasses\n\n");
        for (var k = 0; k < types.Labels.Length; k++)
        {
            text.Append(invariant, $"{k + 1} {types.Masses[k]:R} # {types.Labels[k]}\n");
        }

        text.Append("\nAtoms # atomic\n\n");
        AppendVectors(text, rotation.ToLammps(start.Positions), 1, i => $" {types.OfAtom[i]}");
        if (start.Velocities is { } velocities)
        {
            text.Append("\nVelocities\n\n");
            AppendVectors(text, rotation.ToLammps(velocities), PicosecondInFemtoseconds, _ => "");
        }

        return text.ToString();
    }

    private static void AppendVectors(StringBuilder text, double[] vectors, double factor, Func<int, string> between)
    {
        for (var i = 0; i < vectors.Length / 3; i++)
        {
            double x = factor * vectors[3 * i], y = factor * vectors[3 * i + 1], z = factor * vectors[3 * i + 2];
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}{between(i)} {x:R} {y:R} {z:R}\n");
        }
    }
}
