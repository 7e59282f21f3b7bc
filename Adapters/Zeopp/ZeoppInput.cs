using System.Globalization;
using System.Text;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Zeopp;

/// <summary>The files that <c>network</c> of Zeo++ reads.</summary>
internal static class ZeoppInput
{
    /// <summary>
    /// The structure in its format V1: cell vectors with a along x and b in the xy plane, then symbols and Cartesian positions, Å. Unlike CSSR and CIF it has
    /// digits for every number.
    /// </summary>
    public static string Structure(AtomicConfiguration structure)
    {
        var own = structure.Cell!;
        var p = own.Parameters();
        var cell = Cell.FromParameters(p[0], p[1], p[2], p[3], p[4], p[5]);
        var rows = cell.Rows;
        var text = new StringBuilder("Unit cell vectors:\n");
        foreach (var (name, k) in new[] { ("va", 0), ("vb", 3), ("vc", 6) })
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}= {rows[k]:F10} {rows[k + 1]:F10} {rows[k + 2]:F10}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{structure.Count}\n");
        for (var i = 0; i < structure.Count; i++)
        {
            var (a, b, c) = own.ToFractional(structure.Positions[3 * i], structure.Positions[3 * i + 1], structure.Positions[3 * i + 2]);
            var (x, y, z) = cell.ToCartesian(a - Math.Floor(a), b - Math.Floor(b), c - Math.Floor(c));
            text.Append(CultureInfo.InvariantCulture, $"{structure.Symbols[i]} {x:F10} {y:F10} {z:F10}\n");
        }

        return text.ToString();
    }

    /// <summary>Radii by symbol, Å.</summary>
    public static string Radii(AtomicConfiguration structure, Func<string, double> radius) =>
        string.Concat(structure.Symbols.Distinct().Order(StringComparer.Ordinal).Select(symbol => string.Create(CultureInfo.InvariantCulture, $"{symbol} {radius(symbol):F6}\n")));
}
