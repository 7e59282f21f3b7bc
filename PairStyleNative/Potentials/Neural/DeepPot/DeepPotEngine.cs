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
internal sealed unsafe class DeepPotEngine<T> : IDeepPotEngine
    where T : unmanaged, ILanes<T>
{
    private readonly DeepPotPlan<T> _plan;
    private readonly DeepPotGather _gather;
    private readonly DeepPotEmbedding<T> _embedding;
    private readonly NetworkWork<T> _work = new();

    // T of every center of a batch, their descriptors, and ∂E/∂T of one.
    private readonly NativeArray<double> _sums = new();
    private readonly NativeArray<double> _descriptors = new();
    private readonly NativeArray<double> _weights = new();
    private readonly NativeArray<double> _slopes = new();
    private readonly NativeArray<RowSlopes> _rowSlopes = new();
    private readonly NativeArray<double> _gradient = new();

    /// <summary>Makes work memory.</summary>
    public DeepPotEngine(DeepPotPlan<T> plan)
    {
        _plan = plan;
        _gather = new DeepPotGather(plan.Model);
        _embedding = new DeepPotEmbedding<T>(plan);
    }

    private int SumWidth => 4 * _plan.Width;

    private int DescriptorWidth => _plan.Model.AxisWidth * _plan.Width;

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var outcome = _gather.Start(atoms);
        for (var species = 0; species < _plan.Model.Species.Count && outcome.Status == EvaluationStatus.Success; species++)
        {
            var count = _gather.CentersOf(species);
            for (var begin = 0; begin < count && outcome.Status == EvaluationStatus.Success; begin += DeepPotGather.BatchSize)
            {
                outcome = _gather.Run(atoms, species, begin, Math.Min(begin + DeepPotGather.BatchSize, count));
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
        _rowSlopes.Dispose();
        _gradient.Dispose();
    }

    private EvaluationOutcome ComputeBatch(in NeighborView atoms, in EvaluationBuffers buffers, int species)
    {
        var centers = _gather.Centers;
        var padded = (centers.Length + MatrixProduct.RowBlock - 1) / MatrixProduct.RowBlock * MatrixProduct.RowBlock;
        var sums = _sums.Reserve((long)centers.Length * SumWidth);
        var descriptors = _descriptors.Reserve((long)padded * DescriptorWidth);
        for (var c = 0; c < centers.Length; c++)
        {
            MakeSums(c, centers[c], sums + (long)c * SumWidth);
            DeepPotDescriptor.Make<T>(_plan.Model.AxisWidth, _plan.Width, sums + (long)c * SumWidth, descriptors + (long)c * DescriptorWidth);
        }

        new Span<double>(descriptors + (long)centers.Length * DescriptorWidth, (padded - centers.Length) * DescriptorWidth).Clear();
        var fitting = _plan.Fitting[species];
        var energies = fitting.Forward(_work, centers.Length, descriptors, DescriptorWidth);
        for (var c = 0; c < centers.Length; c++)
        {
            var energy = atoms.ScaleOf(centers[c].Atom) * (energies[(long)c * fitting.OutputStride] + _plan.Model.Bias[species]);
            if (!GatheredScatter.AddEnergy(centers[c], energy, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, centers[c].Atom);
            }
        }

        return buffers.Forces is null && buffers.Virial is null && buffers.AtomVirials is null ? EvaluationOutcome.Success : AddForces(atoms, buffers, fitting, padded);
    }

    private void MakeSums(int index, in GatheredCenter center, double* sums)
    {
        var model = _plan.Model;
        var lanes = T.Count;
        new Span<double>(sums, SumWidth).Clear();
        var row = _gather.Rows + center.First;
        for (var other = 0; other < model.Species.Count; other++)
        {
            var count = _gather.Seen(index, other);
            if (count > 0)
            {
                _embedding.Accumulate(center.Species, other, row, count, sums);
                row += count;
            }

            var empty = model.Places[other] - _gather.Within(index, other);
            if (empty != 0)
            {
                var one = _plan.Empty[center.Species][other];
                for (var m = 0; m < one.Length; m++)
                {
                    sums[m / lanes * 4 * lanes + m % lanes] += empty * one[m];
                }
            }
        }

        for (var k = 0; k < SumWidth; k++)
        {
            sums[k] *= _plan.PlaceShare;
        }
    }

    private EvaluationOutcome AddForces(in NeighborView atoms, in EvaluationBuffers buffers, NetworkKernel<T> fitting, int padded)
    {
        var centers = _gather.Centers;
        var weights = _weights.Reserve((long)padded * fitting.OutputStride);
        for (var c = 0; c < padded; c++)
        {
            new Span<double>(weights + (long)c * fitting.OutputStride, fitting.OutputStride).Clear();
            weights[(long)c * fitting.OutputStride] = c < centers.Length ? 1 : 0;
        }

        var gradients = fitting.Backward(_work, centers.Length, weights);
        var slopes = _slopes.Reserve(SumWidth);
        for (var c = 0; c < centers.Length; c++)
        {
            ref readonly var center = ref centers[c];
            var scale = atoms.ScaleOf(center.Atom);
            DeepPotDescriptor.Differentiate<T>(
                _plan.Model.AxisWidth, _plan.Width, _sums.Pointer + (long)c * SumWidth, gradients + (long)c * fitting.GradientStride, _plan.PlaceShare, slopes);
            var gradient = MakeGradients(c, center, slopes);
            if (!GatheredScatter.AddForces(center, scale, _gather.Neighbors + center.First, gradient, 1, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, center.Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    // ∂E/∂r_j of all neighbours of a center, [neighbors][3].
    private double* MakeGradients(int index, in GatheredCenter center, double* slopes)
    {
        var model = _plan.Model;
        var rowSlopes = _rowSlopes.Reserve(center.Count + 1);
        var gradient = _gradient.Reserve(3L * center.Count + 1);
        var first = 0;
        for (var other = 0; other < model.Species.Count; other++)
        {
            var count = _gather.Seen(index, other);
            if (count == 0)
            {
                continue;
            }

            _embedding.Differentiate(center.Species, other, _gather.Rows + center.First + first, count, slopes, rowSlopes + first);
            var scaling = model.Scaling[center.Species][other];
            for (var n = first; n < first + count; n++)
            {
                ref readonly var at = ref _gather.Neighbors[center.First + n];
                ref readonly var row = ref _gather.Rows[center.First + n];
                ref readonly var slope = ref rowSlopes[n];

                // R̃ = (s − mean)/σ_r, and A·r with A = s/(r·σ_a).
                double inverse = 1 / row.Distance, angular = row.Inverse * inverse / scaling.AngularDeviation;
                var change = (row.Slope - row.Inverse * inverse) * inverse / scaling.AngularDeviation;
                var along = inverse * (slope.Radial * row.Slope / scaling.RadialDeviation + change * (slope.X * at.X + slope.Y * at.Y + slope.Z * at.Z));
                gradient[3 * n] = along * at.X + angular * slope.X;
                gradient[3 * n + 1] = along * at.Y + angular * slope.Y;
                gradient[3 * n + 2] = along * at.Z + angular * slope.Z;
            }

            first += count;
        }

        return gradient;
    }
}
