using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// Collects the centers of a chunk and their neighbours inside the pair cutoffs, sorted by number of neighbours and then
/// by species, so that the lanes of a group have equal work and, mostly, equal coefficients; with <c>chemflag</c> by
/// species, by which species their neighbours are, and then by number, so that densities are absent from whole groups.
/// The order is that of the input otherwise: the same input gives the same sums.
/// </summary>
internal sealed unsafe class SnapGather : IDisposable
{
    /// <summary>Centers to gather at once: enough that sorting fills the groups, few enough to stay in the cache.</summary>
    public const int ChunkSize = 512;

    /// <summary>
    /// Neighbours inside the cutoff of one atom: thirty times those of dense matter within 10 Å. More come of a mistaken
    /// cutoff or cell, and would take all the memory of the machine.
    /// </summary>
    public const int MaximumNeighbors = 16_384;

    private readonly int _speciesCount;
    private readonly bool _byKinds;
    private readonly NativeArray<double> _squares = new();
    private readonly NativeArray<GatheredNeighbor> _neighbors = new();
    private readonly NativeArray<GatheredCenter> _found = new();
    private readonly NativeArray<GatheredCenter> _sorted = new();
    private readonly NativeArray<int> _histogram = new();
    private readonly NativeArray<ulong> _keys = new();

    /// <summary>Prepares the table of cutoffs.</summary>
    public SnapGather(SnapModel model)
    {
        _speciesCount = model.Species.Count;
        _byKinds = model.Parameters.Chemical;
        var squares = _squares.Reserve(_speciesCount * _speciesCount);
        for (var a = 0; a < _speciesCount; a++)
        {
            for (var b = 0; b < _speciesCount; b++)
            {
                squares[a * _speciesCount + b] = model.PairCutoff(a, b) * model.PairCutoff(a, b);
            }
        }
    }

    /// <summary>Number of <see cref="Centers"/>.</summary>
    public int CenterCount { get; private set; }

    /// <summary>Centers of the chunk, sorted.</summary>
    public GatheredCenter* Centers => _sorted.Pointer;

    /// <summary>Their neighbours.</summary>
    public GatheredNeighbor* Neighbors => _neighbors.Pointer;

    /// <summary>Gathers the centers at places <paramref name="begin"/> … <paramref name="end"/> − 1 of the view's list.</summary>
    public EvaluationOutcome Run(in NeighborView atoms, int begin, int end)
    {
        long room = 0;
        for (var place = begin; place < end; place++)
        {
            room += atoms.NeighborCounts[atoms.Centers is null ? place : atoms.Centers[place]];
        }

        _neighbors.Reserve(room + 1);
        var centers = _found.Reserve(end - begin + 1);
        CenterCount = 0;
        int used = 0, most = 0;
        for (var place = begin; place < end; place++)
        {
            var i = atoms.Centers is null ? place : atoms.Centers[place];
            var species = atoms.SpeciesOf(i, _speciesCount);
            if (species == -1)
            {
                continue;
            }

            if (species < 0)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
            }

            var count = 0;
            var outcome = Collect(atoms, i, species, _neighbors.Pointer + used, ref count);
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }

