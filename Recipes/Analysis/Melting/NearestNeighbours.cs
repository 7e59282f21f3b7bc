using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Melting;

/// <summary>Distances of atoms from their nearest neighbours of the same selection.</summary>
public static class NearestNeighbours
{
    private const double FirstCutoff = 4, LargestCutoff = 64;

    /// <summary>Mean over the atoms of the distance to the nearest other one, periodic images counted, Å.</summary>
    /// <param name="positions"><c>double[3N]</c> of all atoms, Å.</param>
    /// <param name="cell">Periodic in all directions.</param>
    /// <param name="atoms">The selection.</param>
    /// <exception cref="MofException">No atom, or an atom without a neighbour within 64 Å (InvalidArgument).</exception>
    public static unsafe double MeanDistance(double[] positions, Cell cell, IReadOnlyList<int> atoms)
    {
        ArgumentNullException.ThrowIfNull(positions);
        ArgumentNullException.ThrowIfNull(atoms);
        double[] chosen = [.. atoms.SelectMany(atom => (double[])[positions[3 * atom], positions[3 * atom + 1], positions[3 * atom + 2]])];
        using var list = new NeighborList();
        for (var cutoff = FirstCutoff; atoms.Count > 0 && cutoff <= LargestCutoff; cutoff *= 2)
        {
            list.Build(chosen, cell, true, true, true, cutoff);
            var view = list.View(new int[atoms.Count]);
            double sum = 0;
            var found = 0;
            for (var i = 0; i < view.CenterCount; i++)
            {
                var nearest = double.PositiveInfinity;
                for (var n = 0; n < view.NeighborCounts[i]; n++)
                {
                    double* to = view.Positions + 3 * view.Neighbors[i][n], from = view.Positions + 3 * i;
                    double x = to[0] - from[0], y = to[1] - from[1], z = to[2] - from[2];
                    nearest = Math.Min(nearest, Math.Sqrt(x * x + y * y + z * z));
                }

                found += double.IsFinite(nearest) ? 1 : 0;
                sum += double.IsFinite(nearest) ? nearest : 0;
            }

            if (found == atoms.Count)
            {
                return sum / found;
            }
        }

        throw new MofException(ErrorKind.InvalidArgument, $"{atoms.Count} atoms without neighbours of their kind within {LargestCutoff} angstrom", expected: "atoms of a crystal");
    }
}
