using System.Globalization;
using MofInterop.Analysis;

namespace MofInterop.Steps;

/// <summary>The few numbers of many curves that a terminal shows.</summary>
public static class CurveSummary
{
    /// <summary>One line a result.</summary>
    public static IEnumerable<string> Lines(StateCurves state)
    {
        ArgumentNullException.ThrowIfNull(state);
        yield return string.Create(CultureInfo.InvariantCulture, $"{state.Frames} frames of {state.Runs} {(state.Runs == 1 ? "run" : "runs")}");
        foreach (var pair in state.Pairs.Where(pair => pair.PeakDistance is not null))
        {
            yield return $"g(r) of {pair.Curve.First}-{pair.Curve.Second}: highest peak at {pair.PeakDistance} Å, {pair.PeakHeight}";
        }

        foreach (var one in state.Coordination)
        {
            yield return $"coordination {one.Name}: {one.Mean}";
        }

        foreach (var angle in state.Angles)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"angle {angle.Name}: mean {angle.Mean:0.0} degrees");
        }

        foreach (var result in state.Displacements)
        {
            yield return result.Diffusion is { } diffusion && Math.Abs(result.Exponent - 1) < 0.3
                ? $"self-diffusion of {result.Group}: {diffusion.Times(SelfDiffusion.SquareCentimetrePerSecond)} cm²/s"
                : string.Create(CultureInfo.InvariantCulture, $"{result.Group} does not diffuse within the lags of the fit (displacements grow with time to the power {result.Exponent:0.00})");
        }

        if (state.Spectrum is { } spectrum)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{spectrum.Peaks.Count} peaks of the vibrational spectrum at {string.Join(", ", spectrum.Peaks.Select(peak => peak.Wavenumber.Value.ToString("0", CultureInfo.InvariantCulture)))} /cm");
        }
    }
}
