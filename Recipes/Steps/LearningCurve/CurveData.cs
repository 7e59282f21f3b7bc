using MofInterop.Learning;
using MofInterop.Potentials.Snap;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>What the points of learning curves are made from: labelled frames, test frames, the model to fit. Dispose of it.</summary>
internal sealed class CurveData : IDisposable
{
    private readonly LearningCurveOptions _options;
    private readonly IReadOnlyList<AtomicConfiguration> _fitted;
    private readonly IReadOnlyList<AtomicConfiguration> _test;
    private readonly LabelBaseline? _baseline;

    public CurveData(LearningCurveOptions options, TypedStructure structure, IReadOnlyList<AtomicConfiguration> frames, IReadOnlyList<AtomicConfiguration> test, int cores)
    {
        _options = options;
        Structure = structure;
        Frames = frames;
        Cores = cores;
        Types = AtomTyping.Assign(structure.Graph).Types;
        _baseline = options.Zbl?.BaselineFor(structure.Species());

        // What SNAP is fitted to and judged on are the labels less the repulsion: the errors are those of the sum.
        _fitted = _baseline?.Subtract(frames) ?? frames;
        _test = _baseline?.Subtract(test) ?? test;
    }

    public TypedStructure Structure { get; }

    public IReadOnlyList<AtomicConfiguration> Frames { get; }

    public IReadOnlyList<AtomType> Types { get; }

    public int Cores { get; }

    public SnapTrainingSettings Settings => _options.Snap.Settings;

    /// <summary>The model before a fit.</summary>
    public SnapModel EmptyModel => Settings.CreateModel(Types);

    /// <summary>Chosen frames, less the repulsion.</summary>
    public IReadOnlyList<AtomicConfiguration> Fitted(IEnumerable<int> chosen) => [.. chosen.Select(place => _fitted[place])];

    /// <summary>Fits the chosen frames in order of their places, so that a set gives the same bits however it was come by.</summary>
    public (SnapModel Model, LearningCurvePoint Point) Fit(SelectionMethod method, double? factor, IReadOnlyList<int> chosen, CancellationToken cancellation)
    {
        var training = Fitted(chosen.Order());
        using var trainer = new SnapTrainer(Settings, Types) { Threads = Cores };
        var model = trainer.Fit(training, null, cancellation).Model;
        using var potential = new SnapPotential(model);
        return (model, new LearningCurvePoint(
            method, factor, chosen.Count, LabelledErrors.RecordOf(ErrorReport.Evaluate("test", potential, _test)), LabelledErrors.RecordOf(ErrorReport.Evaluate("training", potential, training)), chosen));
    }

    /// <inheritdoc/>
    public void Dispose() => _baseline?.Dispose();
}
