using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Neural.Gathering;

namespace MofInterop.Potentials.Neural.Allegro;

/// <summary>Collects centers of a view and their edges, those to neighbours within the cutoff, a batch at a time. One instance serves one thread.</summary>
internal sealed unsafe class AllegroGather(AllegroModel model) : IDisposable
{
    private readonly NativeArray<GatheredNeighbor> _neighbors = new();
    private readonly NativeArray<GatheredCenter> _centers = new();
    private readonly NativeArray<double> _distances = new();
    private readonly NativeArray<double> _lengths = new();
    private readonly NeighborScan _scan = new(model.Species.Count, model.Cutoff);
    private int _next;

    /// <summary>Centers of the batch; <see cref="GatheredCenter.First"/> counts its edges.</summary>
    public ReadOnlySpan<GatheredCenter> Centers => new(_centers.Pointer, CenterCount);

    /// <summary>How many.</summary>
    public int CenterCount { get; private set; }

    /// <summary>Edges of the batch.</summary>
    public int EdgeCount { get; private set; }

    /// <summary>Their neighbours.</summary>
    public GatheredNeighbor* Neighbors => _neighbors.Pointer;

    /// <summary>Their distances, Å.</summary>
    public double* Distances => _distances.Pointer;

    /// <summary>The same as <see cref="EdgeInput"/> takes them.</summary>
    public double* Lengths => _lengths.Pointer;

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
            var count = atoms.NeighborCounts[CentersBySpecies.AtomAt(atoms, end)];
            if (end > _next && room + count > edges)
            {
                break;
            }

            room += count;
        }

        _neighbors.Reserve(room + 1);
        _distances.Reserve(room + 1);
        _lengths.Reserve(room + 1);
        _centers.Reserve(end - _next + 1);
        for (; _next < end; _next++)
        {
            var i = CentersBySpecies.AtomAt(atoms, _next);
            var species = atoms.SpeciesOf(i, model.Species.Count);
            if (species < -1)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
            }

            if (species >= 0)
            {
                var outcome = Collect(atoms, new GatheredCenter { Atom = i, Species = species, First = EdgeCount });
                if (outcome.Status != EvaluationStatus.Success)
                {
                    return outcome;
                }
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
        _lengths.Dispose();
    }

    private EvaluationOutcome Collect(in NeighborView atoms, GatheredCenter center)
    {
        var outcome = _scan.Run(atoms, center.Atom, _neighbors.Pointer + EdgeCount, out center.Count);
        var end = EdgeCount + center.Count;
        for (var edge = EdgeCount; edge < end; edge++)
        {
            var one = _neighbors.Pointer[edge];
            var distance = Math.Sqrt(one.X * one.X + one.Y * one.Y + one.Z * one.Z);
            var length = distance * model.Input.Stretch(center.Species, one.Species);
            if (length < model.Cutoff)
            {
                (_neighbors.Pointer[EdgeCount], _distances.Pointer[EdgeCount], _lengths.Pointer[EdgeCount]) = (one, distance, length);
                EdgeCount++;
            }
        }

        center.Count = EdgeCount - center.First;
        _centers.Pointer[CenterCount++] = center;
        return outcome;
    }
}
