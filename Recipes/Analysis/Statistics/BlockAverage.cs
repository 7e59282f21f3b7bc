using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>The error of a mean after one more step of blocking.</summary>
/// <param name="BlockLength">Samples in a block.</param>
/// <param name="Blocks">How many blocks.</param>
/// <param name="Error">Standard error of the mean, computed as if blocks were independent.</param>
/// <param name="ErrorOfError">Its own standard error.</param>
public readonly record struct BlockLevel(int BlockLength, int Blocks, double Error, double ErrorOfError);

/// <summary>
/// The mean of one evenly spaced, correlated series, with an error that takes the correlation into account.
/// H. Flyvbjerg and H. G. Petersen, J. Chem. Phys. 91 (1989) 461: neighbours are averaged in pairs, again and again; the error of the mean grows until blocks are independent.
/// The block length is chosen as in R. M. Lee and co-workers, Phys. Rev. E 83 (2011) 066706: the smallest B with B³ &gt; 2n(σ_B/σ_1)⁴.
/// </summary>
public sealed record BlockAverage
{
    private const int FewestBlocks = 4;

    private BlockAverage(double mean, double error, int samples, int blockLength, bool converged, IReadOnlyList<BlockLevel> levels)
    {
        Mean = mean;
        Error = error;
        Samples = samples;
        BlockLength = blockLength;
        Converged = converged;
        Levels = levels;
    }

    /// <summary>Mean of all samples.</summary>
    public double Mean { get; }

    /// <summary>Standard error of the mean; NaN for fewer than four samples.</summary>
    public double Error { get; }

    /// <summary>Mean and error.</summary>
    public Estimate Estimate => new(Mean, Error);

    /// <summary>Number of samples.</summary>
    public int Samples { get; }

    /// <summary>Samples in a block where the error was read.</summary>
    public int BlockLength { get; }

    /// <summary>Whether the error came to its plateau; where not, the series is too short for its correlation, and the error is the largest that was seen: a lower bound.</summary>
    public bool Converged { get; }

    /// <summary>All levels, for a plot.</summary>
    public IReadOnlyList<BlockLevel> Levels { get; }

    /// <summary>How many samples count as one that is independent, at least 1: the squared ratio of the error to that of uncorrelated samples.</summary>
    public double SamplesPerIndependent => Levels.Count == 0 || !(Levels[0].Error > 0) ? 1 : Math.Max(1, Error / Levels[0].Error * (Error / Levels[0].Error));

    /// <summary>Averages a series.</summary>
    /// <param name="series">Any number of samples of any unit, evenly spaced in time.</param>
    /// <exception cref="MofException">There is no sample (InvalidArgument).</exception>
    public static BlockAverage Of(ReadOnlySpan<double> series)
    {
        if (series.Length == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a mean of no samples", expected: "at least one");
        }

        var mean = Average(series);
        var levels = new List<BlockLevel>();
        var blocks = series.ToArray();
        for (var length = 1; blocks.Length >= FewestBlocks; length *= 2)
        {
            levels.Add(Level(blocks, length));
            blocks = Halved(blocks);
        }

        if (levels.Count == 0)
        {
            return new BlockAverage(mean, double.NaN, series.Length, 1, false, levels);
        }

        var first = levels[0].Error;
        foreach (var level in levels)
        {
            var ratio = first > 0 ? level.Error / first : 1;
            if ((double)level.BlockLength * level.BlockLength * level.BlockLength > 2.0 * series.Length * Math.Pow(ratio, 4) || first == 0)
            {
                return new BlockAverage(mean, level.Error, series.Length, level.BlockLength, true, levels);
            }
        }

        var largest = levels.MaxBy(level => level.Error);
        return new BlockAverage(mean, largest.Error, series.Length, largest.BlockLength, false, levels);
    }

    /// <summary>
    /// The mean of blocks of a chosen length and the standard error from their scatter, as papers state it ("blocks of 10 ps"). Samples behind the last whole block are left out.
    /// </summary>
    /// <exception cref="MofException">The series holds no whole block (InvalidArgument).</exception>
    public static Estimate OfBlocks(ReadOnlySpan<double> series, int blockLength) => Estimate.OfIndependent(Means(series, blockLength));

    /// <summary>The means of consecutive blocks; samples behind the last whole block are left out.</summary>
    /// <exception cref="MofException">The series holds no whole block (InvalidArgument).</exception>
    public static double[] Means(ReadOnlySpan<double> series, int blockLength)
    {
        if (blockLength < 1 || series.Length < blockLength)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{series.Length} samples hold no block of {blockLength}", expected: "a block of at least one sample, not longer than the series");
        }

        var means = new double[series.Length / blockLength];
        for (var k = 0; k < means.Length; k++)
        {
            means[k] = Average(series.Slice(k * blockLength, blockLength));
        }

        return means;
    }

    private static BlockLevel Level(double[] blocks, int length)
    {
        var mean = Average(blocks);
        var squares = 0.0;
        foreach (var value in blocks)
        {
            squares += (value - mean) * (value - mean);
        }

        var error = Math.Sqrt(squares / blocks.Length / (blocks.Length - 1));
        return new BlockLevel(length, blocks.Length, error, error / Math.Sqrt(2.0 * (blocks.Length - 1)));
    }

    private static double[] Halved(double[] blocks)
    {
        var halved = new double[blocks.Length / 2];
        for (var k = 0; k < halved.Length; k++)
        {
            halved[k] = (blocks[2 * k] + blocks[2 * k + 1]) / 2;
        }

        return halved;
    }

    // Shifted by the first sample: a long series of nearly equal values loses no digits.
    private static double Average(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value - values[0];
        }

        return values[0] + sum / values.Length;
    }
}
