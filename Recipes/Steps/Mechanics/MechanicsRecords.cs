using MofInterop.Analysis;
using MofInterop.Potentials.Units;

namespace MofInterop.Steps;

/// <summary>A fitted equation of state.</summary>
/// <param name="Order">2 or 3.</param>
/// <param name="Volume">V₀, Å³ of the simulated cell.</param>
/// <param name="BulkModulus">B₀, GPa.</param>
/// <param name="Derivative">B₀′.</param>
/// <param name="Residual">Root mean square of the points' distances: eV, or GPa of a fit to pressures.</param>
public sealed record EquationOfStateFit(int Order, Estimate Volume, Estimate BulkModulus, Estimate Derivative, double Residual)
{
    internal static EquationOfStateFit Of(BirchMurnaghan fit) => new(
        fit.Order, fit.Volume, fit.BulkModulus.Times(PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal), fit.Derivative,
        fit.Residual * (fit.Energy is null ? PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal : 1));

    /// <summary>The equation in the suite's units.</summary>
    public BirchMurnaghan Curve() => new(Volume, BulkModulus.Times(1 / PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal), Derivative, null, Order, Residual);
}

/// <summary>Energies of volumes.</summary>
/// <param name="Volumes">Å³.</param>
/// <param name="Energies">eV.</param>
/// <param name="Pressures">GPa, by the stress, for comparison.</param>
/// <param name="Fit">Third order.</param>
public sealed record EquationOfStateRecord(IReadOnlyList<double> Volumes, IReadOnlyList<double> Energies, IReadOnlyList<double> Pressures, EquationOfStateFit Fit);

/// <summary>Mean pressures of volumes.</summary>
/// <param name="Temperature">K.</param>
/// <param name="Volumes">Å³.</param>
/// <param name="Pressures">GPa, compression positive.</param>
/// <param name="Fitted">Whether a point is fitted.</param>
/// <param name="Fit">Second order; null where the points allow none.</param>
public sealed record FiniteStrainRecord(double Temperature, IReadOnlyList<double> Volumes, IReadOnlyList<Estimate> Pressures, IReadOnlyList<bool> Fitted, EquationOfStateFit? Fit);

/// <summary>An elastic tensor and what follows from it; moduli in GPa.</summary>
/// <param name="SpaceGroup">Whose symmetry it has.</param>
/// <param name="Components">C_ij, six rows in the order xx yy zz yz xz xy, GPa, in the structure's frame of reference.</param>
/// <param name="Asymmetry">The largest change of a component by making it symmetric, GPa; null in a mean over runs.</param>
/// <param name="Eigenvalues">Rising, GPa.</param>
/// <param name="Stable">Born's condition: all of them positive.</param>
/// <param name="Moduli">By name.</param>
public sealed record ElasticTensorRecord(string SpaceGroup, IReadOnlyList<IReadOnlyList<Estimate>> Components, double? Asymmetry, IReadOnlyList<double> Eigenvalues, bool Stable, IReadOnlyDictionary<string, Estimate> Moduli)
{
    private static readonly (string Name, Func<ElasticTensor, double> Value, bool IsModulus)[] _moduli =
    [
        ("bulk_voigt", c => c.VoigtBulk, true), ("bulk_reuss", c => c.ReussBulk, true), ("bulk_hill", c => c.HillBulk, true),
        ("shear_voigt", c => c.VoigtShear, true), ("shear_reuss", c => c.ReussShear, true), ("shear_hill", c => c.HillShear, true),
        ("young_hill", c => c.Young, true), ("poisson_hill", c => c.Poisson, false), ("universal_anisotropy", c => c.UniversalAnisotropy, false),
    ];

    /// <summary>The bulk modulus of the single crystal.</summary>
    public Estimate Bulk => Moduli["bulk_reuss"];

    /// <summary>Components and moduli of a tensor in one row, eV/Å³.</summary>
    internal static double[] Functions(ElasticTensor tensor) => [.. tensor.Values, .. _moduli.Select(modulus => modulus.Value(tensor))];

