using MofInterop.Analysis;

namespace MofInterop.Steps;

/// <summary>Averages what was measured on independent runs of one state.</summary>
public static class CurveAverages
{
    /// <summary>Runs weigh alike; errors are the scatter of runs where there are two or more, else those of the run's own blocks or segments.</summary>
    /// <param name="name">Of the state.</param>
    /// <param name="temperature">K; null: not known, and no potential of mean force.</param>
    /// <param name="runs">At least one, measured alike.</param>
    /// <param name="options">What was measured.</param>
    public static StateCurves Of(string name, double? temperature, IReadOnlyList<RunMeasurement> runs, MeasurementOptions options)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(options);
        return new StateCurves
        {
            Name = name,
            Temperature = temperature,
            Runs = runs.Count,
            Frames = runs.Sum(run => run.Frames),
            Interval = runs[0].Interval,
            Volume = Estimate.OfIndependent([.. runs.Select(run => run.Volume)]),
            Notes = [.. runs.SelectMany(run => run.Notes)],
            Pairs = [.. runs[0].Pairs.Select((_, k) => Pair([.. runs.Select(run => run.Pairs[k])], temperature))],
            Angles = [.. runs[0].Angles.Select((_, k) => Angle([.. runs.Select(run => run.Angles[k])]))],
            Dihedrals = [.. runs[0].Dihedrals.Select((_, k) => Angle([.. runs.Select(run => run.Dihedrals[k])]))],
            Coordination = [.. runs[0].Coordination.Select((_, k) => Coordination([.. runs.Select(run => run.Coordination[k])]))],
            Displacements = options.Displacement is { } displacement ? Displacements(runs, displacement) : [],
            Spectrum = options.Spectrum is { } spectrum ? Spectrum([.. runs.Select(run => run.Power!)], spectrum) : null,
        };
    }

    /// <summary>Arrhenius fits of the groups that diffuse at two temperatures or more.</summary>
    public static IReadOnlyList<DiffusionArrhenius> Arrhenius(IReadOnlyList<StateCurves> states)
    {
        ArgumentNullException.ThrowIfNull(states);
        var fits = new List<DiffusionArrhenius>();
        foreach (var group in states.SelectMany(state => state.Displacements).Select(result => result.Group).Distinct())
        {
            var points = states.Where(state => state.Temperature is not null)
                .Select(state => (Temperature: state.Temperature!.Value, Diffusion: state.Displacements.FirstOrDefault(result => result.Group == group)?.Diffusion))
                .Where(point => point.Diffusion?.Value > 0).ToArray();
            if (points.Select(point => point.Temperature).Distinct().Count() >= 2)
            {
                double[] temperatures = [.. points.Select(point => point.Temperature)];
                Estimate[] diffusion = [.. points.Select(point => point.Diffusion!.Value)];
                var fit = ArrheniusFit.Of(temperatures, diffusion);
                fits.Add(new DiffusionArrhenius(group, fit.Energy, fit.Prefactor, temperatures, diffusion));
            }
        }

        return fits;
    }

    private static PairAverage Pair(PairCurve[] runs, double? temperature)
    {
        var (g, errors) = Means([.. runs.Select(run => run.G)], runs[0].Errors);
        var (coordination, _) = Means([.. runs.Select(run => run.Coordination)], runs[0].Coordination);
        var curve = new PairCurve(runs[0].First, runs[0].Second, runs[0].R, g, errors, coordination);
        var peaks = runs.Select(run => run.HighestPeak()).ToArray();
        var seen = curve.HighestPeak() is not null && peaks.All(peak => peak is not null);
        var (energy, energyErrors) = temperature is { } kelvin ? curve.MeanForcePotential(kelvin) : (null, null);
        return new PairAverage(
            curve, energy, energyErrors, seen ? Estimate.OfIndependent([.. peaks.Select(peak => peak!.Value.R)]) : null, seen ? Estimate.OfIndependent([.. peaks.Select(peak => peak!.Value.G)]) : null);
    }

    private static AngleCurve Angle(AngleCurve[] runs)
    {
        var (density, errors) = Means([.. runs.Select(run => run.Density)], runs[0].Errors);
        return runs[0] with { Density = density, Errors = errors, PerFrame = runs.Average(run => run.PerFrame), Mean = runs.Average(run => run.Mean) };
    }

    private static CoordinationResult Coordination(CoordinationResult[] runs)
    {
        var longest = runs.Max(run => run.Fractions.Count);
        return runs[0] with
        {
            Mean = Estimate.OfRuns([.. runs.Select(run => run.Mean)]),
            Fractions = [.. Enumerable.Range(0, longest).Select(k => runs.Average(run => run.Fractions.ElementAtOrDefault(k)))],
        };
    }

    private static DisplacementResult[] Displacements(IReadOnlyList<RunMeasurement> runs, DisplacementOptions options)
    {
        DisplacementCurves[] segments = [.. runs.SelectMany(run => run.Displacements)];
        return [.. segments[0].Groups.Select((_, group) => SelfDiffusion.Fit(segments, group, runs[0].Interval, options.FitFrom?.Value, options.FitTo?.Value))];
    }

    private static SpectrumRecord Spectrum(VelocityPower[] runs, SpectrumOptions options)
    {
        var all = VibrationalSpectrum.Of(runs).UpTo(options.UpTo.Value);
        var single = runs.Length > 1 ? runs.Select(run => VibrationalSpectrum.Of([run]).UpTo(options.UpTo.Value)).ToArray() : [];
        var (times, correlations) = VibrationalSpectrum.Correlations(runs);
        return new SpectrumRecord(
            all.Wavenumbers, all.Total, all.Partial, all.Resolution, SpectrumPeaks.Find(all, options.Prominence.Value, single), times, correlations, Estimate.OfIndependent([.. runs.Select(run => run.Temperature)]))
        {
            Known = [.. options.Known.Select(one => new KnownLine(one.At.Value, one.Name))],
        };
    }

    private static (double[] Mean, double[] Errors) Means(double[][] runs, double[] ownErrors)
    {
        if (runs.Length == 1)
        {
            return (runs[0], ownErrors);
        }

        Estimate[] means = [.. Enumerable.Range(0, runs[0].Length).Select(k => Estimate.OfIndependent([.. runs.Select(run => run[k])]))];
        return ([.. means.Select(mean => mean.Value)], [.. means.Select(mean => mean.Error)]);
    }
}
