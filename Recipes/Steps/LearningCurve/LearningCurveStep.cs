using System.Globalization;
using System.Text;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>
/// Errors against the number of frames trained on, on labels that exist already: CBAD at several resolutions (A. Sharma and S. Sanvito, SNAP-AL) and
/// other methods of selection on the same frames.
/// </summary>
public sealed class LearningCurveStep : RecipeStep<LearningCurveOptions>
{
    private const string PointsFile = "points.json";

    private static readonly StepInput _training = new("training", "frames", "The labelled frames to choose from") { Optional = true };
    private static readonly StepInput _test = new("test", "frames", "The labelled frames that errors are measured on") { Optional = true };

    /// <inheritdoc/>
    public override string Kind => "learning-curve";

    /// <inheritdoc/>
    public override string Summary => "Draws errors against the number of frames trained on, for one or several methods of selection";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, _training, _test, TunedHyperparameters.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("curve", "curve", "The points: method, frames chosen, errors"),
        new("table", "table", "The same as comma-separated values, without the frames"),
    ];

    /// <inheritdoc/>
    public override void Check(LearningCurveOptions options, StepCheck check)
    {
        if (check.Published<TypedStructure>(StructureStep.Input.Name) is { } structure)
        {
            if (!TunedHyperparameters.Check(check, options.Snap))
            {
                options.Snap.Check("snap", check, structure);
            }

            options.Zbl?.Check("zbl", check, structure.Species());
        }

        options.Snap.CheckGrades("methods", check, options.Methods.Contains(SelectionMethod.ExtrapolationGrade));
        if (options.Sizes is null && !options.Methods.Contains(SelectionMethod.Cbad))
        {
            check.Problem("methods", "without cbad, which chooses its numbers of frames itself, `sizes` are needed", "sizes: [50, 100, 200]");
        }

        if (options.Methods.Contains(SelectionMethod.StretchedBonds))
        {
            check.Problem("methods", "stretched-bonds chooses from runs, not from a data set", "cbad, farthest-point, extrapolation-grade, committee or random");
        }

        if (options.Methods.Distinct().Count() != options.Methods.Count)
        {
            check.Problem("methods", "a method is named twice", "each once");
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(LearningCurveOptions options, StepContext context, CancellationToken cancellation)
    {
        options = options with { Snap = TunedHyperparameters.Of(context, options.Snap) };
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var frames = Read(options.Frames, "frames", _training, context, structure);
        var test = Read(options.TestFrames, "test_frames", _test, context, structure);
        using var data = new CurveData(options, structure, frames, test, context.Cores);
        var points = new List<LearningCurvePoint>();

        // CBAD first: it may give the numbers of frames for the others.
        using var progress = context.Progress("learning curves", options.Methods.Count);
        foreach (var method in options.Methods.OrderBy(method => method != SelectionMethod.Cbad))
        {
            var sizes = SizesFor(options, points, frames.Length);
            var folder = await context.OnceAsync(
                RecipeWords.Of(method), string.Join(' ', sizes), (temporary, token) => Task.Run(() => StepJson.Write(Path.Combine(temporary, PointsFile), Curve(method, options, data, sizes, context, token)), token), cancellation).ConfigureAwait(false);
            points.AddRange(StepJson.Read<LearningCurvePoint[]>(Path.Combine(folder, PointsFile)));
            progress.Advance();
            var last = points[^1];
            context.Say(string.Create(CultureInfo.InvariantCulture, $"{RecipeWords.Of(method)}: {last.Frames} frames give {last.Errors.EnergyRmse:0.00} meV/atom, {last.Errors.ForceRmse:0} meV/Å, {last.Errors.StressRmse:0} MPa on {test.Length} test frames"));
        }

        StepJson.Write(Path.Combine(context.OutputFolder, "curve.json"), points);
        await File.WriteAllTextAsync(Path.Combine(context.OutputFolder, "curve.csv"), Table(points), cancellation).ConfigureAwait(false);
        context.SetOutputFile("curve", "curve.json");
        context.SetOutputFile("table", "curve.csv");
    }

    private static AtomicConfiguration[] Read(InputData? given, string key, StepInput input, StepContext context, TypedStructure structure)
    {
        var path = given?.Path ?? (context.HasInput(input.Name) ? context.Input(input.Name).FilePath : null)
            ?? throw new MofException(ErrorKind.InvalidArgument, $"the learning curve has no {key}", context.Name, $"labelled frames: a file under `{key}`, or `uses: {{ {input.Name}: ... }}`");
        var types = structure.Configuration.Types!;
        AtomicConfiguration[] frames = [.. LabelledFrames.Read(path).Select(frame => frame.Types is null && frame.Count == types.Count ? frame.With(types) : frame)];
        return frames.Length > 1
            ? frames
            : throw new MofException(ErrorKind.FileFormat, $"there are {frames.Length} labelled frames", path, "two or more");
    }

    private static int[] SizesFor(LearningCurveOptions options, List<LearningCurvePoint> points, int most) =>
        [.. (options.Sizes ?? points.Where(point => point.Method == SelectionMethod.Cbad).Select(point => point.Frames)).Where(size => size <= most).Distinct().Order()];

    private static LearningCurvePoint[] Curve(SelectionMethod method, LearningCurveOptions options, CurveData data, int[] sizes, StepContext context, CancellationToken cancellation)
    {
        if (method == SelectionMethod.Cbad)
        {
            // Two resolutions that choose the same number choose nearly the same frames: the coarser one stands for both.
            var chosen = options.ResolutionFactors.OrderDescending().Select(factor => (Factor: factor, Places: CurveSelections.Cbad(data, options.Selection.Resolutions.Times(factor))));
            return [.. chosen.DistinctBy(one => one.Places.Count).Where(one => one.Places.Count > 1).Select(one => data.Fit(method, one.Factor, one.Places, cancellation).Point)];
        }

        var order = method == SelectionMethod.FarthestPoint ? CurveSelections.FarthestPoint(data, cancellation) : CurveSelections.Random(data, context.Seed("random order"));
        var places = Array.Empty<int>() as IReadOnlyList<int>;
        var points = new List<LearningCurvePoint>();
        Potentials.Snap.SnapModel? model = null;
        foreach (var size in sizes)
        {
            // Grades and committees need a first set; it is the random one.
            places = model is null || method is SelectionMethod.FarthestPoint or SelectionMethod.Random
                ? [.. order.Take(size)]
                : method == SelectionMethod.ExtrapolationGrade
                    ? CurveSelections.GrowByGrade(data, places, model, size, cancellation)
                    : CurveSelections.GrowByCommittee(data, places, options.Selection.Members, size, cancellation);
            (model, var point) = data.Fit(method, null, places, cancellation);
            points.Add(point);
        }

        return [.. points];
    }

    private static string Table(List<LearningCurvePoint> points)
    {
        var text = new StringBuilder("method,resolution_factor,frames,energy_rmse_mev_per_atom,force_rmse_mev_per_angstrom,stress_rmse_mpa,energy_mae_mev_per_atom,force_mae_mev_per_angstrom,stress_mae_mpa\n");
        foreach (var point in points)
        {
            var errors = point.Errors;
            text.Append(CultureInfo.InvariantCulture, $"{RecipeWords.Of(point.Method)},{point.ResolutionFactor},{point.Frames},{errors.EnergyRmse:R},{errors.ForceRmse:R},{errors.StressRmse:R},{errors.EnergyMae:R},{errors.ForceMae:R},{errors.StressMae:R}\n");
        }

        return text.ToString();
    }
}
