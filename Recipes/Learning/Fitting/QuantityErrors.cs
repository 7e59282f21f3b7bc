namespace MofInterop.Learning;

/// <summary>
/// Errors of the rows of a fit, each multiplied by its weight: pure numbers, what the fit squares and sums up. FitSNAP's
/// "Weighted" metrics.
/// </summary>
/// <param name="MeanAbsolute">Mean of |w(p − r)|.</param>
/// <param name="RootMeanSquare">Root of the mean square.</param>
/// <param name="Maximum">Largest.</param>
/// <param name="Determination">R² of the weighted values; NaN when they are all the same.</param>
public sealed record WeightedErrors(double MeanAbsolute, double RootMeanSquare, double Maximum, double Determination);

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

    /// <summary>The same of weighted rows, or null where no weights were given.</summary>
    public WeightedErrors? Weighted { get; init; }

    /// <summary>Unit of <see cref="Reference"/> and <see cref="Predicted"/>: eV/atom (relative to the set's mean reference energy), eV/Å, MPa.</summary>
    public required string PlotUnit { get; init; }

    /// <summary>Reference values, in order of configurations and components.</summary>
    public required double[] Reference { get; init; }

    /// <summary>Predicted values, same order.</summary>
    public required double[] Predicted { get; init; }
}

/// <summary>Values and predictions of one quantity, as they are collected.</summary>
/// <param name="quantity">Its name.</param>
/// <param name="unit">Of the errors.</param>
/// <param name="plotUnit">Of the values reported.</param>
/// <param name="plotFactor">The plot's unit in that of the values added.</param>
/// <param name="unitsPerPlotUnit">The errors' unit in that of the plot.</param>
internal sealed class QuantityComparison(string quantity, string unit, string plotUnit, double plotFactor, double unitsPerPlotUnit)
{
    private readonly List<double> _reference = [];
    private readonly List<double> _predicted = [];
    private readonly List<double> _weights = [];

    /// <summary>Adds a value in the suite's unit.</summary>
    public void Add(double reference, double predicted, double weight)
    {
        _reference.Add(reference);
        _predicted.Add(predicted);
        _weights.Add(weight);
    }

    /// <summary>Adds the values that are not NaN.</summary>
    public void Add(double[] reference, double[] predicted, double weight)
    {
        for (var k = 0; k < reference.Length; k++)
        {
            if (!double.IsNaN(reference[k]))
            {
                Add(reference[k], predicted[k], weight);
            }
        }
    }

    /// <summary>The errors.</summary>
    /// <param name="weighted">Also of weighted values.</param>
    /// <param name="relative">Values are reported relative to the mean of the reference.</param>
    public QuantityErrors Errors(bool weighted, bool relative)
    {
        var plain = ErrorsOf(_reference, _predicted);
        var offset = relative && _reference.Count > 0 ? _reference.Average() : 0;
        var units = plotFactor * unitsPerPlotUnit;
        return new QuantityErrors
        {
            Quantity = quantity,
            Unit = unit,
            PlotUnit = plotUnit,
            Count = _reference.Count,
            MeanAbsolute = plain.MeanAbsolute * units,
            RootMeanSquare = plain.RootMeanSquare * units,
            Maximum = plain.Maximum * units,
            Determination = plain.Determination,
            Weighted = weighted ? ErrorsOf([.. _reference.Zip(_weights, (v, w) => v * w)], [.. _predicted.Zip(_weights, (v, w) => v * w)]) : null,
            Reference = [.. _reference.Select(v => (v - offset) * plotFactor)],
            Predicted = [.. _predicted.Select(v => (v - offset) * plotFactor)],
        };
    }

    private static WeightedErrors ErrorsOf(List<double> reference, List<double> predicted)
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
        return new WeightedErrors(absolute / count, Math.Sqrt(square / count), largest, spread > 0 ? 1 - square / spread : double.NaN);
    }
}
