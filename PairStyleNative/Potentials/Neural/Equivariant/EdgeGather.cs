using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Gathering;

namespace MofInterop.Potentials.Neural.Equivariant;

/// <summary>
/// Collects centers of one species, a batch at a time, and their edges: neighbours inside the cutoff with distance and harmonics. One instance serves one thread.
/// </summary>
/// <param name="speciesCount">Species of the model.</param>
/// <param name="cutoff">Å.</param>
/// <param name="degree">The largest l of the harmonics.</param>
/// <param name="cutoffs">By pairs of species, the longest of which is the cutoff; null: one for all.</param>
internal sealed unsafe class EdgeGather<TNumber>(int speciesCount, double cutoff, int degree, PairCutoffs? cutoffs = null) : IDisposable
    where TNumber : unmanaged
{
    /// <summary>Centers to gather at once: what belongs to a path is read once for all of them.</summary>
    public const int BatchSize = 16;

    private const int HarmonicStride = SphericalHarmonics.MaximumWidth;

    private readonly NativeArray<GatheredNeighbor> _neighbors = new();
    private readonly NativeArray<double> _distances = new();
    private readonly NativeArray<double> _lengths = new();
    private readonly NativeArray<double> _returnLengths = new();
    private readonly NativeArray<TNumber> _harmonics = new();
    private readonly CentersBySpecies _order = new(speciesCount);
    private readonly NeighborScan _scan = new(speciesCount, cutoff);
    private readonly GatheredCenter[] _centers = new GatheredCenter[BatchSize];

    /// <summary>Species of the model.</summary>
    public int SpeciesCount => speciesCount;

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

    /// <summary>The same as functions of the distance take them, which are those of the longest cutoff: as the center hears its neighbours. Those that it does not hear are at the cutoff.</summary>
    public double* Lengths => _lengths.Pointer;

    /// <summary>The same as the neighbours hear the center.</summary>
    public double* ReturnLengths => IsSymmetric ? _lengths.Pointer : _returnLengths.Pointer;

    /// <summary>Whether these are the same.</summary>
    public bool IsSymmetric => cutoffs is null || cutoffs.IsSymmetric;

    /// <summary>Their harmonics, <c>[edges][<see cref="SphericalHarmonics.MaximumWidth"/>]</c>.</summary>
    public TNumber* Harmonics => _harmonics.Pointer;

    /// <summary>Number of centers of a species.</summary>
    public int CentersOf(int species) => _order.CountOf(species);

    /// <summary>Sorts the centers of a view by species and place.</summary>
    public EvaluationOutcome Start(in NeighborView atoms)
    {
        var outcome = _order.Sort(atoms);
        if (outcome.Status == EvaluationStatus.Success)
        {
            _order.SortByPlace(atoms, 0.5 * cutoff);
        }

        return outcome;
    }

    /// <summary>Gathers centers number <paramref name="begin"/> to <paramref name="end"/> − 1 of a species.</summary>
    public EvaluationOutcome Run(in NeighborView atoms, int species, int begin, int end)
    {
        var centers = _order.Of(species);
        long room = 1;
        for (var place = begin; place < end; place++)
        {
            room += atoms.NeighborCounts[centers[place]];
        }

        _neighbors.Reserve(room);
        _distances.Reserve(room);
        _lengths.Reserve(room);
        _returnLengths.Reserve(room);
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
        _lengths.Dispose();
        _returnLengths.Dispose();
        _harmonics.Dispose();
        _order.Dispose();
    }

    private EvaluationOutcome Collect(in NeighborView atoms, ref GatheredCenter center)
    {
        var outcome = _scan.Run(atoms, center.Atom, _neighbors.Pointer + center.First, out center.Count);
        var (found, kept) = (center.Count, center.First);
        for (var edge = center.First; edge < center.First + found; edge++)
        {
            var neighbor = _neighbors.Pointer[edge];
            var distance = Math.Sqrt(neighbor.X * neighbor.X + neighbor.Y * neighbor.Y + neighbor.Z * neighbor.Z);
            var length = cutoffs is null ? distance : distance * cutoffs.Stretch(center.Species, neighbor.Species);
            var returnLength = IsSymmetric ? length : distance * cutoffs!.Stretch(neighbor.Species, center.Species);
            if (length < cutoff || returnLength < cutoff)
            {
                (_neighbors.Pointer[kept], _distances.Pointer[kept]) = (neighbor, distance);
                (_lengths.Pointer[kept], _returnLengths.Pointer[kept]) = (Math.Min(length, cutoff), Math.Min(returnLength, cutoff));
                Describe(kept++, neighbor, distance);
            }
        }

        center.Count = kept - center.First;
        return outcome;
    }

    private void Describe(int edge, in GatheredNeighbor neighbor, double distance)
    {
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
