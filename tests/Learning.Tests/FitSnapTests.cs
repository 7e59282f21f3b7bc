using MofInterop.Potentials.Snap;
using MofInterop.Potentials.Units;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Learning.Tests;

/// <summary>FitSNAP's tantalum example comes out the same.</summary>
public class FitSnapTests
{
    private const string Absent = "reference data absent: fitsnap_ta";

    /// <summary>Half a unit of the sixth digit, and a little for the rounding of both.</summary>
    private const double SixDigits = 5.1e-6;

    [SkippableFact]
    public void The_design_matrix_is_that_of_FitSNAP()
    {
        using var example = FitSnapExample.Find();
        Skip.If(example is null, Absent);
        example!.Frames.Count.ShouldBe(363);
        example.Design.Shape.ShouldBe([15213, FitSnapExample.Columns]);
        var kinds = (int[])[0, 363, 363 + 12672, 15213];
        double[][] largest = [.. Enumerable.Range(0, 3).Select(kind => Enumerable.Range(0, FitSnapExample.Columns).Select(k => Enumerable.Range(kinds[kind], kinds[kind + 1] - kinds[kind]).Max(row => Math.Abs(example.Design.Row(row)[k]))).ToArray())];
        double[] worst = [0, 0, 0];
        using var design = new SnapDesignMatrix(example.Settings.CreateModel(example.Types));
        foreach (var (frame, energy, forces, stress) in example.Places())
        {
            design.Compute(frame);
            for (var row = 0; row < design.RowCount; row++)
            {
                var (kind, place, factor) = row == 0 ? (0, energy, 1.0 / frame.Count)
                    : row <= 3 * frame.Count ? (1, forces + row - 1, 1.0)
                    : (2, stress + row - 1 - 3 * frame.Count, -PhysicalConstants.LammpsMetalPressure);
                for (var k = 0; k < FitSnapExample.Columns; k++)
                {
                    var difference = Math.Abs(factor * design.Row(row)[k] - example.Design.Row(place)[k]);
                    worst[kind] = Math.Max(worst[kind], difference == 0 ? 0 : difference / largest[kind][k]);
                }
            }
        }

        worst.ShouldAllBe(difference => difference < 1e-8, string.Join(" ", worst));
    }

    [SkippableFact]
    public void Labels_less_the_repulsion_are_those_of_FitSNAP()
    {
        using var example = FitSnapExample.Find();
        Skip.If(example is null, Absent);
        var truth = example!.Truth.Values;
        foreach (var (frame, energy, forces, stress) in example.Places())
        {
            var where = frame.Info["source"];
            (frame.Label!.Energy / frame.Count).ShouldBe(truth[energy], 1e-11, where);
            frame.Label.Forces.ShouldBe(truth[forces..(forces + 3 * frame.Count)], 1e-9, where);
            frame.Label.Stress!.Select(s => -s * PhysicalConstants.LammpsMetalPressure).ShouldBe(truth[stress..(stress + 6)], 1e-3, where);
        }
    }

    [SkippableFact]
    public void The_files_of_the_matrix_hold_the_rows_of_FitSNAP_in_its_order()
    {
        using var example = FitSnapExample.Find();
        Skip.If(example is null, Absent);
        var folder = Directory.CreateTempSubdirectory("mof-matrix-").FullName;
        try
        {
            DesignMatrixFiles.Write(folder, example!.Settings.CreateModel(example.Types), example.Settings, example.Ordered);
            Same(DesignMatrixFiles.Descriptors, example.Design);
            Same(DesignMatrixFiles.Truth, example.Truth);
            Same(DesignMatrixFiles.Weights, example.Weights);

            // They span ten powers of ten: each by itself.
            var weights = NumpyArray.Read(Path.Combine(folder, DesignMatrixFiles.Weights)).Values;
            weights.Zip(example.Weights.Values, (ours, theirs) => Math.Abs(ours / theirs - 1)).Max().ShouldBeLessThan(1e-14);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Same(string name, NumpyArray theirs)
        {
            var ours = NumpyArray.Read(Path.Combine(folder, name));
            ours.Shape.ShouldBe(theirs.Shape);
            var columns = theirs.Shape.Count > 1 ? theirs.Shape[1] : 1;
            for (var k = 0; k < columns; k++)
            {
                var largest = Enumerable.Range(0, theirs.Shape[0]).Max(row => Math.Abs(theirs.Values[row * columns + k]));
                Enumerable.Range(0, theirs.Shape[0]).Max(row => Math.Abs(ours.Values[row * columns + k] - theirs.Values[row * columns + k])).ShouldBeLessThan(1e-8 * largest, $"{name}, column {k}");
            }
        }
    }

    [SkippableFact]
    public void Coefficients_and_errors_of_every_group_are_those_of_FitSNAP()
    {
        using var example = FitSnapExample.Find();
        Skip.If(example is null, Absent);
        using var trainer = new SnapTrainer(example!.Settings, example.Types);
        var fit = trainer.Fit(example.Reduced);
        var coefficients = fit.Model.Species[0].Coefficients.ToArray();
        var theirs = example.Coefficients();
        coefficients.Length.ShouldBe(theirs.Length);
        for (var k = 0; k < theirs.Length; k++)
        {
            coefficients[k].ShouldBe(theirs[k], 1e-8 * theirs.Max(Math.Abs), $"coefficient {k}");
        }

        using var potential = new SnapPotential(fit.Model);
        var reports = ErrorReport.EvaluateGroups("*ALL", potential, example.Reduced, example.Settings);
        reports.Select(report => report.Set).ShouldBe(["*ALL", .. example.GroupOrder]);
        var metrics = example.Metrics();
        metrics.Count.ShouldBe(reports.Count * 6);
        foreach (var report in reports)
        {
            Compare(report.Set, "Energy", report.Energy, 1e-3, 1, metrics);
            Compare(report.Set, "Force", report.Force, 1e-3, 1, metrics);
            Compare(report.Set, "Stress", report.Stress, 10, PhysicalConstants.LammpsMetalPressure / PhysicalConstants.ElectronVoltPerCubicAngstromInBar, metrics);
        }

        (reports[0].Energy.MeanAbsolute / 1000).ShouldBe(0.112787, 0.112787 * SixDigits);
        (reports[0].Force.MeanAbsolute / 1000).ShouldBe(0.0757576, 0.0757576 * SixDigits);
        (reports[0].Stress.MeanAbsolute * 10).ShouldBe(68338.6, 68338.6 * SixDigits);
    }

    private static void Compare(string set, string quantity, QuantityErrors errors, double unit, double pressure, IReadOnlyDictionary<(string, string, string), double[]> metrics)
    {
        var plain = metrics[(set, "Unweighted", quantity)];
        errors.Count.ShouldBe((int)plain[0]);
        Same(errors.MeanAbsolute * unit * pressure, plain[1], "MAE");
        Same(errors.RootMeanSquare * unit * pressure, plain[2], "RMSE");
        Same(errors.Determination, plain[3], "R²");
        var weighted = metrics[(set, "Weighted", quantity)];
        Same(errors.Weighted!.MeanAbsolute, weighted[1], "weighted MAE");
        Same(errors.Weighted.RootMeanSquare, weighted[2], "weighted RMSE");
        Same(errors.Weighted.Determination, weighted[3], "weighted R²");

        // Forces that vanish by symmetry are rounding noise, ours and theirs.
        void Same(double ours, double theirs, string what)
        {
            if (quantity != "Force" || plain[1] > 1e-12)
            {
                ours.ShouldBe(theirs, SixDigits * Math.Abs(theirs), $"{set}, {quantity}, {what}");
            }
        }
    }
}
