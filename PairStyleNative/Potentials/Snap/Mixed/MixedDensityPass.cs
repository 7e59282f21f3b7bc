using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap.Mixed;

/// <summary>
/// <see cref="DensityPass"/> for two groups, whose sums alone are kept: writing down W of every neighbour is what limits
/// that pass, and the force pass in single precision finds it again in less time. The last two layers of W, all that the
/// recursion reads, stay in the innermost cache. One instance serves one thread.
/// </summary>
internal sealed unsafe class MixedDensityPass<T, TSingle> : IDisposable
    where T : unmanaged, ILanes<T>
    where TSingle : unmanaged, ISingleLanes<TSingle, T>
{
    /// <summary>Vectors of a neighbour that the force pass starts from: (a*, −b*, b, a), each [re][im], and W_0.</summary>
    public const int SeedWidth = 9;

    private readonly SnapPlan _plan;
    private readonly NativeArray<SnapRow> _rows = new();
    private readonly NativeArray<double> _memory = new();
    private readonly double* _first;
    private readonly double* _second;
    private readonly double* _lowerConstants;
    private readonly double* _upperConstants;

    /// <summary>Makes work memory.</summary>
    public MixedDensityPass(SnapPlan plan)
    {
        _plan = plan;
        var layer = SnapPlanes.Rows(plan.Model.Parameters.TwoJMax) * (plan.Model.Parameters.TwoJMax + 1);
        var rows = _rows.Reserve(plan.RowCount + 1);
        for (var r = 0; r < plan.RowCount; r++)
        {
            // Even layers in the first half of the memory, odd ones in the second.
            var row = plan.Rows[r];
            var j = row.Length;
            rows[r] = row with
            {
                Source = row.Source - SnapPlanes.HalfStart(j - 1) + (j % 2 == 0 ? layer : 0),
                Target = row.Target - SnapPlanes.HalfStart(j) + (j % 2 == 0 ? 0 : layer),
            };
        }

        _first = _memory.Reserve((8L * layer + 36) * T.Count);
        _second = _first + 4L * layer * T.Count;
        _lowerConstants = _second + 4L * layer * T.Count;
        _upperConstants = _lowerConstants + 18 * T.Count;
    }

    /// <summary>Fills the sums of both groups, what their gradients need, and the seeds of W.</summary>
    /// <param name="lower">The lower half of the lanes.</param>
    /// <param name="upper">The upper half, with as many neighbours.</param>
    /// <param name="seeds"><c>[neighbors][<see cref="SeedWidth"/>]</c>.</param>
    public void Run(in SnapGroup lower, in SnapGroup upper, float* seeds)
    {
        DensityPass.StartSum<T>(_plan, lower);
        DensityPass.StartSum<T>(_plan, upper);
        for (var n = 0; n < lower.NeighborCount; n += 2, seeds += 2L * SeedWidth * TSingle.Count)
        {
            AddTwo(lower, n, _lowerConstants);
            AddTwo(upper, n, _upperConstants);
            // Of the constants of two neighbours, the seeds: W_0 stands behind both.
            for (var k = 0; k < 8; k++)
            {
                Narrow(k, seeds + k * TSingle.Count);
                Narrow(8 + k, seeds + (SeedWidth + k) * TSingle.Count);
            }

            Narrow(16, seeds + (SeedWidth - 1) * TSingle.Count);
            Narrow(17, seeds + (2 * SeedWidth - 1) * TSingle.Count);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _rows.Dispose();
        _memory.Dispose();
    }

    private void AddTwo(in SnapGroup group, int n, double* constants)
    {
        DensityPass.Prepare<T>(_plan.Model.Parameters, group, n, constants, _first);
        DensityPass.Prepare<T>(_plan.Model.Parameters, group, n + 1, constants + 8 * T.Count, _second);
        T.Load(_first).Store(constants + 16 * T.Count);
        T.Load(_second).Store(constants + 17 * T.Count);
        DensityPass.Recur<T, double, DensityPass.Summed>(_rows.Pointer, _plan.Rows, _plan.RowCount, constants, _first, _second, group.Sum);
    }

    private void Narrow(int vector, float* target) =>
        TSingle.Narrow(T.Load(_lowerConstants + vector * T.Count), T.Load(_upperConstants + vector * T.Count)).Store(target);
}
