using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Cli;

/// <summary>Melting, quenching, and crystal, liquid and glass side by side.</summary>
internal static class MeltQuenchSection
{
    private const double FemtosecondsInPicosecond = 1000;

    private static readonly (string Name, string Heading, double Factor)[] _quantities =
    [
        ("temperature", "temperature, K", 1), ("density", "density, g/cm³", 1), ("volume", "volume of the cell, Å³", 1), ("energy", "potential energy, eV/atom", 1), ("pressure", "pressure, MPa", 1),
        ("coordination", "coordination of a metal", 1), ("intact", "linkers intact, %", 100), ("dangling", "linkers dangling, %", 100), ("free", "linkers free, %", 100), ("broken", "linkers broken inside, %", 100),
    ];

    public static ReportSection Of(StepSummary step)
    {
        var melt = StepJson.Read<MeltQuenchRecord>(step.Outputs["melt"].FilePath);
        var curves = StepJson.Read<CurveResults>(step.Outputs["curves"].FilePath).States;
        var content = new List<ReportContent>
        {
            new ReportParagraph($"**It {melt.Verdict}.** {Count(melt.Runs.Count, "independent run")}, {melt.Ensemble}; heated at {Text.Number(melt.HeatingRate)} K/ps, cooled at {Text.Number(melt.CoolingRate)} K/ps. "
                + "A perfect periodic crystal has no surface at which to melt: it melts on heating not at its melting point but near the limit of its stability, some 20 % above, and at higher temperatures the faster it is heated. A glass is that of its cooling rate."),
            Criteria(melt),
            new ReportFigure(Against(step.Name, melt), $"Means over windows of {Text.Number(melt.Window)} ps, a line a run. Dashed: thresholds of the mobility criterion, both of which must be passed."),
        };
        content.AddRange(AgainstTemperature(step.Name, melt));
        content.Add(States(melt));
        content.AddRange(Rings(step.Name, melt));
        content.AddRange(Curves(step.Name, curves));
        if (melt.Differences.Count > 0)
        {
            content.Add(new ReportTable(
                "How far radial distribution functions are from each other: mean |Δg| over their range",
                ["pair", "crystal, liquid", "crystal, glass", "liquid, glass"],
                [.. melt.Differences.Select(one => (IReadOnlyList<string>)[one.Pair, Text.Number(one.CrystalLiquid), Text.Number(one.CrystalGlass), Text.Number(one.LiquidGlass)])]));
        }

        content.Add(Runs(melt));
        content.Add(new ReportStructure(ExtendedXyz.Read(step.Outputs["structure"].FilePath).Single(), "The glass of the first run that made one, at the end of its equilibration"));
        content.Add(new ReportParagraph("Bands and errors are one standard error: the scatter of runs, or with one run of its blocks. Everything is in `melt-quench.json` and `curves.json`, as CSV in `tables/`."));
        return new ReportSection("Melt and quench", content);
    }

    private static ReportTable Criteria(MeltQuenchRecord melt) => new(
        "Criteria of melting",
        ["criterion", "decides", "met in", "at, K", "lost on cooling in", "at, K", "definition", "thresholds from"],
        [.. melt.Criteria.Select(one => (IReadOnlyList<string>)
            [RecipeWords.Of(one.Criterion), one.Decides ? "yes" : "no", $"{one.RunsMet} of {Count(melt.Runs.Count, "run")}", WithError(one.Temperature), $"{one.RunsLost} of {Count(one.RunsMet, "run")}", WithError(one.LostTemperature), one.Definition, one.Source])]);

