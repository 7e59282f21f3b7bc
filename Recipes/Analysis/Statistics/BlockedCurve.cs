using System.Numerics;

namespace MofInterop.Analysis;

/// <summary>
/// The mean of a curve over any number of samples, with standard errors, in memory that does not grow: samples are summed in at most 16 blocks of equal numbers; when all are full, neighbours
/// are merged and blocks become twice as long. So blocks are always an eighth to a sixteenth of the series, longer than most correlations in it.
/// </summary>
/// <param name="length">Values of a sample.</param>
public sealed class BlockedCurve(int length)
{
    private const int MostBlocks = 16;

    private readonly List<double[]> _full = [];
    private double[] _open = new double[length];
    private long _inOpen;

    /// <summary>Samples in a full block.</summary>
    public long BlockLength { get; private set; } = 1;

    /// <summary>Number of samples.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a sample.</summary>
    public void Add(ReadOnlySpan<double> sample)
    {
        Accumulate(_open, sample);
        Count++;
        if (++_inOpen < BlockLength)
        {
            return;
        }

        _full.Add(_open);
        _open = new double[length];
        _inOpen = 0;
        if (_full.Count == MostBlocks)
        {
            MergeNeighbours();
        }
    }

    /// <summary>The mean of every value; zeros without samples.</summary>
    public double[] Mean()
    {
        var sum = (double[])_open.Clone();
        foreach (var block in _full)
        {
            Accumulate(sum, block);
        }

        for (var k = 0; k < length; k++)
        {
            sum[k] /= Math.Max(1, Count);
        }

        return sum;
    }

    /// <summary>Standard error of the mean of every value from the scatter of the full blocks; NaN where there are fewer than two.</summary>
    public double[] Errors()
    {
        var errors = new double[length];
        for (var k = 0; k < length; k++)
        {
            var place = k;
            errors[k] = _full.Count < 2 ? double.NaN : Estimate.OfIndependent([.. _full.Select(block => block[place] / BlockLength)]).Error;
        }

        return errors;
    }

    private static void Accumulate(double[] sum, ReadOnlySpan<double> values)
    {
        var k = 0;
        for (; k <= sum.Length - Vector<double>.Count; k += Vector<double>.Count)
        {
            (new Vector<double>(sum, k) + new Vector<double>(values[k..])).CopyTo(sum, k);
        }

        for (; k < sum.Length; k++)
        {
            sum[k] += values[k];
        }
    }

    private void MergeNeighbours()
    {
        for (var k = 0; k < MostBlocks / 2; k++)
        {
            Accumulate(_full[2 * k], _full[2 * k + 1]);
            _full[k] = _full[2 * k];
        }

        _full.RemoveRange(MostBlocks / 2, MostBlocks / 2);
        BlockLength *= 2;
    }
}
