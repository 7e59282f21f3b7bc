using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Gathering;
using MofInterop.Potentials.Neural.Linear;

namespace MofInterop.Potentials.Neural.DeepPot;

/// <summary>What is needed of a neighbour, beside its <see cref="GatheredNeighbor"/>.</summary>
internal struct NeighborRow
{
    /// <summary>The standardized row R̃.</summary>
    public double Radial, X, Y, Z;

    /// <summary>r, Å.</summary>
    public double Distance;

    /// <summary>s.</summary>
    public double Inverse;

    /// <summary>ds/dr.</summary>
    public double Slope;

    /// <summary>w.</summary>
    public double Weight;

    /// <summary>dw/dr.</summary>
    public double WeightSlope;
}

/// <summary>
/// Collects centers of one species and their neighbours inside the cutoff, neighbours sorted by species. One instance serves one thread.
/// </summary>
internal sealed unsafe class DeepPotGather(DeepPotModel model) : IDisposable
{
    /// <summary>Most centers to gather at once: the weights of a fitting network are read once for all of them.</summary>
    public const int BatchSize = 64;

    private readonly NativeArray<GatheredNeighbor> _neighbors = new();
    private readonly NativeArray<GatheredNeighbor> _unsorted = new();
    private readonly NativeArray<NeighborRow> _rows = new();
    private readonly CentersBySpecies _order = new(model.Species.Count);
    private readonly NeighborScan _scan = new(model.Species.Count, model.Cutoff);
    private readonly NativeArray<int> _seen = new();
    private readonly NativeArray<int> _firstSeen = new();
    private readonly NativeArray<int> _within = new();
    private readonly GatheredCenter[] _centers = new GatheredCenter[BatchSize];
    private readonly SmoothInverse _inverse = new(model.SmoothFrom, model.Cutoff, model.Protection);

    /// <summary>Centers of the batch.</summary>
    public ReadOnlySpan<GatheredCenter> Centers => _centers.AsSpan(0, CenterCount);

    /// <summary>How many.</summary>
    public int CenterCount { get; private set; }

    /// <summary>Neighbours that are seen, of all centers.</summary>
    public GatheredNeighbor* Neighbors => _neighbors.Pointer;

    /// <summary>Their rows.</summary>
    public NeighborRow* Rows => _rows.Pointer;

    /// <summary>How many neighbours of a species a center of the batch sees.</summary>
    public int Seen(int center, int species) => _seen.Pointer[center * model.Species.Count + species];

    /// <summary>The first of them among all neighbours.</summary>
    public int FirstSeen(int center, int species) => _firstSeen.Pointer[center * model.Species.Count + species];

    /// <summary>How many neighbours of a species are within the cutoff of a center, seen or not.</summary>
    public int Within(int center, int species) => _within.Pointer[center * model.Species.Count + species];

    /// <summary>Sorts the centers of a view by species.</summary>
    public EvaluationOutcome Start(in NeighborView atoms) => _order.Sort(atoms);

    /// <summary>Number of centers of a species.</summary>
    public int CentersOf(int species) => _order.CountOf(species);

    /// <summary>The first center of a batch: batches are of like size, in whole blocks of rows.</summary>
    public static int BeginOf(int batch, int batches, int count)
    {
        const int Block = MatrixProduct.RowBlock;
        var blocks = (count + Block - 1) / Block;
        return Math.Min(count, (int)((long)blocks * batch / batches) * Block);
    }

    /// <summary>Gathers centers number <paramref name="begin"/> to <paramref name="end"/> − 1 of a species.</summary>
    public EvaluationOutcome Run(in NeighborView atoms, int species, int begin, int end)
    {
        var count = model.Species.Count;
        var centers = _order.Of(species);
        long room = 1;
        for (var place = begin; place < end; place++)
        {
            room += atoms.NeighborCounts[centers[place]];
        }

        _neighbors.Reserve(room);
        _unsorted.Reserve(room);
        _rows.Reserve(room);
        _seen.Reserve((long)BatchSize * count);
        _firstSeen.Reserve((long)BatchSize * count);
        _within.Reserve((long)BatchSize * count);
        CenterCount = 0;
        var used = 0;
        for (var place = begin; place < end; place++, CenterCount++)
        {
            ref var center = ref _centers[CenterCount];
            center = new GatheredCenter { Atom = centers[place], Species = species, First = used };
            var outcome = Collect(atoms, ref center, _seen.Pointer + CenterCount * count, _within.Pointer + CenterCount * count);
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }

            used += center.Count;
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _neighbors.Dispose();
        _unsorted.Dispose();
        _rows.Dispose();
        _order.Dispose();
        _seen.Dispose();
        _firstSeen.Dispose();
        _within.Dispose();
    }

    private EvaluationOutcome Collect(in NeighborView atoms, ref GatheredCenter center, int* seen, int* within)
    {
        var count = model.Species.Count;
        new Span<int>(seen, count).Clear();
        new Span<int>(within, count).Clear();
        var outcome = _scan.Run(atoms, center.Atom, _unsorted.Pointer, out var found);
        for (var n = 0; n < found; n++)
        {
            var species = _unsorted.Pointer[n].Species;
            if (model.Removed.Count > 0 && model.Removed.Contains((center.Species, species)))
            {
                continue;
            }

            within[species]++;
            seen[species] += Sees(center.Species, species) ? 1 : 0;
        }

        Sort(ref center, found, seen, _firstSeen.Pointer + CenterCount * count);
        return outcome;
    }

    private bool Sees(int center, int neighbor) => model.Excluded.Count == 0 || !model.Excluded.Contains((center, neighbor));

    private void Sort(ref GatheredCenter center, int found, int* seen, int* firstSeen)
    {
        var target = _neighbors.Pointer + center.First;
        for (var species = 0; species < model.Species.Count; species++)
        {
            firstSeen[species] = (int)(target - _neighbors.Pointer);
            if (seen[species] == 0)
            {
                continue;
            }

            var scaling = model.Scaling[center.Species][species];
            for (var n = 0; n < found; n++)
            {
                ref readonly var one = ref _unsorted.Pointer[n];
                if (one.Species == species)
                {
                    _rows.Pointer[target - _neighbors.Pointer] = RowOf(one, scaling);
                    *target++ = one;
                }
            }

            center.Count += seen[species];
        }
    }

    private NeighborRow RowOf(in GatheredNeighbor one, in EnvironmentScaling scaling)
    {
        var distance = Math.Sqrt(one.X * one.X + one.Y * one.Y + one.Z * one.Z);
        var (inverse, slope, weight, weightSlope) = _inverse.At(distance);
        var angular = inverse / ((distance + model.Protection) * scaling.AngularDeviation);
        return new NeighborRow
        {
            Radial = (inverse - scaling.Mean) / scaling.RadialDeviation,
            X = angular * one.X,
            Y = angular * one.Y,
            Z = angular * one.Z,
            Distance = distance,
            Inverse = inverse,
            Slope = slope,
            Weight = weight,
            WeightSlope = weightSlope,
        };
    }
}
