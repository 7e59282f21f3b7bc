using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// Collects centers of one species, a batch at a time, and their edges: neighbours inside the cutoff with distance and harmonics. One instance serves one thread.
/// </summary>
/// <param name="speciesCount">Species of the model.</param>
/// <param name="cutoff">Å.</param>
/// <param name="degree">The largest l of the harmonics.</param>
internal sealed unsafe class EdgeGather<TNumber>(int speciesCount, double cutoff, int degree) : IDisposable
    where TNumber : unmanaged
{
    /// <summary>Centers to gather at once: what belongs to a path is read once for all of them.</summary>
    public const int BatchSize = 16;

    private const int HarmonicStride = SphericalHarmonics.MaximumWidth;
    private const int MaximumNeighbors = 16_384;

    private readonly NativeArray<GatheredNeighbor> _neighbors = new();
    private readonly NativeArray<double> _distances = new();
    private readonly NativeArray<TNumber> _harmonics = new();
    private readonly NativeArray<int> _sortedCenters = new();
    private readonly GatheredCenter[] _centers = new GatheredCenter[BatchSize];
    private readonly int[] _firstOfSpecies = new int[speciesCount + 1];

    /// <summary>Centers of the batch.</summary>
    public ReadOnlySpan<GatheredCenter> Centers => _centers.AsSpan(0, CenterCount);

    /// <summary>How many.</summary>
    public int CenterCount { get; private set; }

    /// <summary>Edges of all of them.</summary>
    public int EdgeCount { get; private set; }

    /// <summary>The neighbours at their other ends.</summary>
    public GatheredNeighbor* Neighbors => _neighbors.Pointer;

    /// <summary>Their distances, Å.</summary>
    public double* Distances => _distances.Pointer;

    /// <summary>Their harmonics, <c>[edges][<see cref="SphericalHarmonics.MaximumWidth"/>]</c>.</summary>
    public TNumber* Harmonics => _harmonics.Pointer;

    /// <summary>Number of centers of a species.</summary>
    public int CentersOf(int species) => _firstOfSpecies[species + 1] - _firstOfSpecies[species];

    /// <summary>Sorts the centers of a view by species, without changing the order of equal ones.</summary>
    public EvaluationOutcome Start(in NeighborView atoms)
    {
        var target = _sortedCenters.Reserve(atoms.CenterCount + 1);
        Array.Clear(_firstOfSpecies);
        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = CenterAt(atoms, place);
            var species = atoms.SpeciesOf(i, speciesCount);
            if (species < -1)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
            }

            if (species >= 0)
            {
                _firstOfSpecies[species + 1]++;
            }
        }

        for (var species = 0; species < speciesCount; species++)
        {
            _firstOfSpecies[species + 1] += _firstOfSpecies[species];
        }

        for (var place = 0; place < atoms.CenterCount; place++)
        {
            var i = CenterAt(atoms, place);
            if (atoms.SpeciesOf(i, speciesCount) is >= 0 and var species)
            {
                target[_firstOfSpecies[species]++] = i;
            }
        }

        // Each now points to the end of its species.
        for (var species = speciesCount; species > 0; species--)
        {
            _firstOfSpecies[species] = _firstOfSpecies[species - 1];
        }

        _firstOfSpecies[0] = 0;
        return EvaluationOutcome.Success;
    }

    /// <summary>Gathers centers number <paramref name="begin"/> to <paramref name="end"/> − 1 of a species.</summary>
    public EvaluationOutcome Run(in NeighborView atoms, int species, int begin, int end)
    {
        var centers = _sortedCenters.Pointer + _firstOfSpecies[species];
        long room = 1;
        for (var place = begin; place < end; place++)
        {
            room += atoms.NeighborCounts[centers[place]];
        }

        _neighbors.Reserve(room);
        _distances.Reserve(room);
        _harmonics.Reserve(room * HarmonicStride);
        (CenterCount, EdgeCount) = (0, 0);
        for (var place = begin; place < end; place++, CenterCount++)
        {
            ref var center = ref _centers[CenterCount];
            center = new GatheredCenter { Atom = centers[place], Species = species, First = EdgeCount };
            var outcome = Collect(atoms, ref center);
            if (outcome.Status != EvaluationStatus.Success)
            {
                return outcome;
            }

            EdgeCount += center.Count;
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _neighbors.Dispose();
        _distances.Dispose();
        _harmonics.Dispose();
        _sortedCenters.Dispose();
    }

    private static int CenterAt(in NeighborView atoms, int place) => atoms.Centers is null ? place : atoms.Centers[place];

    private EvaluationOutcome Collect(in NeighborView atoms, ref GatheredCenter center)
    {
        var from = atoms.Positions + 3L * center.Atom;
        double xi = from[0], yi = from[1], zi = from[2];
        if (!double.IsFinite(xi + yi + zi))
        {
            return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, center.Atom);
        }

        var list = atoms.Neighbors[center.Atom];
        for (var n = 0; n < atoms.NeighborCounts[center.Atom]; n++)
        {
            var j = list[n] & atoms.NeighborMask;
            var to = atoms.Positions + 3L * j;
            double x = to[0] - xi, y = to[1] - yi, z = to[2] - zi, square = x * x + y * y + z * z;
            if (!(square < cutoff * cutoff))
            {
                if (!double.IsFinite(square))
                {
                    return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, j);
                }

                continue;
            }

            var species = atoms.SpeciesOf(j, speciesCount);
            if (species == -1)
            {
                continue;
            }

            var status = species < -1 ? EvaluationStatus.UnknownSpecies
                : square < NeighborView.MinimumSeparation * NeighborView.MinimumSeparation ? EvaluationStatus.AtomsOverlap
                : center.Count == MaximumNeighbors ? EvaluationStatus.TooManyNeighbors
                : EvaluationStatus.Success;
            if (status != EvaluationStatus.Success)
            {
                return status == EvaluationStatus.UnknownSpecies ? new EvaluationOutcome(status, j) : new EvaluationOutcome(status, center.Atom, j);
            }

            Add(center.First + center.Count++, new GatheredNeighbor { X = x, Y = y, Z = z, Atom = j, Species = species }, Math.Sqrt(square));
        }

        return EvaluationOutcome.Success;
    }

    private void Add(int edge, in GatheredNeighbor neighbor, double distance)
    {
        _neighbors.Pointer[edge] = neighbor;
        _distances.Pointer[edge] = distance;
        var values = stackalloc double[SphericalHarmonics.MaximumWidth];
        var inverse = 1 / distance;
        SphericalHarmonics.Evaluate(degree, neighbor.X * inverse, neighbor.Y * inverse, neighbor.Z * inverse, values);
        var target = _harmonics.Pointer + (long)edge * HarmonicStride;
        for (var m = 0; m < SphericalHarmonics.WidthTo(degree); m++)
        {
            target[m] = Real.Of<TNumber>(values[m]);
        }
    }
}
