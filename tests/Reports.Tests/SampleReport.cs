using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Reports.Tests;

/// <summary>A page with every kind of content and figure.</summary>
internal static class SampleReport
{
    private static readonly Random Random = new(1);

    public static IReadOnlyList<Figure> Figures { get; } =
    [
        new ParityFigure("forces", "Forces", "CP2K (eV/Å)", "SNAP (eV/Å)", "meV/Å", 1000, [Cloud("training", 5000, 0.1), Cloud("held-out", 900, 0.12)]),
        new ParityFigure("energies", "Energies", "CP2K (eV/atom)", "SNAP (eV/atom)", "meV/atom", 1000, [Cloud("training", 60, 0.001), Cloud("held-out", 20, 0.002)]),
        new LineFigure(
            "errors", "Force error per generation", "generation", "RMSE (meV/Å)",
            [new Series("training", [0, 1, 2, 3], [102, 98, 95, 93]), new Series("new frames", [1, 2, 3], [240, 130, 115], [30, 12, 8])],
            LogY: true, new TargetLine(150, "goal")),
        new HistogramFigure("distances", "Shortest distance per frame", "distance (Å)", "frames", [Values("training", 300, 0.9), Values("held-out", 80, 0.92)]),
        new BarFigure(
            "selections", "Bins that caused selections", "generation", "configurations", ["1", "2", "3"],
            [new ValueSeries("bonds", [12, 5, 2]), new ValueSeries("angles", [8, 9, 3]), new ValueSeries("dihedrals", [2, double.NaN, 1])], Stacked: true),
        new TraceFigure(
            "md", "NPT at 300 K", "time (ps)",
            [
                new TracePanel("T (K)", [Trace("run 1", 300, 30), Trace("run 2", 300, 30)], new TargetLine(300, "set")),
                new TracePanel("V (Å³)", [Trace("run 1", 4310, 8), Trace("run 2", 4310, 8)]),
                new TracePanel("E (eV)", [Trace("run 1", -6617.2, 0.4), Trace("run 2", -6617.1, 0.4)]),
            ]),
        new TimelineFigure("timeline", "What ran when", "time (min)", [new("generation 1", 0, 2, "labels"), new("generation 1", 2, 2.5, "fit"), new("generation 1", 2.5, 4, "MD"), new("generation 2", 4, 5, "labels")]),
    ];

    public static AtomicConfiguration Benzene()
    {
        var positions = new List<double>();
        foreach (var radius in (double[])[1.39, 2.47])
        {
            for (var k = 0; k < 6; k++)
            {
                positions.AddRange([radius * Math.Cos(k * Math.PI / 3) + 4, radius * Math.Sin(k * Math.PI / 3) + 4, 3]);
            }
        }

        return new AtomicConfiguration([.. Enumerable.Repeat("C", 6), .. Enumerable.Repeat("H", 6)], [.. positions], new Cell([8, 0, 0, 1, 8, 0, 0, 1, 6]), periodic: true);
    }

    public static ReportDocument Document() => new(
        "MOF-5 <quickstart>",
        new ReportBanner(
            ReportOutcome.Missed,
            "One of two goals was missed.",
            [new Headline("Held-out energy RMSE", "1.3 meV/atom", "≤ 2 meV/atom", true), new Headline("Intact runs", "3 of 5", "≥ 4", false), new Headline("Labels", "70")],
            ["The normal equations have a condition number of 3e12: `ridge` was raised."]),
        [
            new ReportSection("Structure", [new ReportParagraph("A **primitive** cell of `106` atoms & more."), new ReportStructure(Benzene(), "Start")]),
            new ReportSection("Figures", [.. Figures.Select(figure => new ReportFigure(figure, figure.Title))]),
            new ReportSection("Errors", [new ReportTable("RMSE", ["set", "energy (meV/atom)"], [["training", "0.5"], ["held-out", "1.3"]]), new ReportListing("mofinterop run a.yaml\n  <done>")]),
        ]);

    private static Series Cloud(string name, int count, double noise)
    {
        var x = Enumerable.Range(0, count).Select(_ => 4 * (Random.NextDouble() + Random.NextDouble() - 1)).ToArray();
        return new Series(name, x, [.. x.Select((value, k) => k == 7 ? double.NaN : value + noise * 3 * (Random.NextDouble() - 0.5))]);
    }

    private static ValueSeries Values(string name, int count, double mean) => new(name, [.. Enumerable.Range(0, count).Select(_ => mean + 0.2 * (Random.NextDouble() - 0.5))]);

    private static Series Trace(string name, double mean, double noise) =>
        new(name, [.. Enumerable.Range(0, 400).Select(k => k * 0.005)], [.. Enumerable.Range(0, 400).Select(_ => mean + noise * (Random.NextDouble() - 0.5))]);
}
