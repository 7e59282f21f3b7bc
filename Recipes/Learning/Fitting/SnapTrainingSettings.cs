using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Learning;

/// <summary>
/// What determines a SNAP fit besides the labelled configurations. The fit minimises
/// Σ (w_E ΔE/N)² + Σ (w_F ΔF)² + Σ (w_S Δσ)² + ridge: each weight is the inverse of the error at which that kind of
/// row counts 1. Immutable.
/// </summary>
public sealed record SnapTrainingSettings
{
    /// <summary><c>rcutfac</c>; the cutoff of a pair is (R_i + R_j)·rcutfac.</summary>
    public double CutoffFactor { get; init; } = 4.0;

    /// <summary><c>twojmax</c>.</summary>
    public int TwoJMax { get; init; } = 8;

    /// <summary><c>rfac0</c>.</summary>
    public double AngleFactor { get; init; } = 0.99363;

    /// <summary><c>rmin0</c>, Å.</summary>
    public double MinimumDistance { get; init; }

    /// <summary><c>bzeroflag</c>: the bispectrum of an isolated atom is subtracted.</summary>
    public bool SubtractIsolatedAtom { get; init; } = true;

    /// <summary><c>quadraticflag</c>: E = β₀ + β·B + ½ Bᵀ·α·B; 496 coefficients a species for 2J = 6, 1596 for 8.</summary>
    public bool Quadratic { get; init; }

    /// <summary>
    /// Radius by type label (<c>C3a</c>) or, for labels that are not listed, by element (<c>C</c>); what is in neither
    /// gets <see cref="DefaultRadius"/>.
    /// </summary>
    public IReadOnlyDictionary<string, double> Radii { get; init; } = new Dictionary<string, double>();

    /// <summary>Density weight by type label or element; what is in neither gets <see cref="DefaultWeight"/>.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>w_E, 1/(eV/atom).</summary>
    public double EnergyWeight { get; init; } = 1000;

    /// <summary>w_F, 1/(eV/Å).</summary>
    public double ForceWeight { get; init; } = 10;

    /// <summary>w_S, 1/(eV/Å³).</summary>
    public double StressWeight { get; init; } = 3000;

    /// <summary>
    /// Weights of the configurations of a group (see <see cref="ConfigurationGroups"/>), in place of the three above; 0 leaves
    /// a kind of row out. Configurations of other groups, or of none, have the weights above.
    /// </summary>
    public IReadOnlyDictionary<string, RowWeights> GroupWeights { get; init; } = new Dictionary<string, RowWeights>();

    /// <summary>
    /// α of the ridge, a pure number: every column of the weighted design matrix is scaled to unit length first, so
    /// that α means the same for any unit, number of configurations and size of a component.
    /// </summary>
    public double Ridge { get; init; } = 1e-8;

    /// <summary>Cross-validation that chooses α in place of <see cref="Ridge"/>; null: <see cref="Ridge"/> it is.</summary>
    public RidgeSearch? RidgeSearch { get; init; }

    /// <summary>With the ridge that cross-validation chose given; as they are where it chose none.</summary>
    public SnapTrainingSettings WithRidgeOf(RidgeCurve? curve) => curve is null ? this : this with { Ridge = curve.Chosen, RidgeSearch = null };

    /// <summary>How the least squares are solved.</summary>
    public FitSolver Solver { get; init; }

    /// <summary>With <see cref="FitSolver.Svd"/>: directions whose singular value is below this fraction of the largest are left out; null: columns·2⁻⁵².</summary>
    public double? SmallestSingularValue { get; init; }

    /// <summary>The weights of a configuration: its group's, or those of all.</summary>
    public RowWeights RowWeightsOf(AtomicConfiguration configuration) =>
        ConfigurationGroups.Of(configuration) is { } group && GroupWeights.TryGetValue(group, out var weights) ? weights : new RowWeights(EnergyWeight, ForceWeight, StressWeight);

