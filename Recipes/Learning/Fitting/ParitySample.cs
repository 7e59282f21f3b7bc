namespace MofInterop.Learning;

/// <summary>
/// Points of a parity plot drawn at random from a stream, each value with the same chance, so that the density of points is that of all
/// values (reservoir sampling, J. S. Vitter, ACM Trans. Math. Softw. 11 (1985) 37). The same values in the same order give the same points.
/// </summary>
/// <param name="most">As many are kept; fewer values are kept all.</param>
internal sealed class ParitySample(int most)
{
    private readonly List<(int Place, double Reference, double Predicted)> _kept = [];
    private readonly DeterministicRandom _random = new(1);
    private int _count;

    /// <summary>The points in the order in which they came.</summary>
    public IReadOnlyList<(int Place, double Reference, double Predicted)> Points => [.. _kept.OrderBy(point => point.Place)];

    /// <summary>Offers a point.</summary>
    public void Add(double reference, double predicted)
    {
        var point = (_count++, reference, predicted);
        if (_kept.Count < most)
        {
            _kept.Add(point);
        }
        else if ((int)(_random.NextUnit() * _count) is var place && place < most)
        {
            _kept[place] = point;
        }
    }
}
