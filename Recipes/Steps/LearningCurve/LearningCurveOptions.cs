using MofInterop.Engine;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="LearningCurveStep"/>.</summary>
public sealed record LearningCurveOptions
{
    /// <summary>Frames.</summary>
    [Parameter("The labelled frames to choose from, where `uses: { training: ... }` gives none: extended XYZ, or FitSNAP's files.")]
    public InputData? Frames { get; init; }

    /// <summary>Test.</summary>
    [Parameter("The labelled frames that errors are measured on, never trained on, where `uses: { test: ... }` gives none.")]
    public InputData? TestFrames { get; init; }

    /// <summary>Methods.</summary>
    [Parameter("The methods to compare, a line each: cbad, farthest-point, extrapolation-grade, committee, random.", MinimumCount = 1)]
    public IReadOnlyList<SelectionMethod> Methods { get; init; } = [SelectionMethod.Cbad];

    /// <summary>Resolutions.</summary>
    [Parameter("CBAD: the widths of all bins are those of `selection` times each of these.", MinimumCount = 1, Above = 0)]
    public IReadOnlyList<double> ResolutionFactors { get; init; } = [12, 8, 6, 4, 3, 2, 1.5, 1];

    /// <summary>Sizes.</summary>
    [Parameter("Other methods: numbers of frames to train on; left out: the numbers that CBAD chooses.", AtLeast = 2)]
    public IReadOnlyList<int>? Sizes { get; init; }

    /// <summary>Selection.</summary>
    [Parameter("CBAD: widths of bins at factor 1; committee: members. `methods` says what is compared, not `method` here.")]
    public SelectionOptions Selection { get; init; } = new();

    /// <summary>Model.</summary>
    [Parameter("The SNAP model and its fit.")]
    public SnapOptions Snap { get; init; } = new();

    /// <summary>Repulsion.</summary>
    [Parameter("A ZBL repulsion of nuclei that is taken from all labels first; left out: none.")]
    public ZblOptions? Zbl { get; init; }
}

/// <summary>A point of a learning curve.</summary>
/// <param name="Method">How the frames were chosen.</param>
/// <param name="ResolutionFactor">CBAD: of the widths of bins; null for other methods.</param>
/// <param name="Frames">How many were trained on.</param>
/// <param name="Errors">On the test frames.</param>
/// <param name="TrainingErrors">On the chosen frames.</param>
/// <param name="Chosen">Their places in the data, from 0, in the order in which they were chosen.</param>
public sealed record LearningCurvePoint(SelectionMethod Method, double? ResolutionFactor, int Frames, ErrorRecord Errors, ErrorRecord TrainingErrors, IReadOnlyList<int> Chosen);
