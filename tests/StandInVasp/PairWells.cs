using MofInterop.Potentials.Atoms;
using MofInterop.StandIns;
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
    public static ReferenceLabel Label(AtomicConfiguration configuration)
    {
        var numbers = configuration.Symbols.Select(symbol => Elements.BySymbol(symbol).AtomicNumber).ToArray();
        return PairSum.Label(configuration, Cutoff, (first, second, distance) => Pair(numbers[first], numbers[second], distance));
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
