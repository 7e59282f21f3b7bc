using System.Runtime.InteropServices;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

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
    private readonly DispersionEdge _attractionEdge;
    private readonly DispersionEdge _coordinationEdge;
    private readonly NativeArray<double> _mixed = new();
    private readonly NativeArray<double> _sums = new();
    private readonly NativeArray<double> _values = new();

    /// <summary>Makes work memory for a model.</summary>
    public DispersionEngine(DispersionModel model)
    {
        _model = model;
        _gather = new DispersionGather(model, T.Count);
        var settings = model.Settings;
        _attractionEdge = new DispersionEdge(settings.Cutoff, settings.SwitchingWidth, model.LargestCutoff);
        _coordinationEdge = new DispersionEdge(settings.CoordinationCutoff, settings.SwitchingWidth, model.LargestCutoff);
        // Places without a reference stay zero.
        var mixed = 2L * DispersionTable.MaximumReferences * model.ElementCount;
        NativeMemory.Clear(_mixed.Reserve(mixed), (nuint)mixed * sizeof(double));
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
                SetWeights(element, coordination, values + (long)i * DispersionTable.MaximumReferences);
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
        var square = Square(_model.Settings.CoordinationCutoff);
        var least = double.MaxValue;
        coordination = 0;
        for (var first = 0; first < atoms.NeighborCounts[i]; first += DispersionGather.ChunkSize)
        {
            Collect(atoms, i, first, square);
            _gather.FindRadii(element);
            coordination += DispersionKernel<T>.Coordination(_gather, _coordinationEdge, out var smallest);
            least = Math.Min(least, smallest);
        }

        return least < NeighborView.MinimumSeparation * NeighborView.MinimumSeparation
            ? new EvaluationOutcome(EvaluationStatus.AtomsOverlap, i, Overlapping(atoms, i))
            : EvaluationOutcome.Success;
    }

    private void Collect(in NeighborView atoms, int i, int first, double square) =>
        _gather.Collect(i, square, atoms.Neighbors[i] + first, Math.Min(DispersionGather.ChunkSize, atoms.NeighborCounts[i] - first), atoms.NeighborMask);

    private int Overlapping(in NeighborView atoms, int i)
    {
        var self = atoms.Positions + 3L * i;
        for (var n = 0; n < atoms.NeighborCounts[i]; n++)
        {
            var j = atoms.Neighbors[i][n] & atoms.NeighborMask;
            var other = atoms.Positions + 3L * j;
            double x = other[0] - self[0], y = other[1] - self[1], z = other[2] - self[2];
            if (x * x + y * y + z * z < NeighborView.MinimumSeparation * NeighborView.MinimumSeparation && _gather.ElementOf(j) < _model.ElementCount)
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
        Mix(element, values + (long)i * DispersionTable.MaximumReferences);
        NativeMemory.Clear(_sums.Pointer, (nuint)(DispersionKernel<T>.AttractionSums * T.Count) * sizeof(double));
        var scale = atoms.ScaleOf(i);
        var length = atoms.NeighborCounts[i];
        // Lists of one chunk are collected once for both cutoffs.
        var square = Square(length > DispersionGather.ChunkSize ? _model.Settings.Cutoff : _model.LargestCutoff);
        for (var first = 0; first < length; first += DispersionGather.ChunkSize)
        {
            Collect(atoms, i, first, square);
            _gather.Describe(element, _mixed.Pointer, values, atoms, scale);
            DispersionKernel<T>.Attract<TDamping>(_gather, _model.Pair(0, 0), atoms.ScaleOfType is not null, _attractionEdge, _sums.Pointer);
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
            if (length > DispersionGather.ChunkSize)
            {
                Collect(atoms, i, first, Square(_model.Settings.CoordinationCutoff));
                _gather.FindRadii(element);
            }

            DispersionKernel<T>.Pull(_gather, response, _coordinationEdge, pulled);
            PushNeighbors(buffers);
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

    private void PushNeighbors(in EvaluationBuffers buffers)
    {
        double* gradientX = _gather.Radii6, gradientY = _gather.Radii8, gradientZ = _gather.Factors8;
        for (var k = 0; buffers.Forces is not null && k < _gather.Count; k++)
        {
            var target = buffers.Forces + 3L * _gather.Index(k);
            target[0] -= gradientX[k];
            target[1] -= gradientY[k];
            target[2] -= gradientZ[k];
        }

        for (var k = 0; buffers.AtomVirials is not null && k < _gather.Count; k++)
        {
            var target = buffers.AtomVirials + 9L * _gather.Index(k);
            AddRow(target, 0.5 * _gather.X[k], gradientX[k], gradientY[k], gradientZ[k]);
            AddRow(target + 3, 0.5 * _gather.Y[k], gradientX[k], gradientY[k], gradientZ[k]);
            AddRow(target + 6, 0.5 * _gather.Z[k], gradientX[k], gradientY[k], gradientZ[k]);
        }
    }

    private static void AddRow(double* row, double r, double gx, double gy, double gz)
    {
        row[0] -= r * gx;
        row[1] -= r * gy;
        row[2] -= r * gz;
    }

    private static double Square(double value) => value * value;

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
