using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Potentials.Dispersion;

/// <summary>How D3 is to be computed.</summary>
/// <param name="Damping">Form and parameters.</param>
/// <param name="Cutoff">Pairs at this distance or beyond do not attract each other, Å.</param>
/// <param name="CoordinationCutoff">Atoms at this distance or beyond do not count as coordinated, Å.</param>
/// <param name="SwitchingWidth">
/// Width of the shell inside both cutoffs over which attraction and coordination go smoothly to zero, Å. 0: they end at the
/// cutoff with a step, as in LAMMPS and most programs.
/// </param>
public sealed record DispersionSettings(DispersionDamping Damping, double Cutoff, double CoordinationCutoff, double SwitchingWidth = 0);

/// <summary>Units of the published numbers.</summary>
/// <param name="Bohr">Å.</param>
/// <param name="Hartree">eV.</param>
internal readonly record struct DispersionUnits(double Bohr, double Hartree)
{
    public static DispersionUnits Codata => new(PhysicalConstants.Bohr, PhysicalConstants.Hartree);
}

/// <summary>
/// D3 for a list of species, all numbers in eV and Å: S. Grimme, J. Antony, S. Ehrlich, H. Krieg, J. Chem. Phys. 132, 154104 (2010).
/// Two-body terms only. Immutable.
/// </summary>
public sealed class DispersionModel
{
    /// <summary>Steepness of the counting function: k1 of the paper.</summary>
    internal const double CountingSteepness = 16;

    /// <summary>Narrowness of the weights of references: k3 of the paper.</summary>
    internal const double WeightExponent = 4;

    private readonly DispersionPair[] _pairs;
    private readonly double[][] _coefficients;
    private readonly double[][] _coordinationNumbers;
    private readonly int[] _elementOfSpecies;

    /// <summary>Prepares the species.</summary>
    /// <param name="species">At least one; their atomic numbers choose their parameters.</param>
    /// <param name="table">C6 of reference molecules.</param>
    /// <param name="settings">Damping and cutoffs.</param>
    /// <exception cref="MofException"><see cref="ErrorKind.InvalidArgument"/>: a parameter that cannot be meant, or a species without atomic number or that D3 does not know.</exception>
    public DispersionModel(IReadOnlyList<Species> species, DispersionTable table, DispersionSettings settings)
        : this(species, table, settings, DispersionUnits.Codata)
    {
    }

    /// <summary>Prepares the species with the units that another program has.</summary>
    internal DispersionModel(IReadOnlyList<Species> species, DispersionTable table, DispersionSettings settings, DispersionUnits units)
    {
        ArgumentNullException.ThrowIfNull(species);
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(settings);
        DispersionChecks.Require(settings);
        foreach (var one in species)
        {
            DispersionChecks.Require(one, table);
        }

        Species = [.. species];
        Settings = settings;
        int[] elements = [.. species.Select(one => one.AtomicNumber).Distinct()];
        ElementCount = elements.Length;
        _elementOfSpecies = [.. species.Select(one => Array.IndexOf(elements, one.AtomicNumber))];
        _coordinationNumbers = [.. elements.Select(z => Enumerable.Range(0, table.ReferenceCount(z)).Select(reference => table.CoordinationNumber(z, reference)).ToArray())];
        _pairs = [.. elements.SelectMany(a => elements.Select(b => DispersionPair.Create(a, b, settings.Damping, units)))];
        _coefficients = [.. elements.SelectMany(a => elements.Select(b => CoefficientsOf(table, a, b, units)))];
    }

    /// <summary>The atoms it knows.</summary>
    public IReadOnlyList<Species> Species { get; }

    /// <summary>Damping and cutoffs.</summary>
    public DispersionSettings Settings { get; }

    /// <summary>The larger of the two cutoffs, Å.</summary>
    public double LargestCutoff => Math.Max(Settings.Cutoff, Settings.CoordinationCutoff);

    /// <summary>Number of different elements among the species.</summary>
    internal int ElementCount { get; }

    /// <summary>Element (0 … <see cref="ElementCount"/> − 1) of every species.</summary>
    internal ReadOnlySpan<int> ElementOfSpecies => _elementOfSpecies;

    /// <summary>Coordination numbers of an element's reference atoms.</summary>
    internal ReadOnlySpan<double> CoordinationNumbers(int element) => _coordinationNumbers[element];

    /// <summary>C6 of the references of two elements, <c>double[references of first][references of second]</c>, eV·Å⁶.</summary>
    internal ReadOnlySpan<double> Coefficients(int first, int second) => _coefficients[first * ElementCount + second];

    /// <summary>What two elements have together.</summary>
    internal ref readonly DispersionPair Pair(int first, int second) => ref _pairs[first * ElementCount + second];

    private static double[] CoefficientsOf(DispersionTable table, int first, int second, DispersionUnits units)
    {
        var unit = units.Hartree * Math.Pow(units.Bohr, 6);
        return [.. from a in Enumerable.Range(0, table.ReferenceCount(first))
                   from b in Enumerable.Range(0, table.ReferenceCount(second))
                   select unit * table.Coefficient(first, a, second, b)];
    }
}

/// <summary>What two elements have together.</summary>
internal readonly struct DispersionPair
{
    /// <summary>Sum of the covalent radii times 4/3, Å.</summary>
    public double CovalentDistance { get; private init; }

    /// <summary>Factor of the C6 term.</summary>
    public double Factor6 { get; private init; }

    /// <summary>Factor of the C8 term over C6: s8·C8/C6, Å².</summary>
    public double Factor8 { get; private init; }

    /// <summary>Becke–Johnson: radius⁶, Å⁶. Zero damping: (rs6·R0)², Å².</summary>
    public double Radius6 { get; private init; }

    /// <summary>Becke–Johnson: radius⁸, Å⁸. Zero damping: (rs8·R0)², Å².</summary>
    public double Radius8 { get; private init; }

    /// <summary>Zero damping: half the exponent of the C6 term.</summary>
    public int HalfAlpha { get; private init; }

    public static DispersionPair Create(int first, int second, DispersionDamping damping, DispersionUnits units)
    {
        var ratio = 3 * DispersionElements.MultipoleRatio(first) * DispersionElements.MultipoleRatio(second);
        var pair = new DispersionPair
        {
            CovalentDistance = (DispersionElements.CovalentRadius(first) + DispersionElements.CovalentRadius(second)) * units.Bohr,
            Factor6 = damping.S6,
            Factor8 = damping.S8 * ratio * units.Bohr * units.Bohr,
        };
        if (damping is ZeroDamping zero)
        {
            var radius = DispersionRadii.Of(first, second);
            return pair with { Radius6 = Square(zero.RadiusFactor6 * radius), Radius8 = Square(zero.RadiusFactor8 * radius), HalfAlpha = zero.Alpha / 2 };
        }

        var rational = (BeckeJohnsonDamping)damping;
        var reach = (rational.A1 * Math.Sqrt(ratio) + rational.A2) * units.Bohr;
        return pair with { Radius6 = Math.Pow(reach, 6), Radius8 = Math.Pow(reach, 8) };
    }

    private static double Square(double value) => value * value;
}
