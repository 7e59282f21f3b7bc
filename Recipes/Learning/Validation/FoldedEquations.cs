using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
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
    private readonly ConcurrentBag<SnapDesignMatrix> _designs = [];
    private readonly int _columns;
    private readonly int _stride;

    /// <summary>Starts with no configuration.</summary>
    public FoldedEquations(SnapModel model, SnapTrainingSettings settings, int folds)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        _model = model;
        var design = new SnapDesignMatrix(model);
        _designs.Add(design);
        _columns = design.ColumnCount;
        _stride = design.Stride;
        _folds = [.. Enumerable.Range(0, folds).Select(_ => new FoldSums(model, settings, _columns, _stride))];
    }

    /// <summary>Number of folds.</summary>
    public int FoldCount => _folds.Length;

    /// <summary>The equations of all configurations.</summary>
    public INormalEquations Whole => new SummedEquations(_model, _columns, _stride, _folds);

    /// <summary>Configurations in a fold.</summary>
    public int CountOf(int fold) => _folds[fold].Count;

    /// <summary>Rows that count in all folds but one.</summary>
    public long RowsWithout(int fold) => _folds.Where((_, k) => k != fold).Sum(one => one.RowCount);

    /// <summary>The equations of all configurations but those of one fold.</summary>
    public INormalEquations Without(int fold) => new SummedEquations(_model, _columns, _stride, [.. _folds.Where((_, k) => k != fold)]);

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
        try
        {
            Parallel.For(0, _folds.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, fold =>
            {
                var design = _designs.TryTake(out var free) ? free : new SnapDesignMatrix(_model);
                try
                {
                    for (var k = 0; k < labels.Length; k++)
                    {
                        if (folds[k] == fold)
                        {
                            cancellation.ThrowIfCancellationRequested();
                            _folds[fold].Add(design, configurations[k], labels[k]);
                        }
                    }
                }
                finally
                {
                    _designs.Add(design);
                }
            });
        }
        catch (AggregateException faults)
        {
            ExceptionDispatchInfo.Throw(faults.InnerExceptions[0]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_designs.TryTake(out var design))
        {
            design.Dispose();
        }
    }

    /// <summary>Residuals of coefficients on a fold.</summary>
    internal ResidualSums ResidualsOf(int fold, ReadOnlySpan<double> coefficients) => _folds[fold].ResidualsOf(coefficients);
}
