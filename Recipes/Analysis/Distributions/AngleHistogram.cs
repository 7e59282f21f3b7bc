using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>A distribution of angles.</summary>
/// <param name="Name">What was measured: <c>N-Zn-N</c>.</param>
/// <param name="Angles">Middles of the bins, degrees.</param>
/// <param name="Density">Probability density, 1/degree; its integral is 1. Not divided by sin θ.</param>
/// <param name="Errors">Standard error of each, from blocks of the trajectory.</param>
/// <param name="PerFrame">How many angles a frame has on average.</param>
/// <param name="Mean">Mean angle, degrees; meaningless for dihedrals that go round.</param>
public sealed record AngleCurve(string Name, double[] Angles, double[] Density, double[] Errors, double PerFrame, double Mean);

/// <summary>Sums up angles frame by frame.</summary>
internal sealed class AngleHistogram
{
    private readonly string _name;
    private readonly double _low;
    private readonly double _width;
    private readonly double[] _sample;
    private readonly BlockedCurve _sums;
    private double _sum;
    private double _count;

    /// <exception cref="MofException">The width does not divide the range into whole bins (InvalidArgument).</exception>
    public AngleHistogram(string name, double low, double high, double width)
    {
        var bins = (int)Math.Round((high - low) / width);
        if (!(width > 0) || bins < 1 || Math.Abs(bins * width - (high - low)) > 1e-6 * (high - low))
        {
            throw new MofException(ErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"bins of {width} degrees"), expected: $"a width that divides {high - low} degrees");
        }

        _name = name;
        _low = low;
        _width = width;
        _sample = new double[bins];
        _sums = new BlockedCurve(bins);
    }

    public void Add(double degrees)
    {
        _sample[Math.Clamp((int)((degrees - _low) / _width), 0, _sample.Length - 1)]++;
        _sum += degrees;
        _count++;
    }

    public void CloseFrame()
    {
        _sums.Add(_sample);
        Array.Clear(_sample);
    }

    public AngleCurve Curve()
    {
        double[] mean = _sums.Mean(), errors = _sums.Errors();
        var total = mean.Sum() * _width;
        return new AngleCurve(
            _name, [.. Enumerable.Range(0, mean.Length).Select(k => _low + (k + 0.5) * _width)],
            [.. mean.Select(value => total > 0 ? value / total : 0)], [.. errors.Select(value => total > 0 ? value / total : double.NaN)], _count / Math.Max(1, _sums.Count), _sum / _count);
    }
}