    /// <summary>From such a row with errors.</summary>
    internal static ElasticTensorRecord Of(string group, IReadOnlyList<Estimate> functions, double? asymmetry)
    {
        const double unit = PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal;
        var tensor = new ElasticTensor([.. functions.Take(36).Select(value => value.Value * unit)]);
        return new ElasticTensorRecord(
            group,
            [.. Enumerable.Range(0, 6).Select(i => (IReadOnlyList<Estimate>)[.. Enumerable.Range(0, 6).Select(j => functions[6 * i + j].Times(unit))])],
            asymmetry * unit,
            tensor.Eigenvalues,
            tensor.IsStable,
            _moduli.Select((modulus, k) => (modulus.Name, Value: functions[36 + k].Times(modulus.IsModulus ? unit : 1))).ToDictionary(one => one.Name, one => one.Value));
    }
}

/// <summary>What the fluctuations of cells tell.</summary>
/// <param name="Temperature">K.</param>
/// <param name="Pressure">MPa.</param>
/// <param name="Runs">How many were averaged.</param>
/// <param name="Volume">Mean, Å³ of the simulated cell.</param>
/// <param name="BulkModulus">By the volume alone, GPa.</param>
/// <param name="Tensor">By all strains.</param>
public sealed record FluctuationRecord(double Temperature, double Pressure, int Runs, Estimate Volume, Estimate BulkModulus, ElasticTensorRecord Tensor);

/// <summary>A bulk modulus from elsewhere.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Source">Where it stands.</param>
/// <param name="BulkModulus">GPa.</param>
public sealed record BulkModulusLiterature(string Label, string Source, double BulkModulus);

/// <summary>Mechanical properties, as many ways as the recipe went.</summary>
public sealed record MechanicsRecord
{
    /// <summary>Of every number.</summary>
    public IReadOnlyDictionary<string, string> Units { get; init; } = new Dictionary<string, string>
    {
        ["volume"] = "angstrom^3", ["energies"] = "eV", ["pressures"] = "GPa", ["bulk_modulus"] = "GPa", ["components"] = "GPa", ["moduli"] = "GPa; poisson_hill and universal_anisotropy are pure numbers", ["temperature"] = "K", ["pressure"] = "MPa",
    };

    /// <summary>Static equation of state.</summary>
    public EquationOfStateRecord? EquationOfState { get; init; }

    /// <summary>Static elastic tensor.</summary>
    public ElasticTensorRecord? ElasticTensor { get; init; }

    /// <summary>Finite strain at a temperature.</summary>
    public FiniteStrainRecord? FiniteStrain { get; init; }

    /// <summary>Fluctuations at a temperature.</summary>
    public FluctuationRecord? Fluctuations { get; init; }

    /// <summary>From elsewhere.</summary>
    public IReadOnlyList<BulkModulusLiterature> Literature { get; init; } = [];

    /// <summary>Every bulk modulus, GPa, by the way it came.</summary>
    public IReadOnlyList<(string Way, Estimate Value)> BulkModuli() =>
    [
        .. new (string Way, Estimate? Value)[]
        {
            ("static, Birch–Murnaghan of third order", EquationOfState?.Fit.BulkModulus),
            ("static, elastic tensor (Reuss)", ElasticTensor?.Bulk),
            (FormattableString.Invariant($"{FiniteStrain?.Temperature:0.#} K, finite strain, Birch–Murnaghan of second order"), FiniteStrain?.Fit?.BulkModulus),
            (FormattableString.Invariant($"{Fluctuations?.Temperature:0.#} K, fluctuations of the volume"), Fluctuations?.BulkModulus),
            (FormattableString.Invariant($"{Fluctuations?.Temperature:0.#} K, fluctuations of the strain (Reuss)"), Fluctuations?.Tensor.Bulk),
        }.Where(one => one.Value is not null).Select(one => (one.Way, one.Value!.Value)),
    ];
}
