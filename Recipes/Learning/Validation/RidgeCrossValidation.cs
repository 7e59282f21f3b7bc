using System.Globalization;
using System.Runtime.ExceptionServices;
using MofInterop.Potentials.Errors;

namespace MofInterop.Learning;

/// <summary>Among which α cross-validation chooses: logarithmically equal steps, both ends included.</summary>
/// <param name="Folds">k.</param>
/// <param name="From">Smallest.</param>
/// <param name="To">Largest.</param>
/// <param name="PerDecade">Values in a factor of ten.</param>
public sealed record RidgeSearch(int Folds, double From, double To, int PerDecade)
{
    /// <summary>5 folds, four values a decade from 10⁻¹³ to 10⁻².</summary>
    public static RidgeSearch Default { get; } = new(5, 1e-13, 1e-2, 4);

    /// <summary>The values in ascending order.</summary>
    public IReadOnlyList<double> Values
    {
        get
        {
            var steps = Math.Max(1, (int)Math.Round(Math.Log10(To / From) * PerDecade));
            return [.. Enumerable.Range(0, steps + 1).Select(k => k == 0 ? From : k == steps ? To : From * Math.Pow(To / From, (double)k / steps))];
        }
    }

    /// <summary>Refuses what cannot be searched.</summary>
    internal void Require()
    {
        if (Folds < 2 || !(From > 0) || !(To > From) || !double.IsFinite(To) || PerDecade < 1)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"a ridge is to be chosen from {From} to {To}, {PerDecade} a decade, by {Folds} folds", expected: "0 < from < to and two folds or more");
        }
    }
}

/// <summary>A point of the curve: an α and the errors of fits with it on what they have not seen.</summary>
/// <param name="Ridge">α.</param>
/// <param name="Errors">Over all folds together.</param>
public sealed record RidgePoint(double Ridge, ValidationErrors Errors);

/// <summary>
/// Errors against α, and the α that is chosen: of all whose error exceeds the smallest by less than <see cref="Indifference"/> the
/// largest, as its coefficients are the smallest. Where data are plenty, curves are flat towards small α, and rounding would choose.
/// </summary>
/// <param name="Folds">How many folds had configurations.</param>
/// <param name="Points">In ascending order of α.</param>
/// <param name="Chosen">The α chosen.</param>
public sealed record RidgeCurve(int Folds, IReadOnlyList<RidgePoint> Points, double Chosen)
{
    /// <summary>Relative difference of errors that decides nothing.</summary>
    public const double Indifference = 1e-3;

    /// <summary>The point chosen by a number that every point has, the smaller the better; null where none is finite.</summary>
    public static RidgePoint? Choose(IReadOnlyList<RidgePoint> points, Func<ValidationErrors, double> measure)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(measure);
        var finite = points.Where(point => double.IsFinite(measure(point.Errors))).ToList();
        return finite.Count == 0 ? null : finite.Where(point => measure(point.Errors) <= (1 + Indifference) * finite.Min(one => measure(one.Errors))).MaxBy(point => point.Ridge);
    }

    /// <summary>A sentence where the curve ends before the errors rise; null where it does not.</summary>
    public string? Warning => Points.Count < 2 || (Chosen > Points[0].Ridge && Chosen < Points[^1].Ridge)
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"cross-validation chose the ridge {Chosen:g3}, an end of the range that it was given: widen the range");
}

/// <summary>
/// Fits without each fold in turn and measures the errors on the fold left out (k-fold cross-validation; M. Stone, J. R. Stat. Soc. B 36, 111
/// (1974)). All α of a fold share an eigenvalue problem; residuals come from sums, so that nothing is computed again.
/// </summary>
public static class RidgeCrossValidation
{
    /// <summary>The curve of errors over all folds that have configurations.</summary>
    /// <param name="equations">By folds.</param>
    /// <param name="ridges">The α to try, ascending.</param>
    /// <param name="threads">Folds at a time; the curve does not depend on it.</param>
    /// <param name="cancellation">Stops between two folds.</param>
    /// <exception cref="MofException">Fewer than two folds have configurations, or no α gave finite errors.</exception>
    public static RidgeCurve Curve(FoldedEquations equations, IReadOnlyList<double> ridges, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(equations);
        int[] folds = [.. Enumerable.Range(0, equations.FoldCount).Where(fold => equations.CountOf(fold) > 0)];
        return folds.Length >= 2
            ? Curve(equations, ridges, folds, threads, cancellation)
            : throw new MofException(ErrorKind.InvalidArgument, "cross-validation with fewer than two configurations", expected: "at least one in each of two folds", remedy: "Give the ridge as a number.");
    }

    /// <summary>The curve of errors on some of the folds, each left out of the fit in turn.</summary>
    /// <inheritdoc cref="Curve(FoldedEquations, IReadOnlyList{double}, int, CancellationToken)"/>
    public static RidgeCurve Curve(FoldedEquations equations, IReadOnlyList<double> ridges, IReadOnlyList<int> folds, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(equations);
        ArgumentNullException.ThrowIfNull(ridges);
        ArgumentNullException.ThrowIfNull(folds);
        if (folds.Any(fold => equations.RowsWithout(fold) == 0))
        {
            throw new MofException(ErrorKind.InvalidArgument, "no energy, force or stress has a weight in a fit of the cross-validation", remedy: "Look at the weights of groups.");
        }

        var residuals = new ResidualSums[folds.Count][];
        try
        {
            Parallel.For(0, folds.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, k =>
                residuals[k] = Residuals(equations, ridges, folds[k]));
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }

        RidgePoint[] points = [.. ridges.Select((ridge, place) => new RidgePoint(ridge, residuals.Aggregate(default(ResidualSums), (sum, fold) => sum + fold[place]).Errors))];
        var chosen = RidgeCurve.Choose(points, errors => errors.Weighted)
            ?? throw new MofException(ErrorKind.NumericalFailure, "no ridge gave finite errors in cross-validation", remedy: "Look at the labels.");
        return new RidgeCurve(folds.Count, points, chosen.Ridge);
    }

    private static ResidualSums[] Residuals(FoldedEquations equations, IReadOnlyList<double> ridges, int fold) =>
        [.. RidgeSolver.Solve(equations.Without(fold), ridges).Select(coefficients => equations.ResidualsOf(fold, coefficients))];
}
