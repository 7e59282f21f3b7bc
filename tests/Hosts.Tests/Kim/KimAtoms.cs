namespace MofInterop.Hosts.Tests.Kim;

/// <summary>Atoms as a simulator hands them to KIM: those that contribute, then the periodic images within reach.</summary>
/// <param name="Positions">[atoms][3], in the simulator's unit of length.</param>
/// <param name="Codes">Species code of each.</param>
/// <param name="Owners">The contributing atom that each is an image of; itself for those.</param>
/// <param name="Contributing">1 or 0.</param>
internal sealed record KimAtoms(double[] Positions, int[] Codes, int[] Owners, int[] Contributing)
{
    public int Count => Codes.Length;

    /// <summary>Atoms without periodicity.</summary>
    public static KimAtoms Cluster(double[] positions, int[] codes) =>
        new(positions, codes, [.. Enumerable.Range(0, codes.Length)], [.. Enumerable.Repeat(1, codes.Length)]);

    /// <summary>A crystal; <paramref name="cell"/> has rows a, b, c.</summary>
    public static KimAtoms Crystal(double[] positions, int[] codes, double[][] cell, double reach)
    {
        var atoms = codes.Length;
        var all = new List<double>(positions);
        var owners = Enumerable.Range(0, atoms).ToList();
        var copies = Copies(cell, reach);
        for (var i = -copies[0]; i <= copies[0]; i++)
        {
            for (var j = -copies[1]; j <= copies[1]; j++)
            {
                for (var k = -copies[2]; k <= copies[2]; k++)
                {
                    for (var atom = 0; (i, j, k) != (0, 0, 0) && atom < atoms; atom++)
                    {
                        double[] image = [.. Enumerable.Range(0, 3).Select(x => positions[3 * atom + x] + i * cell[0][x] + j * cell[1][x] + k * cell[2][x])];
                        if (Enumerable.Range(0, atoms).Any(other => Distance2(image, 0, positions, other) < reach * reach))
                        {
                            all.AddRange(image);
                            owners.Add(atom);
                        }
                    }
                }
            }
        }

        return new KimAtoms([.. all], [.. owners.Select(owner => codes[owner])], [.. owners], [.. owners.Select((_, index) => index < atoms ? 1 : 0)]);
    }

    /// <summary>The same atoms with every position changed.</summary>
    public KimAtoms Moved(Func<double[], double[]> move) => this with { Positions = [.. Enumerable.Range(0, Count).SelectMany(i => move(Positions[(3 * i)..(3 * i + 3)]))] };

    /// <summary>Neighbours of each atom within a distance, full lists.</summary>
    public int[][] Neighbors(double reach) =>
        [.. Enumerable.Range(0, Count).Select(i => Enumerable.Range(0, Count).Where(j => j != i && Distance2(Positions, i, Positions, j) < reach * reach).ToArray())];

    /// <summary>Adds what images got to the atoms they are images of.</summary>
    public double[] Fold(double[] values, int width)
    {
        var folded = new double[Contributing.Sum() * width];
        for (var i = 0; i < Count; i++)
        {
            for (var k = 0; k < width; k++)
            {
                folded[width * Owners[i] + k] += values[width * i + k];
            }
        }

        return folded;
    }

    // As many as fit into the reach along each lattice plane's normal, and the one more that atoms anywhere in the cell need.
    private static int[] Copies(double[][] cell, double reach)
    {
        double[] Cross(double[] a, double[] b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        double Dot(double[] a, double[] b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        var volume = Math.Abs(Dot(cell[0], Cross(cell[1], cell[2])));
        return [.. Enumerable.Range(0, 3).Select(k =>
        {
            var normal = Cross(cell[(k + 1) % 3], cell[(k + 2) % 3]);
            return (int)Math.Ceiling(reach * Math.Sqrt(Dot(normal, normal)) / volume) + 1;
        })];
    }

    private static double Distance2(double[] a, int i, double[] b, int j)
    {
        var (x, y, z) = (a[3 * i] - b[3 * j], a[3 * i + 1] - b[3 * j + 1], a[3 * i + 2] - b[3 * j + 2]);
        return x * x + y * y + z * z;
    }
}
