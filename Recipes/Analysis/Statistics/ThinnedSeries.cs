namespace MofInterop.Analysis;

/// <summary>
/// A series against time in memory that does not grow: at most 4096 points, each the mean of equally many samples; when all are there, neighbours are merged and points stand for twice as many.
/// </summary>
public sealed class ThinnedSeries
{
    private const int MostPoints = 4096;

    private readonly List<double> _points = [];
    private double _sum;
    private long _inSum;

    /// <summary>Samples that a point stands for.</summary>
    public long SamplesPerPoint { get; private set; } = 1;

    /// <summary>Means of <see cref="SamplesPerPoint"/> samples in order; samples behind the last whole point are left out.</summary>
    public IReadOnlyList<double> Points => _points;

    /// <summary>Adds a sample.</summary>
    public void Add(double sample)
    {
        _sum += sample;
        if (++_inSum < SamplesPerPoint)
        {
            return;
        }

        _points.Add(_sum / SamplesPerPoint);
        _sum = 0;
        _inSum = 0;
        if (_points.Count == MostPoints)
        {
            for (var k = 0; k < MostPoints / 2; k++)
            {
                _points[k] = (_points[2 * k] + _points[2 * k + 1]) / 2;
            }

            _points.RemoveRange(MostPoints / 2, MostPoints / 2);
            SamplesPerPoint *= 2;
        }
    }

    /// <summary>Mean and error by blocking.</summary>
    public BlockAverage Average() => BlockAverage.Of(_points.Count > 0 ? [.. _points] : [_sum / Math.Max(1, _inSum)]);
}
