using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap.Mixed;

/// <summary>
/// <see cref="ForcePass"/> for two groups in single precision: finds W of two neighbours at a time again, from the seeds of
/// <see cref="MixedDensityPass{T, TSingle}"/>, and contracts it while it is in the innermost cache. The contraction is cut
/// into parts that are added up as doubles: rounding of one long sum would be the largest error of all. One instance
/// serves one thread.
/// </summary>
internal sealed unsafe class MixedForcePass<T, TSingle> : IDisposable
    where T : unmanaged, ILanes<T>
    where TSingle : unmanaged, ISingleLanes<TSingle, T>
{
    private readonly SnapPlan _plan;
    private readonly NativeArray<float> _memory = new();
    private readonly NativeArray<double> _sums = new();
    private readonly float* _slopes;
    private readonly float* _wigner;
    private readonly float* _constants;
    private readonly float* _parts;

    /// <summary>Makes work memory.</summary>
    public MixedForcePass(SnapPlan plan)
    {
        _plan = plan;
        _slopes = _memory.Reserve((8L * plan.SlopeCount + 4L * plan.HalfCount + 16 + 10) * TSingle.Count);
        _wigner = _slopes + 8L * plan.SlopeCount * TSingle.Count;
        _constants = _wigner + 4L * plan.HalfCount * TSingle.Count;
        _parts = _constants + 16L * TSingle.Count;
        _sums.Reserve(20 * T.Count);
    }

    /// <summary>Fills the gradients of all neighbours of both groups.</summary>
    /// <param name="lower">The lower half of the lanes.</param>
    /// <param name="upper">The upper half, with as many neighbours.</param>
    /// <param name="seeds">From the density pass.</param>
    /// <param name="adjoint">Y, <c>[full planes][2]</c>.</param>
    /// <param name="linear">Y with its half plane weights, <c>[half planes][2]</c>.</param>
    public void Run(in SnapGroup lower, in SnapGroup upper, float* seeds, float* adjoint, float* linear)
    {
        const int SeedWidth = MixedDensityPass<T, TSingle>.SeedWidth;
        ForcePass.MakeCoefficients<TSingle, float>(_plan, adjoint, _slopes);
        var second = _wigner + 2L * _plan.HalfCount * TSingle.Count;
        var constants = 8 * TSingle.Count;
        for (var n = 0; n < lower.NeighborCount; n += 2, seeds += 2L * SeedWidth * TSingle.Count)
        {
            Start(seeds, _constants, _wigner);
            Start(seeds + SeedWidth * TSingle.Count, _constants + constants, second);
            DensityPass.Recur<TSingle, float, DensityPass.NotSummed>(_plan.Rows, _plan.Rows, _plan.RowCount, _constants, _wigner, second, null);
            Contract(linear);
            var sums = _sums.Pointer;
            for (var k = 0; k < 2; k++, sums += 5 * T.Count)
            {
                ForcePass.MakeGradient<T>(lower, n + k, sums);
                ForcePass.MakeGradient<T>(upper, n + k, sums + 10 * T.Count);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _sums.Dispose();
    }

    private static void Start(float* seed, float* constants, float* wigner)
    {
        for (var k = 0; k < 8; k++)
        {
            TSingle.Load(seed + k * TSingle.Count).Store(constants + k * TSingle.Count);
        }

        TSingle.Load(seed + 8 * TSingle.Count).Store(wigner);
        TSingle.Zero.Store(wigner + TSingle.Count);
    }

    // Sums: [group][neighbor][5].
    private void Contract(float* linear)
    {
        const int PartLength = 32;
        new Span<double>(_sums.Pointer, 20 * T.Count).Clear();
        for (var begin = 0; begin == 0 || begin < _plan.SlopeCount; begin += PartLength)
        {
            var count = Math.Min(PartLength, _plan.SlopeCount - begin);
            ForcePass.ContractPart<TSingle, float>(_plan, begin, count, _slopes, linear, _wigner, _parts);
            if (begin == 0)
            {
                ForcePass.AddTop2<TSingle, float>(_plan, linear, _wigner, _parts);
            }

            Add();
        }
    }

    private void Add()
    {
        double* low = _sums.Pointer, high = low + 10 * T.Count;
        for (var k = 0; k < 10; k++, low += T.Count, high += T.Count)
        {
            var part = TSingle.Load(_parts + k * TSingle.Count);
            (T.Load(low) + TSingle.WidenLower(part)).Store(low);
            (T.Load(high) + TSingle.WidenUpper(part)).Store(high);
        }
    }
}
