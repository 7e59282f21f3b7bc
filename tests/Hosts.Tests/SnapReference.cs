using System.Globalization;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.TestKit;

namespace MofInterop.Hosts.Tests;

/// <summary>Atoms in a cell (lower triangular, as LAMMPS wants it) and what ML-SNAP of LAMMPS 4Feb2025 computes for them.</summary>
internal sealed class SnapReference
{
    private readonly SnapReferenceCase _data;

    private SnapReference(SnapReferenceCase data)
    {
        _data = data;
        Expected = new Evaluation(data.Energy, Six(data.Virial), data.Forces, data.AtomEnergies, data.AtomVirials);
    }

    public IReadOnlyList<string> Types => _data.TypeNames;

    public IReadOnlyList<string> AtomLabels => _data.Labels;

    /// <summary>The pair_style and pair_coeff lines that made the reference.</summary>
    public IReadOnlyList<string> Setup => _data.Setup;

    public double ForceTolerance => _data.ForceTolerance;

    public double[][] Cell => [.. _data.Cell.Chunk(3)];

    public double[][] Positions => [.. _data.Positions.Chunk(3)];

    public Evaluation Expected { get; }

    /// <summary>Reads a case of the reference data, or skips the test.</summary>
    public static SnapReference Load(string name)
    {
        var data = SnapReferenceCase.Find(name);
        Skip.If(data is null, "reference data absent");
        return new SnapReference(data!);
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
        var (cell, positions) = (Cell, Positions);
        var text = new StringBuilder("reference\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{positions.Length} atoms\n{order.Count} atom types\n");
        text.Append(CultureInfo.InvariantCulture, $"0 {cell[0][0] + vacuum:R} xlo xhi\n0 {cell[1][1]:R} ylo yhi\n0 {cell[2][2]:R} zlo zhi\n");
        text.Append(CultureInfo.InvariantCulture, $"{cell[1][0]:R} {cell[2][0]:R} {cell[2][1]:R} xy xz yz\n\nMasses\n\n");
        for (var type = 0; type < order.Count; type++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{type + 1} {Mass(order[type])}\n");
        }

        text.Append("\nAtoms # atomic\n\n");
        for (var i = 0; i < positions.Length; i++)
        {
            var p = positions[i];
            text.Append(CultureInfo.InvariantCulture, $"{i + 1} {order.IndexOf(AtomLabels[i]) + 1} {p[0]:R} {p[1]:R} {p[2]:R}\n");
        }

        File.WriteAllText(path, text.ToString());
    }

    private static double Mass(string label) => label[0] switch
    {
        'I' => 114.82,
        'P' => 30.974,
        'M' => 95.95,
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

    private static double[] Six(double[] tensor)
    {
        var six = new double[6];
        for (var k = 0; k < 6; k++)
        {
            six[k] = tensor[Voigt.Lammps[k]];
        }

        return six;
    }
}
