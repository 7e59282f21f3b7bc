using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// Temperature-driven active learning (A. Sharma and S. Sanvito, SNAP-AL, figure 4): random distortions of the crystal are
/// selected and labelled and give the first potential; with it many short runs at rising temperature are made, at most one new
/// frame of each is labelled, and the potential is fitted again.
/// </summary>
/// <param name="services">Starts programs.</param>
public sealed class ActiveLearningStep(StepServices services) : RecipeStep<ActiveLearningOptions>
{
    private static readonly StepInput _initial = new("initial", "frames", "Labelled frames of the structure that the training set begins with") { Optional = true };

    /// <inheritdoc/>
    public override string Kind => "active-learning";

    /// <inheritdoc/>
    public override string Summary => "Trains a SNAP potential by molecular dynamics at rising temperature and reference calculations of what is new";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, _initial, TunedHyperparameters.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("model", "model", "The model card of the potential, beside its snapcoeff, snapparam and snapgrades"),
        new("training", "frames", "All labelled frames, extended XYZ"),
        new("test", "frames", "Labelled frames of the growing test set, never trained on, extended XYZ; empty without `test_fraction`"),
        new("history", "history", "What each generation did"),
        new("parity", "parity", "Points of the parity plots of the training set"),
    ];

    /// <inheritdoc/>
    public override void Check(ActiveLearningOptions options, StepCheck check)
    {
        ReferencePrograms.Check(options.Reference, "reference", check, check.Published<TypedStructure>(StructureStep.Input.Name));
        if (options.Selection.Method == SelectionMethod.Random)
        {
            check.Problem("selection.method", "active learning cannot choose at random", "cbad, farthest-point, extrapolation-grade, committee or stretched-bonds");
        }

        if (options.Selection.Method == SelectionMethod.StretchedBonds && options.Generations.FirstOrDefault(one => one.Stretch <= options.Selection.Stretched) is { } tight)
        {
            check.Problem(
                "selection.stretched",
                string.Create(CultureInfo.InvariantCulture, $"frames with a bond beyond {options.Selection.Stretched:0.###} lengths are wanted, and a generation keeps none beyond {tight.Stretch:0.###}"),
                "less than `stretch` of every generation");
        }

        options.Snap.CheckGrades("selection.method", check, options.Selection.WatchedGrade is not null);
        foreach (var (key, criteria) in (IEnumerable<(string, CriteriaOptions?)>)[("stop.when", options.Stop?.When), ("repeat.until", options.Repeat?.Until)])
        {
            if (criteria is { IsEmpty: true })
            {
                check.Problem(key, "no criterion is given, so it would always hold", "one or more of energy_error, force_error, stress_error, new_bins, intact_runs, cell_drift");
            }
        }

        if (check.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            if (!TunedHyperparameters.Check(check, options.Snap))
            {
                options.Snap.Check("snap", check, structure);
            }

            options.Zbl?.Check("zbl", check, structure.Species());
            check.Publish("training", structure);
        }

        if (options.Groups is not null && !check.HasInput(_initial.Name))
        {
            check.Problem("groups", "there are no groups: frames of molecular dynamics are in none", "groups of frames that uses: { initial: step.training } gives");
        }

        if (options.Initial.Copies == 0 && !check.HasInput(_initial.Name))
        {
            check.Problem("initial.copies", "there is nothing to begin with: no distorted copies and no frames", "copies, or uses: { initial: step.training }");
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(ActiveLearningOptions options, StepDecks decks)
    {
        if (decks.Published<TypedStructure>(StructureStep.Input.Name) is not { } structure)
        {
            return;
        }

        // The first configurations of the run itself: the seeds are the same.
        AtomicConfiguration First(DistortionOptions distortion, string purpose) => distortion.Distortion.Apply(structure.Configuration, new DeterministicRandom((ulong)decks.Seed($"{purpose}/0")));
        ReferencePrograms.WriteDeck(options.Reference, options.Initial.Copies > 0 ? First(options.Initial.Distortion, "copy") : structure.Configuration, decks, "reference");
        for (var generation = 1; generation <= options.Generations.Count; generation++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"generation-{generation:00}");
            var plan = DynamicsRuns.Planned(name, 0, options.Generations[generation - 1], First(options.Start, name + "/start"));
            DynamicsRuns.WriteDeck(plan, structure, $"{options.PotentialName}.mof.yaml", options.Dynamics, decks);
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(ActiveLearningOptions options, StepContext context, CancellationToken cancellation)
    {
        options = options with { Snap = TunedHyperparameters.Of(context, options.Snap) };
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        await using var labels = await ReferencePrograms.LabelsAsync(options.Reference, services, context, structure.Elements, cancellation).ConfigureAwait(false);
        using var loop = new LearningLoop(options, structure, labels, new DynamicsRuns(services, context, structure, options.Dynamics), context);
        if (context.HasInput(_initial.Name))
        {
            loop.BeginWith(InitialFrames.Read(context.Input(_initial.Name).FilePath, structure));
        }

        await loop.RunAsync(cancellation).ConfigureAwait(false);

        var model = loop.WriteModel(context.OutputFolder);
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, "training.extxyz"), loop.Training);
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, "test.extxyz"), loop.Test);
        context.SetOutputFile("test", "test.extxyz");
        StepJson.Write(Path.Combine(context.OutputFolder, "history.json"), loop.History);
        StepJson.Write(Path.Combine(context.OutputFolder, "parity.json"), loop.TrainingParity());
        context.SetOutputFile("model", model);
        context.SetOutputFile("training", "training.extxyz");
        context.SetOutputFile("history", "history.json");
        context.SetOutputFile("parity", "parity.json");
    }
}
