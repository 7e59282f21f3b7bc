namespace MofInterop.Analysis.Pores;

/// <summary>
/// How large the pores are that the empty volume belongs to: the pore size of a place is the diameter of the largest sphere that covers it and no atom
/// (L. D. Gelb and K. E. Gubbins, Langmuir 15, 305 (1999)).
/// </summary>
/// <param name="Diameter">Middle of each bin, Å.</param>
/// <param name="Fraction">Fraction of the cell's volume whose pore size is in the bin.</param>
/// <param name="Samples">Places that were looked at, inside atoms or not.</param>
public sealed record PoreSizeDistribution(IReadOnlyList<double> Diameter, IReadOnlyList<double> Fraction, int Samples)
{
    /// <summary>Width of a bin, Å.</summary>
    public const double BinWidth = 0.1;

    /// <summary>Looks at places of a sequence that covers the cell evenly.</summary>
    internal static PoreSizeDistribution Sample(AtomSurfaces surfaces, SurfaceGrid grid, PoreNetwork network, int samples, int threads, CancellationToken cancellation)
    {
        var search = new LargestSphereSearch(surfaces, grid, network);
        var sizes = new double[samples];
        Parallel.For(0, samples, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => new NearbyAtoms(), (n, _, near) =>
        {
            var fractions = (Sequence(n, 0), Sequence(n, 1), Sequence(n, 2));
            var (x, y, z) = surfaces.Cell.ToCartesian(fractions.Item1, fractions.Item2, fractions.Item3);
            sizes[n] = surfaces.DistanceAt(new Point3(x, y, z), near) < 0 ? double.NaN : 2 * search.Find(fractions);
            return near;
        }, _ => { });

        var largest = network.Cavities.Select(cavity => 2 * cavity.Radius).DefaultIfEmpty(0).Max();
        var fractions = new double[(int)(largest / BinWidth) + 1];
        foreach (var size in sizes.Where(size => !double.IsNaN(size)))
        {
            // A hair less, so that the largest cavity, found as a radius, does not fall behind an edge by rounding.
            fractions[Math.Min(fractions.Length - 1, (int)(size / BinWidth + 1e-9))] += 1.0 / samples;
        }

        return new PoreSizeDistribution([.. fractions.Select((_, bin) => (bin + 0.5) * BinWidth)], fractions, samples);
    }

    /// <summary>The R₃ sequence of M. Roberts: multiples of powers of the inverse of the real root of x⁴ = x + 1, modulo 1.</summary>
    private static double Sequence(int n, int axis)
    {
        const double root = 1.2207440846057595;
        var step = axis switch { 0 => 1 / root, 1 => 1 / (root * root), _ => 1 / (root * root * root) };
        var value = 0.5 + (n + 1) * step;
        return value - Math.Floor(value);
    }
}
