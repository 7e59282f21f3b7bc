using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Analysis;

/// <summary>A vibrational density of states, or the part of it that one group of atoms has.</summary>
/// <param name="Group">Name of the group; <c>all</c> for the total.</param>
/// <param name="Density">At each wavenumber, cm (per cm⁻¹).</param>
/// <param name="Errors">Standard error of each; NaN where it is not known.</param>
public sealed record SpectrumCurve(string Group, double[] Density, double[] Errors);

/// <summary>A velocity autocorrelation.</summary>
/// <param name="Group">Name of the group; <c>all</c> for the total.</param>
/// <param name="Values">At each time, 1 at time 0.</param>
public sealed record CorrelationCurve(string Group, double[] Values);

/// <summary>
/// The vibrational density of states (VDOS): the Fourier transform of the mass-weighted velocity autocorrelation Σ m⟨v(0)·v(t)⟩, one-sided, normalised so that the total has the integral 1 over wavenumbers; partial
/// ones of groups add up to the total, and the integral of each is its share of the kinetic energy (classically, its share of the atoms). A classical spectrum: no quantum occupation is applied. Averages over runs weigh runs alike, after each
/// was normalised; errors are the scatter of runs, or with one run of its blocks.
/// </summary>
public sealed class VibrationalSpectrum
{
    private VibrationalSpectrum(double[] wavenumbers, double resolution, IReadOnlyList<SpectrumCurve> partial, SpectrumCurve total)
    {
        Wavenumbers = wavenumbers;
        Resolution = resolution;
        Partial = partial;
        Total = total;
    }

    /// <summary>cm⁻¹, from 0.</summary>
    public double[] Wavenumbers { get; }

    /// <summary>Full width at half maximum of a sharp line, cm⁻¹.</summary>
    public double Resolution { get; }

    /// <summary>One curve a group.</summary>
    public IReadOnlyList<SpectrumCurve> Partial { get; }

    /// <summary>Their sum.</summary>
    public SpectrumCurve Total { get; }

    /// <summary>From runs of the same atoms, interval and block.</summary>
    /// <exception cref="MofException">No run, or runs that differ (InvalidArgument).</exception>
    public static VibrationalSpectrum Of(IReadOnlyList<VelocityPower> runs)
    {
        Check(runs);
        var first = runs[0];
        var bins = first.Power[0].Length;
        var step = 1 / (first.TransformLength * first.Interval * 1e-15 * PhysicalConstants.SpeedOfLightCentimetrePerSecond);
        var densities = runs.Select(run => Normalised(run, step)).ToArray();
        var groups = first.Groups.Count;
        var partial = new SpectrumCurve[groups];
        for (var g = 0; g < groups; g++)
        {
            var group = g;
            var alone = runs.Count == 1 ? [.. first.Errors[g].Select(error => error * densities[0].Factor)] : (double[]?)null;
            partial[g] = Average(first.Groups[g], [.. densities.Select(run => run.Curves[group])], alone);
        }

        double[][] totals = [.. densities.Select(run => Sum(run.Curves, bins))];
        var totalAlone = runs.Count == 1 ? [.. Enumerable.Range(0, bins).Select(k => densities[0].Factor * Math.Sqrt(first.Errors.Sum(errors => errors[k] * errors[k])))] : (double[]?)null;
        return new VibrationalSpectrum([.. Enumerable.Range(0, bins).Select(k => k * step)], VelocitySpectrum.ResolutionOf(first.BlockFrames, first.Interval), partial, Average("all", totals, totalAlone));
    }

    /// <summary>
    /// The velocity autocorrelations that belong to the spectra, from the same sums: the inverse transform of the power, divided by the autocorrelation of the window.
    /// </summary>
    /// <param name="runs">Runs of the same atoms, interval and block.</param>
    /// <returns>Times, fs, up to a quarter of a block, and one curve a group, the total last, each 1 at time 0.</returns>
    /// <exception cref="MofException">No run, or runs that differ (InvalidArgument).</exception>
    public static (double[] Times, IReadOnlyList<CorrelationCurve> Curves) Correlations(IReadOnlyList<VelocityPower> runs)
    {
        Check(runs);
        var first = runs[0];
        var bins = first.Power[0].Length;
        var lags = first.BlockFrames / 4 + 1;
        var power = first.Groups.Select((_, g) => Sum([.. runs.Select(run => run.Power[g])], bins)).Append(Sum([.. runs.SelectMany(run => run.Power)], bins)).ToArray();
        double[] window = [.. Enumerable.Range(0, first.BlockFrames).Select(k => 0.5 - 0.5 * Math.Cos(2 * Math.PI * (k + 0.5) / first.BlockFrames))];
        double[] overlap = [.. Enumerable.Range(0, lags).Select(lag => Enumerable.Range(0, window.Length - lag).Sum(k => window[k] * window[k + lag]))];
        var fourier = new FourierTransform(first.TransformLength);
        var curves = power.Select((spectrum, g) => new CorrelationCurve(g < first.Groups.Count ? first.Groups[g] : "all", Inverse(fourier, spectrum, overlap))).ToArray();
        return ([.. Enumerable.Range(0, lags).Select(lag => lag * first.Interval)], curves);
    }

    /// <summary>The same up to a wavenumber.</summary>
    public VibrationalSpectrum UpTo(double wavenumber)
    {
        var count = Wavenumbers.Count(value => value <= wavenumber);
        SpectrumCurve Cut(SpectrumCurve curve) => new(curve.Group, curve.Density[..count], curve.Errors[..count]);
        return new VibrationalSpectrum(Wavenumbers[..count], Resolution, [.. Partial.Select(Cut)], Cut(Total));
    }

    private static void Check(IReadOnlyList<VelocityPower> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 0 || runs.Any(run => run.BlockFrames != runs[0].BlockFrames || run.Interval != runs[0].Interval || !run.Groups.SequenceEqual(runs[0].Groups)))
        {
            throw new MofException(ErrorKind.InvalidArgument, "spectra of runs that differ in atoms, interval or length of blocks", expected: "at least one run, all alike");
        }
    }

    private static (double[][] Curves, double Factor) Normalised(VelocityPower run, double step)
    {
        var area = 0.0;
        foreach (var power in run.Power)
        {
            // By trapezoids: the ends count half.
            area += step * (power.Sum() - (power[0] + power[^1]) / 2);
        }

        return ([.. run.Power.Select(power => (double[])[.. power.Select(value => value / area)])], 1 / area);
    }

    private static double[] Sum(double[][] curves, int bins) => [.. Enumerable.Range(0, bins).Select(k => curves.Sum(curve => curve[k]))];

    private static SpectrumCurve Average(string name, double[][] runs, double[]? errors)
    {
        Estimate[] means = [.. Enumerable.Range(0, runs[0].Length).Select(k => Estimate.OfIndependent([.. runs.Select(run => run[k])]))];
        return new SpectrumCurve(name, [.. means.Select(mean => mean.Value)], errors ?? [.. means.Select(mean => mean.Error)]);
    }

    private static double[] Inverse(FourierTransform fourier, double[] power, double[] overlap)
    {
        fourier.Clear();
        for (var k = 0; k < power.Length; k++)
        {
            fourier.Real[k] = power[k];
            fourier.Real[(fourier.Real.Length - k) % fourier.Real.Length] = power[k];
        }

        fourier.Forward();
        var zero = fourier.Real[0] / overlap[0];
        return [.. overlap.Select((window, lag) => fourier.Real[lag] / window / zero)];
    }
}
