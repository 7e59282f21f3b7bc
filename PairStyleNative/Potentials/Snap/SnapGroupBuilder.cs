using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>Owns the work memory of a group and puts gathered atoms into its lanes. One instance serves one thread.</summary>
internal sealed unsafe class SnapGroupBuilder<T> : IDisposable
    where T : unmanaged, ILanes<T>
{
    private readonly SnapPlan _plan;
    private readonly SnapGather _gather;
    private readonly NativeArray<double> _memory = new();
    private readonly SnapLoading _loading;
    private readonly bool _forDescriptors;
    private readonly int[] _laneSpecies = new int[T.Count];
    private SnapGroup _group;
    private int _neighborRoom = -1;

    /// <summary>Makes work memory.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="gather">What is put into the lanes.</param>
    /// <param name="forDescriptors">Descriptors want W of a neighbour with its top layer, which forces do without, and no weights.</param>
    public SnapGroupBuilder(SnapPlan plan, SnapGather gather, bool forDescriptors = false)
    {
        _forDescriptors = forDescriptors;
        _group.WignerCount = forDescriptors ? plan.HalfCount : plan.LowerHalfCount;
        _plan = plan;
        _gather = gather;
        _loading = new SnapLoading(plan.Model);
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
        _loading.Dispose();
    }

    /// <summary>Puts centers into the lanes.</summary>
    /// <param name="centers">Centers of the gather, the first with most neighbours.</param>
    /// <param name="lanes">How many; the other lanes compute something harmless that nobody reads.</param>
    /// <param name="leastNeighbors">An even number: room for neighbours that is filled in any case.</param>
    public void Load(GatheredCenter* centers, int lanes, int leastNeighbors = 0)
    {
        _group.NeighborCount = Math.Max(centers[0].Count + centers[0].Count % 2, leastNeighbors);
        MakeRoom(_group.NeighborCount);
        for (var lane = 0; lane < T.Count; lane++)
        {
            var species = lane < lanes ? centers[lane].Species : centers[0].Species;
            var count = lane < lanes ? centers[lane].Count : 0;
            LoadWeights(lane, species);
            var neighbor = _gather.Neighbors + (lane < lanes ? centers[lane].First : 0);
            var pairs = _loading.PairsOf(species);
            var target = _group.Geometry + lane;
            for (var n = 0; n < count; n++, neighbor++, target += DensityPass.GeometryWidth * T.Count)
            {
                SnapLoading.Place<T>(target, *neighbor, pairs);
            }

            for (var n = count; n < _group.NeighborCount; n++, target += DensityPass.GeometryWidth * T.Count)
            {
                SnapLoading.PlaceNothing<T>(target, pairs);
            }

            if (_plan.Model.Parameters.InnerSwitching)
            {
                LoadInner(lane, species, count, lane < lanes ? centers[lane].First : 0);
            }
        }
    }

    private void LoadWeights(int lane, int species)
    {
        if (_laneSpecies[lane] == species || _forDescriptors)
        {
            return;
        }

        _laneSpecies[lane] = species;
        SnapLoading.PlaceWeights<T>(_group.Weights + lane, _plan.Weights + (long)species * _plan.WeightCount, _plan.WeightCount);
    }

    private void LoadInner(int lane, int species, int count, int first)
    {
        for (var n = 0; n < _group.NeighborCount; n++)
        {
            _loading.PlaceInner<T>(_group.Inner + 2L * n * T.Count + lane, species, n < count ? _gather.Neighbors[first + n].Species : species);
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
            _group.Wigner = Place(n * 2 * _group.WignerCount);
            _group.Gradient = Place(n * 3);
            _group.Sum = Place(2L * _plan.HalfCount);
            _group.Full = Place(2L * _plan.FullCount);
            _group.Planes = Place(4L * _plan.FullCount);
            _group.Adjoint = Place(2L * _plan.FullCount);
            _group.Linear = Place(2L * _plan.HalfCount);
            _group.Slopes = Place(8L * _plan.SlopeCount + 1);
            _group.Weights = Place(_plan.WeightCount);
            _group.Invariants = Place(_plan.WeightCount);
            _group.Energy = Place(1);
            _group.Self = Place(1);
        }

        T.Broadcast(1).Store(_group.Self);
        Array.Fill(_laneSpecies, -1);
    }
}
