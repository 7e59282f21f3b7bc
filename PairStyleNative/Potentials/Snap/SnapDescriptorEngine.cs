using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>Computes descriptors; one instance serves one thread.</summary>
internal interface ISnapDescriptorEngine : IDisposable
{
    /// <summary>See <see cref="SnapDescriptors.Compute"/>.</summary>
    EvaluationOutcome Compute(in NeighborView atoms, ISnapDescriptorConsumer consumer, bool derivatives);
}

/// <summary>Descriptors at one lane width, see <see cref="DescriptorPass"/>.</summary>
internal sealed unsafe class SnapDescriptorEngine<T> : ISnapDescriptorEngine
    where T : unmanaged, ILanes<T>
{
    private readonly SnapPlan _plan;
    private readonly SnapSegments _segments;
    private readonly SnapGather _gather;
    private readonly SnapGroupBuilder<T> _builder;
    private readonly NativeArray<double> _varying = new();

    // ∂B of the group's centers, [lanes][neighbors][3][width], and its distance from lane to lane.
    private readonly NativeArray<double> _derivatives = new();
    private readonly double[] _isolated;
    private readonly double[] _bispectrum;
    private long _derivativesWidth;
    private double[] _displacements = [];
    private int[] _neighbors = [];

    /// <summary>Makes work memory.</summary>
    public SnapDescriptorEngine(SnapModel model)
    {
        _plan = new SnapPlan(model, T.Count * sizeof(double));
        _segments = new SnapSegments(_plan);
        _gather = new SnapGather(model);
        _builder = new SnapGroupBuilder<T>(_plan, _gather, forDescriptors: true);
        _isolated = [.. SnapIndices.Components(model.Parameters.TwoJMax).Select(c => SnapConstants.IsolatedAtom(model.Parameters, c))];
        _bispectrum = new double[_isolated.Length];
    }

    private int Components => _isolated.Length;

    private int Width => SnapAtomDescriptors.WidthOf(Components);

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, ISnapDescriptorConsumer consumer, bool derivatives)
    {
        for (var begin = 0; begin < atoms.CenterCount; begin += SnapGather.ChunkSize)
        {
            var outcome = _gather.Run(atoms, begin, Math.Min(begin + SnapGather.ChunkSize, atoms.CenterCount));
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }

            for (var first = 0; first < _gather.CenterCount; first += T.Count)
            {
                var lanes = Math.Min(T.Count, _gather.CenterCount - first);
                _builder.Load(_gather.Centers + first, lanes);
                var results = Run(_builder.Group, _gather.Centers[first].Count, derivatives);
                for (var lane = 0; lane < lanes; lane++)
                {
                    consumer.Accept(Describe(_gather.Centers[first + lane], lane, results, derivatives));
                }
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _builder.Dispose();
        _gather.Dispose();
        _segments.Dispose();
        _plan.Dispose();
        _varying.Dispose();
        _derivatives.Dispose();
    }

    // Returns B, [components] of all lanes, of which none has more neighbours than the number given; leaves ∂B in _derivatives.
    private double* Run(in SnapGroup group, int most, bool derivatives)
    {
        long wide = 3L * Width * T.Count, slopesWidth = 6L * _plan.TopCount * T.Count, layers = (_plan.Products.TwoJMax + 1L) * T.Count;
        long curved = (long)DescriptorCurvatures.Count * _segments.CurvedLayers.Length * T.Count, workWidth = (long)DescriptorSums.WorkWidth(_plan.Products.TwoJMax) * T.Count;
        var bispectrum = _varying.Reserve((Components + 2L * _segments.ValueCount + 2L * DescriptorCurvatures.Count * _segments.CurvedCount + 6L * _segments.SumCount) * T.Count
            + 2 * (slopesWidth + wide + layers + curved) + workWidth);
        var pair = bispectrum + (long)Components * T.Count;
        var slopes = pair + 2 * wide;
        var sums = slopes + 2 * slopesWidth;
        var values = sums + 6L * _segments.SumCount * T.Count;
        var bends = values + 2 * layers;
        var work = bends + 2 * curved;
        var curvatures = work + workWidth;
        var z = curvatures + 2L * DescriptorCurvatures.Count * _segments.CurvedCount * T.Count;
        DensityPass.Run<T>(_plan, group);
        DensityPass.Mirror<T>(_plan, group);
        DescriptorPass.MakeZ<T>(_plan, _segments, group, z);
        DescriptorPass.MakeBispectrum<T>(_segments, group, z, bispectrum);
        if (derivatives)
        {
            // Between the rows of components these zeros stay.
            new Span<double>(pair, checked((int)(2 * wide))).Clear();
            DescriptorCurvatures.Prepare(_segments, group, (T*)curvatures);
        }

        _derivativesWidth = derivatives ? 3L * Width * most : 0;
        var target = _derivatives.Reserve(_derivativesWidth * T.Count);
        for (var n = 0; n < most && derivatives; n += 2)
        {
            var used = Math.Min(2, most - n);
            T* first = (T*)group.Wigner + 2L * n * group.WignerCount, second = first + 2L * (used - 1) * group.WignerCount;
            DescriptorCurvatures.Run(_segments, (T*)curvatures, first, second, (T*)bends, (T*)(bends + curved));
            for (var k = 0; k < used; k++)
            {
                DescriptorSlopes.Prepare(group, n + k, (T*)work + 3 * k);
            }

            // Layer by layer: the slopes of one stay in the innermost cache.
            for (var j = 0; j <= _plan.Products.TwoJMax; j++)
            {
                for (var k = 0; k < used; k++)
                {
                    DescriptorSlopes.Make<T>(_segments, group, n + k, j, z, work + 3 * k * T.Count, slopes + k * slopesWidth, values + k * layers);
                }

                if (used == 2)
                {
                    DescriptorContraction.Run<T>(_segments, j, z, slopes, slopesWidth, sums);
                }
                else
                {
                    DescriptorContraction.RunSingle<T>(_segments, j, z, slopes, sums);
                }
            }

            for (var k = 0; k < used; k++)
            {
                DescriptorSums.Run<T>(_plan, _segments, group, n + k, sums + 3 * k * T.Count, values + k * layers, bends + k * curved, work, pair + k * wide + T.Count, (long)Width * T.Count);
            }

            LaneSeparation.Run(pair, T.Count, 3 * used * Width, target, _derivativesWidth);
            target += 3 * used * Width;
        }

        return bispectrum;
    }

    private SnapAtomDescriptors Describe(in GatheredCenter center, int lane, double* bispectrum, bool derivatives)
    {
        var count = center.Count;
        if (_neighbors.Length < count)
        {
            _neighbors = new int[2 * count];
            _displacements = new double[6 * count];
        }

        var source = bispectrum + lane;
        for (var c = 0; c < Components; c++, source += T.Count)
        {
            _bispectrum[c] = *source - _isolated[c];
        }

        var neighbor = _gather.Neighbors + center.First;
        for (var n = 0; n < count; n++, neighbor++)
        {
            _neighbors[n] = neighbor->Atom;
            (_displacements[3 * n], _displacements[3 * n + 1], _displacements[3 * n + 2]) = (neighbor->X, neighbor->Y, neighbor->Z);
        }

        return new SnapAtomDescriptors
        {
            Center = center.Atom,
            Species = center.Species,
            Bispectrum = _bispectrum,
            Neighbors = _neighbors.AsSpan(0, count),
            Displacements = _displacements.AsSpan(0, 3 * count),
            Derivatives = derivatives ? new ReadOnlySpan<double>(_derivatives.Pointer + lane * _derivativesWidth, 3 * Width * count) : [],
        };
    }
}
