using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Analysis.Pores;

/// <summary>
/// Radii of atoms as hard spheres, Å. The standard ones are those of the Cambridge Crystallographic Data Centre, which Zeo++ uses too: Bondi's van der Waals
/// radii (A. Bondi, J. Phys. Chem. 68, 441 (1964)), hydrogen 1.09 (R. S. Rowland and R. Taylor, J. Phys. Chem. 100, 7384 (1996)), and 2.00 for elements for
/// which Bondi gives none. Immutable.
/// </summary>
public sealed class PoreRadii
{
    private const double RadiusWithoutEntry = 2.0;

    private static readonly Dictionary<string, double> Table = new()
    {
        ["H"] = 1.09, ["He"] = 1.40, ["Li"] = 1.82, ["C"] = 1.70, ["N"] = 1.55, ["O"] = 1.52, ["F"] = 1.47, ["Ne"] = 1.54,
        ["Na"] = 2.27, ["Mg"] = 1.73, ["Si"] = 2.10, ["P"] = 1.80, ["S"] = 1.80, ["Cl"] = 1.75, ["Ar"] = 1.88, ["K"] = 2.75,
        ["Ni"] = 1.63, ["Cu"] = 1.40, ["Zn"] = 1.39, ["Ga"] = 1.87, ["As"] = 1.85, ["Se"] = 1.90, ["Br"] = 1.85, ["Kr"] = 2.02,
        ["Pd"] = 1.63, ["Ag"] = 1.72, ["Cd"] = 1.58, ["In"] = 1.93, ["Sn"] = 2.17, ["Te"] = 2.06, ["I"] = 1.98, ["Xe"] = 2.16,
        ["Pt"] = 1.72, ["Au"] = 1.66, ["Hg"] = 1.55, ["Tl"] = 1.96, ["Pb"] = 2.02, ["U"] = 1.86,
    };

    private readonly IReadOnlyDictionary<string, double> _own;

    private PoreRadii(IReadOnlyDictionary<string, double> own) => _own = own;

    /// <summary>The table above.</summary>
    public static PoreRadii Standard { get; } = new(new Dictionary<string, double>());

    /// <summary>The standard radii with others for some elements or atom types.</summary>
    /// <param name="own">Å by element (<c>Zn</c>) or atom type (<c>O4a</c>); a type counts before its element.</param>
    /// <exception cref="MofException">A radius is negative or not finite.</exception>
    public static PoreRadii With(IReadOnlyDictionary<string, double> own)
    {
        ArgumentNullException.ThrowIfNull(own);
        foreach (var (name, radius) in own)
        {
            if (!(radius >= 0) || !double.IsFinite(radius))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the radius of {name} is {radius} angstrom", expected: "0 or more");
            }
        }

        return new PoreRadii(own);
    }

    /// <summary>The radius of an element, Å.</summary>
    public double Of(string symbol) => _own.TryGetValue(symbol, out var own) ? own : Table.GetValueOrDefault(symbol, RadiusWithoutEntry);

    /// <summary>The radius of every atom, Å.</summary>
    /// <exception cref="MofException">An unknown element.</exception>
    public double[] Of(AtomicConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var radii = new double[configuration.Count];
        for (var i = 0; i < radii.Length; i++)
        {
            _ = Elements.BySymbol(configuration.Symbols[i]);
            radii[i] = configuration.Types is { } types && _own.TryGetValue(types[i], out var own) ? own : Of(configuration.Symbols[i]);
        }

        return radii;
    }
}
