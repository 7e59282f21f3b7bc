using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Cubic;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Mixed;

/// <summary>
/// The passes in mixed precision on two groups, and their work memory. One instance serves one thread.
/// </summary>
/// <remarks>
/// Double are the geometry, the sum of W, whose rounding is amplified by the second derivative of the energy, the sum of the
/// parts of each contraction, energies, and the last step to Cartesian forces. W of a neighbour, the products that make Y and
/// the parts of the contractions are single.
/// </remarks>
internal sealed unsafe class MixedGroup<T, TSingle> : IDisposable
    where T : unmanaged, ILanes<T>
    where TSingle : unmanaged, ISingleLanes<TSingle, T>
{
    private readonly SnapPlan _plan;
    private readonly MixedDensityPass<T, TSingle> _density;
    private readonly MixedForcePass<T, TSingle> _forces;
    private readonly NativeArray<float> _memory = new();
    private readonly float* _planes;
    private readonly float* _adjoint;
    private readonly float* _linear;
    private readonly float* _weights;

    /// <summary>Makes work memory.</summary>
    public MixedGroup(SnapPlan plan)
    {
        _plan = plan;
        _density = new MixedDensityPass<T, TSingle>(plan);
        _forces = new MixedForcePass<T, TSingle>(plan);
        var count = TSingle.Count;
        _planes = _memory.Reserve((6L * plan.FullCount + 2L * plan.HalfCount + plan.WeightCount) * count);
        _adjoint = _planes + 4L * plan.FullCount * count;
        _linear = _adjoint + 2L * plan.FullCount * count;
        _weights = _linear + 2L * plan.HalfCount * count;
    }

    /// <summary>Fills the energies of both groups and, if wanted, their gradients.</summary>
    /// <param name="lower">The lower half of the lanes.</param>
    /// <param name="upper">The upper half, with as many neighbours.</param>
    /// <param name="gradients">Whether gradients are wanted.</param>
    public void Run(in SnapGroup lower, in SnapGroup upper, bool gradients)
    {
        // Two floats take the room of one double: the memory for W of one group holds that of both.
        var wigner = (float*)lower.Wigner;
        _density.Run(lower, upper, wigner);
        MirrorSum(lower.Sum, upper.Sum);
        for (var t = 0; t < _plan.WeightCount; t++)
        {
            TSingle.Narrow(T.Load(lower.Weights + t * T.Count), T.Load(upper.Weights + t * T.Count)).Store(_weights + t * TSingle.Count);
        }

        CubicPass.AddGradient<TSingle, float>(_plan.SingleBlocks!, (TSingle*)_planes, (TSingle*)_weights, null, T.ForceNeighbors == 4);
        AdjointPass.Fold<TSingle, float>(_plan, (TSingle*)_planes, (TSingle*)_adjoint, (TSingle*)_linear);
        SumEnergies(lower, upper);
        if (gradients)
        {
            _forces.Run(lower, upper, wigner, _adjoint, _linear);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _density.Dispose();
        _forces.Dispose();
        _memory.Dispose();
    }

    private void MirrorSum(double* lower, double* upper)
    {
        for (var e = 0; e < _plan.ElementCount; e++)
        {
            var element = _plan.Elements[e];
            var place = 2L * element.Half * T.Count;
            var real = TSingle.Narrow(T.Load(lower + place), T.Load(upper + place));
            var imaginary = TSingle.Narrow(T.Load(lower + place + T.Count), T.Load(upper + place + T.Count));
            DensityPass.SpreadOne<TSingle, float>(element, real, imaginary, (TSingle*)_planes);
        }
    }

    // E = ⅓ Re Σ Y*·W, see AdjointPass.
    private void SumEnergies(in SnapGroup lower, in SnapGroup upper)
    {
        T low = T.Zero, high = T.Zero;
        for (var e = 0; e < _plan.ElementCount; e++)
        {
            for (var part = 2L * _plan.Elements[e].Half; part < 2L * _plan.Elements[e].Half + 2; part++)
            {
                var y = TSingle.Load(_linear + part * TSingle.Count);
                low = T.MultiplyAdd(TSingle.WidenLower(y), T.Load(lower.Sum + part * T.Count), low);
                high = T.MultiplyAdd(TSingle.WidenUpper(y), T.Load(upper.Sum + part * T.Count), high);
            }
        }

        (low * T.Broadcast(1.0 / 3)).Store(lower.Energy);
        (high * T.Broadcast(1.0 / 3)).Store(upper.Energy);
    }
}
