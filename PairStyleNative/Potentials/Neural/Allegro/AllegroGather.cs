using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>Collects centers of a view and their edges, those to neighbours within the cutoff, a batch at a time. One instance serves one thread.</summary>
internal sealed unsafe class AllegroGather(AllegroModel model) : IDisposable
{
    private const int MaximumNeighbors = 16_384;

    private readonly NativeArray<GatheredNeighbor> _neighbors = new();
    private readonly NativeArray<GatheredCenter> _centers = new();
    private readonly NativeArray<double> _distances = new();
    private int _next;

    /// <summary>Centers of the batch; <see cref="GatheredCenter.First"/> counts its edges.</summary>
    public ReadOnlySpan<GatheredCenter> Centers => new(_centers.Pointer, CenterCount);

    /// <summary>How many.</summary>
    public int CenterCount { get; private set; }

    /// <summary>Edges of the batch.</summary>
    public int EdgeCount { get; private set; }

    /// <summary>Their neighbours.</summary>
    public GatheredNeighbor* Neighbors => _neighbors.Pointer;

    /// <summary>Their lengths, Å.</summary>
    public double* Distances => _distances.Pointer;

    /// <summary>Begins with the first center.</summary>
    public void Start() => _next = 0;

    /// <summary>Whether centers are left.</summary>
    public bool IsLeft(in NeighborView atoms) => _next < atoms.CenterCount;

    /// <summary>Gathers the next centers, at least one, as long as their lists are not longer than this.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <param name="edges">Edges of a batch, unless one center has more.</param>
    public EvaluationOutcome Run(in NeighborView atoms, int edges)
    {
        CenterCount = EdgeCount = 0;
        var (room, end) = (0L, _next);
        for (; end < atoms.CenterCount; end++)
        {
            var count = atoms.NeighborCounts[AtomAt(atoms, end)];
            if (end > _next && room + count > edges)
            {
                break;
            }

            room += count;
        }

        _neighbors.Reserve(room + 1);
        _distances.Reserve(room + 1);
        _centers.Reserve(end - _next + 1);
        for (; _next < end; _next++)
        {
            var i = AtomAt(atoms, _next);
            var species = atoms.SpeciesOf(i, model.Species.Count);
            if (species < -1)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
            }

            if (species >= 0)
            {
                var first = EdgeCount;
                var outcome = Collect(atoms, i);
                if (outcome.Status != EvaluationStatus.Success)
                {
                    return outcome;
                }

                _centers.Pointer[CenterCount++] = new GatheredCenter { Atom = i, Species = species, First = first, Count = EdgeCount - first };
            }
        }

        return EvaluationOutcome.Success;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _neighbors.Dispose();
        _centers.Dispose();
        _distances.Dispose();
    }

    private static int AtomAt(in NeighborView atoms, int place) => atoms.Centers is null ? place : atoms.Centers[place];

    private EvaluationOutcome Collect(in NeighborView atoms, int center)
    {
        var from = atoms.Positions + 3L * center;
        double xi = from[0], yi = from[1], zi = from[2], reach = model.Basis.Cutoff * model.Basis.Cutoff;
        if (!double.IsFinite(xi + yi + zi))
        {
            return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, center);
        }

        var first = EdgeCount;
        for (var n = 0; n < atoms.NeighborCounts[center]; n++)
        {
            var j = atoms.Neighbors[center][n] & atoms.NeighborMask;
            double x = atoms.Positions[3L * j] - xi, y = atoms.Positions[3L * j + 1] - yi, z = atoms.Positions[3L * j + 2] - zi;
            var square = x * x + y * y + z * z;
            if (!(square < reach))
            {
                if (!double.IsFinite(square))
                {
                    return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, j);
                }

                continue;
            }

            var species = atoms.SpeciesOf(j, model.Species.Count);
            if (species < 0)
            {
                if (species == -1)
                {
                    continue;
                }

                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, j);
            }

            if (square < NeighborView.MinimumSeparation * NeighborView.MinimumSeparation)
            {
                return new EvaluationOutcome(EvaluationStatus.AtomsOverlap, center, j);
            }

            _distances.Pointer[EdgeCount] = Math.Sqrt(square);
            _neighbors.Pointer[EdgeCount++] = new GatheredNeighbor { X = x, Y = y, Z = z, Atom = j, Species = species };
        }

        return EdgeCount - first > MaximumNeighbors ? new EvaluationOutcome(EvaluationStatus.TooManyNeighbors, center) : EvaluationOutcome.Success;
    }
}
