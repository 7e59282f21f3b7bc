using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.StandIns;

/// <summary>Energy, forces and stress of any potential of pairs, exactly derived. Both stand-in programs are built with this file.</summary>
internal static class PairSum
{
    /// <summary>Labels a periodic configuration.</summary>
    /// <param name="configuration">What is labelled.</param>
    /// <param name="cutoff">Å.</param>
    /// <param name="pair">Value and slope for the places of two atoms and their distance, Å.</param>
    public static unsafe ReferenceLabel Label(AtomicConfiguration configuration, double cutoff, Func<int, int, double, (double Value, double Slope)> pair)
    {
        using var list = new NeighborList();
        list.Build(configuration.Positions, configuration.Cell, true, true, true, cutoff);
        var view = list.View(new int[configuration.Count]);
        var forces = new double[3 * configuration.Count];
        var virial = new double[9];
        var energy = 0.0;
        var d = stackalloc double[3];
        for (var i = 0; i < configuration.Count; i++)
        {
            for (var k = 0; k < view.NeighborCounts[i]; k++)
            {
                var j = view.Neighbors[i][k];
                for (var c = 0; c < 3; c++)
                {
                    d[c] = view.Positions[3 * j + c] - view.Positions[3 * i + c];
                }

                var distance = Math.Sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
                var (value, slope) = pair(i, list.Owners[j], distance);
                energy += 0.5 * value;
                for (var c = 0; c < 3; c++)
                {
                    // The pair's other half comes with the roles exchanged.
                    forces[3 * i + c] += slope * d[c] / distance;
                    for (var e = 0; e < 3; e++)
                    {
                        virial[3 * c + e] -= 0.5 * slope * d[c] * d[e] / distance;
                    }
                }
            }
        }

        return new ReferenceLabel(energy, forces, Voigt.StressFromVirial(virial, configuration.Cell!.Volume));
    }
}
