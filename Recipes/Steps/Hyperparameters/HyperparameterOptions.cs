using System.Runtime.Serialization;
using MofInterop.Engine;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="HyperparameterStep"/>.</summary>
public sealed record HyperparameterOptions
{
    /// <summary>Frames.</summary>
    [Parameter("The labelled configurations: extended XYZ, a FitSNAP JSON file, or a folder of FitSNAP files in which each folder is a group. Left out: those of uses: { frames: step.output }.")]
    public InputData? Frames { get; init; }

    /// <summary>Test.</summary>
    [Parameter("Labelled configurations that errors are measured on, never fitted; or uses: { test: step.output }. Left out: errors come from cross-validation.")]
    public InputData? TestFrames { get; init; }

    /// <summary>Thinning.</summary>
    [Parameter("Of more frames than this, so many are taken, evenly over the list: the time of a search is proportional to them. Left out: all.", AtLeast = 2)]
    public int? AtMost { get; init; }

    /// <summary>Folds.</summary>
    [Parameter("Number of folds of the cross-validation.", AtLeast = 2, AtMost = 100)]
    public int Folds { get; init; } = 5;

    /// <summary>Start.</summary>
    [Parameter("Where the search starts, and what it does not vary.")]
    public SnapOptions Snap { get; init; } = new();

    /// <summary>Varied.</summary>
    [Parameter("What is varied, within which limits.")]
    public required VariedOptions Vary { get; init; }

    /// <summary>Objective.</summary>
    [Parameter("What is made small.")]
    public ObjectiveOptions Objective { get; init; } = new();

    /// <summary>Groups.</summary>
    [Parameter("Weights of groups by name, as in a fit: folders of FitSNAP files, or group=... on the comment line of extended XYZ.")]
    public IReadOnlyDictionary<string, GroupWeightOptions> Groups { get; init; } = new Dictionary<string, GroupWeightOptions>();

    /// <summary>Offsets.</summary>
    [Parameter("Energy of an atom of a type (C3a) or element that labels are taken relative to; FitSNAP's ESHIFT with the other sign.", Dimension = Dimension.EnergyPerAtom)]
    public IReadOnlyDictionary<string, Quantity> EnergyOffsets { get; init; } = new Dictionary<string, Quantity>();

    /// <summary>Repulsion.</summary>
    [Parameter("A ZBL repulsion of nuclei that is taken from the labels first; left out: none.")]
    public ZblOptions? Zbl { get; init; }

    /// <summary>Population.</summary>
    [Parameter("Members of a generation. Left out: four for every parameter varied, at least 16.", AtLeast = 4)]
    public int? Population { get; init; }

    /// <summary>Generations.</summary>
    [Parameter("Generations after the first population, at most.", AtLeast = 0)]
    public int Generations { get; init; } = 40;

    /// <summary>Strategy.</summary>
    [Parameter("What trials start from: best (best/1/bin, fast) or random (rand/1/bin, slower and less easily caught in a local minimum).")]
    public EvolutionStrategy Strategy { get; init; } = EvolutionStrategy.Best;

    /// <summary>Crossover.</summary>
    [Parameter("Probability that a trial takes a parameter from the mutant.", AtLeast = 0, AtMost = 1)]
    public double Crossover { get; init; } = 0.7;

    /// <summary>Tolerance.</summary>
    [Parameter("The search ends when the standard deviation of the members' objectives is at most this part of their mean.", Dimension = Dimension.Fraction, AtLeast = "0 %")]
    public Quantity Tolerance { get; init; } = Quantity.Parse("1 %");
}

/// <summary>What a search varies.</summary>
public sealed record VariedOptions
{
    /// <summary>Cutoff factor.</summary>
    [Parameter("Limits of rcutfac. Only its product with the radii counts: with all radii varied it is superfluous.")]
    public NumberRange? Rcutfac { get; init; }

    /// <summary>2J.</summary>
    [Parameter("Values of twojmax to choose from. Larger ones fit better and cost more: see objective.cost.", AtLeast = 2, AtMost = 14)]
    public IReadOnlyList<int>? Twojmax { get; init; }

    /// <summary>Angle at the cutoff.</summary>
    [Parameter("Limits of rfac0.")]
    public NumberRange? Rfac0 { get; init; }

