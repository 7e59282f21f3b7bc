using MofInterop.Engine;

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

    /// <summary>Repulsion.</summary>
    [Parameter("A ZBL repulsion of nuclei that is taken from the labels before the fit and becomes part of the potential; left out: none.")]
    public ZblOptions? Zbl { get; init; }
}
