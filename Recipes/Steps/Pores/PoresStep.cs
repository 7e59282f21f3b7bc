using System.Globalization;
using MofInterop.Analysis;
using MofInterop.Analysis.Pores;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;
using MofInterop.Zeopp;

namespace MofInterop.Steps;

/// <summary>Measures the pores of a structure, or of the frames of a trajectory.</summary>
/// <param name="services">Starts Zeo++.</param>
public sealed class PoresStep(StepServices services) : RecipeStep<PoresOptions>
{
    private const string ResultFile = "result.json";
    private static readonly StepInput _structure = StructureStep.Input with { Optional = true };

    /// <inheritdoc/>
    public override string Kind => "pores";

    /// <inheritdoc/>
    public override string Summary => "Measures pore diameters, volumes, surfaces and the pore size distribution of a structure or of frames";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [_structure, FrameOptions.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("pores", "pores", "Means with errors, all frames, pore size distribution: JSON"),
        new("table", "table", "The numbers of every frame: CSV"),
    ];

    /// <inheritdoc/>
    public override void Check(PoresOptions options, StepCheck check)
    {
        var structure = check.Published<TypedStructure>(_structure.Name)?.Configuration;
        if (options.Frames.Files.Count == 0 && !check.HasInput(FrameOptions.Input.Name) && !check.HasInput(_structure.Name))
        {
            check.Problem("frames", "there is nothing to measure", "uses: { structure: step.structure }, uses: { frames: step.output } or frames: { files: [NAME] }");
        }

        options.Frames.Check("frames", structure, check);
        if (structure is { Periodic: false } && options.Frames.Files.Count == 0)
        {
            check.Problem("frames", "the structure is not periodic", "a crystal with its cell");
        }

        if (options.Zeopp && ZeoppTool.Find() is null)
        {
            check.Problem("zeopp", "Zeo++ is not installed", "its program 'network' on PATH, or MOFINTEROP_NETWORK set to its path", "Leave zeopp out: everything else needs no Zeo++.", ErrorKind.ToolFailure);
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(PoresOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = context.HasInput(_structure.Name) ? StructureStep.Read(context.Input(_structure.Name)).Configuration : null;
        var made = context.HasInput(FrameOptions.Input.Name) ? context.Input(FrameOptions.Input.Name).FilePath : null;
        IEnumerable<AnalysedFrame> Frames(Action<string> note) => options.Frames.Files.Count > 0 || made is not null
            ? options.Frames.Read(structure, made, note)
            : [new AnalysedFrame("structure", 1, null, structure!)];
        var settings = options.Settings(context.Cores);
        var results = new List<(AnalysedFrame Frame, PoreResult Result)>();
        AtomicConfiguration? first = null;
        using (var progress = context.Progress("pores of frames", Frames(_ => { }).Count()))
        {
            foreach (var frame in Frames(context.Warn))
            {
                first ??= frame.Configuration;
                var unit = string.Create(CultureInfo.InvariantCulture, $"frame-{results.Count + 1:000000}");
                var known = context.HasUnit(unit, "1");
                var folder = await context.OnceAsync(unit, "1", (temporary, token) => Task.Run(() => StepJson.Write(Path.Combine(temporary, ResultFile), PoreAnalysis.Measure(frame.Configuration, settings, token)), token), cancellation).ConfigureAwait(false);

                // Thousands of frames: the atoms are not kept.
                results.Add((frame with { Configuration = first }, StepJson.Read<PoreResult>(Path.Combine(folder, ResultFile))));
                if (known)
                {
                    progress.Skip();
                }
                else
                {
                    progress.Advance();
                }
            }
        }

        if (first is null)
        {
            throw new MofException(ErrorKind.InvalidArgument, "no frame is in the asked range", context.Name, "frames from 'from' to 'to'");
        }

        var zeopp = options.Zeopp ? await CompareAsync(options, settings, context, first, cancellation).ConfigureAwait(false) : null;
        Write(Record(settings, first, results, zeopp), context);
    }

    private async Task<ZeoppResult> CompareAsync(PoresOptions options, PoreSettings settings, StepContext context, AtomicConfiguration structure, CancellationToken cancellation)
    {
        var tool = new ZeoppTool(services.Runner);
        var folder = await context.OnceAsync("zeopp", "1", async (temporary, token) =>
            StepJson.Write(Path.Combine(temporary, ResultFile), await tool.MeasureAsync(structure, settings.Radii.Of, options.Probes[0].Value, temporary, token).ConfigureAwait(false)), cancellation).ConfigureAwait(false);
        return StepJson.Read<ZeoppResult>(Path.Combine(folder, ResultFile));
    }

    private static PoresRecord Record(PoreSettings settings, AtomicConfiguration first, List<(AnalysedFrame Frame, PoreResult Result)> results, ZeoppResult? zeopp)
    {
        var numbers = results.Select(one => PoreQuantity.Of(one.Result)).ToArray();
        var means = numbers[0].Select((quantity, column) =>
        {
            var average = BlockAverage.Of([.. numbers.Select(row => row[column].Value)]);
            return new MeasuredQuantity(quantity.Name, quantity.Probe, quantity.Unit, average.Mean, average.Error);
        });
        var series = new PoreSeries(
            [.. results.Select(one => one.Frame.File)], [.. results.Select(one => one.Frame.Number)], [.. results.Select(one => one.Frame.Picoseconds)],
            [.. numbers[0].Select(quantity => quantity.Label)], [.. numbers.Select(row => (IReadOnlyList<double>)[.. row.Select(quantity => quantity.Value)])]);
        var radii = first.Symbols.Distinct().ToDictionary(symbol => symbol, settings.Radii.Of);
        return new PoresRecord(settings.GridSpacing, radii, results.Count, [.. means], series, Mean([.. results.Select(one => one.Result.Distribution).OfType<PoreSizeDistribution>()]), zeopp);
    }

    private static PoreSizeDistribution? Mean(PoreSizeDistribution[] all)
    {
        if (all.Length == 0)
        {
            return null;
        }

        // Few frames have no scatter to speak of: then the errors are those of the samples.
        var longest = all.MaxBy(one => one.Diameter.Count)!;
        var samples = all.Sum(one => one.Samples);
        var bins = Enumerable.Range(0, longest.Diameter.Count).Select(bin => BlockAverage.Of([.. all.Select(one => bin < one.Fraction.Count ? one.Fraction[bin] : 0)])).ToArray();
        return new PoreSizeDistribution(
            longest.Diameter, [.. bins.Select(bin => bin.Mean)], [.. bins.Select(bin => double.IsNaN(bin.Error) ? PoreSizeDistribution.SamplingError(bin.Mean, samples) : bin.Error)], samples);
    }

    private static void Write(PoresRecord record, StepContext context)
    {
        StepJson.Write(Path.Combine(context.OutputFolder, "pores.json"), record);
        var series = record.Series;
        CsvTable.Write(
            Path.Combine(context.OutputFolder, "pores.csv"),
            ["file", "frame", "time, ps", .. series.Labels],
            Enumerable.Range(0, record.Frames).Select(k => (new[] { series.File[k] }, new[] { series.Frame[k], series.Picoseconds[k] }.Concat(series.Values[k].Select(value => (double?)value)))));
        if (record.Distribution is { } distribution)
        {
            CsvTable.WriteColumns(
                Path.Combine(context.OutputFolder, "pore-sizes.csv"),
                [("pore diameter, Å", distribution.Diameter), ("fraction of the cell in a bin of 0.1 Å", distribution.Fraction), ("its error", distribution.Errors)]);
        }

        context.SetOutputFile("pores", "pores.json");
        context.SetOutputFile("table", "pores.csv");
        double Value(string name) => record.Quantities.First(quantity => quantity.Name.Contains(name, StringComparison.Ordinal)).Value;
        context.Say(string.Create(CultureInfo.InvariantCulture, $"{record.Frames} frame{(record.Frames == 1 ? "" : "s")}: largest included sphere {Value("(Di)"):0.00} Å, largest free sphere {Value("(Df)"):0.00} Å"));
    }
}
