using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MofInterop.TestKit;

/// <summary>A model card of kind d3 with a table of made-up numbers of the right size, for tests that need no true ones.</summary>
public static class DispersionFiles
{
    /// <summary>The table of D3 as Debian's package cp2k-data ships it; not everywhere.</summary>
    public const string PublishedTable = "/usr/share/cp2k/dftd3.dat";

    /// <summary>PBE with Becke–Johnson damping.</summary>
    public const string Settings = "damping: bj\nfunctional: PBE\ncutoff: 7 angstrom\ncoordination_cutoff: 5.5 angstrom\n";

    private static readonly (int Element, double[] Coordination)[] References =
        [(1, [0.9, 0]), (6, [0, 1, 2, 3, 4]), (7, [0, 1, 2, 3]), (8, [0, 1, 2]), (14, [0, 1, 2, 3, 4]), (30, [0, 2])];

    /// <summary>A table of hydrogen, carbon, nitrogen, oxygen, silicon and zinc, as <c>dftd3.dat</c> has it.</summary>
    public static string TableText()
    {
        var atoms = References.SelectMany(r => r.Coordination.Select((number, n) => (Code: r.Element + 100 * n, r.Element, Number: number))).ToArray();
        var rows = new List<string>();
        for (var a = 0; a < atoms.Length; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                var coefficient = (4 + 0.5 * atoms[a].Element) * (4 + 0.5 * atoms[b].Element) / (1 + 0.2 * atoms[a].Number) / (1 + 0.2 * atoms[b].Number);
                rows.Add(string.Create(CultureInfo.InvariantCulture, $"{coefficient:f4} {atoms[a].Code}.0 {atoms[b].Code}.0 {atoms[a].Number} {atoms[b].Number}"));
            }
        }

        return $"{5 * rows.Count} {rows.Count}\n{string.Join('\n', rows)}\n";
    }

    /// <summary>Writes d3.mof.yaml and, unless a table is named, d3.dat.</summary>
    /// <param name="folder">Must exist.</param>
    /// <param name="settings">The keys of damping and cutoffs.</param>
    /// <param name="labels">Species and their atomic numbers.</param>
    /// <param name="table">A table to copy, or null for <see cref="TableText"/>.</param>
    /// <returns>The path of the card.</returns>
    public static string WriteCard(string folder, string settings, (string Label, int AtomicNumber)[] labels, string? table = null)
    {
        var tablePath = Path.Combine(folder, "d3.dat");
        File.WriteAllText(tablePath, table is null ? TableText() : File.ReadAllText(table));
        var text = new StringBuilder("format: 1\nkind: d3\nspecies:\n");
        foreach (var (label, number) in labels)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - label: {label}\n    atomic_number: {number}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"files:\n  parameters:\n    path: d3.dat\n    sha256: \"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(tablePath)))}\"\n");
        text.Append(settings);
        text.Append("units:\n  energy: eV\n  length: angstrom\nreference:\n  method: PBE\n  dispersion: included\n");
        var path = Path.Combine(folder, "d3.mof.yaml");
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
