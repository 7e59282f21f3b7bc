using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Learning.Tests;

/// <summary>Crystals made from their published crystallography, and ways to write the same crystal differently.</summary>
internal static class TestStructures
{
    /// <summary>MOF-5, Fm-3m, a = 25.832 Å, site coordinates of the single-crystal structure (Science 2002, 295, 469).</summary>
    private static readonly (string Symbol, double X, double Y, double Z)[] _mof5Sites =
    [
        ("Zn", 0.2934, 0.2066, 0.2066), ("O", 0.25, 0.25, 0.25), ("O", 0.2819, 0.2181, 0.134), ("C", 0.25, 0.25, 0.1113),
        ("C", 0.25, 0.25, 0.0538), ("C", 0.2829, 0.2171, 0.0269), ("H", 0.3049, 0.1951, 0.0448),
    ];

    /// <summary>The 424-atom cubic cell.</summary>
    public static AtomicConfiguration Mof5Conventional()
    {
        const double a = 25.832;
        var symbols = new List<string>();
        var positions = new List<double>();
        foreach (var (symbol, x, y, z) in _mof5Sites)
        {
            foreach (var (p, q, r) in Orbit(x, y, z))
            {
                symbols.Add(symbol);
                positions.AddRange([a * p, a * q, a * r]);
            }
        }

        return new AtomicConfiguration(symbols, [.. positions], new Cell([a, 0, 0, 0, a, 0, 0, 0, a]), periodic: true);
    }

    /// <summary>The 106-atom primitive cell.</summary>
    public static AtomicConfiguration Mof5Primitive()
    {
        const double half = 25.832 / 2;
        return Recut(Mof5Conventional(), new Cell([0, half, half, half, 0, half, half, half, 0]));
    }

    /// <summary>ZIF-8, 138 atoms, or null where the reference data is absent.</summary>
    public static AtomicConfiguration? Zif8() => ReadFirst("dft/zif8_138.extxyz");

    /// <summary>The atoms of a crystal that lie in another, not larger, cell of the same lattice.</summary>
    public static AtomicConfiguration Recut(AtomicConfiguration crystal, Cell cell)
    {
        var symbols = new List<string>();
        var kept = new List<(double A, double B, double C)>();
        for (var i = 0; i < crystal.Count; i++)
        {
            var (a, b, c) = cell.ToFractional(crystal.Positions[3 * i], crystal.Positions[3 * i + 1], crystal.Positions[3 * i + 2]);
            var place = (a - Math.Floor(a), b - Math.Floor(b), c - Math.Floor(c));
            if (!kept.Exists(k => Same(k, place)))
            {
                kept.Add(place);
                symbols.Add(crystal.Symbols[i]);
            }
        }

        return new AtomicConfiguration(symbols, [.. kept.SelectMany(k => Flat(cell.ToCartesian(k.A, k.B, k.C)))], cell, periodic: true);
    }

    /// <summary>The same lattice with rows a, b, c replaced by integer combinations of them (determinant ±1).</summary>
    public static AtomicConfiguration ChangeSetting(AtomicConfiguration crystal, int[] combination)
    {
        var old = crystal.Cell!.Rows.ToArray();
        var rows = new double[9];
        for (var i = 0; i < 3; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                rows[3 * i + k] = combination[3 * i] * old[k] + combination[3 * i + 1] * old[3 + k] + combination[3 * i + 2] * old[6 + k];
            }
        }

        return Recut(crystal, new Cell(rows));
    }

    /// <summary>Copies along the three axes.</summary>
    public static AtomicConfiguration Supercell(AtomicConfiguration crystal, int na, int nb, int nc)
    {
        var rows = crystal.Cell!.Rows.ToArray();
        var symbols = new List<string>();
        var positions = new List<double>();
        for (var image = 0; image < na * nb * nc; image++)
        {
            var (sa, sb, sc) = (image / (nb * nc), image / nc % nb, image % nc);
            for (var i = 0; i < crystal.Count; i++)
            {
                symbols.Add(crystal.Symbols[i]);
                for (var k = 0; k < 3; k++)
                {
                    positions.Add(crystal.Positions[3 * i + k] + sa * rows[k] + sb * rows[3 + k] + sc * rows[6 + k]);
                }
            }
        }

        for (var k = 0; k < 9; k++)
        {
            rows[k] *= k < 3 ? na : k < 6 ? nb : nc;
        }

        return new AtomicConfiguration(symbols, [.. positions], new Cell(rows), periodic: true);
    }

    /// <summary>The same atoms in another order.</summary>
    public static AtomicConfiguration Shuffled(AtomicConfiguration crystal, ulong seed)
    {
        var random = new DeterministicRandom(seed);
        int[] order = [.. Enumerable.Range(0, crystal.Count).Select(i => (i, key: random.NextUnit())).OrderBy(p => p.key).Select(p => p.i)];
        return new AtomicConfiguration(
            [.. order.Select(i => crystal.Symbols[i])],
            [.. order.SelectMany(i => crystal.Positions[(3 * i)..(3 * i + 3)])],
            crystal.Cell,
            crystal.Periodic);
    }

    /// <summary>Small random moves of atoms and cell.</summary>
    public static AtomicConfiguration Distorted(AtomicConfiguration crystal, ulong seed, double displacement = 0.1, double strain = 0.01) =>
        new RandomDistortion { Displacement = displacement, Strain = strain }.Apply(crystal, new DeterministicRandom(seed));

    /// <summary>Type labels and counts as <c>C3a 48 C3b 48 …</c>.</summary>
    public static string Inventory(AtomTypes types) =>
        string.Join(' ', types.Types.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Label} {t.Count}")));

    private static AtomicConfiguration? ReadFirst(string reference)
    {
        var path = ReferenceData.Find(reference);
        return path is null ? null : ExtendedXyz.Read(path).First();
    }

    /// <summary>All images of a site under m-3m and face centring, each once.</summary>
    private static List<(double X, double Y, double Z)> Orbit(double x, double y, double z)
    {
        int[][] permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        (double X, double Y, double Z)[] centers = [(0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)];
        double[] site = [x, y, z];
        var found = new List<(double X, double Y, double Z)>();
        foreach (var p in permutations)
        {
            for (var signs = 0; signs < 8; signs++)
            {
                foreach (var center in centers)
                {
                    var image = (
                        Wrap(((signs & 1) == 0 ? 1 : -1) * site[p[0]] + center.X),
                        Wrap(((signs & 2) == 0 ? 1 : -1) * site[p[1]] + center.Y),
                        Wrap(((signs & 4) == 0 ? 1 : -1) * site[p[2]] + center.Z));
                    if (!found.Exists(f => Same(f, image)))
                    {
                        found.Add(image);
                    }
                }
            }
        }

        return found;
    }

    private static double Wrap(double value) => value - Math.Floor(value);

    private static bool Same((double A, double B, double C) p, (double A, double B, double C) q)
    {
        return Near(p.A - q.A) && Near(p.B - q.B) && Near(p.C - q.C);

        static bool Near(double difference) => Math.Abs(difference - Math.Round(difference)) < 1e-6;
    }

    private static double[] Flat((double X, double Y, double Z) p) => [p.X, p.Y, p.Z];
}
