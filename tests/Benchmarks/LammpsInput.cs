using System.Globalization;
using System.Text;
using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials.Snap;

namespace MofInterop.Benchmarks;

/// <summary>Writes a case for LAMMPS's own <c>pair_style snap</c>: energy and forces every step, atoms at rest, no rebuild of lists.</summary>
internal static class LammpsInput
{
    public static void Write(string folder, Crystal crystal, SnapModel model)
    {
        Directory.CreateDirectory(folder);
        string PathOf(string extension) => Path.Combine(folder, crystal.Name + extension);
        SnapFiles.Write(model, PathOf(".snapcoeff"), PathOf(".snapparam"));
        var rows = crystal.Cell.Rows;
        var data = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{crystal.Name}\n\n{crystal.Types.Length} atoms\n{model.Species.Count} atom types\n"));
        data.Append(CultureInfo.InvariantCulture, $"0 {rows[0]:r} xlo xhi\n0 {rows[4]:r} ylo yhi\n0 {rows[8]:r} zlo zhi\n\nMasses\n\n");
        for (var type = 1; type <= model.Species.Count; type++)
        {
            data.Append(CultureInfo.InvariantCulture, $"{type} 1.0\n");
        }

        data.Append("\nAtoms # atomic\n\n");
        for (var i = 0; i < crystal.Types.Length; i++)
        {
            data.Append(CultureInfo.InvariantCulture, $"{i + 1} {crystal.Types[i] + 1} {crystal.Positions[3 * i]:r} {crystal.Positions[3 * i + 1]:r} {crystal.Positions[3 * i + 2]:r}\n");
        }

        File.WriteAllText(PathOf(".data"), data.ToString());
        File.WriteAllText(PathOf(".in"), $"""
            units metal
            boundary p p p
            read_data {crystal.Name}.data
            pair_style snap
            pair_coeff * * {crystal.Name}.snapcoeff {crystal.Name}.snapparam {string.Join(' ', model.Species.Select(s => s.Label))}
            neighbor 2.0 bin
            neigh_modify delay 100000 every 100000 check no
            thermo 1
            thermo_style custom step pe
            thermo_modify format float %.8f
            run $(v_steps)

            """);
    }
}