    private static TraceFigure Against(string name, MeltQuenchRecord melt)
    {
        IReadOnlyList<Series> Lines(Func<MeltWindow, double> value, string suffix = "") =>
            [.. melt.Runs.Select(run => new Series(run.Name + suffix, [.. run.Stages.SelectMany(stage => stage.Windows.Select(window => stage.Begin + window.Picoseconds))], [.. run.Stages.SelectMany(stage => stage.Windows.Select(value))]))];
        var panels = new List<TracePanel>
        {
            new("temperature, K", Lines(window => window.Temperature)),
            ConstantVolume(melt) ? new("pressure, MPa", Lines(window => window.Pressure)) : new("density, g/cm³", Lines(window => window.Density)),
            new($"Lindemann ratio of {melt.MobileAtoms}", Lines(window => window.Lindemann), new TargetLine(melt.LindemannThreshold, "threshold")),
            new("power of time", Lines(window => window.Exponent), new TargetLine(melt.ExponentThreshold, "threshold")),
        };
        if (melt.Runs.Any(run => run.Stages.Any(stage => stage.Windows.Any(window => window.Net is not null))))
        {
            panels.Add(new TracePanel("coordination of a metal", Lines(window => window.Net!.Coordination)));
            panels.Add(new TracePanel("fraction of linkers", [.. Lines(window => window.Net!.Intact, ", intact"), .. Lines(window => window.Net!.Broken, ", broken inside")]));

            // Rings of a run beside each other: sizes are lines, of the first run.
            int[] sizes = [.. melt.Runs[0].Stages.SelectMany(stage => stage.Windows).SelectMany(window => window.Net?.Rings.Keys ?? []).Distinct().Order()];
            panels.Add(new TracePanel($"rings per metal, {melt.Runs[0].Name}", [.. sizes.Select(size => Lines(window => window.Net!.Rings.GetValueOrDefault(size))[0] with { Name = $"{size} nodes" })]));
        }

        return new TraceFigure($"{name}-time", "Melting and quenching", "time, ps", panels);
    }

    private static IEnumerable<ReportContent> AgainstTemperature(string name, MeltQuenchRecord melt)
    {
        ReportFigure Figure(string quantity, string title, string label, Func<MeltWindow, double> value) => new(
            new LineFigure($"{name}-{quantity}-temperature", $"{title} on heating and cooling", "temperature, K", label, [.. new[] { "heating", "cooling" }.Select(stage => Branch(melt, stage, value))]),
            "Means over windows and runs; error bars: one standard error over runs.");
        if (!ConstantVolume(melt))
        {
            yield return Figure("density", "Density", "density, g/cm³", window => window.Density);
        }

        yield return Figure("energy", "Potential energy", "potential energy, eV/atom", window => window.Energy);
        if (melt.States[0].Means.ContainsKey("coordination"))
        {
            yield return Figure("coordination", "Coordination", "coordination of a metal", window => window.Net!.Coordination);
        }
    }

    private static bool ConstantVolume(MeltQuenchRecord melt) => melt.Ensemble == "NVT";

    private static Series Branch(MeltQuenchRecord melt, string stage, Func<MeltWindow, double> value)
    {
        MeltStageRecord[] stages = [.. melt.Runs.SelectMany(run => run.Stages).Where(one => one.Name == stage && one.Windows.Count > 0)];
        var count = stages.Select(one => one.Windows.Count).DefaultIfEmpty(0).Max();
        var points = Enumerable.Range(0, count).Select(k => stages.Where(one => one.Windows.Count > k).Select(one => one.Windows[k]).ToArray()).ToArray();
        Estimate[] means = [.. points.Select(windows => Estimate.OfIndependent([.. windows.Select(value)]))];
        return new Series(stage, [.. points.Select(windows => windows.Average(window => window.Temperature))], [.. means.Select(mean => mean.Value)], [.. means.Select(mean => double.IsFinite(mean.Error) ? mean.Error : 0)]);
    }

    private static ReportTable States(MeltQuenchRecord melt) => new(
        $"Crystal, liquid and glass{(melt.RunsMelted == 0 ? " by name: it did not melt" : string.Empty)}",
        ["quantity", .. melt.States.Select(state => $"{state.Name} ({Count(state.Runs, "run")})")],
        [.. _quantities.Where(one => melt.States[0].Means.ContainsKey(one.Name)).Select(one => (IReadOnlyList<string>)[one.Heading, .. melt.States.Select(state => WithError(state.Means[one.Name].Times(one.Factor)))])]);

