using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using MofInterop.Potentials.Snap;

namespace MofInterop.Learning;

/// <summary>Design matrices of one model, one for each thread that is at work: they are large and keep their memory.</summary>
internal sealed class DesignMatrixPool : IDisposable
{
    private readonly SnapModel _model;
    private readonly ConcurrentBag<SnapDesignMatrix> _idle = [];

    /// <summary>Makes the first.</summary>
    public DesignMatrixPool(SnapModel model)
    {
        _model = model;
        var design = new SnapDesignMatrix(model);
        _idle.Add(design);
        ColumnCount = design.ColumnCount;
        Stride = design.Stride;
    }

    /// <summary>See <see cref="SnapDesignMatrix.ColumnCount"/>.</summary>
    public int ColumnCount { get; }

    /// <summary>See <see cref="SnapDesignMatrix.Stride"/>.</summary>
    public int Stride { get; }

    /// <summary>Does work number 0 … <paramref name="count"/> − 1, on several threads. What one of them throws is thrown as it is.</summary>
    public void For(int count, int threads, Action<int, SnapDesignMatrix> work, CancellationToken cancellation = default)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation }, number =>
            {
                var design = _idle.TryTake(out var free) ? free : new SnapDesignMatrix(_model);
                try
                {
                    work(number, design);
                }
                finally
                {
                    _idle.Add(design);
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
        while (_idle.TryTake(out var design))
        {
            design.Dispose();
        }
    }
}
