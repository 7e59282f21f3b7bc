using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Curves that were measured on trajectories: one figure a kind and state, and tables of the numbers that are read off them.</summary>
internal static class CurvesSection
{
    private const double FemtosecondsInPicosecond = 1000;
    private const double SmallestShare = 0.1;

    public static ReportSection Of(StepSummary step)
    {
        var results = StepJson.Read<CurveResults>(step.Outputs["curves"].FilePath);
        var content = new List<ReportContent> { Overview(results) };
        foreach (var state in results.States)
        {
            var suffix = results.States.Count > 1 ? $" at {(state.Temperature is { } kelvin ? $"{Text.Number(kelvin)} K" : state.Name)}" : string.Empty;
            var name = results.States.Count > 1 ? $"{step.Name}-{FileName(state.Name)}" : step.Name;
            content.AddRange(Pairs(state, name, suffix));
            content.AddRange(state.Angles.Concat(state.Dihedrals).Select(angle => Angle(angle, name, suffix)));
            content.AddRange(Coordination(state, name, suffix));
            content.AddRange(Displacements(state, name, suffix));
            content.AddRange(Spectrum(state, name, suffix));
        }

        content.AddRange(Arrhenius(results, step.Name));
        content.Add(new ReportParagraph("Bands and errors are one standard error: the scatter of independent runs, or with one run of its blocks. The curves are in `tables/` of the step's outputs as CSV, everything in `curves.json`."));
        return new ReportSection(step.Kind == "vibrations" ? "Vibrations" : "Analysis of trajectories", content);
    }

    private static ReportTable Overview(CurveResults results) => new(
        "What was measured on",
        ["state", "runs", "frames", "fs between frames", "volume, Å³"],
        [.. results.States.Select(state => (IReadOnlyList<string>)[state.Name, Text.Count(state.Runs), state.Frames.ToString(CultureInfo.InvariantCulture), double.IsFinite(state.Interval) ? Text.Number(state.Interval) : "not known", WithError(state.Volume)])]);

    private static IEnumerable<ReportContent> Pairs(StateCurves state, string name, string suffix)
    {
        if (state.Pairs.Count == 0)
        {
            yield break;
        }

        // One group and its total are one curve.
        PairAverage[] drawn = [.. state.Pairs.Take(state.Pairs.Count == 2 ? 1 : state.Pairs.Count)];
        string NameOf(PairAverage pair) => $"{pair.Curve.First}–{pair.Curve.Second}";
        yield return new ReportFigure(
            new CurveFigure($"{name}-rdf", $"Radial distribution functions{suffix}", "r, Å", "g(r)", [.. drawn.Select(pair => new Series(NameOf(pair), pair.Curve.R, pair.Curve.G, pair.Curve.Errors))], []),
            "1 for atoms that know nothing of each other.");
        yield return new ReportTable(
            $"Highest peaks of g(r){suffix}",
            ["pair", "r, Å", "g"],
            [.. state.Pairs.Where(pair => pair.PeakDistance is not null).Select(pair => (IReadOnlyList<string>)[NameOf(pair), WithError(pair.PeakDistance!.Value), WithError(pair.PeakHeight!.Value)])]);
        if (state.Pairs.Any(pair => pair.MeanForce is not null))
        {
            yield return new ReportFigure(
                new CurveFigure($"{name}-pmf", $"Potentials of mean force{suffix}", "r, Å", "−kT ln g, eV", [.. drawn.Where(pair => pair.MeanForce is not null).Select(pair => new Series(NameOf(pair), pair.Curve.R, pair.MeanForce!, pair.MeanForceErrors))], []),
                "No value where no pair was seen.");
        }
    }

    private static ReportFigure Angle(AngleCurve angle, string name, string suffix) => new(
        new CurveFigure($"{name}-angle-{FileName(angle.Name)}", $"Angle {angle.Name}{suffix}", "angle, degrees", "probability density, 1/degree", [new Series(angle.Name, angle.Angles, angle.Density, angle.Errors)], []),
        string.Create(CultureInfo.InvariantCulture, $"{angle.PerFrame:0.##} angles in a frame, mean {angle.Mean:0.0} degrees."));

