using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap.Chemical;

/// <summary>
/// Owns the work memory of a group of a model with <c>chemflag</c> and puts gathered atoms into its lanes: a
/// <see cref="SnapGroup"/> for every density, whose slots hold the neighbours of that species in all lanes. One instance
/// serves one thread.
/// </summary>
internal sealed unsafe class ChemicalGroupBuilder<T> : IDisposable
    where T : unmanaged, ILanes<T>
{
    private readonly ChemicalPlan _plan;
    private readonly SnapGather _gather;
    private readonly SnapLoading _loading;
    private readonly NativeArray<double> _memory = new();
    private readonly SnapGroup[] _groups;
    private readonly int[] _counts;
    private readonly int[] _cursors;
    private readonly int[] _present;
    private readonly int[] _laneSpecies = new int[T.Count];
    private SnapGroup _all;
    private double* _own;
    private int _neighborRoom = -1;
    private int _presentCount;

    /// <summary>Makes work memory.</summary>
    public ChemicalGroupBuilder(ChemicalPlan plan, SnapGather gather)
    {
        _plan = plan;
        _gather = gather;
        _loading = new SnapLoading(plan.Layers.Model);
        _groups = new SnapGroup[plan.DensityCount];
        _counts = new int[plan.DensityCount * T.Count];
        _cursors = new int[plan.DensityCount];
        _present = new int[plan.DensityCount];
        MakeRoom(16);
    }

    /// <summary>The densities; their pointers are valid until the next <see cref="Load"/>. Weights and invariants are those of all.</summary>
    public ReadOnlySpan<SnapGroup> Groups => _groups;

    /// <summary>Densities to which any lane's central atom or neighbours contribute.</summary>
    public ReadOnlySpan<int> Present => _present.AsSpan(0, _presentCount);

    /// <summary>Species of every lane.</summary>
    public ReadOnlySpan<int> LaneSpecies => _laneSpecies;

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _loading.Dispose();
    }

    /// <summary>Puts centers into the lanes.</summary>
    /// <param name="centers">Centers of the gather.</param>
    /// <param name="lanes">How many; the other lanes compute something harmless that nobody reads.</param>
    public void Load(GatheredCenter* centers, int lanes)
    {
        CountNeighbors(centers, lanes);
        MakeSections();
        for (var lane = 0; lane < T.Count; lane++)
        {
            var species = centers[lane < lanes ? lane : 0].Species;
            LoadWeights(lane, species);
            LoadNeighbors(lane, species, lane < lanes ? _gather.Neighbors + centers[lane].First : null, lane < lanes ? centers[lane].Count : 0);
            for (var density = 0; density < _groups.Length; density++)
            {
                _groups[density].Self[lane] = density == species || _plan.Layers.Model.Parameters.SelfInAllDensities ? 1 : 0;
            }
        }

        FindPresent();
    }

    /// <summary>Copies the gradients of a lane's neighbours into the order of the gather, <c>[neighbors][3]</c>.</summary>
    public double* Unload(in GatheredCenter center, int lane)
    {
        Array.Clear(_cursors);
        var neighbor = _gather.Neighbors + center.First;
        var target = _own;
        for (var n = 0; n < center.Count; n++, neighbor++, target += 3)
        {
            var source = _groups[neighbor->Species].Gradient + 3L * _cursors[neighbor->Species]++ * T.Count + lane;
            target[0] = source[0];
            target[1] = source[T.Count];
            target[2] = source[2 * T.Count];
        }

        return _own;
    }

    private void CountNeighbors(GatheredCenter* centers, int lanes)
    {
        Array.Clear(_counts);
        for (var lane = 0; lane < lanes; lane++)
        {
            var neighbor = _gather.Neighbors + centers[lane].First;
            for (var n = centers[lane].Count; n > 0; n--, neighbor++)
            {
                _counts[neighbor->Species * T.Count + lane]++;
            }
        }
    }

    // Slots of a density: as many as the lane with most such neighbours needs, rounded up to an even number.
    private void MakeSections()
    {
        var total = 0;
        for (var density = 0; density < _groups.Length; density++)
        {
            var most = 0;
            for (var lane = 0; lane < T.Count; lane++)
            {
                most = Math.Max(most, _counts[density * T.Count + lane]);
            }

            _groups[density].NeighborCount = most + most % 2;
            total += _groups[density].NeighborCount;
        }

        MakeRoom(total);
        var first = 0L;
        for (var density = 0; density < _groups.Length; density++)
        {
            ref var group = ref _groups[density];
            group.Geometry = _all.Geometry + first * DensityPass.GeometryWidth * T.Count;
            group.Inner = _all.Inner + first * 2 * T.Count;
            group.Motion = _all.Motion + first * DensityPass.MotionWidth * T.Count;
            group.WignerCount = _plan.Layers.LowerHalfCount;
            group.Wigner = _all.Wigner + first * 2 * group.WignerCount * T.Count;
            group.Gradient = _all.Gradient + first * 3 * T.Count;
            first += group.NeighborCount;
        }
    }

    private void LoadNeighbors(int lane, int species, GatheredNeighbor* neighbor, int count)
    {
        const int Width = DensityPass.GeometryWidth;
        var pairs = _loading.PairsOf(species);
        var inner = _plan.Layers.Model.Parameters.InnerSwitching;
        Array.Clear(_cursors);
        for (var n = 0; n < count; n++, neighbor++)
        {
            var slot = _cursors[neighbor->Species]++;
            ref readonly var group = ref _groups[neighbor->Species];
            SnapLoading.Place<T>(group.Geometry + (long)slot * Width * T.Count + lane, *neighbor, pairs);
            if (inner)
            {
                _loading.PlaceInner<T>(group.Inner + 2L * slot * T.Count + lane, species, neighbor->Species);
            }
        }

        for (var density = 0; density < _groups.Length; density++)
        {
            ref readonly var group = ref _groups[density];
            for (var slot = _cursors[density]; slot < group.NeighborCount; slot++)
            {
                SnapLoading.PlaceNothing<T>(group.Geometry + (long)slot * Width * T.Count + lane, pairs);
                if (inner)
                {
                    _loading.PlaceInner<T>(group.Inner + 2L * slot * T.Count + lane, species, species);
                }
            }
        }
    }

    private void LoadWeights(int lane, int species)
    {
        if (_laneSpecies[lane] != species)
        {
            _laneSpecies[lane] = species;
            SnapLoading.PlaceWeights<T>(_all.Weights + lane, _plan.Weights + (long)species * _plan.WeightCount, _plan.WeightCount);
        }
    }

    private void FindPresent()
    {
        _presentCount = 0;
        for (var density = 0; density < _groups.Length; density++)
        {
            var self = new ReadOnlySpan<double>(_groups[density].Self, T.Count);
            if (_groups[density].NeighborCount > 0 || self.ContainsAnyExcept(0.0))
            {
                _present[_presentCount++] = density;
            }
        }
    }

    private void MakeRoom(int neighbors)
    {
        if (neighbors <= _neighborRoom)
        {
            return;
        }

        _neighborRoom = neighbors;
        var layers = _plan.Layers;
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

            _all.Geometry = Place(n * DensityPass.GeometryWidth);
            _all.Inner = Place(n * 2);
            _all.Motion = Place(n * DensityPass.MotionWidth);
            _all.Wigner = Place(n * 2 * layers.LowerHalfCount);
            _all.Gradient = Place(n * 3);
            _own = Place(n * 3);
            _all.Weights = Place(_plan.WeightCount);
            _all.Invariants = Place(layers.Model.Parameters.Quadratic ? _plan.WeightCount : 0);
            _all.Linear = Place(2L * layers.HalfCount);
            _all.Slopes = Place(8L * layers.SlopeCount + 1);
            for (var density = 0; density < _groups.Length; density++)
            {
                ref var group = ref _groups[density];
                group = _all with { NeighborCount = group.NeighborCount };
                group.Sum = Place(2L * layers.HalfCount);
                group.Full = Place(2L * layers.FullCount);
                group.Adjoint = Place(2L * layers.FullCount);
                group.Energy = Place(1);
                group.Self = Place(1);
            }
        }

        Array.Fill(_laneSpecies, -1);
    }
}
