using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>A measured value with its standard error, both in the unit that the owner states.</summary>
/// <param name="Value">The mean.</param>
/// <param name="Error">One standard error of the mean; NaN where one sample tells nothing of it.</param>
public readonly record struct Estimate(double Value, double Error)
{
    /// <summary>
    /// The mean of independent values, as of independent runs, with its standard error s/√n (s² = Σ(x−x̄)²/(n−1)); of one value the error is NaN.
    /// </summary>
    /// <exception cref="MofException">There is no value (InvalidArgument).</exception>
    public static Estimate OfIndependent(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a mean of no values", expected: "at least one");
        }

        var mean = values.Average();
        var squares = values.Sum(value => (value - mean) * (value - mean));
        return new Estimate(mean, values.Count == 1 ? double.NaN : Math.Sqrt(squares / (values.Count - 1) / values.Count));
    }

    /// <summary>
    /// The mean of independent runs that each have an error of their own. With two runs or more the error is that of their scatter, which contains what a run cannot know of itself (how it
    /// depends on its start), but no smaller than their own errors make it, √(Σe²)/n: two or three runs agree by chance. A single run keeps its own.
    /// </summary>
    /// <exception cref="MofException">There is no run (InvalidArgument).</exception>
    public static Estimate OfRuns(IReadOnlyList<Estimate> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        if (runs.Count == 1)
        {
            return runs[0];
        }

        var scatter = OfIndependent([.. runs.Select(run => run.Value)]);
        var own = Math.Sqrt(runs.Sum(run => run.Error * run.Error)) / runs.Count;
        return own > scatter.Error ? scatter with { Error = own } : scatter;
    }

    /// <summary>Both multiplied, as in a change of unit.</summary>
    public Estimate Times(double factor) => new(Value * factor, Error * Math.Abs(factor));

    /// <inheritdoc/>
    public override string ToString() => double.IsFinite(Error)
        ? string.Create(CultureInfo.InvariantCulture, $"{Value:g6} ± {Error:g2}")
        : Value.ToString("g6", CultureInfo.InvariantCulture);
}
