using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>A mean square displacement averaged over independent segments or runs.</summary>
/// <param name="Group">Which atoms.</param>
/// <param name="Times">Lags, fs.</param>
/// <param name="Displacement">Å².</param>
/// <param name="Errors">Standard error of each from the scatter of the segments; NaN where there is one.</param>
/// <param name="Diffusion">Self-diffusion coefficient, Å²/fs (1 Å²/fs is 1e-5 m²/s or 0.1 cm²/s); null where the window holds too few points.</param>
/// <param name="Exponent">Slope of ln MSD against ln t in the window: 1 diffusive, 2 ballistic, 0 bound; NaN where it cannot be told.</param>
/// <param name="From">Begin of the window of the fit, fs.</param>
/// <param name="To">Its end, fs.</param>
public sealed record DisplacementResult(string Group, double[] Times, double[] Displacement, double[] Errors, Estimate? Diffusion, double Exponent, double From, double To);

/// <summary>Self-diffusion by Einstein's relation, ⟨r²(t)⟩ = 6Dt + c, A. Einstein, Ann. Phys. 322 (1905) 549; and its dependence on temperature, D = D₀·exp(−E/kT).</summary>
public static class SelfDiffusion
{
    /// <summary>1 Å²/fs in cm²/s.</summary>
    public const double SquareCentimetrePerSecond = 0.1;

    /// <summary>1 Å²/fs in m²/s.</summary>
    public const double SquareMetrePerSecond = 1e-5;

    private const int FewestPoints = 3;

    /// <summary>
    /// Fits each segment in the window and averages: the error is the scatter of segments, since the points of one curve are too correlated to say it.
    /// </summary>
    /// <param name="segments">Curves of independent segments or runs of the same atoms.</param>
    /// <param name="group">Place of the group.</param>
    /// <param name="interval">Time between frames, fs.</param>
    /// <param name="from">Begin of the window, fs; null: a tenth of the longest lag that all segments have.</param>
    /// <param name="to">Its end, fs; null: half of it.</param>
    /// <exception cref="MofException">No segment, or an interval that is not positive (InvalidArgument).</exception>
    public static DisplacementResult Fit(IReadOnlyList<DisplacementCurves> segments, int group, double interval, double? from = null, double? to = null)
    {
        ArgumentNullException.ThrowIfNull(segments);
        if (segments.Count == 0 || !(interval > 0))
        {
            throw new MofException(ErrorKind.InvalidArgument, string.Create(CultureInfo.InvariantCulture, $"{segments.Count} curves of frames {interval} fs apart"), expected: "at least one curve and a positive time");
        }

        // Segments differ by a few frames at their ends: lags that all have.
        var frames = segments.MinBy(segment => segment.Frames.Length)!.Frames;
        double[] times = [.. frames.Select(count => count * interval)];
        var values = segments.Select(segment => segment.Displacements[group][..frames.Length]).ToArray();
        Estimate[] means = [.. Enumerable.Range(0, frames.Length).Select(k => Estimate.OfIndependent([.. values.Select(curve => curve[k])]))];
        double begin = from ?? 0.1 * times[^1], end = to ?? 0.5 * times[^1];
        int[] window = [.. Enumerable.Range(0, times.Length).Where(k => times[k] >= begin * (1 - 1e-9) && times[k] <= end * (1 + 1e-9))];
        double[] x = [.. window.Select(k => times[k])];
        Estimate? diffusion = window.Length < FewestPoints ? null
            : Estimate.OfIndependent([.. values.Select(curve => LinearFit.Of(x, [.. window.Select(k => curve[k])]).Slope.Value / 6)]);
        var exponent = window.Length < FewestPoints || window.Any(k => means[k].Value <= 0) ? double.NaN
            : LinearFit.Of([.. x.Select(time => Math.Log(time))], [.. window.Select(k => Math.Log(means[k].Value))]).Slope.Value;
        return new DisplacementResult(segments[0].Groups[group], times, [.. means.Select(mean => mean.Value)], [.. means.Select(mean => mean.Error)], diffusion, exponent, begin, end);
    }
}
