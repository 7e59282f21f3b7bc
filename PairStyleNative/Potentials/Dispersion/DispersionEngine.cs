using System.Runtime.InteropServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Dispersion;

/// <summary>The fast kernel with its work memory; one instance serves one thread at a time.</summary>
internal unsafe interface IDispersionEngine : IDisposable
{
    /// <summary>Stage 0: leaves the reference weights of every center in its row of values.</summary>
    EvaluationOutcome FindWeights(in NeighborView atoms, double* values);

    /// <summary>Stage 1: adds energies, forces and virials.</summary>
    EvaluationOutcome Attract(in NeighborView atoms, in EvaluationBuffers buffers, double* values);

    /// <summary>Memory for the values of all atoms, where nobody else keeps them.</summary>
    double* ReserveValues(long count);
}

/// <summary>
/// The fast kernel at one lane width. With full lists each center takes its own half of a pair's energy and its own force,
/// and finds dE/dCN of itself from its own list; only the gradient of its coordination number pushes its neighbours.
/// </summary>
internal sealed unsafe class DispersionEngine<T, TDamping> : IDispersionEngine
    where T : unmanaged, ILanes<T>
    where TDamping : struct, IDampedAttraction
{
    private readonly DispersionModel _model;
    private readonly DispersionGather _gather;
    private readonly DispersionSwitch _attractionEdge;
    private readonly DispersionSwitch _coordinationEdge;
    private readonly int _attractionTiers;
    private readonly int _coordinationTiers;
    private readonly NativeArray<double> _radii = new();
    private readonly NativeArray<double> _mixed = new();
    private readonly NativeArray<double> _sums = new();
    private readonly NativeArray<double> _values = new();

    /// <summary>Makes work memory for a model.</summary>
    public DispersionEngine(DispersionModel model)
    {
        _model = model;
        _gather = new DispersionGather(model, T.Count);
        var settings = model.Settings;
        _attractionEdge = new DispersionSwitch(settings.Cutoff, settings.SwitchingWidth);
        _coordinationEdge = new DispersionSwitch(settings.CoordinationCutoff, settings.SwitchingWidth);
        _attractionTiers = settings.Cutoff > settings.CoordinationCutoff ? 2 : 1;
        _coordinationTiers = settings.CoordinationCutoff > settings.Cutoff ? 2 : 1;
        _radii.Reserve(model.ElementCount + 1);
        _mixed.Reserve(model.ElementCount * 2L * DispersionTable.MaximumReferences);
        _sums.Reserve(2L * DispersionKernel<T>.AttractionSums * T.Count);
    }

    /// <inheritdoc/>
    public double* ReserveValues(long count) => _values.Reserve(count);

    /// <inheritdoc/>
    public EvaluationOutcome FindWeights(in NeighborView atoms, double* values)
    {
        var outcome = _gather.Pack(atoms);
        for (var place = 0; place < atoms.CenterCount && outcome.Status == EvaluationStatus.Success; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            var element = _gather.ElementOf(i);
            if (element < _model.ElementCount)
            {
                outcome = Coordination(atoms, i, element, out var coordination);
                SetWeights(element, coordination, values + (long)i * _model.MaximumReferences);
            }
        }

        return outcome;
    }

    /// <inheritdoc/>
    public EvaluationOutcome Attract(in NeighborView atoms, in EvaluationBuffers buffers, double* values)
    {
        var gradients = buffers.Forces is not null || buffers.Virial is not null || buffers.AtomVirials is not null;
        var outcome = _gather.Pack(atoms);
        for (var place = 0; place < atoms.CenterCount && outcome.Status == EvaluationStatus.Success; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            var element = _gather.ElementOf(i);
            if (element < _model.ElementCount && !Attract(atoms, i, element, gradients, buffers, values))
            {
                outcome = new EvaluationOutcome(EvaluationStatus.ResultNotFinite, i);
            }
        }

        return outcome;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gather.Dispose();
        _radii.Dispose();
        _mixed.Dispose();
        _sums.Dispose();
        _values.Dispose();
    }

    private static double Total(double* lanes)
    {
        var sum = 0.0;
        for (var lane = 0; lane < T.Count; lane++)
        {
            sum += lanes[lane];
        }

        return sum;
    }

    private EvaluationOutcome Coordination(in NeighborView atoms, int i, int element, out double coordination)
    {
        var radii = _radii.Pointer;
        for (var other = 0; other < _model.ElementCount; other++)
        {
            radii[other] = _model.Pair(element, other).CovalentDistance;
        }

        radii[_model.ElementCount] = 0;
        var square = _model.Settings.CoordinationCutoff * _model.Settings.CoordinationCutoff;
        var least = double.MaxValue;
        coordination = 0;
        for (var first = 0; first < atoms.NeighborCounts[i]; first += DispersionGather.ChunkSize)
        {
            var length = Math.Min(DispersionGather.ChunkSize, atoms.NeighborCounts[i] - first);
            var count = _gather.Near(i, radii, square, atoms.Neighbors[i] + first, length, atoms.NeighborMask);
            coordination += DispersionKernel<T>.Coordination(_gather.NearSquares, _gather.NearRadii, count, _coordinationEdge, out var smallest);
            least = Math.Min(least, smallest);
        }

        return least < DispersionGather.MinimumSeparation * DispersionGather.MinimumSeparation
            ? new EvaluationOutcome(EvaluationStatus.AtomsOverlap, i, Overlapping(atoms, i))
            : EvaluationOutcome.Success;
    }

    private int Overlapping(in NeighborView atoms, int i)
    {
        var self = atoms.Positions + 3L * i;
        for (var n = 0; n < atoms.NeighborCounts[i]; n++)
        {
            var j = atoms.Neighbors[i][n] & atoms.NeighborMask;
            var other = atoms.Positions + 3L * j;
            double x = other[0] - self[0], y = other[1] - self[1], z = other[2] - self[2];
            if (x * x + y * y + z * z < DispersionGather.MinimumSeparation * DispersionGather.MinimumSeparation && _gather.ElementOf(j) < _model.ElementCount)
            {
                return j;
            }
        }

        return -1;
    }

    // Relative to the nearest reference, so that they do not all vanish far from every one.
    private void SetWeights(int element, double coordination, double* weights)
    {
        var numbers = _model.CoordinationNumbers(element);
        var nearest = double.PositiveInfinity;
        foreach (var number in numbers)
        {
            nearest = Math.Min(nearest, (coordination - number) * (coordination - number));
        }

        var sum = 0.0;
        for (var a = 0; a < numbers.Length; a++)
        {
            var difference = coordination - numbers[a];
            weights[a] = Math.Exp(-DispersionModel.WeightExponent * (difference * difference - nearest));
            sum += weights[a];
        }

        for (var a = 0; a < numbers.Length; a++)
        {
            weights[a] /= sum;
        }
    }

    private bool Attract(in NeighborView atoms, int i, int element, bool gradients, in EvaluationBuffers buffers, double* values)
    {
        Mix(element, values + (long)i * _model.MaximumReferences);
        NativeMemory.Clear(_sums.Pointer, (nuint)(DispersionKernel<T>.AttractionSums * T.Count) * sizeof(double));
        var scale = atoms.ScaleOf(i);
        var length = atoms.NeighborCounts[i];
        for (var first = 0; first < length; first += DispersionGather.ChunkSize)
        {
            _gather.Sort(i, atoms.Neighbors[i] + first, Math.Min(DispersionGather.ChunkSize, length - first), atoms.NeighborMask);
            AttractChunk(atoms, element, scale, values);
        }

        var energy = -0.5 * scale * Total(_sums.Pointer);
        if (buffers.Energy is not null)
        {
            *buffers.Energy += energy;
        }

        if (buffers.AtomEnergies is not null)
        {
            buffers.AtomEnergies[i] += energy;
        }

        return double.IsFinite(energy) && (!gradients || AddGradients(atoms, i, element, buffers));
    }

    private void AttractChunk(in NeighborView atoms, int element, double scale, double* values)
    {
        for (var other = 0; other < _model.ElementCount; other++)
        {
            var references = _model.CoordinationNumbers(other).Length;
            for (var bucket = 2 * other; bucket < 2 * other + _attractionTiers; bucket++)
            {
                if (_gather.Count(bucket) == 0)
                {
                    continue;
                }

                _gather.LoadWeights(bucket, references, values, _model.MaximumReferences, atoms, scale);
                DispersionKernel<T>.Attract<TDamping>(
                    _gather.Blocks(bucket), _gather.PaddedCount(bucket), _model.Pair(element, other), references,
                    _mixed.Pointer + 2 * DispersionTable.MaximumReferences * other, atoms.ScaleOfType is not null, _attractionEdge, _sums.Pointer);
            }
        }
    }

    // u_b = Σ_a w_a C6_ab and du_b/dCN for every reference of every element.
    private void Mix(int element, double* weights)
    {
        var numbers = _model.CoordinationNumbers(element);
        var mean = 0.0;
        for (var a = 0; a < numbers.Length; a++)
        {
            mean += weights[a] * numbers[a];
        }

        for (var other = 0; other < _model.ElementCount; other++)
        {
            var references = _model.CoordinationNumbers(other).Length;
            var coefficients = _model.Coefficients(element, other);
            var mixed = _mixed.Pointer + 2 * DispersionTable.MaximumReferences * other;
            for (var b = 0; b < references; b++)
            {
                double value = 0, slope = 0;
                for (var a = 0; a < numbers.Length; a++)
                {
                    var term = weights[a] * coefficients[a * references + b];
                    value += term;
                    slope += 2 * DispersionModel.WeightExponent * (numbers[a] - mean) * term;
                }

                mixed[2 * b] = value;
                mixed[2 * b + 1] = slope;
            }
        }
    }

    private bool AddGradients(in NeighborView atoms, int i, int element, in EvaluationBuffers buffers)
    {
        double* direct = _sums.Pointer, pulled = _sums.Pointer + DispersionKernel<T>.AttractionSums * T.Count;
        NativeMemory.Clear(pulled, (nuint)(DispersionKernel<T>.PullSums * T.Count) * sizeof(double));
        var response = -Total(direct + T.Count);
        var length = atoms.NeighborCounts[i];
        for (var first = 0; first < length; first += DispersionGather.ChunkSize)
        {
            // The buckets still hold a list of one chunk.
            if (length > DispersionGather.ChunkSize)
            {
                _gather.Sort(i, atoms.Neighbors[i] + first, Math.Min(DispersionGather.ChunkSize, length - first), atoms.NeighborMask);
            }

            PullChunk(element, response, pulled, buffers);
        }

        var tensors = stackalloc double[12];
        double* half = tensors, whole = tensors + 6;
        for (var m = 0; m < 6; m++)
        {
            // Half of every pair's attraction, and all of what follows from this coordination number.
            half[m] = 0.5 * Total(direct + (5 + m) * T.Count);
            whole[m] = -Total(pulled + (3 + m) * T.Count);
        }

        if (buffers.Virial is not null)
        {
            AddTensor(buffers.Virial, half, whole, 1);
        }

        if (buffers.AtomVirials is not null)
        {
            AddTensor(buffers.AtomVirials + 9L * i, half, whole, 0.5);
        }

        var finite = true;
        for (var d = 0; d < 3; d++)
        {
            var force = Total(pulled + d * T.Count) - Total(direct + (2 + d) * T.Count);
            finite &= double.IsFinite(force);
            if (buffers.Forces is not null)
            {
                buffers.Forces[3L * i + d] += force;
            }
        }

        return finite;
    }

    private void PullChunk(int element, double response, double* sums, in EvaluationBuffers buffers)
    {
        for (var other = 0; other < _model.ElementCount; other++)
        {
            var radius = _model.Pair(element, other).CovalentDistance;
            for (var bucket = 2 * other; bucket < 2 * other + _coordinationTiers; bucket++)
            {
                if (_gather.Count(bucket) > 0)
                {
                    DispersionKernel<T>.Pull(_gather.Blocks(bucket), _gather.PaddedCount(bucket), radius, response, _coordinationEdge, sums);
                    PushNeighbors(bucket, buffers);
                }
            }
        }
    }

    private void PushNeighbors(int bucket, in EvaluationBuffers buffers)
    {
        const int Row = DispersionGather.BlockLength;
        var count = _gather.Count(bucket);
        var blocks = _gather.Blocks(bucket);
        for (var k = 0; buffers.Forces is not null && k < count; k++)
        {
            var atom = DispersionGather.Atom(blocks, k);
            var gradient = atom + DispersionGather.Weights * Row;
            var target = buffers.Forces + 3L * DispersionGather.Index(atom);
            target[0] -= gradient[0];
            target[1] -= gradient[Row];
            target[2] -= gradient[2 * Row];
        }

        for (var k = 0; buffers.AtomVirials is not null && k < count; k++)
        {
            var atom = DispersionGather.Atom(blocks, k);
            var gradient = atom + DispersionGather.Weights * Row;
            var target = buffers.AtomVirials + 9L * DispersionGather.Index(atom);
            for (var a = 0; a < 3; a++)
            {
                for (var b = 0; b < 3; b++)
                {
                    target[3 * a + b] -= 0.5 * atom[a * Row] * gradient[b * Row];
                }
            }
        }
    }

    // xx, xy, xz, yy, yz, zz to nine components.
    private static void AddTensor(double* target, double* half, double* whole, double share)
    {
        ReadOnlySpan<int> component = [0, 1, 2, 1, 3, 4, 2, 4, 5];
        for (var m = 0; m < 9; m++)
        {
            target[m] += half[component[m]] + share * whole[component[m]];
        }
    }
}