    private static IEnumerable<ReportContent> Rings(string name, MeltQuenchRecord melt)
    {
        int[] sizes = [.. melt.States.SelectMany(state => state.Rings.Keys).Distinct().Order()];
        if (sizes.Length == 0)
        {
            yield break;
        }

        yield return new ReportFigure(
            new BarFigure($"{name}-rings", "Primitive rings", "metal nodes in the ring", "rings per metal", [.. sizes.Select(Text.Count)], [.. melt.States.Select(state => new ValueSeries(state.Name, [.. sizes.Select(size => state.Rings.GetValueOrDefault(size).Value)]))]),
            "Linkers contracted to edges.");
        yield return new ReportTable(
            "Primitive rings per metal",
            ["nodes", .. melt.States.Select(state => state.Name)],
            [.. sizes.Select(size => (IReadOnlyList<string>)[Text.Count(size), .. melt.States.Select(state => state.Rings.TryGetValue(size, out var ring) ? WithError(ring) : "0")])]);
    }

    private static IEnumerable<ReportContent> Curves(string name, IReadOnlyList<StateCurves> states)
    {
        // With one kind of atoms the total is its own pair once more.
        for (var k = 0; k < (states[0].Pairs.Count == 2 ? 1 : states[0].Pairs.Count); k++)
        {
            var pair = $"{states[0].Pairs[k].Curve.First}–{states[0].Pairs[k].Curve.Second}";
            yield return new ReportFigure(
                new CurveFigure($"{name}-rdf-{FileName(pair)}", $"Radial distribution of {pair}", "r, Å", "g(r)", [.. states.Select(state => new Series(state.Name, state.Pairs[k].Curve.R, state.Pairs[k].Curve.G, state.Pairs[k].Curve.Errors))], []),
                "1 for atoms that know nothing of each other.");
        }

        for (var k = 0; k < states[0].Angles.Count; k++)
        {
            var angle = states[0].Angles[k].Name;
            yield return new ReportFigure(
                new CurveFigure($"{name}-angle-{FileName(angle)}", $"Angle {angle}", "angle, degrees", "probability density, 1/degree", [.. states.Select(state => new Series(state.Name, state.Angles[k].Angles, state.Angles[k].Density, state.Angles[k].Errors))], []),
                string.Join("; ", states.Select(state => string.Create(CultureInfo.InvariantCulture, $"{state.Name}: {state.Angles[k].PerFrame:0.#} in a frame, mean {state.Angles[k].Mean:0.0} degrees"))) + ".");
        }

        foreach (var group in states[0].Displacements.Select(one => one.Group))
        {
            DisplacementResult[] results = [.. states.Select(state => state.Displacements.Single(one => one.Group == group))];
            yield return new ReportFigure(
                new CurveFigure(
                    $"{name}-msd-{FileName(group)}", $"Mean square displacement of {group}", "time, ps", "⟨r²⟩, Å²",
                    [.. states.Zip(results, (state, one) => new Series(state.Name, [.. one.Times.Select(time => time / FemtosecondsInPicosecond)], one.Displacement, one.Errors))], [], Logarithmic: true),
                $"In the liquid {Diffusion(results[1])}.");
        }
    }

    private static string Diffusion(DisplacementResult result) => result.Diffusion is { } diffusion && double.IsFinite(result.Exponent)
        ? $"⟨r²⟩ grows with time to the power {Text.Number(result.Exponent)}; where that is near 1 the self-diffusion coefficient is {WithError(diffusion.Times(SelfDiffusion.SquareCentimetrePerSecond))} cm²/s"
        : "there are too few lags for a diffusion coefficient";

    private static ReportTable Runs(MeltQuenchRecord melt) => new(
        "Runs",
        ["run", "melted", .. melt.Criteria.Select(one => RecipeWords.Of(one.Criterion)), "ended early"],
        [.. melt.Runs.Select(run => (IReadOnlyList<string>)[run.Name, When(run.Melted), .. run.Criteria.Select(one => When(one.Met)), run.Problem ?? "no"])]);

    private static string When(MeltEvent? one) => one is null ? "no" : string.Create(CultureInfo.InvariantCulture, $"{one.Temperature:0} K, {one.Stage}, {one.Picoseconds:0.#} ps");

    private static string WithError(Estimate? estimate) => estimate is { } value ? LatticeSection.WithError(value) : "–";

    private static string Count(int count, string noun) => $"{Text.Count(count)} {noun}{(count == 1 ? string.Empty : "s")}";

    private static string FileName(string name) => new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]);
}
