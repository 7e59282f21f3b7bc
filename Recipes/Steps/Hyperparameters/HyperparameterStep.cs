using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>Searches the hyperparameters of SNAP by differential evolution on labelled frames; other steps take what it finds.</summary>
public sealed class HyperparameterStep : RecipeStep<HyperparameterOptions>
{
    private static readonly StepInput _frames = new("frames", "frames", "Labelled frames that an earlier step made") { Optional = true };
    private static readonly StepInput _test = new("test", "frames", "Labelled frames to test on that an earlier step made") { Optional = true };

    /// <inheritdoc/>
    public override string Kind => "hyperparameters";

    /// <inheritdoc/>
    public override string Summary => "Searches radii, weights and other settings of SNAP that give the smallest errors on frames not fitted";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [_frames, _test];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("hyperparameters", "hyperparameters", "The settings found, for uses: { hyperparameters: ... } of a fit or of active learning"),
        new("search", "search", "How the search went: errors before and after, generations, the settings as a recipe writes them"),
    ];

    /// <inheritdoc/>
    public override void Check(HyperparameterOptions options, StepCheck check)
    {
        foreach (var (key, given, input) in new[] { ("frames", options.Frames, _frames), ("test_frames", options.TestFrames, _test) })
        {
            if (given is not null && check.HasInput(input.Name))
            {
                check.Problem(key, $"{key} come from a file and from 'uses' at once", $"{key}: NAME, or uses: {{ {input.Name}: step.output }}");
            }
        }

        if (options.Frames is null && !check.HasInput(_frames.Name))
        {
            check.Problem("frames", "there are no frames to search on", "frames: NAME, or uses: { frames: step.output }");
        }

        if (options.Snap.CrossValidation is not null)
        {
            check.Problem("snap.cross_validation", "a search chooses the ridge by `vary`", "vary: { ridge: { from: 1e-12, to: 1e-4 } }");
        }

        CheckTypes(options, check);
    }

    /// <inheritdoc/>
    public override async Task RunAsync(HyperparameterOptions options, StepContext context, CancellationToken cancellation)
    {
        var testPath = options.TestFrames?.Path ?? (context.HasInput(_test.Name) ? context.Input(_test.Name).FilePath : null);
        var frames = SearchFrames.Read(options, options.Frames?.Path ?? context.Input(_frames.Name).FilePath, testPath);
        var search = new HyperparameterSearch(options, frames, context);
        var (values, record) = await search.RunAsync(cancellation).ConfigureAwait(false);
        StepJson.Write(Path.Combine(context.OutputFolder, "hyperparameters.json"), values);
        StepJson.Write(Path.Combine(context.OutputFolder, "search.json"), record);
        await File.WriteAllTextAsync(Path.Combine(context.OutputFolder, "snap.yaml"), record.Recipe, cancellation).ConfigureAwait(false);
        context.SetOutputFile("hyperparameters", "hyperparameters.json");
        context.SetOutputFile("search", "search.json");
    }

    /// <summary>What depends on the types; they are known from the file, or from the structure that frames to come are of.</summary>
    private static void CheckTypes(HyperparameterOptions options, StepCheck check)
    {
        IReadOnlyList<AtomType>? types = null;
        if (options.Frames is not null && !check.HasInput(_frames.Name))
        {
            try
            {
                var frames = SearchFrames.Read(options, options.Frames.Path, options.TestFrames?.Path);
                types = frames.Types;
                foreach (var group in options.Groups.Keys.Where(group => !frames.Frames.Any(frame => Structures.ConfigurationGroups.Of(frame) == group)))
                {
                    check.Problem($"groups.{group}", $"no configuration is in the group '{group}'", string.Join(", ", frames.Frames.Select(Structures.ConfigurationGroups.Of).OfType<string>().Distinct()));
                }
            }
            catch (MofException error)
            {
                check.Problem("frames", error);
            }
        }
        else if (check.Published<TypedStructure>(_frames.Name) is { } structure)
        {
            types = AtomTyping.Assign(structure.Graph).Types;
            options.Zbl?.Check("zbl", check, structure.Species());
        }

        if (types is not null)
        {
            options.Snap.Check("snap", check, types);
        }

        foreach (var (parameter, error) in SearchSpace.Problems(options.Vary, types))
        {
            check.Problem(parameter.Length == 0 ? "vary" : $"vary.{parameter}", error);
        }
    }
}
