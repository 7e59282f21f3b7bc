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
    /// <summary>Most points of a parity plot: a large set has millions of forces.</summary>
    public const int MostPoints = 20_000;

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

    /// <summary>Reference values, in order of configurations and components: all up to <see cref="MostPoints"/>, of more so many at random, always the same ones.</summary>
    public required double[] Reference { get; init; }

    /// <summary>Predicted values, same order.</summary>
    public required double[] Predicted { get; init; }
}

/// <summary>Errors of one quantity, summed up value by value: the memory does not depend on their number.</summary>
/// <param name="quantity">Its name.</param>
/// <param name="unit">Of the errors.</param>
/// <param name="plotUnit">Of the values reported.</param>
/// <param name="plotFactor">The plot's unit in that of the values added.</param>
/// <param name="unitsPerPlotUnit">The errors' unit in that of the plot.</param>
internal sealed class QuantityComparison(string quantity, string unit, string plotUnit, double plotFactor, double unitsPerPlotUnit)
{
    private readonly ErrorSums _plain = new();
    private readonly ErrorSums _weighted = new();
    private readonly ParitySample _sample = new(QuantityErrors.MostPoints);

    /// <summary>Adds a value in the suite's unit.</summary>
    public void Add(double reference, double predicted, double weight)
    {
        _plain.Add(reference, predicted);
        _weighted.Add(reference * weight, predicted * weight);
        _sample.Add(reference, predicted);
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
        var plain = _plain.Errors;
        var offset = relative ? _plain.Mean : 0;
        var units = plotFactor * unitsPerPlotUnit;
        var points = _sample.Points;
        return new QuantityErrors
        {
            Quantity = quantity,
            Unit = unit,
            PlotUnit = plotUnit,
            Count = _plain.Count,
            MeanAbsolute = plain.MeanAbsolute * units,
            RootMeanSquare = plain.RootMeanSquare * units,
            Maximum = plain.Maximum * units,
            Determination = plain.Determination,
            Weighted = weighted ? _weighted.Errors : null,
            Reference = [.. points.Select(point => (point.Reference - offset) * plotFactor)],
            Predicted = [.. points.Select(point => (point.Predicted - offset) * plotFactor)],
        };
    }

    private sealed class ErrorSums
    {
        private double _absolute;
        private double _square;
        private double _largest;

        // Σ(r − r̄)², updated value by value (B. P. Welford, Technometrics 4 (1962) 419): energies are huge beside their spread.
        private double _spread;

        public int Count { get; private set; }

        public double Mean { get; private set; }

        public WeightedErrors Errors
        {
            get
            {
                var count = Math.Max(Count, 1);
                return new WeightedErrors(_absolute / count, Math.Sqrt(_square / count), _largest, _spread > 0 ? 1 - _square / _spread : double.NaN);
            }
        }

        public void Add(double reference, double predicted)
        {
            var error = Math.Abs(predicted - reference);
            _absolute += error;
            _square += error * error;
            _largest = Math.Max(_largest, error);
            var before = reference - Mean;
            Mean += before / ++Count;
            _spread += before * (reference - Mean);
        }
    }
}
