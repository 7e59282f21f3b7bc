using System.Globalization;
using System.Text;
using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>Writes the four input files of one single point: energy, forces and stress of a configuration.</summary>
public static class VaspInput
{
    /// <summary>Name of the file of settings.</summary>
    public const string Incar = "INCAR";

    /// <summary>Name of the file of k points.</summary>
    public const string KPoints = "KPOINTS";

    /// <summary>Name of the file of atoms.</summary>
    public const string Poscar = "POSCAR";

    /// <summary>Name of the file of potentials.</summary>
    public const string Potcar = "POTCAR";

    /// <summary>Writes INCAR, KPOINTS and POSCAR, and POTCAR where there are potentials.</summary>
    /// <param name="folder">Where; must exist.</param>
    /// <param name="configuration">The atoms; <see cref="VaspMethod.Check(AtomicConfiguration)"/> has passed.</param>
    /// <param name="method">The method.</param>
    /// <param name="scf">How the electrons are converged.</param>
    /// <param name="potentials">The library; null: no POTCAR (a dry run without the licensed files).</param>
    /// <exception cref="MofInterop.Potentials.Errors.MofException">A potential is missing (ToolFailure).</exception>
    public static void Write(string folder, AtomicConfiguration configuration, VaspMethod method, VaspScf scf, VaspPotentials? potentials)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(scf);
        var order = new VaspOrder(configuration);
        File.WriteAllText(Path.Combine(folder, Incar), WriteIncar(method, scf));
        File.WriteAllText(Path.Combine(folder, KPoints), WriteKPoints(method));
        Structures.Poscar.Write(Path.Combine(folder, Poscar), order.Sorted(configuration));
        if (potentials is not null)
        {
            File.WriteAllText(Path.Combine(folder, Potcar), potentials.Assemble(order.Elements));
        }
    }

    /// <summary>The INCAR of a single point with forces and stress.</summary>
    public static string WriteIncar(VaspMethod method, VaspScf scf)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(scf);
        var text = new StringBuilder();
        void Tag(string name, FormattableString value) => text.Append(CultureInfo.InvariantCulture, $"{name} = {value.ToString(CultureInfo.InvariantCulture)}\n");
        Tag("SYSTEM", $"label");
        Tag("PREC", $"Accurate");
        Tag("ENCUT", $"{method.Cutoff:R}");
        Tag("EDIFF", $"{method.ScfConvergence:E2}");
        Tag("GGA", $"PE");
        Tag("IVDW", $"{method.Dispersion switch { VaspDispersion.D3Zero => 11, VaspDispersion.D3BeckeJohnson => 12, _ => 0 }}");
        Tag("LASPH", $".TRUE.");
        Tag("LREAL", $"{(method.RealSpaceProjection ? "Auto" : ".FALSE.")}");
        Tag("ISMEAR", $"{method.Smearing switch { VaspSmearing.Fermi => -1, VaspSmearing.MethfesselPaxton => 1, _ => 0 }}");
        Tag("SIGMA", $"{method.SmearingWidth:R}");
        Tag("ISPIN", $"{(method.SpinPolarized ? 2 : 1)}");

        // Distorted configurations have no symmetry worth looking for; the few that seem to have some would get other k points.
        Tag("ISYM", $"0");
        Tag("NSW", $"0");
        Tag("IBRION", $"-1");
        Tag("ISIF", $"2");
        Tag("ISTART", $"0");
        Tag("ICHARG", $"2");
        Tag("LWAVE", $".FALSE.");
        Tag("LCHARG", $".FALSE.");
        Tag("ALGO", $"{scf.Algorithm}");
        Tag("NELM", $"{scf.MostSteps}");
        Tag("NELMIN", $"4");
        foreach (var (name, value) in scf.Tags.Concat(method.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => (tag.Key, tag.Value))))
        {
            Tag(name, $"{value}");
        }

        return text.ToString();
    }

    /// <summary>The KPOINTS: a Γ-centred mesh.</summary>
    public static string WriteKPoints(VaspMethod method)
    {
        ArgumentNullException.ThrowIfNull(method);
        return string.Create(CultureInfo.InvariantCulture, $"Gamma-centred mesh\n0\nGamma\n{method.KPoints[0]} {method.KPoints[1]} {method.KPoints[2]}\n0 0 0\n");
    }
}
