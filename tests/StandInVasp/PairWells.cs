using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.StandInVasp;

/// <summary>
/// A potential that is quick to compute and knows elements apart: every pair sits in a Gaussian well whose depth and place depend on both atomic numbers. Its forces
/// and stress are its exact derivatives.
/// </summary>
public static class PairWells
{
    private const double Width = 0.4, Cutoff = 4.5;

    /// <summary>Energy, forces and stress of a periodic configuration.</summary>
    public static unsafe ReferenceLabel Label(AtomicConfiguration configuration)
    {
        using var list = new NeighborList();
        list.Build(configuration.Positions, configuration.Cell, true, true, true, Cutoff);
        var view = list.View(new int[configuration.Count]);
        var numbers = configuration.Symbols.Select(symbol => Elements.BySymbol(symbol).AtomicNumber).ToArray();
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
                var (value, slope) = Pair(numbers[i], numbers[list.Owners[j]], distance);
                energy += 0.5 * value;
                for (var c = 0; c < 3; c++)
                {
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

    private static (double Value, double Slope) Pair(int first, int second, double distance)
    {
        var depth = 0.5 + 0.05 * (first + second) + 0.01 * first * second / 10.0;
        var minimum = 1.2 + 0.01 * (first + second);
        var x = (distance - minimum) / Width;
        var value = -depth * Math.Exp(-0.5 * x * x);
        return (value, -value * x / Width);
    }
}
