using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Parameters of <see cref="TestRampStep"/>.</summary>
public sealed record TestRampOptions
{
    /// <summary>Reference.</summary>
    [Parameter("How the frames are labelled; the same as in training.")]
    public ReferenceOptions Reference { get; init; } = new();

    /// <summary>Start.</summary>
    [Parameter("Temperature at the start of the ramp.", Dimension = Dimension.Temperature, Above = "0 K")]
    public Quantity From { get; init; } = Quantity.Parse("10 K");

    /// <summary>End.</summary>
    [Parameter("Temperature at its end.", Dimension = Dimension.Temperature, Above = "0 K")]
    public required Quantity To { get; init; }

    /// <summary>Steps.</summary>
    [Parameter("Steps of the ramp.", AtLeast = 1)]
    public required int Steps { get; init; }

    /// <summary>Time step.</summary>
    [Parameter("Time step.", Dimension = Dimension.Time, Above = "0 fs")]
    public Quantity TimeStep { get; init; } = Quantity.Parse("0.5 fs");

    /// <summary>Frames.</summary>
    [Parameter("How many frames, evenly spaced along the ramp, are labelled.", AtLeast = 2)]
    public required int Frames { get; init; }

    /// <summary>Stretch.</summary>
    [Parameter("A frame is tested while no bond is more than so many times as long as at the start.", AtLeast = IntegritySettings.DefaultMaximumFactor)]
    public double Stretch { get; init; } = IntegritySettings.DefaultMaximumFactor;

    /// <summary>Recovery.</summary>
    [Parameter("A bond longer than 1.4 times its length is broken, and ends the ramp, unless it comes back within this time; 0: at once.", Dimension = Dimension.Time, AtLeast = "0 fs")]
    public Quantity Recovery { get; init; } = Quantity.Parse("0 fs");

    /// <summary>Dynamics.</summary>
    [Parameter("Settings of the molecular dynamics.")]
    public DynamicsOptions Dynamics { get; init; } = new();

    /// <summary>Energy goal.</summary>
    [Parameter("The energy RMSE must not exceed this.", Dimension = Dimension.EnergyPerAtom, Above = "0 meV/atom")]
    public Quantity? EnergyGoal { get; init; }

    /// <summary>Force goal.</summary>
    [Parameter("The force RMSE must not exceed this.", Dimension = Dimension.Force, Above = "0 meV/angstrom")]
    public Quantity? ForceGoal { get; init; }
}

/// <summary>
/// Tests a potential on frames that it was never trained on: molecular dynamics along a temperature ramp, frames labelled by
/// the reference.
/// </summary>
/// <param name="services">Starts programs.</param>
public sealed class TestRampStep(StepServices services) : RecipeStep<TestRampOptions>
{
    private const string Set = "held-out";

    /// <inheritdoc/>
    public override string Kind => "test-ramp";

