using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// Fits a SNAP potential to configurations that are labelled already, with weights and test fractions by group. With FitSNAP's data,
/// weights and descriptor it gives FitSNAP's potential.
/// </summary>
public sealed class FitStep : RecipeStep<FitOptions>
{
    private const string Training = "training", HeldOut = "held-out";
    private static readonly StepInput _frames = new("frames", "frames", "Labelled frames that an earlier step made") { Optional = true };

    /// <inheritdoc/>
    public override string Kind => "fit";

    /// <inheritdoc/>
    public override string Summary => "Fits a SNAP potential to labelled configurations, with weights and test fractions by group";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [_frames, TunedHyperparameters.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("model", "model", "The model card of the potential, beside its snapcoeff, snapparam and snapgrades"),
        new("training", "frames", "The frames of the fit, extended XYZ"),
        new("held-out", "frames", "The frames held out of it, extended XYZ"),
        new("errors", "fit", "Errors by group, rank and condition, points of the parity plots"),
    ];

    /// <inheritdoc/>
    public override void Check(FitOptions options, StepCheck check)
    {
        if (options.Frames is null || check.HasInput(_frames.Name))
        {
            CheckUsed(options, check);
            return;
        }

        FitFrames frames;
        try
        {
            frames = FitFrames.Read(options, options.Frames.Path, forCheck: true);
        }
        catch (MofException error)
        {
            check.Problem("frames", error);
            return;
        }

        foreach (var group in options.Groups.Keys.Where(group => !frames.Groups.Contains(group)))
        {
            check.Problem($"groups.{group}", $"no configuration is in the group '{group}'", frames.Groups.Count == 0 ? "no groups: the frames name none" : "one of " + string.Join(", ", frames.Groups));
        }

        foreach (var name in options.EnergyOffsets.Keys.Where(name => !frames.Types.Any(type => type.Label == name || type.Symbol == name)))
        {
            check.Problem($"energy_offsets.{name}", $"there is an energy offset for '{name}', which no atom is", "one of " + string.Join(", ", frames.Types.Select(type => type.Label)));
        }

        CheckSnap(options, check, frames.Types);
        options.Zbl?.Check("zbl", check, frames.Species);
        options.D3?.Check("d3", check, frames.Species);
        try
        {
            _ = Split(options, frames, 1);
        }
        catch (MofException error)
        {
            check.Problem("test_fraction", error);
        }
    }

    /// <inheritdoc/>
    public override Task RunAsync(FitOptions options, StepContext context, CancellationToken cancellation) => Task.Run(() => Run(options with { Snap = TunedHyperparameters.Of(context, options.Snap) }, context, cancellation), cancellation);

    /// <summary>Frames of an earlier step are not there yet; what is known of them is their structure.</summary>
    private static void CheckUsed(FitOptions options, StepCheck check)
    {
        if (options.Frames is null != check.HasInput(_frames.Name))
        {
            check.Problem("frames", options.Frames is null ? "there are no frames to fit" : "frames come from a file and from 'uses' at once", "frames: NAME, or uses: { frames: step.output }");
        }

        if (check.Published<TypedStructure>(_frames.Name) is { } structure)
        {
            CheckSnap(options, check, AtomTyping.Assign(structure.Graph).Types);
            options.Zbl?.Check("zbl", check, structure.Species());
            options.D3?.Check("d3", check, structure.Species());
        }
    }

    private static void CheckSnap(FitOptions options, StepCheck check, IReadOnlyList<AtomType> types)
    {
        if (!TunedHyperparameters.Check(check, options.Snap))
        {
            options.Snap.Check("snap", check, types);
        }
    }

    private static HeldOutSplit Split(FitOptions options, FitFrames frames, int seed)
    {
        var split = HeldOutSplit.Of(frames.Frames, (ulong)seed, options.TestFractions, options.TestFraction.Value);
        return frames.TestFrames.Count == 0 ? split : split with { Test = [.. split.Test, .. frames.TestFrames] };
    }

