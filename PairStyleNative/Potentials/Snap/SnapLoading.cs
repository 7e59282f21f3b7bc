using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Lanes;

namespace MofInterop.Potentials.Snap;

/// <summary>
/// What every pair of species has in common, and how an atom's neighbours and weights are put into its lane: pointers are
/// those of <see cref="SnapGroup"/>, moved to the lane.
/// </summary>
internal sealed unsafe class SnapLoading : IDisposable
{
    private const int PairWidth = 3;

    private readonly SnapModel _model;
    private readonly NativeArray<double> _pairs = new();

    /// <summary>Prepares the table of pairs.</summary>
    public SnapLoading(SnapModel model)
    {
        _model = model;
        var count = model.Species.Count;
        var pairs = _pairs.Reserve((long)PairWidth * count * count);
        for (var a = 0; a < count; a++)
        {
            for (var b = 0; b < count; b++)
            {
                var pair = pairs + PairWidth * (a * count + b);
                pair[0] = model.PairCutoff(a, b);
                pair[1] = 1 / (model.PairCutoff(a, b) - model.Parameters.MinimumDistance);
                pair[2] = model.Species[b].Weight;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _pairs.Dispose();

    /// <summary>Cutoff, 1/(cutoff − rmin0) and weight of the neighbours of a species, for every species of theirs.</summary>
    public double* PairsOf(int species) => _pairs.Pointer + (long)PairWidth * species * _model.Species.Count;

    /// <summary>Puts a neighbour into a slot.</summary>
    public static void Place<T>(double* slot, in GatheredNeighbor neighbor, double* pairs)
        where T : unmanaged, ILanes<T>
    {
        slot[0] = neighbor.X;
        slot[T.Count] = neighbor.Y;
        slot[2 * T.Count] = neighbor.Z;
        var pair = pairs + PairWidth * neighbor.Species;
        slot[3 * T.Count] = pair[0];
        slot[4 * T.Count] = pair[1];
        slot[5 * T.Count] = pair[2];
    }

    /// <summary>Leaves a slot without neighbour: somewhere harmless, half way to a cutoff, weight 0.</summary>
    public static void PlaceNothing<T>(double* slot, double* pairs)
        where T : unmanaged, ILanes<T>
    {
        slot[0] = 0.5 * pairs[0];
        slot[T.Count] = slot[2 * T.Count] = 0;
        slot[3 * T.Count] = pairs[0];
        slot[4 * T.Count] = pairs[1];
        slot[5 * T.Count] = 0;
    }

    /// <summary>Puts the inner switching of a pair into a slot.</summary>
    public void PlaceInner<T>(double* slot, int species, int neighborSpecies)
        where T : unmanaged, ILanes<T>
    {
        SnapSpecies self = _model.Species[species], other = _model.Species[neighborSpecies];
        slot[0] = 0.5 * (self.InnerSwitchCenter + other.InnerSwitchCenter);
        slot[T.Count] = 0.5 * (self.InnerSwitchHalfWidth + other.InnerSwitchHalfWidth);
    }

    /// <summary>Copies a species's weights into a lane.</summary>
    public static void PlaceWeights<T>(double* target, double* source, int count)
        where T : unmanaged, ILanes<T>
    {
        for (var t = 0; t < count; t++, target += T.Count)
        {
            *target = source[t];
        }
    }
}
