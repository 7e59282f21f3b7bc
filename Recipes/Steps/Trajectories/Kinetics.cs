using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Temperature of one configuration.</summary>
internal static class Kinetics
{
    /// <summary>K, of 3N − 3 degrees of freedom; NaN where there are no velocities.</summary>
    public static double Temperature(AtomicConfiguration configuration)
    {
        if (configuration.Velocities is not { } v || configuration.Count < 2)
        {
            return double.NaN;
        }

        var twice = 0.0;
        for (var k = 0; k < v.Length; k++)
        {
            twice += Elements.BySymbol(configuration.Symbols[k / 3]).Mass * v[k] * v[k];
        }

        return twice * PhysicalConstants.MassVelocitySquared / (PhysicalConstants.Boltzmann * (3 * configuration.Count - 3));
    }
}