    private static IEnumerable<ReportContent> Coordination(StateCurves state, string name, string suffix)
    {
        if (state.Coordination.Count == 0)
        {
            yield break;
        }

        yield return new ReportTable(
            $"Coordination numbers{suffix}",
            ["of–by", "within, Å", "width, Å", "mean", "atoms by number of neighbours"],
            [.. state.Coordination.Select(one => (IReadOnlyList<string>)
                [one.Name, Text.Number(one.Cutoff), Text.Number(one.Width), WithError(one.Mean), string.Join(", ", one.Fractions.Select((part, count) => (part, count)).Where(pair => pair.part > 0).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.count}: {100 * pair.part:0.##} %")))])]);
        var known = double.IsFinite(state.Interval);
        yield return new ReportFigure(
            new CurveFigure(
                $"{name}-coordination", $"Coordination numbers{suffix}", known ? "time, ps" : "frame", "coordination number",
                [.. state.Coordination.Select(one => new Series(one.Name, [.. one.Series.Select((_, k) => (k + 0.5) * one.FramesPerPoint * (known ? state.Interval / FemtosecondsInPicosecond : 1))], one.Series))], []),
            "Mean over the atoms, first run.");
    }

    private static IEnumerable<ReportContent> Displacements(StateCurves state, string name, string suffix)
    {
        if (state.Displacements.Count == 0)
        {
            yield break;
        }

        yield return new ReportFigure(
            new CurveFigure(
                $"{name}-msd", $"Mean square displacements{suffix}", "time, ps", "⟨r²⟩, Å²",
                [.. state.Displacements.Select(one => new Series(one.Group, [.. one.Times.Select(time => time / FemtosecondsInPicosecond)], one.Displacement, one.Errors))], [], Logarithmic: true),
            "Atoms that diffuse have the slope 1, free ones 2, bound ones 0.");
        yield return new ReportTable(
            $"Self-diffusion by Einstein's relation{suffix}",
            ["atoms", "D, cm²/s", "power of time", "fitted, ps"],
            [.. state.Displacements.Select(one => (IReadOnlyList<string>)
                [one.Group, one.Diffusion is { } diffusion ? WithError(diffusion.Times(SelfDiffusion.SquareCentimetrePerSecond)) : "too few lags", Text.Number(one.Exponent), $"{Text.Number(one.From / FemtosecondsInPicosecond)} to {Text.Number(one.To / FemtosecondsInPicosecond)}"])]);
        yield return new ReportParagraph("D is a diffusion coefficient only where the power of time is near 1.");
    }

    private static IEnumerable<ReportContent> Spectrum(StateCurves state, string name, string suffix)
    {
        if (state.Spectrum is not { } spectrum)
        {
            yield break;
        }

        PlaceMark[] marks = [.. spectrum.Known.Select(known => new PlaceMark(known.Wavenumber, string.Create(CultureInfo.InvariantCulture, $"{known.Name} {known.Wavenumber:0}")))];
        yield return new ReportFigure(
            new CurveFigure($"{name}-vdos", $"Vibrational density of states{suffix}", "wavenumber, cm⁻¹", "density, cm", [new Series("all", spectrum.Wavenumbers, spectrum.Total.Density, spectrum.Total.Errors)], marks),
            $"Fourier transform of the mass-weighted velocity autocorrelation, classical, integral 1; a sharp line is {Text.Number(spectrum.Resolution)} cm⁻¹ wide. Temperature of the velocities: {WithError(spectrum.Temperature)} K.");
        yield return new ReportFigure(
            new CurveFigure($"{name}-vdos-partial", $"Partial densities{suffix}", "wavenumber, cm⁻¹", "density, cm", [.. spectrum.Partial.Select(part => new Series(part.Group, spectrum.Wavenumbers, part.Density, part.Errors))], marks),
            "They add up to the total.");
        yield return new ReportFigure(
            new CurveFigure($"{name}-vacf", $"Velocity autocorrelations{suffix}", "time, ps", "mass-weighted, 1 at time 0", [.. spectrum.Correlations.Take(spectrum.Correlations.Count == 2 ? 1 : spectrum.Correlations.Count).Select(curve => new Series(curve.Group, [.. spectrum.CorrelationTimes.Select(time => time / FemtosecondsInPicosecond)], curve.Values))], []),
            "Of all atoms and of each kind.");
        yield return new ReportTable(
            $"Peaks{suffix}",
            ["cm⁻¹", "THz", "height, cm", "width, cm⁻¹", "who vibrates", .. marks.Length > 0 ? (string[])["nearest known"] : []],
            [.. spectrum.Peaks.Select(peak => (IReadOnlyList<string>)
                [WithError(peak.Wavenumber), Text.Number(peak.Terahertz), Text.Number(peak.Height), Text.Number(peak.Width), Shares(peak, spectrum), .. marks.Length > 0 ? (string[])[Nearest(peak, spectrum.Known)] : []])]);
    }

    private static string Shares(SpectrumPeak peak, SpectrumRecord spectrum) => string.Join(", ", peak.Shares.Zip(spectrum.Partial, (share, part) => (share, part.Group))
        .Where(pair => pair.share >= SmallestShare).OrderByDescending(pair => pair.share).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Group} {100 * pair.share:0} %")));

    private static string Nearest(SpectrumPeak peak, IReadOnlyList<KnownLine> known)
    {
        var nearest = known.MinBy(line => Math.Abs(line.Wavenumber - peak.Wavenumber.Value))!;
        return string.Create(CultureInfo.InvariantCulture, $"{nearest.Wavenumber:0.#} {nearest.Name} ({peak.Wavenumber.Value - nearest.Wavenumber:+0.0;-0.0})");
    }

    private static IEnumerable<ReportContent> Arrhenius(CurveResults results, string name)
    {
        if (results.Arrhenius.Count == 0)
        {
            yield break;
        }

        yield return new ReportFigure(
            new LineFigure(
                $"{name}-arrhenius", "Diffusion against temperature", "1000/T, 1/K", "D, cm²/s",
                [.. results.Arrhenius.Select(fit => new Series(fit.Group, [.. fit.Temperatures.Select(temperature => 1000 / temperature)], [.. fit.Diffusion.Select(one => one.Value * SelfDiffusion.SquareCentimetrePerSecond)], [.. fit.Diffusion.Select(one => one.Error * SelfDiffusion.SquareCentimetrePerSecond)]))], LogY: true),
            "A straight line is an activation energy.");
        yield return new ReportTable(
            "Activation energies of diffusion",
            ["atoms", "E, kJ/mol", "D₀, cm²/s"],
            [.. results.Arrhenius.Select(fit => (IReadOnlyList<string>)[fit.Group, WithError(fit.ActivationEnergy.Times(ArrheniusFit.KilojoulePerMole)), WithError(fit.Prefactor.Times(SelfDiffusion.SquareCentimetrePerSecond))])]);
    }

    private static string WithError(Estimate estimate) => double.IsFinite(estimate.Error)
        ? string.Create(CultureInfo.InvariantCulture, $"{estimate.Value:g5} ± {estimate.Error:g2}")
        : estimate.Value.ToString("g5", CultureInfo.InvariantCulture);

    private static string FileName(string name) => new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
}
