using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;
using MofInterop.Potentials.Neural.Linear;
using MofInterop.Potentials.Neural.Networks;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>Work memory of a thread and the way through a computation.</summary>
internal interface IDeepPotEngine : IDisposable
{
    /// <summary>See <see cref="IPotential.Compute"/>.</summary>
    EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers);
}

/// <summary>
/// Takes centers of one species, a batch at a time, through embedding, descriptor, fitting network and back. The fitting network is the larger part of the work, and
/// a batch makes products of matrices of it. Results are added in the order of the centers.
/// </summary>
internal sealed unsafe class DeepPotEngine<T, TNumber, TActivation> : IDeepPotEngine
    where T : unmanaged, ILanes<T, TNumber>
    where TNumber : unmanaged
    where TActivation : struct, IActivationKernel<TNumber>
{
    private readonly DeepPotPlan<T, TNumber, TActivation> _plan;
    private readonly DeepPotGather _gather;
    private readonly DeepPotEmbedding<T, TNumber, TActivation> _embedding;
    private readonly NetworkWork<TNumber> _work = new();

    // Of every center of a batch: T, its descriptor, ∂E/∂T.
    private readonly NativeArray<TNumber> _sums = new();
    private readonly NativeArray<TNumber> _descriptors = new();
    private readonly NativeArray<TNumber> _weights = new();
    private readonly NativeArray<TNumber> _slopes = new();
    private readonly NativeArray<TNumber> _square = new();

    // Of every neighbour: ∂E/∂R̃ and ∂E/∂r.
    private readonly NativeArray<RowSlopes> _rowSlopes = new();
    private readonly NativeArray<double> _gradient = new();

    /// <summary>Makes work memory.</summary>
    public DeepPotEngine(DeepPotPlan<T, TNumber, TActivation> plan)
    {
        _plan = plan;
        _gather = new DeepPotGather(plan.Model);
        _embedding = new DeepPotEmbedding<T, TNumber, TActivation>(plan);
        DescriptorStride = StrideOf(plan.Descriptor.Count + T.Count);
    }

    private int SumWidth => 4 * _plan.Width;

    private int DescriptorStride { get; }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var outcome = _gather.Start(atoms);
        for (var species = 0; species < _plan.Model.Species.Count && outcome.Status == EvaluationStatus.Success; species++)
        {
            var count = _gather.CentersOf(species);
            var batches = (count + DeepPotGather.BatchSize - 1) / DeepPotGather.BatchSize;
            for (var batch = 0; batch < batches && outcome.Status == EvaluationStatus.Success; batch++)
            {
                outcome = _gather.Run(atoms, species, DeepPotGather.BeginOf(batch, batches, count), DeepPotGather.BeginOf(batch + 1, batches, count));
                if (outcome.Status == EvaluationStatus.Success)
                {
                    outcome = ComputeBatch(atoms, buffers, species);
                }
            }
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gather.Dispose();
        _embedding.Dispose();
        _work.Dispose();
        _sums.Dispose();
        _descriptors.Dispose();
        _weights.Dispose();
        _slopes.Dispose();
        _square.Dispose();
        _rowSlopes.Dispose();
        _gradient.Dispose();
    }

    // Whole lines of cache, and not a power of two, which would put all rows into a few of its sets.
    private static int StrideOf(int width)
    {
        const int Critical = 1024;
        var stride = Real.WholeLines<TNumber>(width);
        return stride * sizeof(TNumber) % Critical == 0 ? Real.WholeLines<TNumber>(stride + 1) : stride;
    }

    private EvaluationOutcome ComputeBatch(in NeighborView atoms, in EvaluationBuffers buffers, int species)
    {
        var centers = _gather.Centers;
        var padded = (centers.Length + MatrixProduct.RowBlock - 1) / MatrixProduct.RowBlock * MatrixProduct.RowBlock;
        var sums = MakeSums(species);
        var descriptors = _descriptors.Reserve((long)padded * DescriptorStride);
        for (var c = 0; c < centers.Length; c++)
        {
            DeepPotDescriptor<T, TNumber>.Make(_plan.Descriptor, _plan.Width, sums + (long)c * SumWidth, descriptors + (long)c * DescriptorStride);
        }

        new Span<TNumber>(descriptors + (long)centers.Length * DescriptorStride, (padded - centers.Length) * DescriptorStride).Clear();
        var fitting = _plan.FittingOf(species);
        var energies = fitting.Forward(_work, centers.Length, descriptors, DescriptorStride);
        for (var c = 0; c < centers.Length; c++)
        {
            var energy = atoms.ScaleOf(centers[c].Atom) * (Real.From(energies[(long)c * fitting.OutputStride]) + _plan.Model.Bias[species]);
            if (!GatheredScatter.AddEnergy(centers[c], energy, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, centers[c].Atom);
            }
        }

        return buffers.Forces is null && buffers.Virial is null && buffers.AtomVirials is null ? EvaluationOutcome.Success : AddForces(atoms, buffers, fitting, padded);
    }

    // T of all centers times the number of places. Species of neighbours in the outer loop: the table of one stays in the cache, that of all does not.
    private TNumber* MakeSums(int species)
    {
        var model = _plan.Model;
        var count = _gather.Centers.Length;
        var sums = _sums.Reserve((long)count * SumWidth + T.Count);
        new Span<TNumber>(sums, count * SumWidth).Clear();
        for (var other = 0; other < model.Species.Count; other++)
        {
            for (var c = 0; c < count; c++)
            {
                var target = sums + (long)c * SumWidth;
                if (_gather.Seen(c, other) is > 0 and var seen)
                {
                    _embedding.Accumulate(species, other, _gather.Rows + _gather.FirstSeen(c, other), seen, target);
                }

                if (model.EmptyPlaces(other, _gather.Within(c, other)) is not 0 and var empty)
                {
                    AddEmpty(empty, _plan.Empty(species, other), target);
                }
            }
        }

        return sums;
    }

    private void AddEmpty(int empty, TNumber* one, TNumber* target)
    {
        var times = T.Broadcast(Real.Of<TNumber>(empty));
        for (var m = 0; m < _plan.Width; m += T.Count)
        {
            T.MultiplyAdd(times, T.Load(one + m), T.Load(target + m)).Store(target + m);
        }
    }

    private EvaluationOutcome AddForces(in NeighborView atoms, in EvaluationBuffers buffers, NetworkKernel<T, TNumber, TActivation> fitting, int padded)
    {
        var centers = _gather.Centers;
        var weights = _weights.Reserve((long)padded * fitting.OutputStride);
        new Span<TNumber>(weights, padded * fitting.OutputStride).Clear();
        for (var c = 0; c < centers.Length; c++)
        {
            weights[(long)c * fitting.OutputStride] = Real.Of<TNumber>(1);
        }

        var gradients = fitting.Backward(_work, centers.Length, weights);
        // Rows are read for a vector more than they have.
        new Span<TNumber>(gradients + (long)padded * fitting.GradientStride, T.Count).Clear();
        var slopes = _slopes.Reserve((long)centers.Length * SumWidth);
        var square = _square.Reserve((long)_plan.Descriptor.Axis * (_plan.Descriptor.Axis + T.Count));
        for (var c = 0; c < centers.Length; c++)
        {
            DeepPotDescriptor<T, TNumber>.Differentiate(
                _plan.Descriptor, _plan.Width, _sums.Pointer + (long)c * SumWidth, gradients + (long)c * fitting.GradientStride, square, slopes + (long)c * SumWidth);
        }

        var gradient = MakeGradients(centers[0].Species, slopes);
        foreach (ref readonly var center in centers)
        {
            if (!GatheredScatter.AddForces(center, atoms.ScaleOf(center.Atom), _gather.Neighbors + center.First, gradient + 3L * center.First, 1, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    // ∂E/∂r_j of all neighbours of the batch, [neighbors][3].
    private double* MakeGradients(int species, TNumber* slopes)
    {
        var model = _plan.Model;
        var centers = _gather.Centers;
        long count = centers[^1].First + centers[^1].Count;
        var rowSlopes = _rowSlopes.Reserve(count + 1);
        for (var other = 0; other < model.Species.Count; other++)
        {
            for (var c = 0; c < centers.Length; c++)
            {
                if (_gather.Seen(c, other) is > 0 and var seen)
                {
                    var first = _gather.FirstSeen(c, other);
                    _embedding.Differentiate(species, other, _gather.Rows + first, seen, slopes + (long)c * SumWidth, rowSlopes + first);
                }
            }
        }

        var gradient = _gradient.Reserve(3 * count + 1);
        for (var n = 0L; n < count; n++)
        {
            ref readonly var at = ref _gather.Neighbors[n];
            ref readonly var row = ref _gather.Rows[n];
            ref readonly var slope = ref rowSlopes[n];
            ref readonly var scaling = ref model.Scaling[species][at.Species];

            // R̃ = (s − mean)/σ_r, and A·r with A = s/((r + protection)·σ_a).
            double inverse = 1 / (row.Distance + model.Protection), angular = row.Inverse * inverse / scaling.AngularDeviation;
            var change = (row.Slope - row.Inverse * inverse) * inverse / scaling.AngularDeviation;
            var along = (slope.Radial * row.Slope / scaling.RadialDeviation + slope.Weight * row.WeightSlope + change * (slope.X * at.X + slope.Y * at.Y + slope.Z * at.Z)) / row.Distance;
            gradient[3 * n] = along * at.X + angular * slope.X;
            gradient[3 * n + 1] = along * at.Y + angular * slope.Y;
            gradient[3 * n + 2] = along * at.Z + angular * slope.Z;
        }

        return gradient;
    }
}
