using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// The normal equations of a training set that is divided into folds: those of the whole set, those of the set without one fold, and the errors of
/// a fit on a fold that it has not seen. The descriptors of each configuration are computed once. Sums without a fold are sums of the others, never
/// differences. Memory: 8·columns² bytes a fold and seven rows a configuration. The bits depend on the order of the configurations alone.
/// Not thread-safe.
/// </summary>
public sealed class FoldedEquations : IDisposable
{
    private readonly SnapModel _model;
    private readonly FoldSums[] _folds;
    private readonly DesignMatrixPool _designs;

    /// <summary>Starts with no configuration.</summary>
    public FoldedEquations(SnapModel model, SnapTrainingSettings settings, int folds)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        _model = model;
        _designs = new DesignMatrixPool(model);
        _folds = [.. Enumerable.Range(0, folds).Select(_ => new FoldSums(model, settings, _designs.ColumnCount, _designs.Stride))];
    }

    /// <summary>Number of folds.</summary>
    public int FoldCount => _folds.Length;

    /// <summary>The equations of all configurations.</summary>
    public INormalEquations Whole => new SummedEquations(_model, _designs.ColumnCount, _designs.Stride, _folds);

    /// <summary>Configurations in a fold.</summary>
    public int CountOf(int fold) => _folds[fold].Count;

    /// <summary>Rows that count in all folds but one.</summary>
    public long RowsWithout(int fold) => _folds.Where((_, k) => k != fold).Sum(one => one.RowCount);

    /// <summary>The equations of all configurations but those of one fold.</summary>
    public INormalEquations Without(int fold) => new SummedEquations(_model, _designs.ColumnCount, _designs.Stride, [.. _folds.Where((_, k) => k != fold)]);

    /// <summary>Adds labelled configurations to their folds, several folds at a time.</summary>
    /// <param name="configurations">In recorded order.</param>
    /// <param name="folds">The fold of each.</param>
    /// <param name="threads">That may be used; more than folds are not.</param>
    /// <param name="cancellation">Stops after a configuration; dispose of the sums then.</param>
    /// <exception cref="Potentials.Errors.MofException">See <see cref="NormalEquations.Add(AtomicConfiguration)"/>; dispose of the sums then.</exception>
    public void Add(IReadOnlyList<AtomicConfiguration> configurations, IReadOnlyList<int> folds, int threads, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configurations);
        ArgumentNullException.ThrowIfNull(folds);
        ReferenceLabel[] labels = [.. configurations.Select(NormalEquations.RequireLabel)];
        _designs.For(
            _folds.Length,
            threads,
            (fold, design) =>
            {
                for (var k = 0; k < labels.Length; k++)
                {
                    if (folds[k] == fold)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        _folds[fold].Add(design, configurations[k], labels[k]);
                    }
                }
            },
            cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _designs.Dispose();

    /// <summary>Residuals of coefficients on a fold.</summary>
    internal ResidualSums ResidualsOf(int fold, ReadOnlySpan<double> coefficients) => _folds[fold].ResidualsOf(coefficients);
}
