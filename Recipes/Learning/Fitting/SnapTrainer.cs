using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>A fitted potential and how well the data determine it.</summary>
/// <param name="Model">Write it with <c>ModelFiles.Snap.SnapFiles</c>.</param>
/// <param name="Condition">Rank, condition number, warnings.</param>
public sealed record SnapFit(SnapModel Model, FitCondition Condition)
{
    /// <summary>How the ridge was chosen; null where it was given.</summary>
    public RidgeCurve? RidgeCurve { get; init; }

    /// <summary>Sentences for the report's top; empty when the fit is sound.</summary>
    public IReadOnlyList<string> Warnings => RidgeCurve?.Warning is { } warning ? [.. Condition.Warnings, warning] : Condition.Warnings;
}

/// <summary>
/// Fits SNAP potentials to growing lists of labelled configurations. A refit on a list that starts with the
/// configurations of the last one adds only the new ones, and gives the same bits as a fit from nothing. The result
/// depends on the list and its order alone: hand the configurations over in recorded order, whatever order their
/// labels arrived in. Not thread-safe.
/// </summary>
public sealed class SnapTrainer : IDisposable
{
    private readonly SnapTrainingSettings _settings;
    private readonly SnapModel _empty;
    private readonly List<AtomicConfiguration> _added = [];
    private IGrowingSums _sums;

    /// <summary>Prepares the fit of a structure's atom types.</summary>
    /// <exception cref="Potentials.Errors.MofException">See <see cref="SnapTrainingSettings.CreateModel"/> and <see cref="FitMemory"/>.</exception>
    public SnapTrainer(SnapTrainingSettings settings, IReadOnlyList<AtomType> types)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _empty = settings.CreateModel(types);
        FitMemory.Require(_empty, settings);
        _sums = NewSums();
    }

    /// <summary>Threads that a fit may use; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Fits to all configurations of a list.</summary>
    /// <param name="configurations">Typed and labelled, in recorded order; objects of earlier calls are recognised by reference.</param>
    /// <param name="progress">Told how many of the configurations are accumulated, or null.</param>
    /// <param name="cancellation">Stops after a few configurations; what was accumulated is kept.</param>
    /// <exception cref="Potentials.Errors.MofException">See <see cref="NormalEquations.Add(AtomicConfiguration)"/>, <see cref="RidgeFit.Solve"/> and <see cref="RidgeCrossValidation"/>.</exception>
    public SnapFit Fit(IReadOnlyList<AtomicConfiguration> configurations, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        if (!StartsWithAdded(configurations))
        {
            StartAnew();
        }

        while (_added.Count < configurations.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            AddNext([.. configurations.Skip(_added.Count).Take(NormalEquations.PartCount)]);
            progress?.Report(_added.Count);
        }

        var (solution, curve) = _sums.Solve(Threads, cancellation);
        return new SnapFit(_empty.WithCoefficients(solution.Coefficients), solution.Condition) { RidgeCurve = curve };
    }

    /// <inheritdoc/>
    public void Dispose() => _sums.Dispose();

    private IGrowingSums NewSums() => _settings switch
    {
        { Solver: FitSolver.Svd } => new OrthogonalSums(_empty, _settings),
        { RidgeSearch: { } search } => new CrossValidatedSums(_empty, _settings, search),
        _ => new GivenRidgeSums(_empty, _settings),
    };

    private void AddNext(List<AtomicConfiguration> configurations)
    {
        try
        {
            _sums.Add(configurations, Threads);
            _added.AddRange(configurations);
        }
        catch
        {
            StartAnew();
            throw;
        }
    }

    private void StartAnew()
    {
        _sums.Dispose();
        _sums = NewSums();
        _added.Clear();
    }

    private bool StartsWithAdded(IReadOnlyList<AtomicConfiguration> configurations) =>
        configurations.Count >= _added.Count && _added.Zip(configurations).All(p => ReferenceEquals(p.First, p.Second));
}
