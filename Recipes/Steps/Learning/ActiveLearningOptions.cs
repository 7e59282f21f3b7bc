using MofInterop.Engine;
using MofInterop.Learning;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="ActiveLearningStep"/>.</summary>
public sealed record ActiveLearningOptions
{
    /// <summary>Name of the potential.</summary>
    [Parameter("File name of the potential, without ending.")]
    public string PotentialName { get; init; } = "potential";

    /// <summary>Reference.</summary>
    [Parameter("How labels are computed.")]
    public ReferenceOptions Reference { get; init; } = new();

    /// <summary>Generation 0.</summary>
    [Parameter("Generation 0: random distortions of the structure.")]
    public InitialOptions Initial { get; init; } = new();

    /// <summary>Generations.</summary>
    [Parameter("Molecular dynamics that explores, generation by generation.", MinimumCount = 1)]
    public required IReadOnlyList<GenerationOptions> Generations { get; init; }

    /// <summary>Stop.</summary>
    [Parameter("Ends the loop before its last generation; left out: all generations are made.")]
    public StopOptions? Stop { get; init; }

    /// <summary>Repeat.</summary>
    [Parameter("Repeats a temperature until its runs are good enough; left out: each generation is made once.")]
    public RepeatOptions? Repeat { get; init; }

    /// <summary>Test fraction.</summary>
    [Parameter("This part of the labels of every generation never joins the fit and makes a growing test set.", Dimension = Dimension.Fraction, AtLeast = "0 %", AtMost = "50 %")]
    public Quantity TestFraction { get; init; } = Quantity.Parse("0 %");

    /// <summary>Closing.</summary>
    [Parameter("Closes a generation when enough of its labels are there; the others join the next one. Left out: all are waited for.")]
    public ClosingOptions? CloseLabels { get; init; }

    /// <summary>Starts of runs.</summary>
    [Parameter("How the start of each run is distorted.")]
    public DistortionOptions Start { get; init; } = new() { Strain = Quantity.Parse("0 %") };

    /// <summary>Dynamics.</summary>
    [Parameter("Settings of all molecular dynamics of this step.")]
    public DynamicsOptions Dynamics { get; init; } = new();

    /// <summary>Selection.</summary>
    [Parameter("How frames are selected.")]
    public SelectionOptions Selection { get; init; } = new();

    /// <summary>Model.</summary>
    [Parameter("The SNAP model and its fit.")]
    public SnapOptions Snap { get; init; } = new();

    /// <summary>Groups.</summary>
    [Parameter("Weights of groups of the frames that uses: { initial: ... } gives, by name (group=... on their comment lines), as in a fit; left out: all frames have those of snap.")]
    public IReadOnlyDictionary<string, GroupWeightOptions>? Groups { get; init; }

    /// <summary>Repulsion.</summary>
    [Parameter("A ZBL repulsion of nuclei that is taken from the labels before the fit and becomes part of the potential; left out: none.")]
    public ZblOptions? Zbl { get; init; }

    /// <summary>The fit as Learning takes it.</summary>
    internal SnapTrainingSettings FitSettings => GroupWeightOptions.Weigh(Snap.Settings, Groups);
}
