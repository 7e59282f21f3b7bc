using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>Owns the work memory of a group and puts gathered atoms into its lanes. One instance serves one thread.</summary>
internal sealed unsafe class SnapGroupBuilder<T> : IDisposable
    where T : unmanaged, ILanes<T>
{
    private readonly SnapPlan _plan;
    private readonly SnapGather _gather;
    private readonly NativeArray<double> _memory = new();
    private readonly NativeArray<double> _pairs = new();
    private readonly int[] _laneSpecies = new int[T.Count];
    private SnapGroup _group;
    private int _neighborRoom = -1;

    /// <summary>Makes work memory.</summary>
    public SnapGroupBuilder(SnapPlan plan, SnapGather gather)
    {
        _plan = plan;
        _gather = gather;
        var model = plan.Model;
        var count = model.Species.Count;
        var pairs = _pairs.Reserve(3 * count * count);
        for (var a = 0; a < count; a++)
        {
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

    /// <summary>The group; its pointers are valid until the next <see cref="Load"/>.</summary>
    public ref readonly SnapGroup Group => ref _group;

    /// <summary>Species of every lane.</summary>
    public ReadOnlySpan<int> LaneSpecies => _laneSpecies;

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _pairs.Dispose();
    }

    /// <summary>Puts centers into the lanes.</summary>
    /// <param name="centers">Centers of the gather, the first with most neighbours.</param>
    /// <param name="lanes">How many; the other lanes compute something harmless that nobody reads.</param>
    public void Load(GatheredCenter* centers, int lanes)
    {
        MakeRoom(centers[0].Count);
        _group.NeighborCount = centers[0].Count + centers[0].Count % 2;
        var speciesCount = _plan.Model.Species.Count;
        for (var lane = 0; lane < T.Count; lane++)
        {
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
            _group.Weighted = Place(_plan.Model.Grades is null ? 0 : 2L * _plan.FullCount);
            _group.Energy = Place(1);
            _group.Self = Place(1);
        }

        T.Broadcast(1).Store(_group.Self);
        Array.Fill(_laneSpecies, -1);
    }
}
