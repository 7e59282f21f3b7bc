using MofInterop.Potentials.Errors;
using MofInterop.Potentials;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>Errors of one quantity over a set of configurations, and the points of its parity plot.</summary>
public sealed record QuantityErrors
{
    /// <summary><c>energy</c>, <c>force</c> or <c>stress</c>.</summary>
    public required string Quantity { get; init; }

    /// <summary>Unit of the errors: meV/atom, meV/Å, MPa.</summary>
    public required string Unit { get; init; }

    /// <summary>Number of values compared.</summary>
    public required int Count { get; init; }

    /// <summary>Mean absolute error.</summary>
    public required double MeanAbsolute { get; init; }

    /// <summary>Root mean square error.</summary>
    public required double RootMeanSquare { get; init; }

    /// <summary>Largest absolute error.</summary>
    public required double Maximum { get; init; }

    /// <summary>R² = 1 − Σ(p−r)²/Σ(r−r̄)²; NaN when the reference values are all the same.</summary>
    public required double Determination { get; init; }

    /// <summary>Unit of <see cref="Reference"/> and <see cref="Predicted"/>: eV/atom (relative to the set's mean reference energy), eV/Å, MPa.</summary>
    public required string PlotUnit { get; init; }

    /// <summary>Reference values, in order of configurations and components.</summary>
    public required double[] Reference { get; init; }

    /// <summary>Predicted values, same order.</summary>
    public required double[] Predicted { get; init; }

    /// <summary>Compares two lists.</summary>
    internal static QuantityErrors Compare(string quantity, string unit, string plotUnit, double unitsPerPlotUnit, List<double> reference, List<double> predicted)
    {
        double absolute = 0, square = 0, largest = 0, spread = 0;
        var mean = reference.Count > 0 ? reference.Average() : 0;
        for (var k = 0; k < reference.Count; k++)
        {
            var error = Math.Abs(predicted[k] - reference[k]);
            absolute += error;
            square += error * error;
            largest = Math.Max(largest, error);
            spread += (reference[k] - mean) * (reference[k] - mean);
        }

        var count = Math.Max(reference.Count, 1);
        return new QuantityErrors
        {
            Quantity = quantity,
            Unit = unit,
            PlotUnit = plotUnit,
            Count = reference.Count,
            MeanAbsolute = absolute / count * unitsPerPlotUnit,
            RootMeanSquare = Math.Sqrt(square / count) * unitsPerPlotUnit,
            Maximum = largest * unitsPerPlotUnit,
            Determination = spread > 0 ? 1 - square / spread : double.NaN,
            Reference = [.. reference],
            Predicted = [.. predicted],
        };
    }
}

/// <summary>Errors of a potential on a named set (training, held out, generation 3).</summary>
/// <param name="Set">Its name.</param>
/// <param name="Configurations">How many configurations.</param>
/// <param name="Energy">meV/atom.</param>
/// <param name="Force">meV/Å, every component.</param>
/// <param name="Stress">MPa, six components each; empty without reference stress.</param>
public sealed record ErrorReport(string Set, int Configurations, QuantityErrors Energy, QuantityErrors Force, QuantityErrors Stress)
{
    private const double Thousand = 1000;

    /// <summary>Evaluates a potential on labelled configurations; force components that are NaN in the reference are left out.</summary>
    /// <exception cref="MofException">A configuration without a label, with an unknown species, or that the potential cannot compute.</exception>
    public static ErrorReport Evaluate(string set, IPotential potential, IReadOnlyList<AtomicConfiguration> configurations)
    {
        ArgumentNullException.ThrowIfNull(potential);
        ArgumentNullException.ThrowIfNull(configurations);
        using var evaluator = new PotentialEvaluator(potential);
        var energies = (Reference: new List<double>(), Predicted: new List<double>());
        var forces = (Reference: new List<double>(), Predicted: new List<double>());
        var stresses = (Reference: new List<double>(), Predicted: new List<double>());
        for (var n = 0; n < configurations.Count; n++)
        {
            var configuration = configurations[n];
            var label = configuration.Label ?? throw new MofException(ErrorKind.InvalidArgument, "no reference results to compare with", where: $"configuration {n} of the {set} set");
            var prediction = evaluator.Evaluate(configuration);
            energies.Reference.Add(label.Energy / configuration.Count);
            energies.Predicted.Add(prediction.Energy / configuration.Count);
            Compare(label.Forces, prediction.Forces, 1, forces);
            if (label.Stress is not null && prediction.Stress is not null)
            {
                Compare(label.Stress, prediction.Stress, PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal, stresses);
            }
        }

        TakeMeanOff(energies.Reference, energies.Predicted);
        return new ErrorReport(
            set,
            configurations.Count,
            QuantityErrors.Compare("energy", "meV/atom", "eV/atom", Thousand, energies.Reference, energies.Predicted),
            QuantityErrors.Compare("force", "meV/Å", "eV/Å", Thousand, forces.Reference, forces.Predicted),
            QuantityErrors.Compare("stress", "MPa", "MPa", 1, stresses.Reference, stresses.Predicted));
    }

    private static void Compare(double[] reference, double[] predicted, double factor, (List<double> Reference, List<double> Predicted) lists)
    {
        for (var k = 0; k < reference.Length; k++)
        {
            if (!double.IsNaN(reference[k]))
            {
                lists.Reference.Add(factor * reference[k]);
                lists.Predicted.Add(factor * predicted[k]);
            }
        }
    }

    private static void TakeMeanOff(List<double> reference, List<double> predicted)
    {
        var mean = reference.Count > 0 ? reference.Average() : 0;
        for (var k = 0; k < reference.Count; k++)
        {
            reference[k] -= mean;
            predicted[k] -= mean;
        }
    }
}
