using MofInterop.Potentials.Atoms;

namespace MofInterop.Potentials.Neural.Gathering;

/// <summary>Finds the neighbours of a center inside one cutoff that holds for all species.</summary>
/// <param name="speciesCount">Species of the model; atoms of none of them are passed over.</param>
/// <param name="cutoff">Å.</param>
internal readonly unsafe struct NeighborScan(int speciesCount, double cutoff)
{
    private const int MaximumNeighbors = 16_384;
    private const double Overlap = NeighborView.MinimumSeparation * NeighborView.MinimumSeparation;

    private readonly double _reach = cutoff * cutoff;

    /// <summary>Writes the neighbours of a center in the order of its list.</summary>
    /// <param name="atoms">The atoms.</param>
    /// <param name="center">The center: an index into the view.</param>
    /// <param name="target">Room for as many as its list has.</param>
    /// <param name="found">How many were written.</param>
    public EvaluationOutcome Run(in NeighborView atoms, int center, GatheredNeighbor* target, out int found)
    {
        found = 0;
        var from = atoms.Positions + 3L * center;
        double xi = from[0], yi = from[1], zi = from[2];
        if (!double.IsFinite(xi + yi + zi))
        {
            return new EvaluationOutcome(EvaluationStatus.PositionNotFinite, center);
        }

        var list = atoms.Neighbors[center];
        for (var n = 0; n < atoms.NeighborCounts[center]; n++)
        {
            var j = list[n] & atoms.NeighborMask;
            var to = atoms.Positions + 3L * j;
            double x = to[0] - xi, y = to[1] - yi, z = to[2] - zi, square = x * x + y * y + z * z;
            if (!(square < _reach))
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

            if (species < -1)
            {
                return new EvaluationOutcome(EvaluationStatus.UnknownSpecies, j);
            }

            if (square < Overlap)
            {
                return new EvaluationOutcome(EvaluationStatus.AtomsOverlap, center, j);
            }

            if (found == MaximumNeighbors)
            {
                return new EvaluationOutcome(EvaluationStatus.TooManyNeighbors, center);
            }

            target[found++] = new GatheredNeighbor { X = x, Y = y, Z = z, Atom = j, Species = species };
        }

        return EvaluationOutcome.Success;
    }
}
