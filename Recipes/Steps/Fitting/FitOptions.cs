using MofInterop.Engine;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="FitStep"/>.</summary>
public sealed record FitOptions
{
    /// <summary>Frames.</summary>
    [Parameter("The labelled configurations: extended XYZ, a FitSNAP JSON file, or a folder of FitSNAP files in which each folder is a group. Left out: those of uses: { frames: step.output }.")]
    public InputData? Frames { get; init; }

    /// <summary>Test frames.</summary>
    [Parameter("Labelled configurations that are never fitted and test the potential, beside those of test_fraction.")]
    public InputData? TestFrames { get; init; }

    /// <summary>Kinds of atoms.</summary>
    [Parameter("What tells the kinds of atoms: as-given, the frames' column 'types', or without it elements; elements; environment, the bonds in the first frame.")]
    public AtomKinds Types { get; init; }

    /// <summary>Bond tolerance.</summary>
    [Parameter("With types environment: atoms are bonded when they are closer than the sum of their covalent radii plus this; 0.5 angstrom for hot frames.", Dimension = Dimension.Length, Above = "0 angstrom")]
    public Quantity BondTolerance { get; init; } = Quantity.Parse("0.3 angstrom");

    /// <summary>Name of the potential.</summary>
    [Parameter("File name of the potential, without ending.")]
    public string PotentialName { get; init; } = "potential";

    /// <summary>Method.</summary>
    [Parameter("The method that gave the labels, for the model card.")]
    public string Method { get; init; } = "unknown";

    /// <summary>Dispersion.</summary>
    [Parameter("Whether the labels hold dispersion already, for the model card.")]
    public bool DispersionIncluded { get; init; }

    /// <summary>Groups.</summary>
    [Parameter("Weights and test fraction of groups by name: the folders of FitSNAP files, or group=... on the comment line of extended XYZ.")]
    public IReadOnlyDictionary<string, GroupOptions> Groups { get; init; } = new Dictionary<string, GroupOptions>();

    /// <summary>Test fraction.</summary>
    [Parameter("The part of every group that is held out of the fit and tests it, where the group says nothing else.", Dimension = Dimension.Fraction, AtLeast = "0 %", AtMost = "100 %")]
    public Quantity TestFraction { get; init; } = Quantity.Parse("0 %");

    /// <summary>Offsets.</summary>
    [Parameter("Energy of an atom of a type (C3a) or element that labels are taken relative to; FitSNAP's ESHIFT with the other sign.", Dimension = Dimension.EnergyPerAtom)]
    public IReadOnlyDictionary<string, Quantity> EnergyOffsets { get; init; } = new Dictionary<string, Quantity>();

    /// <summary>Model.</summary>
    [Parameter("The SNAP model and its fit.")]
    public SnapOptions Snap { get; init; } = new();

    /// <summary>Repulsion.</summary>
    [Parameter("A ZBL repulsion of nuclei that is taken from the labels before the fit and becomes part of the potential; left out: none.")]
    public ZblOptions? Zbl { get; init; }

    /// <summary>Dispersion.</summary>
    [Parameter("D3 dispersion that is taken from the labels before the fit and becomes part of the potential; left out: none, and SNAP learns what the labels hold of it.")]
    public DispersionOptions? D3 { get; init; }

    /// <summary>Matrix.</summary>
    [Parameter("Also write the rows of the fit as FitSNAP does: Descriptors.npy, Truth-Ref.npy and Weights.npy (docs/training.md).")]
    public bool WriteMatrix { get; init; }

    /// <summary>Energy goal.</summary>
    [Parameter("The energy RMSE of the held-out frames, or without any of all, must not exceed this.", Dimension = Dimension.EnergyPerAtom, Above = "0 meV/atom")]
    public Quantity? EnergyGoal { get; init; }

    /// <summary>Force goal.</summary>
    [Parameter("The force RMSE of the held-out frames, or without any of all, must not exceed this.", Dimension = Dimension.Force, Above = "0 meV/angstrom")]
    public Quantity? ForceGoal { get; init; }

    /// <summary>Stress goal.</summary>
    [Parameter("The stress RMSE of the held-out frames, or without any of all, must not exceed this.", Dimension = Dimension.Pressure, Above = "0 MPa")]
    public Quantity? StressGoal { get; init; }

    /// <summary>The fit as Learning takes it.</summary>
    internal SnapTrainingSettings Settings => GroupWeightOptions.Weigh(Snap.Settings, Groups);

    /// <summary>Test fractions of the groups that have their own.</summary>
    internal Dictionary<string, double> TestFractions =>
        Groups.Where(pair => pair.Value.TestFraction is not null).ToDictionary(pair => pair.Key, pair => pair.Value.TestFraction!.Value.Value);
}

/// <summary>How the rows of one group of configurations count.</summary>
public record GroupWeightOptions
{
    /// <summary>Energy weight.</summary>
    [Parameter("What energy rows are multiplied by, in 1/(eV/atom), as FitSNAP's eweight; 0 leaves them out. Default: 1/energy_error of snap.", AtLeast = 0)]
    public double? Eweight { get; init; }

    /// <summary>Force weight.</summary>
    [Parameter("What force rows are multiplied by, in 1/(eV/angstrom), as FitSNAP's fweight; 0 leaves them out. Default: 1/force_error of snap.", AtLeast = 0)]
    public double? Fweight { get; init; }

    /// <summary>Stress weight.</summary>
    [Parameter("What stress rows are multiplied by, in 1/bar, as FitSNAP's vweight; 0 leaves them out. Default: 1/stress_error of snap.", AtLeast = 0)]
    public double? Vweight { get; init; }

    /// <summary>Settings with the weights of groups; null: there are none.</summary>
    internal static SnapTrainingSettings Weigh<T>(SnapTrainingSettings general, IReadOnlyDictionary<string, T>? groups)
        where T : GroupWeightOptions =>
        groups is null ? general : general with { GroupWeights = new SortedDictionary<string, RowWeights>(groups.ToDictionary(pair => pair.Key, pair => pair.Value.WeightsBeside(general)), StringComparer.Ordinal) };

    private RowWeights WeightsBeside(SnapTrainingSettings general)
    {
        var own = RowWeights.OfFitSnap(Eweight ?? 0, Fweight ?? 0, Vweight ?? 0);
        return new RowWeights(
            Eweight is null ? general.EnergyWeight : own.Energy,
            Fweight is null ? general.ForceWeight : own.Force,
            Vweight is null ? general.StressWeight : own.Stress);
    }
}

/// <summary>What a fit makes of one group of configurations.</summary>
public sealed record GroupOptions : GroupWeightOptions
{
    /// <summary>Test fraction.</summary>
    [Parameter("The part of the group that is held out of the fit; default: test_fraction of all.", Dimension = Dimension.Fraction, AtLeast = "0 %", AtMost = "100 %")]
    public Quantity? TestFraction { get; init; }
}
