using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Atoms;

/// <summary>A chemical element.</summary>
/// <param name="Symbol">As in <c>Zn</c>.</param>
/// <param name="AtomicNumber">Z.</param>
/// <param name="Mass">Standard atomic weight, atomic mass units.</param>
/// <param name="CovalentRadius">Å.</param>
public sealed record Element(string Symbol, int AtomicNumber, double Mass, double CovalentRadius);

/// <summary>
/// The elements H to Cm. Standard atomic weights: IUPAC 2016 (J. Meija and co-workers, Pure Appl. Chem. 88, 265);
/// elements without one have the mass number of a long-lived isotope. Covalent radii: B. Cordero and co-workers,
/// Dalton Trans. 2008, 2832 (C sp3; Mn, Fe, Co low spin).
/// </summary>
public static class Elements
{
    private static readonly Element[] _all =
    [
        new("H", 1, 1.008, 0.31),
        new("He", 2, 4.002602, 0.28),
        new("Li", 3, 6.94, 1.28),
        new("Be", 4, 9.012183, 0.96),
        new("B", 5, 10.81, 0.84),
        new("C", 6, 12.011, 0.76),
        new("N", 7, 14.007, 0.71),
        new("O", 8, 15.999, 0.66),
        new("F", 9, 18.998403, 0.57),
        new("Ne", 10, 20.1797, 0.58),
        new("Na", 11, 22.989769, 1.66),
        new("Mg", 12, 24.305, 1.41),
        new("Al", 13, 26.981538, 1.21),
        new("Si", 14, 28.085, 1.11),
        new("P", 15, 30.973762, 1.07),
        new("S", 16, 32.06, 1.05),
        new("Cl", 17, 35.45, 1.02),
        new("Ar", 18, 39.948, 1.06),
        new("K", 19, 39.0983, 2.03),
        new("Ca", 20, 40.078, 1.76),
        new("Sc", 21, 44.955908, 1.70),
        new("Ti", 22, 47.867, 1.60),
        new("V", 23, 50.9415, 1.53),
        new("Cr", 24, 51.9961, 1.39),
        new("Mn", 25, 54.938044, 1.39),
        new("Fe", 26, 55.845, 1.32),
        new("Co", 27, 58.933194, 1.26),
        new("Ni", 28, 58.6934, 1.24),
        new("Cu", 29, 63.546, 1.32),
        new("Zn", 30, 65.38, 1.22),
        new("Ga", 31, 69.723, 1.22),
        new("Ge", 32, 72.63, 1.20),
        new("As", 33, 74.921595, 1.19),
        new("Se", 34, 78.971, 1.20),
        new("Br", 35, 79.904, 1.20),
        new("Kr", 36, 83.798, 1.16),
        new("Rb", 37, 85.4678, 2.20),
        new("Sr", 38, 87.62, 1.95),
        new("Y", 39, 88.90584, 1.90),
        new("Zr", 40, 91.224, 1.75),
        new("Nb", 41, 92.90637, 1.64),
        new("Mo", 42, 95.95, 1.54),
        new("Tc", 43, 97.90721, 1.47),
        new("Ru", 44, 101.07, 1.46),
        new("Rh", 45, 102.9055, 1.42),
        new("Pd", 46, 106.42, 1.39),
        new("Ag", 47, 107.8682, 1.45),
        new("Cd", 48, 112.414, 1.44),
        new("In", 49, 114.818, 1.42),
        new("Sn", 50, 118.71, 1.39),
        new("Sb", 51, 121.76, 1.39),
        new("Te", 52, 127.6, 1.38),
        new("I", 53, 126.90447, 1.39),
        new("Xe", 54, 131.293, 1.40),
        new("Cs", 55, 132.905452, 2.44),
        new("Ba", 56, 137.327, 2.15),
        new("La", 57, 138.90547, 2.07),
        new("Ce", 58, 140.116, 2.04),
        new("Pr", 59, 140.90766, 2.03),
        new("Nd", 60, 144.242, 2.01),
        new("Pm", 61, 144.91276, 1.99),
        new("Sm", 62, 150.36, 1.98),
        new("Eu", 63, 151.964, 1.98),
        new("Gd", 64, 157.25, 1.96),
        new("Tb", 65, 158.92535, 1.94),
        new("Dy", 66, 162.5, 1.92),
        new("Ho", 67, 164.93033, 1.92),
        new("Er", 68, 167.259, 1.89),
        new("Tm", 69, 168.93422, 1.90),
        new("Yb", 70, 173.054, 1.87),
        new("Lu", 71, 174.9668, 1.87),
        new("Hf", 72, 178.49, 1.75),
        new("Ta", 73, 180.94788, 1.70),
        new("W", 74, 183.84, 1.62),
        new("Re", 75, 186.207, 1.51),
        new("Os", 76, 190.23, 1.44),
        new("Ir", 77, 192.217, 1.41),
        new("Pt", 78, 195.084, 1.36),
        new("Au", 79, 196.966569, 1.36),
        new("Hg", 80, 200.592, 1.32),
        new("Tl", 81, 204.38, 1.45),
        new("Pb", 82, 207.2, 1.46),
        new("Bi", 83, 208.9804, 1.48),
        new("Po", 84, 208.98243, 1.40),
        new("At", 85, 209.98715, 1.50),
        new("Rn", 86, 222.01758, 1.50),
        new("Fr", 87, 223.01974, 2.60),
        new("Ra", 88, 226.02541, 2.21),
        new("Ac", 89, 227.02775, 2.15),
        new("Th", 90, 232.0377, 2.06),
        new("Pa", 91, 231.03588, 2.00),
        new("U", 92, 238.02891, 1.96),
        new("Np", 93, 237.04817, 1.90),
        new("Pu", 94, 244.06421, 1.87),
        new("Am", 95, 243.06138, 1.80),
        new("Cm", 96, 247.07035, 1.69),
    ];

    private static readonly Dictionary<string, Element> _bySymbol = _all.ToDictionary(e => e.Symbol);

    /// <summary>All elements, Z = 1 first.</summary>
    public static IReadOnlyList<Element> All => _all;

    /// <summary>The element of a symbol (<c>Zn</c>; case matters).</summary>
    /// <exception cref="MofException">No such element.</exception>
    public static Element BySymbol(string symbol) => _bySymbol.TryGetValue(symbol, out var element)
        ? element
        : throw new MofException(ErrorKind.InvalidArgument, $"there is no element '{symbol}'", expected: "a chemical symbol from H to Cm, as in Zn");

    /// <summary>Finds the element of a symbol without throwing.</summary>
    public static bool TryBySymbol(string symbol, out Element? element) => _bySymbol.TryGetValue(symbol, out element);

    /// <summary>The element of an atomic number.</summary>
    /// <exception cref="MofException">No such element.</exception>
    public static Element ByAtomicNumber(int atomicNumber) => atomicNumber >= 1 && atomicNumber <= _all.Length
        ? _all[atomicNumber - 1]
        : throw new MofException(ErrorKind.InvalidArgument, $"there is no element with atomic number {atomicNumber}", expected: $"1 to {_all.Length}");
}
