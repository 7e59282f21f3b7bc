using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Parity plots of energy, forces and stress.</summary>
internal static class ParityFigures
{
    // A page must open quickly: of a large set evenly spaced points are drawn, which shows the density of all.
    private const int MostPoints = 3000;

    /// <summary>The three plots; a quantity without points has none.</summary>
    public static IEnumerable<ReportContent> Of(string name, string set, Parity parity)
    {
        (string Quantity, ParityPoints Points, string Axis, string Unit, double Factor)[] plots =
        [
            ("energy", parity.Energy, "eV/atom", "meV/atom", 1000),
            ("force", parity.Force, "eV/Å", "meV/Å", 1000),
            ("stress", parity.Stress, "MPa", "MPa", 1),
        ];
        foreach (var (quantity, points, axis, unit, factor) in plots.Where(plot => plot.Points.Reference.Count > 0))
        {
            var rmse = points.Rmse ?? Math.Sqrt(points.Reference.Zip(points.Predicted, (r, p) => (r - p) * (r - p)).Average()) * factor;
            var count = points.Count ?? points.Reference.Count;
            var legend = $"{set}: RMSE {Text.Number(rmse)} {unit} ({count})";
            yield return new ReportFigure(
                new ParityFigure($"{name}-{quantity}", $"{char.ToUpperInvariant(quantity[0])}{quantity[1..]}, {set}", $"reference, {axis}", $"potential, {axis}", unit, factor, [Thinned(set, points, legend)]),
                $"{set}: RMSE {Text.Number(rmse)} {unit} over {count} values{(quantity == "energy" ? "; energies relative to the mean of the set" : string.Empty)}.");
        }
    }

    private static Series Thinned(string set, ParityPoints points, string legend)
    {
        var stride = Math.Max(1, points.Reference.Count / MostPoints);
        return new Series(set, [.. points.Reference.Where((_, k) => k % stride == 0)], [.. points.Predicted.Where((_, k) => k % stride == 0)], Legend: legend);
    }
}
