using System.Globalization;
using System.Text.Json;
using MofInterop.ModelFiles.Snap;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;
using MofInterop.TestKit;

namespace MofInterop.Potentials.Tests.Snap;

/// <summary>One configuration with LAMMPS's answers, and the model that gave them.</summary>
internal sealed class LammpsCase
{
    /// <summary>
    /// <c>nktv2p</c> of <c>units metal</c> in LAMMPS's update.cpp, with which LAMMPS itself multiplied the reference stresses.
    /// The global virials of the files are the sums of these stresses divided by 1602176.634, hence 8.4e-8 too small.
    /// </summary>
    private const double LammpsPressureUnit = 1602176.5;

    private const double ReferenceVirialUnit = 1602176.634;

    private LammpsCase(JsonElement root, string folder)
    {
        Positions = Numbers(root.GetProperty("positions"));
        Cell = new Cell(Numbers(root.GetProperty("cell")));
        Energy = root.GetProperty("energy").GetDouble();
        Forces = Numbers(root.GetProperty("forces"));
        AtomEnergies = Numbers(root.GetProperty("atomic_energies"));
        Virial = Voigt.Expand(
            [.. Numbers(root.GetProperty("virial_eV_xx_yy_zz_xy_xz_yz")).Select(w => w * ReferenceVirialUnit / LammpsPressureUnit)], Voigt.Lammps);
        AtomVirials = [.. Numbers(root.GetProperty("atomic_stress_bar_A3_lammps_sign_xx_yy_zz_xy_xz_yz"))
            .Select(s => -s / LammpsPressureUnit)];
        Bispectrum = root.TryGetProperty("bispectrum", out var b) ? Numbers(b) : null;
        var words = root.GetProperty("setup").EnumerateArray().Select(s => s.GetString()!).First(s => s.Contains(".snapcoeff", StringComparison.Ordinal)).Split(' ');
        var coefficientFile = words.First(w => w.EndsWith(".snapcoeff", StringComparison.Ordinal));
        var parameterFile = words.First(w => w.EndsWith(".snapparam", StringComparison.Ordinal));
        Model = SnapFiles.Read(Path.Combine(folder, "potentials", coefficientFile), Path.Combine(folder, "potentials", parameterFile));
        var types = root.GetProperty("type").EnumerateArray().Select(t => t.ToString()).ToArray();
        var names = root.GetProperty("types").EnumerateArray().Select(t => t.GetString()!).ToArray();
        Types = [.. types.Select(t => Model.IndexOf(int.TryParse(t, CultureInfo.InvariantCulture, out var number) ? names[number - 1] : t))];
    }

    public SnapModel Model { get; }

    public Cell Cell { get; }

    public double[] Positions { get; }

    public int[] Types { get; }

    public double Energy { get; }

    public double[] Forces { get; }

    public double[] AtomEnergies { get; }

    public double[] Virial { get; }

    /// <summary>[natoms][6], LAMMPS order, eV.</summary>
    public double[] AtomVirials { get; }

    public double[]? Bispectrum { get; }

    public static LammpsCase Load(string name)
    {
        var path = ReferenceData.Find($"snap/{name}.json");
        Skip.If(path is null, "reference data absent");
        using var document = JsonDocument.Parse(File.ReadAllText(path!));
        return new LammpsCase(document.RootElement, Path.GetDirectoryName(path)!);
    }

    private static double[] Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().SelectMany(Numbers)]
            : [element.GetDouble()];
}
