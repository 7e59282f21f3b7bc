using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// Energies of isolated atoms, or other constants by species, that labels are taken relative to: E − Σ offset. A potential
/// fitted to such labels gives energies relative to them too. FitSNAP's <c>[ESHIFT]</c> is added to energies: the same with the other sign.
/// A fit needs no offsets, as it finds constants by itself; they make energies of different origin comparable.
/// </summary>
/// <param name="offsets">eV an atom, by type label or, for labels that are not listed, by element; 0 for what is in neither.</param>
public sealed class EnergyOffsets(IReadOnlyDictionary<string, double> offsets)
{
    /// <summary>The configuration with its energy relative to the offsets; one without a label, or without listed species, as it is.</summary>
    /// <exception cref="MofException">An offset is not finite.</exception>
    public AtomicConfiguration Subtract(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var sum = 0.0;
        for (var i = 0; i < configuration.Count; i++)
        {
            sum += configuration.Types is { } types && offsets.TryGetValue(types[i], out var ofType) ? ofType
                : offsets.TryGetValue(configuration.Symbols[i], out var ofElement) ? ofElement : 0;
        }

        if (!double.IsFinite(sum))
        {
            throw new MofException(ErrorKind.InvalidArgument, "an energy offset is not a finite number", expected: "eV an atom");
        }

        return sum == 0 || configuration.Label is null ? configuration : configuration.With(configuration.Label with { Energy = configuration.Label.Energy - sum });
    }
}