    /// <inheritdoc/>
    public override string Summary => "Tests a potential on labelled frames of a temperature ramp that it was never trained on";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, TrainedPotential.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("frames", "frames", "The labelled frames, extended XYZ"),
        new("errors", "errors", "Errors and the points of the parity plots"),
    ];

    /// <inheritdoc/>
    public override void Check(TestRampOptions options, StepCheck check)
    {
        ReferencePrograms.Check(options.Reference, "reference", check, check.Published<TypedStructure>(StructureStep.Input.Name));
        PotentialFacts.CheckAtoms(check);
    }

    /// <inheritdoc/>
    public override void WriteDecks(TestRampOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            DynamicsRuns.WriteDeck(Plan(options, structure), options.Dynamics, decks);
            ReferencePrograms.WriteDeck(options.Reference, structure.Configuration, decks, "reference");
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(TestRampOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var potential = TrainedPotential.Read(context.Input(TrainedPotential.Input.Name));
        await using var labels = await ReferencePrograms.LabelsAsync(options.Reference, services, context, structure.Elements, cancellation).ConfigureAwait(false);
        var runs = await new DynamicsRuns(services, context, structure, options.Dynamics).RunAsync("temperature ramp", [Plan(options, structure)], potential, cancellation).ConfigureAwait(false);
        var run = runs[0];
        if (!run.Record.Intact)
        {
            context.Warn($"the ramp did not stay intact: {run.Record.Problem}; its frames before that are used");
        }

        // The first frame is the start itself, which says nothing about the ramp.
        var frames = run.KeptFrames().Frames.Skip(1).Take(options.Frames).ToArray();
        var records = await labels.LabelAsync("labels of the test frames", frames, cancellation).ConfigureAwait(false);
        var labelled = frames.Zip(records).Where(pair => pair.Second.Label is not null).Select(pair => pair.First.With(pair.Second.Label)).ToArray();
        var (errors, report) = await ErrorsAsync(context, potential, labelled, cancellation).ConfigureAwait(false);
        Report(options, context, labelled, new TestRecord(errors, Parity.Of(report), run.Record, (potential as FittedPotential) is { } fitted ? GradeRecord.Of(fitted, [.. labelled.Select(fitted.Label)]) : null));
    }

    internal static PlannedRun Plan(TestRampOptions options, TypedStructure structure) =>
        new("ramp", structure.Configuration, options.From.Value, options.To.Value, options.Steps, options.TimeStep.Value, Math.Max(1, options.Steps / options.Frames))
        {
            Stretch = options.Stretch,
            Recovery = options.Recovery.Value,
        };

    private async Task<(ErrorRecord Errors, ErrorReport Report)> ErrorsAsync(StepContext context, SimulationPotential potential, AtomicConfiguration[] labelled, CancellationToken cancellation)
    {
        if (potential is FittedPotential fitted)
        {
            return LabelledErrors.Of(fitted, Set, [.. labelled.Select(fitted.Label)]);
        }

        var predictions = await new LammpsEvaluations(services, context).EvaluateAsync("errors of the potential", potential, labelled, cancellation).ConfigureAwait(false);
        var report = ErrorReport.Compare(Set, labelled, predictions);
        return (LabelledErrors.RecordOf(report), report);
    }

    private static void Report(TestRampOptions options, StepContext context, AtomicConfiguration[] labelled, TestRecord test)
    {
        var record = test.Errors;
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, "frames.extxyz"), labelled);
        StepJson.Write(Path.Combine(context.OutputFolder, "errors.json"), test);
        context.SetOutputFile("frames", "frames.extxyz");
        context.SetOutputFile("errors", "errors.json");
        context.Say(string.Create(CultureInfo.InvariantCulture, $"{record.Frames} held-out frames: {record.EnergyRmse:0.00} meV/atom, {record.ForceRmse:0} meV/Å, {record.StressRmse:0} MPa (RMSE)"));
        record.Judge(context, Set, options.EnergyGoal, options.ForceGoal, fewest: 2);
    }
}

/// <summary>What a test found.</summary>
/// <param name="Errors">Errors.</param>
/// <param name="Parity">Points of the parity plots.</param>
/// <param name="Ramp">The run that the frames come from.</param>
/// <param name="Grades">How far their atoms lie from the training set, by type; null where that is not known.</param>
public sealed record TestRecord(ErrorRecord Errors, Parity Parity, DynamicsRecord Ramp, IReadOnlyList<GradeRecord>? Grades = null);

/// <summary>Reference against prediction.</summary>
/// <param name="Energy">eV/atom, relative to the set's mean.</param>
/// <param name="Force">eV/Å.</param>
/// <param name="Stress">MPa.</param>
public sealed record Parity(ParityPoints Energy, ParityPoints Force, ParityPoints Stress)
{
    /// <summary>Of an error report.</summary>
    internal static Parity Of(ErrorReport report) => new(ParityPoints.Of(report.Energy), ParityPoints.Of(report.Force), ParityPoints.Of(report.Stress));
}

/// <summary>Points of a parity plot.</summary>
/// <param name="Reference">By the reference method.</param>
/// <param name="Predicted">By the potential.</param>
/// <param name="Count">Values that the points are drawn from; null: the points are all of them.</param>
/// <param name="Rmse">Error of all values in the unit of errors; null: that of the points.</param>
public sealed record ParityPoints(IReadOnlyList<double> Reference, IReadOnlyList<double> Predicted, int? Count = null, double? Rmse = null)
{
    internal static ParityPoints Of(QuantityErrors errors) => new(errors.Reference, errors.Predicted, errors.Count, errors.RootMeanSquare);
}
