using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>The fast kernel with its work memory; one instance serves one thread at a time.</summary>
internal interface ISnapEngine : IDisposable
{
    /// <summary>See <see cref="IPotential.Compute"/>.</summary>
    EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers);
}

/// <summary>
/// The fast kernel at one lane width: gathers atoms into groups, one atom a lane, runs <see cref="DensityPass"/>,
/// <see cref="AdjointPass"/> and <see cref="ForcePass"/> on each group and scatters the results in a fixed order.
/// </summary>
internal sealed unsafe class SnapEngine<T> : ISnapEngine
    where T : unmanaged, ILanes<T>
{
    // Atoms gathered at once: enough that sorting fills the groups, few enough to stay in the cache.
    private const int ChunkSize = 512;

    private readonly SnapPlan _plan;
    private readonly SnapGather _gather;
    private readonly SnapQuadratic? _quadratic;
    private readonly NativeArray<double> _memory = new();
    private readonly NativeArray<double> _pairs = new();
    private readonly double[] _constants;
    private readonly int[] _laneSpecies = new int[T.Count];
    private readonly double[] _quadraticEnergies = new double[T.Count];
    private SnapGroup _group;
    private int _neighborRoom = -1;

    /// <summary>Makes work memory for a plan.</summary>
    public SnapEngine(SnapPlan plan)
    {
        _plan = plan;
        var model = plan.Model;
        _gather = new SnapGather(model);
        _quadratic = model.Parameters.Quadratic ? new SnapQuadratic(model, plan.Products) : null;
        _constants = new double[model.Species.Count];
        var count = model.Species.Count;
        var pairs = _pairs.Reserve(3 * count * count);
        for (var a = 0; a < count; a++)
        {
            _constants[a] = SnapConstants.EnergyAtZeroDensity(model, a);
            for (var b = 0; b < count; b++)
            {
                var pair = pairs + 3 * (a * count + b);
                pair[0] = model.PairCutoff(a, b);
                pair[1] = 1 / (model.PairCutoff(a, b) - model.Parameters.MinimumDistance);
                pair[2] = model.Species[b].Weight;
            }
        }

        MakeRoom(16);
    }

    /// <inheritdoc/>
    public EvaluationOutcome Compute(in NeighborView atoms, in EvaluationBuffers buffers)
    {
        var gradients = buffers.Forces is not null || buffers.Virial is not null || buffers.AtomVirials is not null;
        for (var begin = 0; begin < atoms.CenterCount; begin += ChunkSize)
        {
            var outcome = _gather.Run(atoms, begin, Math.Min(begin + ChunkSize, atoms.CenterCount));
            for (var first = 0; first < _gather.CenterCount && outcome.Status == EvaluationStatus.Success; first += T.Count)
            {
                var lanes = Math.Min(T.Count, _gather.CenterCount - first);
                Load(_gather.Centers + first, lanes);
                DensityPass.Run<T>(_plan, _group);
                DensityPass.Mirror<T>(_plan, _group);
                _quadratic?.SetWeights<T>(_plan, _group, _laneSpecies, _quadraticEnergies);
                AdjointPass.Run<T>(_plan, _group);
                if (gradients)
                {
                    ForcePass.Run<T>(_plan, _group);
                }

                outcome = Scatter(_gather.Centers + first, lanes, gradients, buffers);
            }

            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gather.Dispose();
        _memory.Dispose();
        _pairs.Dispose();
    }

    private void MakeRoom(int neighbors)
    {
        if (neighbors <= _neighborRoom)
        {
            return;
        }

        _neighborRoom = neighbors + neighbors % 2;
        long n = _neighborRoom, used = 0;
        // Twice: to measure, then to place.
        for (var pass = 0; pass < 2; pass++)
        {
            var start = pass == 0 ? null : _memory.Reserve(used * T.Count);
            used = 0;
            double* Place(long vectors)
            {
                var here = start + used * T.Count;
                used += vectors;
                return here;
            }

            _group.Geometry = Place(n * DensityPass.GeometryWidth);
            _group.Inner = Place(n * 2);
            _group.Motion = Place(n * DensityPass.MotionWidth);
            _group.Wigner = Place(n * 2 * _plan.HalfCount);
            _group.Gradient = Place(n * 3);
            _group.Sum = Place(2L * _plan.HalfCount);
            _group.Full = Place(2L * _plan.FullCount);
            _group.Adjoint = Place(2L * _plan.FullCount);
            _group.Linear = Place(2L * _plan.HalfCount);
            _group.Slopes = Place(8L * _plan.SlopeCount + 1);
            _group.Weights = Place(_plan.TripleCount);
            _group.Invariants = Place(_plan.TripleCount);
            _group.Energy = Place(1);
        }

        Array.Fill(_laneSpecies, -1);
    }

    private void Load(GatheredCenter* centers, int lanes)
    {
        // Sorted: the first has most neighbours.
        MakeRoom(centers[0].Count);
        _group.NeighborCount = centers[0].Count + centers[0].Count % 2;
        var speciesCount = _constants.Length;
        for (var lane = 0; lane < T.Count; lane++)
        {
            // Lanes without an atom compute the first atom's species without neighbours; nobody reads the result.
            var species = lane < lanes ? centers[lane].Species : centers[0].Species;
            var count = lane < lanes ? centers[lane].Count : 0;
            LoadWeights(lane, species);
            var neighbor = _gather.Neighbors + (lane < lanes ? centers[lane].First : 0);
            var pairs = _pairs.Pointer + 3 * species * speciesCount;
            var target = _group.Geometry + lane;
            for (var n = 0; n < count; n++, neighbor++, target += DensityPass.GeometryWidth * T.Count)
            {
                target[0] = neighbor->X;
                target[T.Count] = neighbor->Y;
                target[2 * T.Count] = neighbor->Z;
                var pair = pairs + 3 * neighbor->Species;
                target[3 * T.Count] = pair[0];
                target[4 * T.Count] = pair[1];
                target[5 * T.Count] = pair[2];
            }

            for (var n = count; n < _group.NeighborCount; n++, target += DensityPass.GeometryWidth * T.Count)
            {
                // Somewhere harmless: half way to the cutoff, weight 0.
                target[0] = 0.5 * pairs[0];
                target[T.Count] = target[2 * T.Count] = 0;
                target[3 * T.Count] = pairs[0];
                target[4 * T.Count] = pairs[1];
                target[5 * T.Count] = 0;
            }

            if (_plan.Model.Parameters.InnerSwitching)
            {
                LoadInner(lane, species, count, lane < lanes ? centers[lane].First : 0);
            }
        }
    }

    private void LoadWeights(int lane, int species)
    {
        if (_laneSpecies[lane] == species)
        {
            return;
        }

        _laneSpecies[lane] = species;
        var source = _plan.Weights + (long)species * _plan.TripleCount;
        for (var t = 0; t < _plan.TripleCount; t++)
        {
            _group.Weights[(long)t * T.Count + lane] = source[t];
        }
    }

    private void LoadInner(int lane, int species, int count, int first)
    {
        var self = _plan.Model.Species[species];
        for (var n = 0; n < _group.NeighborCount; n++)
        {
            var other = n < count ? _plan.Model.Species[_gather.Neighbors[first + n].Species] : self;
            _group.Inner[2L * n * T.Count + lane] = 0.5 * (self.InnerSwitchCenter + other.InnerSwitchCenter);
            _group.Inner[(2L * n + 1) * T.Count + lane] = 0.5 * (self.InnerSwitchHalfWidth + other.InnerSwitchHalfWidth);
        }
    }

    private EvaluationOutcome Scatter(GatheredCenter* centers, int lanes, bool gradients, in EvaluationBuffers buffers)
    {
        for (var lane = 0; lane < lanes; lane++)
        {
            var energy = _quadratic is null ? _group.Energy[lane] + _constants[centers[lane].Species] : _quadraticEnergies[lane];
            if (!double.IsFinite(energy))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, centers[lane].Atom);
            }

            if (buffers.Energy is not null)
            {
                *buffers.Energy += energy;
            }

            if (buffers.AtomEnergies is not null)
            {
                buffers.AtomEnergies[centers[lane].Atom] += energy;
            }

            if (gradients && !ScatterForces(centers[lane], lane, buffers))
            {
                return new EvaluationOutcome(EvaluationStatus.ResultNotFinite, centers[lane].Atom);
            }
        }

        return EvaluationOutcome.Success;
    }

    private bool ScatterForces(in GatheredCenter center, int lane, in EvaluationBuffers buffers)
    {
        double fx = 0, fy = 0, fz = 0;
        var neighbor = _gather.Neighbors + center.First;
        var gradient = _group.Gradient + lane;
        var tensor = stackalloc double[9];
        new Span<double>(tensor, 9).Clear();
        for (var n = 0; n < center.Count; n++, neighbor++, gradient += 3 * T.Count)
        {
            double gx = gradient[0], gy = gradient[T.Count], gz = gradient[2 * T.Count];
            fx += gx;
            fy += gy;
            fz += gz;
            if (buffers.Forces is not null)
            {
                var target = buffers.Forces + 3L * neighbor->Atom;
                target[0] -= gx;
                target[1] -= gy;
                target[2] -= gz;
            }

            if (buffers.Virial is not null || buffers.AtomVirials is not null)
            {
                AddVirial(*neighbor, gx, gy, gz, tensor, buffers.AtomVirials);
            }
        }

        if (buffers.Forces is not null)
        {
            var own = buffers.Forces + 3L * center.Atom;
            own[0] += fx;
            own[1] += fy;
            own[2] += fz;
        }

        for (var m = 0; m < 9; m++)
        {
            if (buffers.Virial is not null)
            {
                buffers.Virial[m] += tensor[m];
            }

            if (buffers.AtomVirials is not null)
            {
                buffers.AtomVirials[9L * center.Atom + m] += 0.5 * tensor[m];
            }
        }

        return double.IsFinite(fx + fy + fz);
    }

    // r ⊗ f with f = −g the force on the neighbour; half of it is the neighbour's.
    private static void AddVirial(in GatheredNeighbor neighbor, double gx, double gy, double gz, double* tensor, double* atomVirials)
    {
        var r = stackalloc double[3] { neighbor.X, neighbor.Y, neighbor.Z };
        var f = stackalloc double[3] { -gx, -gy, -gz };
        for (var m = 0; m < 9; m++)
        {
            var w = r[m / 3] * f[m % 3];
            tensor[m] += w;
            if (atomVirials is not null)
            {
                atomVirials[9L * neighbor.Atom + m] += 0.5 * w;
            }
        }
    }
}
