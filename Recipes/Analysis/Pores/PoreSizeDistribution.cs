namespace MofInterop.Analysis.Pores;

/// <summary>
/// How large the pores are that the empty volume belongs to: the pore size of a place is the diameter of the largest sphere that covers it and no atom
/// (L. D. Gelb and K. E. Gubbins, Langmuir 15, 305 (1999)).
/// </summary>
/// <param name="Diameter">Middle of each bin, Å.</param>
/// <param name="Fraction">Fraction of the cell's volume whose pore size is in the bin.</param>
/// <param name="Errors">One standard error of each fraction: of the samples, in means over frames by blocking.</param>
/// <param name="Samples">Places that were looked at, inside atoms or not.</param>
public sealed record PoreSizeDistribution(IReadOnlyList<double> Diameter, IReadOnlyList<double> Fraction, IReadOnlyList<double> Errors, int Samples)
{
    /// <summary>Width of a bin, Å.</summary>
    public const double BinWidth = 0.1;

    /// <summary>Looks at places of a sequence that covers the cell evenly.</summary>
    internal static PoreSizeDistribution Sample(AtomSurfaces surfaces, SurfaceGrid grid, PoreNetwork network, int samples, int threads, CancellationToken cancellation)
    {
        var search = new LargestSphereSearch(surfaces, grid, network);
        var sizes = new double[samples];
        Parallel.For(0, samples, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, () => new SphereShift(surfaces), (n, _, shift) =>
        {
            sizes[n] = 2 * search.Find((Sequence(n, 0), Sequence(n, 1), Sequence(n, 2)), shift);
            return shift;
        }, _ => { });

        var largest = network.Cavities.Select(cavity => 2 * cavity.Radius).DefaultIfEmpty(0).Max();
        var fractions = new double[(int)(largest / BinWidth) + 1];
        foreach (var size in sizes.Where(size => !double.IsNaN(size)))
        {
            // A hair less, so that the largest cavity, found as a radius, does not fall behind an edge by rounding.
            fractions[Math.Min(fractions.Length - 1, (int)(size / BinWidth + 1e-9))] += 1.0 / samples;
        }

        return new PoreSizeDistribution([.. fractions.Select((_, bin) => (bin + 0.5) * BinWidth)], fractions, [.. fractions.Select(fraction => SamplingError(fraction, samples))], samples);
    }

    /// <summary>One standard error of a fraction of places chosen by chance; ours are spread more evenly, so it is no smaller than that.</summary>
    public static double SamplingError(double fraction, int samples) => Math.Sqrt(fraction * (1 - fraction) / samples);

    /// <summary>The R₃ sequence of M. Roberts: multiples of powers of the inverse of the real root of x⁴ = x + 1, modulo 1.</summary>
    private static double Sequence(int n, int axis)
    {
        const double root = 1.2207440846057595;
        var step = axis switch { 0 => 1 / root, 1 => 1 / (root * root), _ => 1 / (root * root * root) };
        var value = 0.5 + (n + 1) * step;
        return value - Math.Floor(value);
    }
}