    /// <summary>The model to be fitted: all coefficients zero.</summary>
    /// <param name="types">Species in this order; see <see cref="AtomTypes.Types"/>.</param>
    /// <exception cref="MofException">An unknown element, a value out of range, or a radius or weight for a label that no atom has.</exception>
    public SnapModel CreateModel(IReadOnlyList<AtomType> types)
    {
        ArgumentNullException.ThrowIfNull(types);
        Require();
        RequireUsed(Radii.Keys, types, "radius");
        RequireUsed(Weights.Keys, types, "weight");
        var parameters = new SnapParameters
        {
            CutoffFactor = CutoffFactor,
            TwoJMax = TwoJMax,
            AngleFactor = AngleFactor,
            MinimumDistance = MinimumDistance,
            SubtractIsolatedAtom = SubtractIsolatedAtom,
            Quadratic = Quadratic,
        };
        var count = SnapModel.CoefficientCountOf(SnapIndices.ComponentCount(TwoJMax), Quadratic);
        return new SnapModel(parameters, [.. types.Select(t => CreateSpecies(t, new double[count]))]);
    }

    /// <summary>Radius of a type: its own, its element's, or the default.</summary>
    public double RadiusOf(AtomType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Find(Radii, type) ?? DefaultRadius(type.Symbol);
    }

    /// <summary>Density weight of a type: its own, its element's, or the default.</summary>
    public double WeightOf(AtomType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Find(Weights, type) ?? DefaultWeight(type.Symbol);
    }

    /// <summary>Radius of an element without a tuned value: half a cell of first and second neighbours at rcutfac 4; hydrogen, always outermost, sees less.</summary>
    public static double DefaultRadius(string symbol) => symbol == "H" ? 0.40 : 0.50;

    /// <summary>Density weight of an element without a tuned value: distinct numbers tell the elements apart, the light ones weigh less.</summary>
    public static double DefaultWeight(string symbol)
    {
        var z = Elements.BySymbol(symbol).AtomicNumber;
        return z switch
        {
            1 => 0.5,
            < 10 => 0.7 + 0.1 * (z - 5),
            _ => 1.3,
        };
    }

    private SnapSpecies CreateSpecies(AtomType type, double[] coefficients)
    {
        var element = Elements.BySymbol(type.Symbol);
        return new SnapSpecies(type.Label, RadiusOf(type), WeightOf(type), coefficients) { AtomicNumber = element.AtomicNumber, Mass = element.Mass };
    }

    private static double? Find(IReadOnlyDictionary<string, double> values, AtomType type) =>
        values.TryGetValue(type.Label, out var ofLabel) ? ofLabel : values.TryGetValue(type.Symbol, out var ofElement) ? ofElement : null;

    private static void RequireUsed(IEnumerable<string> names, IReadOnlyList<AtomType> types, string what)
    {
        foreach (var name in names)
        {
            if (!types.Any(t => t.Label == name || t.Symbol == name))
            {
                throw new MofException(
                    ErrorKind.InvalidArgument,
                    $"there is a {what} for '{name}', which no atom is",
                    expected: $"one of {string.Join(", ", types.Select(t => t.Label))}, or their elements",
                    remedy: "`mofinterop types` prints the atom types of a structure.");
            }
        }
    }

    private void Require()
    {
        (string Name, double Value)[] positive = [("energy weight", EnergyWeight), ("force weight", ForceWeight)];
        foreach (var (name, value) in positive)
        {
            if (!(value > 0) || !double.IsFinite(value))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the {name} of the fit is {value}", expected: "a positive number");
            }
        }

        if (!(StressWeight >= 0) || !double.IsFinite(StressWeight) || !(Ridge >= 0) || !double.IsFinite(Ridge))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the fit has a stress weight of {StressWeight} and a ridge of {Ridge}", expected: "zero or positive numbers");
        }

        RidgeSearch?.Require();
        if (RidgeSearch is not null && Solver == FitSolver.Svd)
        {
            throw new MofException(ErrorKind.InvalidArgument, "the ridge is to be chosen by cross-validation and the fit solved by singular values", expected: "one of them", remedy: "Cross-validation works on normal equations: leave solver out.");
        }

        if (SmallestSingularValue is { } smallest && !(smallest is >= 0 and < 1))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the smallest singular value of the fit is {smallest}", expected: "a fraction of the largest, from 0 to below 1");
        }

        foreach (var (group, weights) in GroupWeights)
        {
            weights.Require(group);
        }
    }
}
