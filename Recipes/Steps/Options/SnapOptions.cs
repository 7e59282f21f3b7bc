using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.Steps;

/// <summary>The form of a SNAP model and how it is fitted.</summary>
public sealed record SnapOptions
{
    private static readonly SnapTrainingSettings _defaults = new();

    /// <summary>Cutoff factor.</summary>
    [Parameter("Cutoff of a pair divided by the sum of its radii (LAMMPS rcutfac).", Above = 0)]
    public double Rcutfac { get; init; } = _defaults.CutoffFactor;

    /// <summary>2J.</summary>
    [Parameter("Twice the largest angular momentum (LAMMPS twojmax): 6 is 31 coefficients for each type, 8 is 56.", AtLeast = 2, AtMost = 14)]
    public int Twojmax { get; init; } = _defaults.TwoJMax;

    /// <summary>Angle at the cutoff.</summary>
    [Parameter("Fraction of the polar angle's range that is used (LAMMPS rfac0).", Above = 0, AtMost = 1)]
    public double Rfac0 { get; init; } = _defaults.AngleFactor;

    /// <summary>Isolated atom.</summary>
    [Parameter("The descriptor of an isolated atom is subtracted (LAMMPS bzeroflag).")]
    public bool Bzeroflag { get; init; } = _defaults.SubtractIsolatedAtom;

    /// <summary>Quadratic.</summary>
    [Parameter("Products of two components join (LAMMPS quadraticflag): 496 coefficients for each type with twojmax 6, 1596 with 8. No extrapolation grades.")]
    public bool Quadraticflag { get; init; } = _defaults.Quadratic;

    /// <summary>Radii.</summary>
    [Parameter("Cutoff radius of a type (C3a), or of an element for all its types that are not named.", Above = 0)]
    public IReadOnlyDictionary<string, double> Radii { get; init; } = new Dictionary<string, double>();

    /// <summary>Weights.</summary>
    [Parameter("Neighbour weight of a type (C3a), or of an element for all its types that are not named.")]
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Energy error.</summary>
    [Parameter("The energy error that counts as much as force_error and stress_error: the smaller, the more energies count.", Dimension = Dimension.EnergyPerAtom, Above = "0 meV/atom")]
    public Quantity EnergyError { get; init; } = Quantity.Parse("1 meV/atom");

    /// <summary>Force error.</summary>
    [Parameter("The force error that counts as much as energy_error and stress_error.", Dimension = Dimension.Force, Above = "0 meV/angstrom")]
    public Quantity ForceError { get; init; } = Quantity.Parse("100 meV/angstrom");

    /// <summary>Stress error.</summary>
    [Parameter("The stress error that counts as much as energy_error and force_error.", Dimension = Dimension.Pressure, Above = "0 MPa")]
    public Quantity StressError { get; init; } = Quantity.Parse("50 MPa");

    /// <summary>Ridge.</summary>
    [Parameter("Strength of the ridge, for columns of unit length: what the data do not determine stays small.", AtLeast = 0)]
    public double Ridge { get; init; } = _defaults.Ridge;

    /// <summary>Cross-validation.</summary>
    [Parameter("Chooses ridge by cross-validation in each fit, in place of a number given; {} is enough.")]
    public CrossValidationOptions? CrossValidation { get; init; }

    /// <summary>Solver.</summary>
    [Parameter("How the least squares are solved: normal-equations; or svd, twice the work, for data whose columns nearly depend on each other (with ridge: 0).")]
    public FitSolver Solver { get; init; } = _defaults.Solver;

    /// <summary>Truncation.</summary>
    [Parameter("With solver svd: directions whose singular value is below this fraction of the largest are left out; default: rounding, columns x 2^-52.", AtLeast = 0)]
    public double? SmallestSingularValue { get; init; }

    /// <summary>The same as Learning takes it.</summary>
    internal SnapTrainingSettings Settings => new()
    {
        CutoffFactor = Rcutfac,
        TwoJMax = Twojmax,
        AngleFactor = Rfac0,
        SubtractIsolatedAtom = Bzeroflag,
        Quadratic = Quadraticflag,
        Radii = Radii,
        Weights = Weights,
        EnergyWeight = 1 / EnergyError.Value,
        ForceWeight = 1 / ForceError.Value,
        StressWeight = 1 / StressError.Value,
        Ridge = Ridge,
        RidgeSearch = CrossValidation?.Search,
        Solver = Solver,
        SmallestSingularValue = SmallestSingularValue,
    };

    /// <summary>Nothing is given but, perhaps, how the fit is solved.</summary>
    internal bool IsDefault
    {
        get
        {
            var defaults = new SnapOptions();
            return Radii.Count == 0 && Weights.Count == 0 && this with { Radii = defaults.Radii, Weights = defaults.Weights, CrossValidation = null, Solver = defaults.Solver, SmallestSingularValue = null } == defaults;
        }
    }

    /// <summary>For a sentence.</summary>
    internal string Form => Quadraticflag ? "quadratic SNAP" : "linear SNAP";

    /// <summary>Reports grades that are wanted of a model that has none.</summary>
    internal void CheckGrades(string parameter, StepCheck check, bool wanted)
    {
        if (wanted && Quadraticflag)
        {
            check.Problem(parameter, "quadratic models have no extrapolation grades", "another method of selection, or quadraticflag: false");
        }
    }

    /// <summary>The model to be fitted, all coefficients zero.</summary>
    internal SnapModel ModelFor(TypedStructure structure) => Settings.CreateModel(AtomTyping.Assign(structure.Graph).Types);

    /// <summary>Reports what is wrong with these options for a structure.</summary>
    internal void Check(string parameter, StepCheck check, TypedStructure structure) => Check(parameter, check, AtomTyping.Assign(structure.Graph).Types);

    /// <summary>Reports what is wrong with these options for these kinds of atoms.</summary>
    internal void Check(string parameter, StepCheck check, IReadOnlyList<AtomType> types)
    {
        if (CrossValidation is { } search && !(search.To > search.From))
        {
            check.Problem($"{parameter}.cross_validation.to", string.Create(CultureInfo.InvariantCulture, $"the range of ridges ends at {search.To} and begins at {search.From}"), "from below to");
            return;
        }

        if (CrossValidation is not null && Ridge != _defaults.Ridge)
        {
            check.Problem($"{parameter}.ridge", "the ridge is given and is to be chosen by cross-validation at once", "ridge or cross_validation");
        }

        try
        {
            FitMemory.Require(Settings.CreateModel(types), Settings);
        }
        catch (MofException error)
        {
            check.Problem(parameter, error);
        }
    }
}

/// <summary>How a fit chooses its ridge.</summary>
public sealed record CrossValidationOptions
{
    /// <summary>Folds.</summary>
    [Parameter("Number of folds: each in turn is left out of a fit and tests it.", AtLeast = 2, AtMost = 100)]
    public int Folds { get; init; } = RidgeSearch.Default.Folds;

    /// <summary>Smallest.</summary>
    [Parameter("Smallest ridge that is tried.", Above = 0)]
    public double From { get; init; } = RidgeSearch.Default.From;

    /// <summary>Largest.</summary>
    [Parameter("Largest ridge that is tried.", Above = 0)]
    public double To { get; init; } = RidgeSearch.Default.To;

    /// <summary>Steps.</summary>
    [Parameter("Values in a factor of ten.", AtLeast = 1, AtMost = 50)]
    public int PerDecade { get; init; } = RidgeSearch.Default.PerDecade;

    /// <summary>As Learning takes it.</summary>
    internal RidgeSearch Search => new(Folds, From, To, PerDecade);
}
