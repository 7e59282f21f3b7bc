using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Lattice parameters against temperature and pressure.</summary>
internal static class LatticeSection
{
    public static ReportSection Of(StepSummary step)
    {
        var lattice = StepJson.Read<LatticeRecord>(step.Outputs["lattice"].FilePath);
        var runs = lattice.Points.SelectMany(point => point.Runs).ToArray();
        var content = new List<ReportContent>
        {
            new ReportParagraph($"Lengths and volume of {lattice.Cell}; NPT with {lattice.Freedom} cell, up to {lattice.Points.Max(point => point.Runs.Count)} independent runs a state, {Text.Number(runs.Average(run => run.Picoseconds))} ps averaged of each on the mean. Errors are one standard error of the mean over runs (of a single run: over its blocks)."),
            Results(lattice),
            Points(lattice),
        };
        var heated = lattice.TemperatureScan();
        if (heated.Count > 1)
        {
            foreach (var name in heated[0].Lengths.Keys.Append("volume"))
            {
                content.Add(Figure(step.Name, lattice, heated, name, "temperature", "temperature, K", point => point.Temperature, value => value.Pressure == lattice.ScanPressure ? value.Temperature : null));
            }
        }

        var pressed = lattice.PressureScan();
        if (pressed.Count > 1)
        {
            foreach (var name in pressed[0].Lengths.Keys.Append("volume"))
            {
                content.Add(Figure(step.Name, lattice, pressed, name, "pressure", "pressure, MPa", point => point.Pressure, value => value.Temperature == lattice.ScanTemperature ? value.Pressure : null));
            }
        }

        if (lattice.Literature.Count > 0)
        {
            content.Add(new ReportTable("From elsewhere", ["", "source", "linear thermal expansion, 1e-6/K", "values"], [.. lattice.Literature.Select(one => (IReadOnlyList<string>)[one.Label, one.Source, Text.Number(one.ThermalExpansion * 1e6), Text.Count(one.Points.Count)])]));
        }

        return new ReportSection("Lattice parameters", content);
    }

    /// <summary>A value and its error to two digits of the error.</summary>
    public static string WithError(Estimate estimate)
    {
        if (!double.IsFinite(estimate.Error) || estimate.Error <= 0)
        {
            return estimate.Value.ToString("g6", CultureInfo.InvariantCulture);
        }

        var digits = Math.Clamp(1 - (int)Math.Floor(Math.Log10(estimate.Error)), 0, 12);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Round(estimate.Value, digits).ToString("F" + digits, CultureInfo.InvariantCulture)} ± {Math.Round(estimate.Error, digits).ToString("F" + digits, CultureInfo.InvariantCulture)}");
    }

    private static ReportTable Results(LatticeRecord lattice)
    {
        var rows = lattice.ThermalExpansion.Select(alpha => (IReadOnlyList<string>)
            [alpha.Key == "volume" ? "volumetric thermal expansion" : $"linear thermal expansion of {alpha.Key}", $"at {Text.Number(lattice.ExpansionAt)} K", WithError(alpha.Value.Times(1e6)), "1e-6/K"]).ToList();
        if (lattice.Compressibility is { } compressibility && lattice.BulkModulus is { } modulus)
        {
            rows.Add(["isothermal compressibility", $"at {Text.Number(lattice.ScanTemperature)} K", WithError(compressibility), "1/GPa"]);
            rows.Add(["bulk modulus", $"at {Text.Number(lattice.ScanTemperature)} K", WithError(modulus), "GPa"]);
        }

        return new ReportTable($"From polynomials of order {lattice.Order} through the points below", ["quantity", "", "value", "unit"], rows);
    }

    private static ReportTable Points(LatticeRecord lattice)
    {
        string[] lengths = [.. lattice.Points[0].Lengths.Keys];
        return new ReportTable(
            "Means",
            ["temperature, K", "pressure, MPa", "measured temperature, K", "runs", "ended early", .. lengths.Select(name => name + ", Å"), "volume, Å³"],
            [.. lattice.Points.Select(point => (IReadOnlyList<string>)
            [
                Text.Number(point.Temperature), Text.Number(point.Pressure), WithError(point.MeanTemperature), Text.Count(point.Runs.Count), Text.Count(point.Runs.Count(run => run.Problem is not null)),
                .. lengths.Select(name => WithError(point.Lengths[name])), WithError(point.Volume),
            ])]);
    }

    private static ReportFigure Figure(string step, LatticeRecord lattice, IReadOnlyList<LatticePointRecord> points, string quantity, string against, string label, Func<LatticePointRecord, double> x, Func<LatticeLiteratureValue, double?> place)
    {
        Estimate Value(LatticePointRecord point) => quantity == "volume" ? point.Volume : point.Lengths[quantity];
        var series = new List<Series> { new("this work", [.. points.Select(x)], [.. points.Select(point => Value(point).Value)], [.. points.Select(point => Value(point).Error)], Style: SeriesStyle.Markers) };
        if (points.Count > lattice.Order)
        {
            var fit = PolynomialFit.Of([.. points.Select(x)], [.. points.Select(Value)], lattice.Order, x(points[0]));
            double[] grid = [.. Enumerable.Range(0, 51).Select(k => x(points[0]) + (x(points[^1]) - x(points[0])) * k / 50)];
            series.Add(new Series("fit", grid, [.. grid.Select(fit.At)], Style: SeriesStyle.Line));
        }

        series.AddRange(lattice.Literature
            .Select(one => (one.Label, Points: one.Points.Where(value => value.Quantity == quantity && place(value) is not null).ToArray()))
            .Where(one => one.Points.Length > 0)
            .Select(one => new Series(one.Label, [.. one.Points.Select(value => place(value)!.Value)], [.. one.Points.Select(value => value.Value)], Style: SeriesStyle.Markers)));
        return new ReportFigure(
            new LineFigure($"{step}-{quantity}-{against}", quantity == "volume" ? $"Volume against {against}" : $"Length {quantity} against {against}", label, quantity == "volume" ? "volume, Å³" : $"{quantity}, Å", series),
            "Error bars: one standard error of the mean.");
    }
}