    private static void Run(FitOptions options, StepContext context, CancellationToken cancellation)
    {
        var frames = FitFrames.Read(options, options.Frames?.Path ?? context.Input(_frames.Name).FilePath);
        var split = Split(options, frames, context.Seed("held-out"));
        if (options.Groups.Count > 0 && frames.Groups.Where(group => !options.Groups.ContainsKey(group)).ToArray() is { Length: > 0 } rest)
        {
            context.Warn($"groups without weights of their own, which have those of snap: {string.Join(", ", rest)}");
        }

        if (frames.ChangedFrames > 0)
        {
            context.Warn($"{frames.ChangedFrames} frames have bonds broken or made since the first one, which gave the types of their atoms");
        }

        var settings = options.Settings;
        var files = new PotentialFiles(options.PotentialName, options.Zbl?.CardFor(frames.Species), options.D3);
        using var baseline = new FitBaseline(options, frames.Species);
        using var trainer = new SnapTrainer(settings, frames.Types) { Threads = context.Cores };
        var fitted = baseline.Subtract(split.Training);
        SnapFit fit;
        using (var progress = context.Progress("fit", split.Training.Count))
        {
            fit = trainer.Fit(fitted, new FitProgress(progress), cancellation);
        }

        var model = TrainingGrades.Grade(fit.Model, split.Training, context.Cores, cancellation);
        files.WriteModel(context.OutputFolder, model, $"{options.PotentialName}: {options.Snap.Form} fitted to {split.Training.Count} configurations, {options.Method}");
        if (options.WriteMatrix)
        {
            DesignMatrixFiles.Write(context.OutputFolder, model, settings, fitted, cancellation);
        }

        var reference = new ReferenceMethod(options.Method, options.DispersionIncluded);
        var card = files.WriteCard(context.OutputFolder, frames.Species, one => one with { Reference = reference });

        // Judged as it will be used, by its files.
        var (training, heldOut) = Judge(card, split, settings);
        IReadOnlyList<ErrorReport> sets = heldOut is null ? [training[0]] : [training[0], heldOut[0]];
        card = files.WriteCard(context.OutputFolder, frames.Species, one => one with { Reference = reference, Errors = [.. sets.Select(report => LabelledErrors.RecordOf(report).OnCard(report.Set))], Provenance = new Provenance { Recipe = context.Name } });
        var condition = fit.Condition;
        foreach (var warning in fit.Warnings)
        {
            context.Warn(warning);
        }

        var errors = GroupErrors.Of(Training, training).Concat(heldOut is null ? [] : GroupErrors.Of(HeldOut, heldOut)).ToList();
        var grades = GradeRecord.Of(FittedPotential.FromCard(card, FitSummary.None), split.Test);
        var record = new FitRecord(condition.Rank, condition.Columns, condition.Rows, condition.RegularizedConditionNumber, errors, Parity.Of(training[0]), heldOut is null ? null : Parity.Of(heldOut[0]), grades) { RidgeCurve = fit.RidgeCurve };
        WriteOutputs(context, card, split, record);
        Report(options, context, sets[^1]);
    }

    private static (IReadOnlyList<ErrorReport> Training, IReadOnlyList<ErrorReport>? HeldOut) Judge(string card, HeldOutSplit split, SnapTrainingSettings settings)
    {
        using var potential = PotentialLoader.Load(card);
        return (
            ErrorReport.EvaluateGroups(Training, potential, split.Training, settings),
            split.Test.Count == 0 ? null : ErrorReport.EvaluateGroups(HeldOut, potential, split.Test, settings));
    }

    private static void WriteOutputs(StepContext context, string card, HeldOutSplit split, FitRecord record)
    {
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, "training.extxyz"), split.Training);
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, "held-out.extxyz"), split.Test);
        StepJson.Write(Path.Combine(context.OutputFolder, "errors.json"), record);
        context.SetOutputFile("model", card);
        context.SetOutputFile("training", "training.extxyz");
        context.SetOutputFile("held-out", "held-out.extxyz");
        context.SetOutputFile("errors", "errors.json");
    }

    private static void Report(FitOptions options, StepContext context, ErrorReport judged)
    {
        context.Say(string.Create(CultureInfo.InvariantCulture, $"{judged.Configurations} {judged.Set} frames: {judged.Energy.RootMeanSquare:0.00} meV/atom, {judged.Force.RootMeanSquare:0} meV/Å, {judged.Stress.RootMeanSquare:0} MPa (RMSE)"));
        LabelledErrors.RecordOf(judged).Judge(context, judged.Set, options.EnergyGoal, options.ForceGoal, options.StressGoal);
    }
}
