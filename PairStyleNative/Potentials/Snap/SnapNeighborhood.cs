using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Snap;

/// <summary>One neighbour of a center inside its pair cutoff.</summary>
/// <param name="X">x of r_j − r_i, Å.</param>
/// <param name="Y">y, Å.</param>
/// <param name="Z">z, Å.</param>
/// <param name="Distance">Å.</param>
/// <param name="Cutoff">(R_i + R_j)·rcutfac, Å.</param>
/// <param name="Weight">Weight of the neighbour's species.</param>
/// <param name="InnerCenter">Mean of the two sinner, Å.</param>
/// <param name="InnerHalfWidth">Mean of the two dinner, Å.</param>
/// <param name="Species">The neighbour's species.</param>
/// <param name="Atom">The neighbour's index in the view.</param>
internal readonly record struct SnapNeighbor(
    double X, double Y, double Z, double Distance, double Cutoff, double Weight, double InnerCenter, double InnerHalfWidth, int Species, int Atom);

/// <summary>Collects the neighbours that act on a center. Used by the scalar code; reused from center to center.</summary>
internal sealed unsafe class SnapNeighborhood(SnapModel model)
{
    private SnapNeighbor[] _neighbors = new SnapNeighbor[64];

    /// <summary>The center's species, −1 where the potential doesn't act.</summary>
    public int CenterSpecies { get; private set; }

    /// <summary>The center's index in the view.</summary>
    public int Center { get; private set; }

    /// <summary>Neighbours of the last center.</summary>
    public ReadOnlySpan<SnapNeighbor> Neighbors => _neighbors.AsSpan(0, Count);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Fills the neighbourhood of the center at a place in the view's list of centers.</summary>
    public EvaluationOutcome Gather(in NeighborView atoms, int place)
    {
        Count = 0;
        var i = Center = atoms.Centers is null ? place : atoms.Centers[place];
        CenterSpecies = atoms.SpeciesOf(i, model.Species.Count);
        if (CenterSpecies < 0)
        {
            return CenterSpecies == -1 ? EvaluationOutcome.Success : new EvaluationOutcome(EvaluationStatus.UnknownSpecies, i);
        }

        var self = model.Species[CenterSpecies];
        double xi = atoms.Positions[3L * i], yi = atoms.Positions[3L * i + 1], zi = atoms.Positions[3L * i + 2];
        if (!double.IsFinite(xi + yi + zi))
        {
            return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, i);
        }

        var list = atoms.Neighbors[i];
        for (var n = 0; n < atoms.NeighborCounts[i]; n++)
        {
            var j = list[n] & atoms.NeighborMask;
            var species = atoms.SpeciesOf(j, model.Species.Count);
            if (species < 0)
            {
                if (species == -1)
                {
                    continue;
                }

                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, j);
            }

            double x = atoms.Positions[3L * j] - xi, y = atoms.Positions[3L * j + 1] - yi, z = atoms.Positions[3L * j + 2] - zi;
            var square = x * x + y * y + z * z;
            var cutoff = model.PairCutoff(CenterSpecies, species);
            if (!(square < cutoff * cutoff))
            {
                if (double.IsNaN(square))
                {
                    return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, j);
                }

                continue;
            }

            if (square < NeighborView.MinimumSeparation * NeighborView.MinimumSeparation)
            {
                return new EvaluationOutcome(EvaluationStatus.AtomsOverlap, i, j);
            }

            var other = model.Species[species];
            Add(new SnapNeighbor(
                x, y, z, Math.Sqrt(square), cutoff, other.Weight,
                0.5 * (self.InnerSwitchCenter + other.InnerSwitchCenter),
                0.5 * (self.InnerSwitchHalfWidth + other.InnerSwitchHalfWidth),
                species, j));
        }

        return EvaluationOutcome.Success;
    }

    private void Add(in SnapNeighbor neighbor)
    {
        if (Count == _neighbors.Length)
        {
            Array.Resize(ref _neighbors, 2 * Count);
        }

        _neighbors[Count++] = neighbor;
    }
}
