using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>What a fit sums up, configuration by configuration, and solves.</summary>
internal interface IGrowingSums : IDisposable
{
    /// <summary>Adds labelled configurations behind those that are there. After an exception: dispose of it.</summary>
    void Add(IReadOnlyList<AtomicConfiguration> configurations, int threads);

    /// <summary>Coefficients and how well they are determined; how the ridge was chosen, or null where it was given.</summary>
    (RidgeSolution Solution, RidgeCurve? Curve) Solve(int threads, CancellationToken cancellation);
}

/// <summary>A fit with the ridge that was given.</summary>
internal sealed class GivenRidgeSums(SnapModel model, SnapTrainingSettings settings) : IGrowingSums
{
    private readonly NormalEquations _equations = new(model, settings);

    public void Add(IReadOnlyList<AtomicConfiguration> configurations, int threads) => _equations.Add(configurations, threads);

    public (RidgeSolution Solution, RidgeCurve? Curve) Solve(int threads, CancellationToken cancellation) => (RidgeFit.Solve(_equations, settings.Ridge), null);

    public void Dispose() => _equations.Dispose();
}

/// <summary>A fit whose ridge is chosen by cross-validation.</summary>
internal sealed class CrossValidatedSums(SnapModel model, SnapTrainingSettings settings, RidgeSearch search) : IGrowingSums
{
    private readonly FoldedEquations _equations = new(model, settings, search.Folds);
    private readonly FoldAssignment _assignment = new(search.Folds);

    public void Add(IReadOnlyList<AtomicConfiguration> configurations, int threads) =>
        _equations.Add(configurations, [.. configurations.Select(_assignment.Next)], threads);

    public (RidgeSolution Solution, RidgeCurve? Curve) Solve(int threads, CancellationToken cancellation)
    {
        var curve = RidgeCrossValidation.Curve(_equations, search.Values, threads, cancellation);
        return (RidgeFit.Solve(_equations.Whole, curve.Chosen), curve);
    }

    public void Dispose() => _equations.Dispose();
}
