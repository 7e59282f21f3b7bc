using System.Runtime.CompilerServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Mixed;

/// <summary>
/// <see cref="DensityPass"/> for two groups: geometry in double precision, W of every neighbour in single precision, the sum
/// in double precision. One instance serves one thread.
/// </summary>
/// <remarks>
/// Traffic with the caches limits this pass. Hence up to eight neighbours take a row of the recursion together, which
/// are added to the sum at once, and the top layer, of which the force pass needs nothing, is not written down.
///
/// Most of the error would come of rounding a and b, the same in every layer: above all, |a|² + |b|² is no longer 1. Hence
/// every second layer takes constants of its own, each rounded after adding what its predecessors lack: the errors of all
/// layers together are those of one.
/// </remarks>
internal sealed unsafe class MixedDensityPass<T, TSingle> : IDisposable
    where T : unmanaged, ILanes<T>
    where TSingle : unmanaged, ISingleLanes<TSingle, T>
{
    // (a*, −b*, b, a), each [re][im].
    private const int ConstantsWidth = 8;
    private const int Together = 8;

    private readonly SnapPlan _plan;
    private readonly NativeArray<double> _memory = new();
    private readonly NativeArray<float> _singleMemory = new();
    private readonly int _sets;
    private readonly double* _lower;
    private readonly double* _upper;
    private readonly float* _constants;
    private readonly float* _partial;

    /// <summary>Makes work memory.</summary>
    public MixedDensityPass(SnapPlan plan)
    {
        _plan = plan;
        var twoJMax = plan.Model.Parameters.TwoJMax;
        _sets = (twoJMax + 1) / 2;
        _lower = _memory.Reserve(2 * (ConstantsWidth + 2) * T.Count);
        _upper = _lower + (ConstantsWidth + 2) * T.Count;
        var row = 2 * (twoJMax + 1);
        _constants = _singleMemory.Reserve((_sets * Together * ConstantsWidth + row) * TSingle.Count);
        _partial = _constants + _sets * Together * ConstantsWidth * TSingle.Count;
    }

    /// <summary>Which layer a row is of, known when <see cref="Recur"/> is compiled.</summary>
    private interface ILayer
    {
        /// <summary>Whether W is written down: not in the top layer.</summary>
        static abstract bool Kept { get; }
    }

    /// <summary>Which of the neighbours that go together.</summary>
    private interface IPart
    {
        /// <summary>Not the first: the partial row is added to theirs.</summary>
        static abstract bool Continued { get; }

        /// <summary>The last: the row is added to the sum, or else becomes the partial row.</summary>
        static abstract bool Summed { get; }
    }

    /// <summary>Fills W of all neighbours below the top layer, the sums of both groups, and what their gradients need.</summary>
    /// <param name="lower">The lower half of the lanes.</param>
    /// <param name="upper">The upper half, with as many neighbours.</param>
    /// <param name="wigner">W, <c>[neighbors][half planes][2]</c>.</param>
    public void Run(in SnapGroup lower, in SnapGroup upper, float* wigner)
    {
        DensityPass.StartSum<T>(_plan, lower);
        DensityPass.StartSum<T>(_plan, upper);
        var stride = 2L * lower.WignerCount * TSingle.Count;
        for (var n = 0; n < lower.NeighborCount; n += Together, wigner += Together * stride)
        {
            var count = Math.Min(lower.NeighborCount - n, Together);
            for (var k = 0; k < count; k++)
            {
                Start(lower, upper, n + k, _constants + k * ConstantsWidth * TSingle.Count, wigner + k * stride);
                Add(TSingle.Load(wigner + k * stride), lower.Sum, upper.Sum);
            }

            AddAll(wigner, stride, lower.Sum, upper.Sum, count / 2);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _singleMemory.Dispose();
    }

    private void Start(in SnapGroup lower, in SnapGroup upper, int n, float* constants, float* wigner)
    {
        DensityPass.Prepare<T>(_plan.Model.Parameters, lower, n, _lower, _lower + ConstantsWidth * T.Count);
        DensityPass.Prepare<T>(_plan.Model.Parameters, upper, n, _upper, _upper + ConstantsWidth * T.Count);
        TSingle.Narrow(T.Load(_lower + ConstantsWidth * T.Count), T.Load(_upper + ConstantsWidth * T.Count)).Store(wigner);
        TSingle.Zero.Store(wigner + TSingle.Count);
        for (var k = 0; k < 4; k++)
        {
            RoundConstant(k, constants);
        }
    }

    // One of Re a*, Im a*, −Re b*, −Im b*, and with it Re a, −Im a, −Re b, Im b, see DensityPass.Prepare; constants of all layers.
    private void RoundConstant(int k, float* constants)
    {
        T low = T.Load(_lower + k * T.Count), high = T.Load(_upper + k * T.Count);
        var constant = TSingle.Narrow(low, high);
        var rest = TSingle.Narrow(low - TSingle.WidenLower(constant), high - TSingle.WidenUpper(constant));
        var sign = TSingle.Broadcast(k is 0 or 3 ? 1 : -1);
        var target = constants + k * TSingle.Count;
        var other = constants + (k < 2 ? k + 6 : k + 2) * TSingle.Count;
        var lack = TSingle.Zero;
        for (var set = 0; set < _sets; set++)
        {
            lack += rest;
            var rounded = constant + lack;
            lack += constant - rounded;
            rounded.Store(target);
            (sign * rounded).Store(other);
            target += Together * ConstantsWidth * TSingle.Count;
            other += Together * ConstantsWidth * TSingle.Count;
        }
    }

    // Of some pairs of neighbours.
    private void AddAll(float* wigner, long stride, double* lower, double* upper, int pairs)
    {
        var row = _plan.Rows;
        for (var r = 0; r < _plan.LowerRowCount; r++, row++)
        {
            AddRow<Kept>(row, wigner, stride, lower, upper, pairs);
        }

        for (var r = _plan.LowerRowCount; r < _plan.RowCount; r++, row++)
        {
            AddRow<Top>(row, wigner, stride, lower, upper, pairs);
        }
    }

    private void AddRow<TLayer>(SnapRow* row, float* wigner, long stride, double* lower, double* upper, int pairs)
        where TLayer : struct, ILayer
    {
        if (pairs == 1)
        {
            Recur<TLayer, Only>(row, _constants, wigner, stride, _partial, lower, upper);
            return;
        }

        var constants = _constants;
        Recur<TLayer, First>(row, constants, wigner, stride, _partial, lower, upper);
        for (var pair = 2; pair < pairs; pair++)
        {
            constants += 2 * ConstantsWidth * TSingle.Count;
            wigner += 2 * stride;
            Recur<TLayer, Next>(row, constants, wigner, stride, _partial, lower, upper);
        }

        Recur<TLayer, Last>(row, constants + 2 * ConstantsWidth * TSingle.Count, wigner + 2 * stride, stride, _partial, lower, upper);
    }

    // A row of two neighbours, see DensityPass.Recur.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Recur<TLayer, TPart>(SnapRow* row, float* constants, float* wigner, long stride, float* partial, double* lower, double* upper)
        where TLayer : struct, ILayer
        where TPart : struct, IPart
    {
        var lanes = TSingle.Count;
        var c = constants + ((row->Length - 1) / 2 * Together * ConstantsWidth + row->Middle * 4) * lanes;
        TSingle pr = TSingle.Load(c), pi = TSingle.Load(c + lanes), qr = TSingle.Load(c + 2 * lanes), qi = TSingle.Load(c + 3 * lanes);
        c += ConstantsWidth * lanes;
        TSingle sr = TSingle.Load(c), si = TSingle.Load(c + lanes), tr = TSingle.Load(c + 2 * lanes), ti = TSingle.Load(c + 3 * lanes);
        float* from1 = wigner + 2L * row->Source * lanes, from2 = from1 + stride;
        float* to1 = wigner + 2L * row->Target * lanes, to2 = to1 + stride;
        double* low = lower + 2L * row->Target * T.Count, high = upper + 2L * row->Target * T.Count;
        // Element ma of the source row times q, waiting for element ma + 1 times p.
        TSingle carry1r = TSingle.Zero, carry1i = TSingle.Zero, carry2r = TSingle.Zero, carry2i = TSingle.Zero;
        for (var ma = row->Length; ma > 0; ma--)
        {
            TSingle wr = TSingle.Load(from1), wi = TSingle.Load(from1 + lanes);
            var vr = TSingle.NegatedMultiplyAdd(pi, wi, TSingle.MultiplyAdd(pr, wr, carry1r));
            var vi = TSingle.MultiplyAdd(pi, wr, TSingle.MultiplyAdd(pr, wi, carry1i));
            carry1r = TSingle.NegatedMultiplyAdd(qi, wi, qr * wr);
            carry1i = TSingle.MultiplyAdd(qi, wr, qr * wi);
            wr = TSingle.Load(from2);
            wi = TSingle.Load(from2 + lanes);
            var xr = TSingle.NegatedMultiplyAdd(si, wi, TSingle.MultiplyAdd(sr, wr, carry2r));
            var xi = TSingle.MultiplyAdd(si, wr, TSingle.MultiplyAdd(sr, wi, carry2i));
            carry2r = TSingle.NegatedMultiplyAdd(ti, wi, tr * wr);
            carry2i = TSingle.MultiplyAdd(ti, wr, tr * wi);
            Finish<TLayer, TPart>(vr, vi, xr, xi, to1, to2, partial, low, high);
            from1 += 2 * lanes;
            from2 += 2 * lanes;
            to1 += 2 * lanes;
            to2 += 2 * lanes;
            partial += 2 * lanes;
            low += 2 * T.Count;
            high += 2 * T.Count;
        }

        Finish<TLayer, TPart>(carry1r, carry1i, carry2r, carry2i, to1, to2, partial, low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TLayer, TPart>(TSingle vr, TSingle vi, TSingle xr, TSingle xi, float* first, float* second, float* partial, double* lower, double* upper)
        where TLayer : struct, ILayer
        where TPart : struct, IPart
    {
        if (TLayer.Kept)
        {
            vr.Store(first);
            vi.Store(first + TSingle.Count);
            xr.Store(second);
            xi.Store(second + TSingle.Count);
        }

        TSingle real = vr + xr, imaginary = vi + xi;
        if (TPart.Continued)
        {
            real += TSingle.Load(partial);
            imaginary += TSingle.Load(partial + TSingle.Count);
        }

        if (TPart.Summed)
        {
            Add(real, lower, upper);
            Add(imaginary, lower + T.Count, upper + T.Count);
        }
        else
        {
            real.Store(partial);
            imaginary.Store(partial + TSingle.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TSingle value, double* lower, double* upper)
    {
        (T.Load(lower) + TSingle.WidenLower(value)).Store(lower);
        (T.Load(upper) + TSingle.WidenUpper(value)).Store(upper);
    }

    private readonly struct Kept : ILayer
    {
        static bool ILayer.Kept => true;
    }

    private readonly struct Top : ILayer
    {
        static bool ILayer.Kept => false;
    }

    private readonly struct Only : IPart
    {
        public static bool Continued => false;

        public static bool Summed => true;
    }

    private readonly struct First : IPart
    {
        public static bool Continued => false;

        public static bool Summed => false;
    }

    private readonly struct Next : IPart
    {
        public static bool Continued => true;

        public static bool Summed => false;
    }

    private readonly struct Last : IPart
    {
        public static bool Continued => true;

        public static bool Summed => true;
    }
}
