using MofInterop.Potentials.Atoms;

namespace MofInterop.Benchmarks;

/// <summary>A periodic configuration.</summary>
internal sealed record Crystal(string Name, Cell Cell, double[] Positions, int[] Types)
{
    /// <summary>Conventional bcc cells, displaced by normally distributed steps of 0.05 Å.</summary>
    public static Crystal Bcc(string name, double lattice, (int X, int Y, int Z) repeats, int seed) =>
        Repeat(name, lattice, repeats, [(0, [0, 0, 0]), (0, [0.5, 0.5, 0.5])], seed);

    /// <summary>n×n×n conventional zinc-blende cells of two types, displaced likewise.</summary>
    public static Crystal ZincBlende(string name, double lattice, int repeats, int seed)
    {
        double[][] centrings = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]];
        var sites = centrings.SelectMany(t => new[] { (0, t), (1, t.Select(x => x + 0.25).ToArray()) });
        return Repeat(name, lattice, (repeats, repeats, repeats), [.. sites], seed);
    }

    /// <summary>
    /// MOF-5, 424 atoms of 7 types: C3a C3b C3c H1a O2a O4a Zn4a (48 48 96 96 96 8 32), Fm-3m, at rounded coordinates
    /// that are good enough for timing; displaced by 0.05 Å. Primitive: the 106 atoms of the face-centred lattice's own cell.
    /// </summary>
    public static Crystal Mof5(int seed, bool primitive = false)
    {
        const double Edge = 25.8849;
        (int Type, double[] Site)[] sites =
        [
            (0, [0.1113, 0.25, 0.25]), (1, [0.0538, 0.25, 0.25]), (2, [0.0269, 0.2829, 0.2171]),
            (3, [0.0480, 0.3085, 0.1915]), (4, [0.1340, 0.2819, 0.2181]), (5, [0.25, 0.25, 0.25]), (6, [0.2935, 0.2065, 0.2065]),
        ];
        var positions = new List<double>();
        var types = new List<int>();
        foreach (var (type, site) in sites)
        {
            foreach (var image in primitive ? Orbit(site).DistinctBy(PlaceInPrimitiveCell) : Orbit(site))
            {
                positions.AddRange(image.Select(x => x * Edge));
                types.Add(type);
            }
        }

        const double Half = Edge / 2;
        double[] rows = primitive ? [0, Half, Half, Half, 0, Half, Half, Half, 0] : [Edge, 0, 0, 0, Edge, 0, 0, 0, Edge];
        return new Crystal("MOF-5", new Cell(rows), Rattle(positions, 0.05, seed), [.. types]);
    }

    private static Crystal Repeat(string name, double lattice, (int X, int Y, int Z) repeats, (int Type, double[] Site)[] sites, int seed)
    {
        var positions = new List<double>();
        var types = new List<int>();
        for (var a = 0; a < repeats.X; a++)
        {
            for (var b = 0; b < repeats.Y; b++)
            {
                for (var c = 0; c < repeats.Z; c++)
                {
                    foreach (var (type, site) in sites)
                    {
                        positions.AddRange([(a + site[0]) * lattice, (b + site[1]) * lattice, (c + site[2]) * lattice]);
                        types.Add(type);
                    }
                }
            }
        }

        return new Crystal(name, new Cell([repeats.X * lattice, 0, 0, 0, repeats.Y * lattice, 0, 0, 0, repeats.Z * lattice]), Rattle(positions, 0.05, seed), [.. types]);
    }

    // Coordinates along (0,½,½), (½,0,½), (½,½,0), in whole 1e-4 of the vector, modulo the cell.
    private static (int A, int B, int C) PlaceInPrimitiveCell(double[] x)
    {
        static int Whole(double coordinate) => (int)Math.Round(1e4 * (coordinate - Math.Floor(coordinate))) % 10000;
        return (Whole(x[1] + x[2] - x[0]), Whole(x[0] + x[2] - x[1]), Whole(x[0] + x[1] - x[2]));
    }

    // All images of a site under Fm-3m: permutations, signs, face centring.
    private static List<double[]> Orbit(double[] site)
    {
        int[][] permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        double[][] centrings = [[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]];
        var images = new List<double[]>();
        foreach (var p in permutations)
        {
            for (var signs = 0; signs < 8; signs++)
            {
                foreach (var t in centrings)
                {
                    var image = new double[3];
                    for (var k = 0; k < 3; k++)
                    {
                        var x = ((signs >> k & 1) == 0 ? 1 : -1) * site[p[k]] + t[k];
                        image[k] = x - Math.Floor(x + 1e-9);
                    }

                    if (!images.Any(other => other.Zip(image).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6)))
                    {
                        images.Add(image);
                    }
                }
            }
        }

        return images;
    }

    /// <summary>Adds normally distributed steps of the given standard deviation, Å, to all coordinates.</summary>
    public static double[] Rattle(IEnumerable<double> positions, double step, int seed)
    {
        var random = new Random(seed);
        return [.. positions.Select(x => x + step * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }
}