            centers[CenterCount++] = new GatheredCenter { Atom = i, Species = species, First = used, Count = count };
            used += count;
            most = Math.Max(most, count);
        }

        if (_byKinds)
        {
            SortByKinds();
        }
        else
        {
            SortByCount(most);
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _squares.Dispose();
        _neighbors.Dispose();
        _found.Dispose();
        _sorted.Dispose();
        _histogram.Dispose();
        _keys.Dispose();
    }

    private EvaluationOutcome Collect(in NeighborView atoms, int i, int species, GatheredNeighbor* target, ref int count)
    {
        const double Overlap = NeighborView.MinimumSeparation * NeighborView.MinimumSeparation;
        double* positions = atoms.Positions, squares = _squares.Pointer + species * _speciesCount;
        int* list = atoms.Neighbors[i], types = atoms.Types, map = atoms.SpeciesOfType;
        int mask = atoms.NeighborMask, speciesCount = _speciesCount, found = 0;
        double xi = positions[3L * i], yi = positions[3L * i + 1], zi = positions[3L * i + 2];
        if (!double.IsFinite(xi + yi + zi))
        {
            return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, i);
        }

        var end = list + atoms.NeighborCounts[i];
        double nearest = double.PositiveInfinity, sum = 0;
        for (; list < end; list++)
        {
            var j = *list & mask;
            var type = map is null ? types[j] : map[types[j]];
            if ((uint)type >= (uint)speciesCount)
            {
                if (type == -1)
                {
                    continue;
                }

                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, j);
            }

            // Most of a list lies beyond the cutoff, in no order that a processor could foresee: every atom is written down,
            // and the next one takes the place of those outside. Faults are looked for once they are known to be there.
            double x = positions[3L * j] - xi, y = positions[3L * j + 1] - yi, z = positions[3L * j + 2] - zi;
            var square = x * x + y * y + z * z;
            target[found] = new GatheredNeighbor { X = x, Y = y, Z = z, Atom = j, Species = type };
            found += square < squares[type] ? 1 : 0;
            nearest = Math.Min(nearest, square);
            sum += square;
        }

        if (nearest < Overlap || !double.IsFinite(sum))
        {
            return FindFault(atoms, i);
        }

        if (found > MaximumNeighbors)
        {
            return new EvaluationOutcome(EvaluationStatus.TooManyNeighbors, i);
        }

        count = found;
        return EvaluationOutcome.Success;
    }

    private static EvaluationOutcome FindFault(in NeighborView atoms, int i)
    {
        for (var n = 0; n < atoms.NeighborCounts[i]; n++)
        {
            var j = atoms.Neighbors[i][n] & atoms.NeighborMask;
            double* from = atoms.Positions + 3L * i, to = atoms.Positions + 3L * j;
            double x = to[0] - from[0], y = to[1] - from[1], z = to[2] - from[2];
            var square = x * x + y * y + z * z;
            if (atoms.SpeciesOfType is not null && atoms.SpeciesOfType[atoms.Types[j]] == -1)
            {
                continue;
            }

            if (!double.IsFinite(square))
            {
                return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, j);
            }

            if (square < NeighborView.MinimumSeparation * NeighborView.MinimumSeparation)
            {
                return new EvaluationOutcome(EvaluationStatus.AtomsOverlap, i, j);
            }
        }

        // Each distance is finite, their sum is not.
        return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, i);
    }

    // Counting sort, most neighbours first.
    private void SortByCount(int most)
    {
        var keys = (most + 1) * _speciesCount + 1;
        var start = _histogram.Reserve(keys);
        new Span<int>(start, keys).Clear();
        var sorted = _sorted.Reserve(CenterCount + 1);
        var found = _found.Pointer;
        for (var c = 0; c < CenterCount; c++)
        {
            start[Key(found[c]) + 1]++;
        }

        for (var k = 1; k < keys; k++)
        {
            start[k] += start[k - 1];
        }

        for (var c = 0; c < CenterCount; c++)
        {
            sorted[start[Key(found[c])]++] = found[c];
        }

        int Key(in GatheredCenter center) => (most - center.Count) * _speciesCount + center.Species;
    }

    private void SortByKinds()
    {
        var keys = _keys.Reserve(CenterCount + 1);
        var sorted = _sorted.Reserve(CenterCount + 1);
        for (var c = 0; c < CenterCount; c++)
        {
            keys[c] = Key(_found.Pointer[c], c);
            sorted[c] = _found.Pointer[c];
        }

        new Span<ulong>(keys, CenterCount).Sort(new Span<GatheredCenter>(sorted, CenterCount));

        // From the top: 16 bits of species, 16 bits of the neighbours' species, 20 of their number, 12 of the place in the chunk.
        ulong Key(in GatheredCenter center, int place)
        {
            var kinds = 0UL;
            for (var n = 0; n < center.Count; n++)
            {
                kinds |= 1UL << _neighbors.Pointer[center.First + n].Species % 16;
            }

            var fewness = (ulong)Math.Max(0xFFFFF - center.Count, 0);
            return (ulong)center.Species << 48 | kinds << 32 | fewness << 12 | (uint)place;
        }
    }
}
