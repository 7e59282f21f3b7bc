namespace MofInterop.Analysis;

/// <summary>A maximum of a spectrum.</summary>
/// <param name="Wavenumber">cm⁻¹, by a parabola through the highest point and its neighbours; the error is the scatter over runs, NaN with one.</param>
/// <param name="Height">Density there, cm.</param>
/// <param name="Width">Full width at half of the height, cm⁻¹; not below the resolution; NaN where the curve does not fall to half on one side.</param>
/// <param name="Shares">Part of the density that each group has, in the order of the spectrum's groups; 0 to 1.</param>
public sealed record SpectrumPeak(Estimate Wavenumber, double Height, double Width, IReadOnlyList<double> Shares)
{
    /// <summary>THz.</summary>
    public double Terahertz => Wavenumber.Value * Potentials.Units.PhysicalConstants.SpeedOfLightCentimetrePerSecond * 1e-12;
}

/// <summary>Finds the maxima of a vibrational spectrum.</summary>
public static class SpectrumPeaks
{
    /// <summary>
    /// The maxima that rise above the higher of the two valleys beside them by at least a fraction of the highest point of the spectrum (prominence), and by three standard errors where these are known; from low to high wavenumber.
    /// </summary>
    /// <param name="spectrum">The average over runs.</param>
    /// <param name="prominence">0.02: two hundredths of the highest peak.</param>
    /// <param name="runs">Spectra of single runs, whose nearest maxima give the errors of the places; may be empty.</param>
    public static IReadOnlyList<SpectrumPeak> Find(VibrationalSpectrum spectrum, double prominence = 0.02, IReadOnlyList<VibrationalSpectrum>? runs = null)
    {
        ArgumentNullException.ThrowIfNull(spectrum);
        var x = spectrum.Wavenumbers;
        var y = spectrum.Total.Density;
        var peaks = new List<SpectrumPeak>();
        if (y.Length < 3)
        {
            return peaks;
        }

        var least = prominence * y.Max();
        for (var k = 1; k < y.Length - 1; k++)
        {
            var error = spectrum.Total.Errors[k];
            if (IsTop(y, k) && Prominence(y, k) >= Math.Max(least, double.IsFinite(error) ? 3 * error : 0))
            {
                var (place, height) = Parabola.Top(x[k], x[1] - x[0], y[k - 1], y[k], y[k + 1]);
                var scatter = ErrorOf(place, spectrum.Resolution, runs ?? []);
                peaks.Add(new SpectrumPeak(new Estimate(place, scatter), height, Width(x, y, k), [.. spectrum.Partial.Select(part => part.Density[k] / y[k])]));
            }
        }

        return peaks;
    }

    private static bool IsTop(double[] y, int k) => y[k] > y[k - 1] && y[k] >= y[k + 1];

    private static double Prominence(double[] y, int top)
    {
        double Valley(int direction)
        {
            var lowest = y[top];
            for (var k = top + direction; k >= 0 && k < y.Length && y[k] <= y[top]; k += direction)
            {
                lowest = Math.Min(lowest, y[k]);
            }

            return lowest;
        }

        return y[top] - Math.Max(Valley(-1), Valley(1));
    }

    private static double Width(double[] x, double[] y, int top)
    {
        double Side(int direction)
        {
            for (var k = top; k + direction >= 0 && k + direction < y.Length; k += direction)
            {
                var next = k + direction;
                if (y[next] <= y[top] / 2)
                {
                    return Math.Abs(x[k] + (y[k] - y[top] / 2) / (y[k] - y[next]) * (x[next] - x[k]) - x[top]);
                }

                if (y[next] > y[top])
                {
                    return double.NaN;
                }
            }

            return double.NaN;
        }

        return Side(-1) + Side(1);
    }

    // In each run the highest point within a width of a line.
    private static double ErrorOf(double place, double resolution, IReadOnlyList<VibrationalSpectrum> runs)
    {
        var places = new List<double>();
        foreach (var run in runs)
        {
            var x = run.Wavenumbers;
            var y = run.Total.Density;
            var near = Enumerable.Range(1, Math.Max(0, y.Length - 2)).Where(k => Math.Abs(x[k] - place) <= 1.5 * resolution).ToArray();
            if (near.Length > 0)
            {
                var top = near.MaxBy(k => y[k]);
                places.Add(IsTop(y, top) ? Parabola.Top(x[top], x[1] - x[0], y[top - 1], y[top], y[top + 1]).X : x[top]);
            }
        }

        return places.Count < 2 ? double.NaN : Estimate.OfIndependent(places).Error;
    }
}
