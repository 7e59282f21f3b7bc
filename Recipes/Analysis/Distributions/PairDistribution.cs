using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Analysis;

/// <summary>A radial distribution function.</summary>
/// <param name="First">A group; <c>all</c> for the total.</param>
/// <param name="Second">Another or the same.</param>
/// <param name="R">Middles of the bins, Å.</param>
/// <param name="G">g(r), no unit; 1 for independent atoms.</param>
/// <param name="Errors">Standard error of each, from blocks of the trajectory; NaN where there are too few frames.</param>
/// <param name="Coordination">n(r): atoms of <paramref name="Second"/> within the outer edge of the bin from an atom of <paramref name="First"/>, on average.</param>
public sealed record PairCurve(string First, string Second, double[] R, double[] G, double[] Errors, double[] Coordination)
{
    /// <summary>
    /// The potential of mean force −kT·ln g(r), eV, and its standard error kT·σ/g; NaN where g is zero. Zero where atoms are independent.
    /// </summary>
    /// <param name="temperature">K.</param>
    /// <exception cref="MofException">The temperature is not positive (InvalidArgument).</exception>
    public (double[] Energy, double[] Errors) MeanForcePotential(double temperature)
    {
        if (!(temperature > 0))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a potential of mean force at {temperature} K", expected: "a positive temperature");
        }

        var thermal = PhysicalConstants.Boltzmann * temperature;
        return ([.. G.Select(g => g > 0 ? -thermal * Math.Log(g) : double.NaN)], [.. G.Zip(Errors, (g, error) => g > 0 ? thermal * error / g : double.NaN)]);
    }

    /// <summary>The highest maximum: place by a parabola through the highest bin and its neighbours, Å, and height; null where g is zero everywhere.</summary>
    public (double R, double G)? HighestPeak()
    {
        var top = Array.IndexOf(G, G.Max());
        if (G[top] <= 0)
        {
            return null;
        }

        return top == 0 || top == G.Length - 1 ? (R[top], G[top]) : Parabola.Top(R[top], R[1] - R[0], G[top - 1], G[top], G[top + 1]);
    }
}

/// <summary>
/// Radial distribution functions of all pairs of groups, and of all atoms. g_ab(r) = ⟨n_ab(r)·V⟩ / (N_a·N'_b·v(r)), n_ab the number of pairs (each atom of a with each of b) in a bin, V the volume of the frame,
/// v(r) that of the shell, N'_b = N_b, less one within a group: 1 for an ideal gas, whatever its number of atoms. Beyond half of the cell periodic images are counted, also an atom's own. D. Frenkel and
/// B. Smit, Understanding Molecular Simulation (2nd edition, 2002), section 4.4.
/// </summary>
public sealed class PairDistribution : IFrameAnalysis, IDisposable
{
    private readonly PairHistogram _histogram;
    private readonly PairSettings _settings;
    private readonly BlockedCurve _sums;
    private readonly double[] _sample;
    private readonly int _bins;

    // Coordination numbers need pairs, not pairs times volume.
    private readonly double[] _pairs;

    /// <summary>Creates an empty distribution.</summary>
    /// <exception cref="MofException">The settings cannot be meant (InvalidArgument).</exception>
    public PairDistribution(AtomGroups groups, PairSettings settings)
    {
        _histogram = new PairHistogram(groups, settings);
        _settings = settings;
        _bins = settings.Bins;
        _sample = new double[_histogram.PairCount * _bins];
        _pairs = new double[_sample.Length];
        _sums = new BlockedCurve(_sample.Length);
    }

    /// <summary>Number of frames.</summary>
    public long Frames => _sums.Count;

    /// <inheritdoc/>
    public void Add(TrajectoryFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        _histogram.Count(frame.Positions, frame.Cell);
        var volume = frame.Cell!.Volume;
        for (var pair = 0; pair < _histogram.PairCount; pair++)
        {
            var counts = _histogram.Counts(pair);
            var sample = _sample.AsSpan(pair * _bins, _bins);
            var pairs = _pairs.AsSpan(pair * _bins, _bins);
            for (var k = 0; k < counts.Length; k++)
            {
                pairs[k] += counts[k];
                sample[k] = volume * counts[k];
            }
        }

        _sums.Add(_sample);
    }

    /// <summary>The curves of all pairs of groups in the order of <see cref="PairHistogram.PairIndex"/>.</summary>
    public IReadOnlyList<PairCurve> Partial()
    {
        double[] mean = _sums.Mean(), errors = _sums.Errors();
        var groups = _histogram.Groups;
        var curves = new List<PairCurve>();
        for (var a = 0; a < groups.Count; a++)
        {
            for (var b = a; b < groups.Count; b++)
            {
                int first = groups.Members[a].Length, second = groups.Members[b].Length, offset = _histogram.PairIndex(a, b) * _bins;

                // Pairs within a group were counted once, and are two pairs from an atom to another.
                var ends = a == b ? 2.0 : 1.0;
                curves.Add(Curve(groups.Names[a], groups.Names[b], (double)first * (a == b ? first - 1 : second), first, ends, mean.AsSpan(offset, _bins), errors.AsSpan(offset, _bins), _pairs.AsSpan(offset, _bins)));
            }
        }

        return curves;
    }

    /// <summary>The curve of all atoms. Its error takes the partial ones as independent.</summary>
    public PairCurve Total()
    {
        double[] mean = _sums.Mean(), errors = _sums.Errors(), sum = new double[_bins], squares = new double[_bins], pairs = new double[_bins];
        for (var k = 0; k < mean.Length; k++)
        {
            sum[k % _bins] += mean[k];
            squares[k % _bins] += errors[k] * errors[k];
            pairs[k % _bins] += _pairs[k];
        }

        var atoms = _histogram.Groups.AtomCount;
        return Curve("all", "all", (double)atoms * (atoms - 1), atoms, 2, sum, [.. squares.Select(Math.Sqrt)], pairs);
    }

    /// <inheritdoc/>
    public void Dispose() => _histogram.Dispose();

    private PairCurve Curve(string first, string second, double idealPairs, int centres, double ends, ReadOnlySpan<double> mean, ReadOnlySpan<double> errors, ReadOnlySpan<double> pairs)
    {
        var curve = new PairCurve(first, second, new double[_bins], new double[_bins], new double[_bins], new double[_bins]);
        var within = 0.0;
        for (var k = 0; k < _bins; k++)
        {
            double inner = k * _settings.BinWidth, outer = (k + 1) * _settings.BinWidth;
            var ideal = idealPairs * 4 * Math.PI / 3 * (outer * outer * outer - inner * inner * inner);
            within += pairs[k];
            curve.R[k] = (inner + outer) / 2;
            curve.G[k] = ideal > 0 ? ends * mean[k] / ideal : 0;
            curve.Errors[k] = ideal > 0 ? ends * errors[k] / ideal : double.NaN;
            curve.Coordination[k] = ends * within / centres / Math.Max(1, Frames);
        }

        return curve;
    }
}
