using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>How many neighbours an atom has within the cutoffs of a SNAP model, to which the time of a potential is proportional.</summary>
public static class SnapNeighbors
{
    /// <summary>The mean over all atoms of configurations.</summary>
    /// <exception cref="Potentials.Errors.MofException">An atom's label is no species of the model, or see <see cref="NeighborList.Build"/>.</exception>
    public static double MeanOf(SnapModel model, IEnumerable<AtomicConfiguration> configurations)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(configurations);
        var lookup = new SpeciesLookup(model.Species.Select(one => one.Label));
        var widest = 2 * model.Species.Max(one => one.Radius) * model.Parameters.CutoffFactor;
        var (pairs, atoms) = (0L, 0L);
        using var list = new NeighborList();
        foreach (var configuration in configurations)
        {
            var species = lookup.PlacesOf(configuration);
            list.Build(configuration.Positions, configuration.Cell, configuration.Periodic, configuration.Periodic, configuration.Periodic, widest);
            pairs += PairsIn(model, list, species);
            atoms += configuration.Count;
        }

        return (double)pairs / atoms;
    }

    private static unsafe long PairsIn(SnapModel model, NeighborList list, int[] species)
    {
        var count = 0L;
        var view = list.View(species);
        var r = list.Positions;
        for (var i = 0; i < species.Length; i++)
        {
            for (var k = 0; k < view.NeighborCounts[i]; k++)
            {
                var j = view.Neighbors[i][k];
                double x = r[3 * j] - r[3 * i], y = r[3 * j + 1] - r[3 * i + 1], z = r[3 * j + 2] - r[3 * i + 2];
                var cutoff = model.PairCutoff(species[i], species[list.Owners[j]]);
                count += x * x + y * y + z * z < cutoff * cutoff ? 1 : 0;
            }
        }

        return count;
    }
}
