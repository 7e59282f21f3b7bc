using System.Text.Json;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Units;

namespace MofInterop.TestKit;

/// <summary>One file <c>snap/*.json</c> of the reference data: atoms, the lines that made LAMMPS compute them, and its answers.</summary>
public sealed class SnapReferenceCase
{
    // The file's virial was made with the CODATA pressure unit from values that LAMMPS gave in its own.
    private const double VirialUnit = PhysicalConstants.ElectronVoltPerCubicAngstromInBar / PhysicalConstants.LammpsMetalPressure;

    private SnapReferenceCase(JsonElement root, string folder)
    {
        Folder = folder;
        Setup = [.. root.GetProperty("setup").EnumerateArray().Select(line => line.GetString()!)];
        TypeNames = [.. root.GetProperty("types").EnumerateArray().Select(name => name.GetString()!)];
        Labels = [.. root.GetProperty("type").EnumerateArray().Select(label => label.GetString()!)];
        Cell = Numbers(root.GetProperty("cell"));
        Positions = Numbers(root.GetProperty("positions"));
        Energy = root.GetProperty("energy").GetDouble();
        Forces = Numbers(root.GetProperty("forces"));
        AtomEnergies = Numbers(root.GetProperty("atomic_energies"));
        Virial = Voigt.Expand([.. Numbers(root.GetProperty("virial_eV_xx_yy_zz_xy_xz_yz")).Select(w => w * VirialUnit)], Voigt.Lammps);
        AtomVirials = [.. Numbers(root.GetProperty("atomic_stress_bar_A3_lammps_sign_xx_yy_zz_xy_xz_yz")).Select(s => -s / PhysicalConstants.LammpsMetalPressure)];
        Bispectrum = root.TryGetProperty("bispectrum", out var bispectrum) ? Numbers(bispectrum) : null;
    }

    /// <summary>Names of all files, without their ending.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "Ta06A_linear_2J6", "Ta06A_zbl_overlay", "W_2940_linear_2J8", "WBe_linear_2J8", "W_rmin0_noswitch", "W_switchinner",
        "ZIF8_published_equilibrium", "ZIF8_published_rattled", "Mo_quadratic", "InP_chem_2J6",
    ];

    /// <summary>The folder of the file.</summary>
    public string Folder { get; }

    /// <summary>The pair_style and pair_coeff lines.</summary>
    public IReadOnlyList<string> Setup { get; }

    /// <summary>Labels of the host's types.</summary>
    public IReadOnlyList<string> TypeNames { get; }

    /// <summary>[natoms].</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>[3][3], Å.</summary>
    public double[] Cell { get; }

    /// <summary>[natoms][3], Å.</summary>
    public double[] Positions { get; }

    /// <summary>eV.</summary>
    public double Energy { get; }

    /// <summary>[natoms][3], eV/Å.</summary>
    public double[] Forces { get; }

    /// <summary>[natoms], eV.</summary>
    public double[] AtomEnergies { get; }

    /// <summary>[3][3], eV.</summary>
    public double[] Virial { get; }

    /// <summary>[natoms][6], xx yy zz xy xz yz, eV.</summary>
    public double[] AtomVirials { get; }

    /// <summary>[natoms][components], or null where the file has none.</summary>
    public double[]? Bispectrum { get; }

    /// <summary>
    /// Of the forces, eV/Å. LAMMPS takes two coefficients for one that chemflag's symmetry makes equal, and InP's file
    /// has pairs that differ by 5e-11: its forces are off its own energy's gradient by about 1e-9.
    /// </summary>
    public double ForceTolerance => Setup.Any(line => line.Contains("InP", StringComparison.Ordinal)) ? 1e-7 : 1e-10;

    /// <summary>The coefficient file.</summary>
    public string CoefficientFile => FileEndingIn(".snapcoeff");

    /// <summary>The parameter file.</summary>
    public string ParameterFile => FileEndingIn(".snapparam");

    /// <summary>Reads a case, or returns null where the reference data are absent.</summary>
    public static SnapReferenceCase? Find(string name)
    {
        if (ReferenceData.Find($"snap/{name}.json") is not { } path)
        {
            return null;
        }

        using var document = JsonDocument.Parse(File.ReadAllText(path));
        return new SnapReferenceCase(document.RootElement, Path.GetDirectoryName(path)!);
    }

    private static double[] Numbers(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? [.. element.EnumerateArray().SelectMany(Numbers)] : [element.GetDouble()];

    private string FileEndingIn(string extension) =>
        Path.Combine(Folder, "potentials", Setup.SelectMany(line => line.Split(' ')).First(word => word.EndsWith(extension, StringComparison.Ordinal)));
}