    /// <summary>Radii.</summary>
    [Parameter("Limits of the radius of a type (C3a), of an element for all its types that are not named, or of `each`: every other type by itself.")]
    public IReadOnlyDictionary<string, NumberRange> Radii { get; init; } = new Dictionary<string, NumberRange>();

    /// <summary>Weights.</summary>
    [Parameter("Limits of the neighbour weight of a type, an element or `each`, as of radii.")]
    public IReadOnlyDictionary<string, NumberRange> Weights { get; init; } = new Dictionary<string, NumberRange>();

    /// <summary>Energy error.</summary>
    [Parameter("Limits of energy_error, the logarithm of which is varied.")]
    public EnergyErrorRange? EnergyError { get; init; }

    /// <summary>Stress error.</summary>
    [Parameter("Limits of stress_error, the logarithm of which is varied.")]
    public StressErrorRange? StressError { get; init; }

    /// <summary>Ridge.</summary>
    [Parameter("Limits of the ridge. For each candidate the best one is found by itself, on a logarithmic grid, which costs little.")]
    public RidgeRange? Ridge { get; init; }
}

/// <summary>Limits of a number.</summary>
public sealed record NumberRange
{
    /// <summary>Lower limit.</summary>
    [Parameter("Lower limit.")]
    public required double From { get; init; }

    /// <summary>Upper limit.</summary>
    [Parameter("Upper limit.")]
    public required double To { get; init; }
}

/// <summary>Limits of an energy error.</summary>
public sealed record EnergyErrorRange
{
    /// <summary>Lower limit.</summary>
    [Parameter("Lower limit.", Dimension = Dimension.EnergyPerAtom, Above = "0 meV/atom")]
    public required Quantity From { get; init; }

    /// <summary>Upper limit.</summary>
    [Parameter("Upper limit.", Dimension = Dimension.EnergyPerAtom, Above = "0 meV/atom")]
    public required Quantity To { get; init; }
}

/// <summary>Limits of a stress error.</summary>
public sealed record StressErrorRange
{
    /// <summary>Lower limit.</summary>
    [Parameter("Lower limit.", Dimension = Dimension.Pressure, Above = "0 MPa")]
    public required Quantity From { get; init; }

    /// <summary>Upper limit.</summary>
    [Parameter("Upper limit.", Dimension = Dimension.Pressure, Above = "0 MPa")]
    public required Quantity To { get; init; }
}

/// <summary>Limits of the ridge.</summary>
public sealed record RidgeRange
{
    /// <summary>Lower limit.</summary>
    [Parameter("Smallest ridge that is tried.", Above = 0)]
    public required double From { get; init; }

    /// <summary>Upper limit.</summary>
    [Parameter("Largest ridge that is tried.", Above = 0)]
    public required double To { get; init; }

    /// <summary>Steps.</summary>
    [Parameter("Values in a factor of ten.", AtLeast = 1, AtMost = 50)]
    public int PerDecade { get; init; } = 2;
}

/// <summary>What a search makes small: the mean of the errors on frames not fitted, each divided by the error that counts 1.</summary>
public sealed record ObjectiveOptions
{
    /// <summary>Energy error.</summary>
    [Parameter("The energy error that counts 1. Default: energy_error of snap.", Dimension = Dimension.EnergyPerAtom, Above = "0 meV/atom")]
    public Quantity? EnergyError { get; init; }

    /// <summary>Force error.</summary>
    [Parameter("The force error that counts 1. Default: force_error of snap.", Dimension = Dimension.Force, Above = "0 meV/angstrom")]
    public Quantity? ForceError { get; init; }

    /// <summary>Stress error.</summary>
    [Parameter("The stress error that counts 1. Default: stress_error of snap.", Dimension = Dimension.Pressure, Above = "0 MPa")]
    public Quantity? StressError { get; init; }

    /// <summary>Cost.</summary>
    [Parameter("Power of the cost of the potential (neighbours times coefficients of an atom, relative to where the search starts) by which the errors are multiplied: 0.1 lets twice the cost bring errors smaller by 7 %; 0: cost does not count.", AtLeast = 0)]
    public double Cost { get; init; }
}
