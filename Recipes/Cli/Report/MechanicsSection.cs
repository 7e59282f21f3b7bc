using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Potentials.Units;
using MofInterop.Reports;
using MofInterop.Steps;

namespace MofInterop.Cli;

/// <summary>Bulk moduli and elastic tensors.</summary>
internal static class MechanicsSection
{
    private static readonly string[] _components = ["xx", "yy", "zz", "yz", "xz", "xy"];

    public static ReportSection Of(StepSummary step)
    {
        var mechanics = StepJson.Read<MechanicsRecord>(step.Outputs["mechanics"].FilePath);
        var content = new List<ReportContent>
        {
            new ReportTable(
                "Bulk modulus, GPa; errors are one standard error",
                ["way", "bulk modulus, GPa", "source"],
                [
                    .. mechanics.BulkModuli().Select(one => (IReadOnlyList<string>)[one.Way, LatticeSection.WithError(one.Value), "this work"]),
                    .. mechanics.Literature.Select(one => (IReadOnlyList<string>)[one.Label, Text.Number(one.BulkModulus), one.Source]),
                ]),
        };
        if (mechanics.EquationOfState is { } equation)
        {
            content.Add(EnergyFigure(step.Name, equation));
            content.Add(FitTable("Birch–Murnaghan of third order through the energies", equation.Fit, "eV"));
        }

        if (mechanics.ElasticTensor is { } tensor)
        {
            content.AddRange(TensorTables("Static elastic tensor, atoms at rest", tensor));
        }

        if (mechanics.FiniteStrain is { } finite)
        {
            content.Add(PressureFigure(step.Name, finite));
            if (finite.Fit is { } fit)
            {
                content.Add(FitTable("Birch–Murnaghan of second order through the pressures nearest to zero", fit, "GPa"));
            }
        }

        if (mechanics.Fluctuations is { } fluctuations)
        {
            content.AddRange(TensorTables($"Elastic tensor by the fluctuations of {fluctuations.Runs} runs at {Text.Number(fluctuations.Temperature)} K", fluctuations.Tensor));
        }

        return new ReportSection("Mechanics", content);
    }

    private static ReportFigure EnergyFigure(string step, EquationOfStateRecord equation)
    {
        var curve = equation.Fit.Curve();
        var lowest = equation.Energies.Min();
        var zero = equation.Volumes.Select((volume, k) => equation.Energies[k] - curve.EnergyAt(volume)).Average();
        var grid = Grid(equation.Volumes);
        return new ReportFigure(
            new LineFigure(
                $"{step}-energy-volume", "Energy against volume, atoms at rest", "volume, Å³", "energy, eV",
                [
                    new Series("this work", equation.Volumes, [.. equation.Energies.Select(energy => energy - lowest)], Style: SeriesStyle.Markers),
                    new Series("Birch–Murnaghan, third order", grid, [.. grid.Select(volume => zero - lowest + curve.EnergyAt(volume))], Style: SeriesStyle.Line),
                ]),
            $"Energies relative to the lowest; the fit misses them by {Text.Number(equation.Fit.Residual * 1000)} meV (RMS).");
    }

    private static ReportFigure PressureFigure(string step, FiniteStrainRecord finite)
    {
        var lines = new List<Series>
        {
            new("this work", finite.Volumes, [.. finite.Pressures.Select(pressure => pressure.Value)], [.. finite.Pressures.Select(pressure => pressure.Error)], Style: SeriesStyle.Markers),
        };
        if (finite.Fit is { } fit)
        {
            var curve = fit.Curve();
            var grid = Grid([.. finite.Volumes.Where((_, k) => finite.Fitted[k])]);
            lines.Add(new Series("Birch–Murnaghan, second order", grid, [.. grid.Select(volume => curve.PressureAt(volume) * PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal)], Style: SeriesStyle.Line));
        }

        return new ReportFigure(
            new LineFigure($"{step}-pressure-volume", $"Pressure against volume at {Text.Number(finite.Temperature)} K", "volume, Å³", "pressure, GPa", lines),
            $"Mean pressures of NVT runs; error bars are one standard error. {finite.Fitted.Count(fitted => fitted)} points are fitted.");
    }

    private static ReportTable FitTable(string caption, EquationOfStateFit fit, string unit) => new(
        caption,
        ["V₀, Å³", "B₀, GPa", "B₀′", $"residual, {unit}"],
        [[LatticeSection.WithError(fit.Volume), LatticeSection.WithError(fit.BulkModulus), fit.Order == 2 ? "4 (second order)" : LatticeSection.WithError(fit.Derivative), Text.Number(fit.Residual)]]);

    private static IEnumerable<ReportContent> TensorTables(string caption, ElasticTensorRecord tensor)
    {
        yield return new ReportTable(
            $"{caption}, GPa, as the space group {tensor.SpaceGroup} has it{(tensor.Asymmetry is { } asymmetry ? $"; symmetry changed a component by at most {Text.Number(asymmetry)} GPa" : string.Empty)}",
            ["", .. _components],
            [.. tensor.Components.Select((row, i) => (IReadOnlyList<string>)[_components[i], .. row.Select(Component)])]);
        yield return new ReportTable(
            $"Moduli of polycrystals; the crystal is {(tensor.Stable ? "stable" : "**not stable**")} by Born's condition (eigenvalues {string.Join(", ", tensor.Eigenvalues.Select(value => Text.Number(value)))} GPa)",
            ["average", "bulk, GPa", "shear, GPa"],
            [
                .. new[] { ("Voigt", "voigt"), ("Reuss", "reuss"), ("Hill", "hill") }.Select(one => (IReadOnlyList<string>)[one.Item1, LatticeSection.WithError(tensor.Moduli["bulk_" + one.Item2]), LatticeSection.WithError(tensor.Moduli["shear_" + one.Item2])]),
            ]);
        yield return new ReportParagraph($"Young's modulus {LatticeSection.WithError(tensor.Moduli["young_hill"])} GPa and Poisson's ratio {LatticeSection.WithError(tensor.Moduli["poisson_hill"])} (Hill); universal anisotropy {LatticeSection.WithError(tensor.Moduli["universal_anisotropy"])}.");
    }

    private static string Component(Estimate value) => double.IsFinite(value.Error) && value.Error > 0 ? LatticeSection.WithError(value) : value.Value.ToString("0.###", CultureInfo.InvariantCulture);

    private static double[] Grid(IReadOnlyList<double> volumes) => [.. Enumerable.Range(0, 61).Select(k => volumes.Min() + (volumes.Max() - volumes.Min()) * k / 60)];
}
