using System.Globalization;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// Makes a training set of frames that exist already: of molecular dynamics by any program, or of a data set. Atoms are matched with the structure, frames selected as in active
/// learning, and labelled by the reference unless the files have labels.
/// </summary>
/// <param name="services">Starts programs.</param>
public sealed class TrajectoryStep(StepServices services) : RecipeStep<TrajectoryOptions>
{
    private const string ChosenFile = "chosen.extxyz", RecordFile = "selection.json";
    private static readonly StepInput _frames = new("frames", "frames", "Frames that an earlier step made") { Optional = true };

    /// <inheritdoc/>
    public override string Kind => "trajectory";

    /// <inheritdoc/>
    public override string Summary => "Selects frames of existing trajectories and data sets and labels them";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, _frames];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("training", "frames", "The labelled frames, extended XYZ"),
        new("selection", "selection", "Which frames joined, and why"),
    ];

    /// <inheritdoc/>
    public override void Check(TrajectoryOptions options, StepCheck check)
    {
        var structure = check.Published<TypedStructure>(StructureStep.Input.Name);
        if (structure is not null)
        {
            check.Publish("training", structure);
        }

        if (options.Files.Count == 0 && !check.HasInput(_frames.Name))
        {
            check.Problem("files", "there are no frames", "files: [NAME], or uses: { frames: step.output }");
        }

        FileFrames.CheckRange(string.Empty, options.From, options.To, check);

        if (options.Labels != LabelSource.Keep)
        {
            ReferencePrograms.Check(options.Reference, "reference", check, structure);
        }

        for (var k = 0; k < options.Files.Count; k++)
        {
            CheckFile(options, structure, options.Files[k], $"files[{k + 1}]", check);
        }
    }

    /// <inheritdoc/>
    public override void WriteDecks(TrajectoryOptions options, StepDecks decks)
    {
        if (options.Labels == LabelSource.Keep || decks.Published<TypedStructure>(StructureStep.Input.Name) is not { } structure)
        {
            return;
        }

        // Frames of an earlier step are not there yet; the structure stands for them.
        var first = options.Files.Select(file => new TrajectoryFiles(options, structure.Configuration, options.LabelFormat).Read(file.Path, null).Skip(options.From - 1).FirstOrDefault()).FirstOrDefault();
        var matched = first is null ? null : AtomMatching.Find(structure.Configuration, structure.Graph, first, out _)?.Apply(first);
        ReferencePrograms.WriteDeck(options.Reference, matched ?? structure.Configuration, decks, "reference");
    }

    /// <inheritdoc/>
    public override async Task RunAsync(TrajectoryOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var sources = options.Files.Select(file => (file.Written, file.Path)).ToList();
        if (context.HasInput(_frames.Name))
        {
            sources.Add(("frames", context.Input(_frames.Name).FilePath));
        }

        var folder = await context.OnceAsync("selection", "1", (temporary, token) => Task.Run(() => Choose(options, structure, context, sources, temporary, token), token), cancellation).ConfigureAwait(false);
        AtomicConfiguration[] chosen = [.. ExtendedXyz.Read(Path.Combine(folder, ChosenFile))];
        var record = StepJson.Read<TrajectoryRecord>(Path.Combine(folder, RecordFile));
        foreach (var note in record.Notes)
        {
            context.Warn(note);
        }

        foreach (var choice in record.Selected)
        {
            choice.Journal(context);
        }

        if (chosen.Length == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "no frame joined", context.Name, "frames in the asked range, with labels where labels: keep", "Look at from, to, every and labels.");
        }

        var labelled = await LabelAsync(options, context, chosen, cancellation).ConfigureAwait(false);
        var kept = options.Labels == LabelSource.Compute ? 0 : chosen.Count(frame => frame.Label is not null);
        record = record with { Kept = kept, Computed = labelled.Count - kept, SetAside = chosen.Length - labelled.Count };
        ExtendedXyz.Write(Path.Combine(context.OutputFolder, "training.extxyz"), labelled);
        StepJson.Write(Path.Combine(context.OutputFolder, RecordFile), record);
        context.SetOutputFile("training", "training.extxyz");
        context.SetOutputFile("selection", RecordFile);
        context.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{labelled.Count} frames of {record.Files.Sum(file => file.Candidates)} candidates joined; {record.Kept} labels were in the files, {record.Computed} were computed"));
    }

    /// <summary>Looks at the first frame: a file of another material, format or cell is refused before anything runs.</summary>
    private static void CheckFile(TrajectoryOptions options, TypedStructure? structure, InputData file, string parameter, StepCheck check)
    {
        try
        {
            var first = new TrajectoryFiles(options, structure?.Configuration, options.LabelFormat).Read(file.Path, _ => { }).FirstOrDefault();
            if (first is null)
            {
                check.Problem(parameter, $"'{file.Written}' holds no whole frame");
            }
            else if (structure is not null && AtomMatching.Obstacle(structure.Configuration, first) is { } obstacle)
            {
                check.Problem(parameter, $"'{file.Written}' does not fit the structure: {obstacle}", "frames of the structure's atoms in its cell");
            }
        }
        catch (MofException error)
        {
            check.Problem(parameter, error);
        }
    }

    private static void Choose(TrajectoryOptions options, TypedStructure structure, StepContext context, List<(string Name, string Path)> sources, string folder, CancellationToken cancellation)
    {
        var record = new TrajectoryFrames(options, structure, context).Select(sources, Path.Combine(folder, ChosenFile), cancellation);
        StepJson.Write(Path.Combine(folder, RecordFile), record);
    }

    private async Task<IReadOnlyList<AtomicConfiguration>> LabelAsync(TrajectoryOptions options, StepContext context, AtomicConfiguration[] chosen, CancellationToken cancellation)
    {
        var open = Enumerable.Range(0, chosen.Length).Where(place => chosen[place].Label is null).ToArray();
        if (open.Length == 0)
        {
            return chosen;
        }

        if (open.Length < chosen.Length)
        {
            context.Warn($"{chosen.Length - open.Length} labels are those of the files and {open.Length} are computed: they are of use together only if the method is the same");
        }

        await using var labels = await ReferencePrograms.LabelsAsync(options.Reference, services, context, [.. chosen[0].Symbols.Distinct()], cancellation).ConfigureAwait(false);
        var records = await labels.LabelAsync("labels of the trajectory's frames", [.. open.Select(place => chosen[place])], cancellation).ConfigureAwait(false);
        foreach (var (place, record) in open.Zip(records))
        {
            chosen[place] = chosen[place].With(record.Label);
        }

        AtomicConfiguration[] labelled = [.. chosen.Where(frame => frame.Label is not null)];
        return labelled.Length > 0
            ? labelled
            : throw new MofException(ErrorKind.ToolFailure, "no frame could be labelled", context.Name, remedy: $"The first reason: {records[0].Failure}");
    }
}
