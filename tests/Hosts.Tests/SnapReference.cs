using System.Globalization;
using System.Text;
using System.Text.Json;
using MofInterop.Potentials.Units;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>Atoms in a cell (lower triangular, as LAMMPS wants it) and what ML-SNAP of LAMMPS 4Feb2025 computes for them.</summary>
internal sealed class SnapReference
{
    private SnapReference(JsonElement json)
    {
        Types = [.. json.GetProperty("types").EnumerateArray().Select(t => t.GetString()!)];
        AtomLabels = [.. json.GetProperty("type").EnumerateArray().Select(t => t.GetString()!)];
        Setup = [.. json.GetProperty("setup").EnumerateArray().Select(t => t.GetString()!)];
        Cell = Rows(json.GetProperty("cell"));
        Positions = Rows(json.GetProperty("positions"));

        // The file's virial was made with the CODATA pressure unit from values that LAMMPS gave in its own.
        const double virialUnit = PhysicalConstants.ElectronVoltPerCubicAngstromInBar / PhysicalConstants.LammpsMetalPressure;
        Expected = new Evaluation(
            json.GetProperty("energy").GetDouble(),
            [.. json.GetProperty("virial_eV_xx_yy_zz_xy_xz_yz").EnumerateArray().Select(v => v.GetDouble() * virialUnit)],
            Flat(json.GetProperty("forces")),
            [.. json.GetProperty("atomic_energies").EnumerateArray().Select(v => v.GetDouble())],
            [.. Flat(json.GetProperty("atomic_stress_bar_A3_lammps_sign_xx_yy_zz_xy_xz_yz")).Select(v => -v / PhysicalConstants.LammpsMetalPressure)]);
    }

    public IReadOnlyList<string> Types { get; }

    public IReadOnlyList<string> AtomLabels { get; }

    /// <summary>The pair_style and pair_coeff lines that made the reference.</summary>
    public IReadOnlyList<string> Setup { get; }

    public double[][] Cell { get; }

    public double[][] Positions { get; }

    public Evaluation Expected { get; }

    /// <summary>Reads a case of the reference data, or skips the test.</summary>
    public static SnapReference Load(string name)
    {
        var path = ReferenceData.Find($"snap/{name}.json");
        Skip.If(path is null, "reference data absent");
        using var json = JsonDocument.Parse(File.ReadAllText(path!));
        return new SnapReference(json.RootElement);
    }

    /// <summary>A potential file of the reference data, or skips the test.</summary>
    public static string Potential(string name)
    {
        var path = ReferenceData.Find($"snap/potentials/{name}");
        Skip.If(path is null, "reference data absent");
        return path!;
    }

    /// <summary>The reference's own lines with the one word changed and the files' full paths.</summary>
    public string StyleLines() => string.Join('\n', Setup.Select(line => string.Join(' ', line.Split(' ').Select(Translate))));

    /// <summary>Writes a LAMMPS data file; <paramref name="typeOrder"/> numbers the atom types, <see cref="Types"/> by default.</summary>
    public void WriteData(string path, IReadOnlyList<string>? typeOrder = null, double vacuum = 0)
    {
        var order = (typeOrder ?? Types).ToList();
        var text = new StringBuilder("reference\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Positions.Length} atoms\n{order.Count} atom types\n");
        text.Append(CultureInfo.InvariantCulture, $"0 {Cell[0][0] + vacuum:R} xlo xhi\n0 {Cell[1][1]:R} ylo yhi\n0 {Cell[2][2]:R} zlo zhi\n");
        text.Append(CultureInfo.InvariantCulture, $"{Cell[1][0]:R} {Cell[2][0]:R} {Cell[2][1]:R} xy xz yz\n\nMasses\n\n");
        for (var type = 0; type < order.Count; type++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{type + 1} {Mass(order[type])}\n");
        }

        text.Append("\nAtoms # atomic\n\n");
        for (var i = 0; i < Positions.Length; i++)
        {
            var p = Positions[i];
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {order.IndexOf(AtomLabels[i]) + 1} {p[0]:R} {p[1]:R} {p[2]:R}\n");
        }

        File.WriteAllText(path, text.ToString());
    }

    private static double Mass(string label) => label[0] switch
    {
        'H' => 1.008,
        'C' => 12.011,
        'N' => 14.007,
        'Z' => 65.38,
        'B' => 9.0122,
        'W' => 183.84,
        'T' => 180.948,
        _ => throw new ArgumentException($"no mass for {label}"),
    };

    private static string Translate(string word) => word switch
    {
        "snap" => "mof/snap",
        _ when word.EndsWith(".snapcoeff", StringComparison.Ordinal) || word.EndsWith(".snapparam", StringComparison.Ordinal) => Potential(word),
        _ => word,
    };

    private static double[][] Rows(JsonElement rows) => [.. rows.EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetDouble()).ToArray())];

    private static double[] Flat(JsonElement rows) => [.. Rows(rows).SelectMany(row => row)];
}
