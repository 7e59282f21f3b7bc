using System.Globalization;
using MofInterop.Analysis.Networks;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>Follows metal coordination, linkers and rings along a trajectory.</summary>
public sealed class NetworkStep : RecipeStep<NetworkOptions>
{
    private const string RecordFile = "network.json";

    // What a kill repeats at most: seconds, where rings are large.
    private const int FramesOfUnit = 20;

    /// <inheritdoc/>
    public override string Kind => "network";

    /// <inheritdoc/>
    public override string Summary => "Counts metal coordination, intact and broken linkers and rings, of a structure or along a trajectory";

    /// <inheritdoc/>
    public override IReadOnlyList<StepInput> Inputs => [StructureStep.Input, FrameOptions.Input];

    /// <inheritdoc/>
    public override IReadOnlyList<StepOutput> Outputs =>
    [
        new("network", "network", "Coordination, linkers and rings: means and all frames, JSON"),
        new("table", "table", "The numbers of every frame: CSV"),
    ];

    /// <inheritdoc/>
    public override void Check(NetworkOptions options, StepCheck check)
    {
        var structure = check.Published<TypedStructure>(StructureStep.Input.Name);
        options.Frames.Check("frames", structure?.Configuration, check);
        if (options.ApartBeyond is { } apart && apart.Value < options.BondedWithin.Value)
        {
            check.Problem("apart_beyond", $"pairs are apart beyond {apart}, but bonded within {options.BondedWithin}", "a distance not below bonded_within");
        }

        if (structure is not null)
        {
            try
            {
                using var measurement = new NetworkMeasurement(structure, options);
            }
            catch (MofException error)
            {
                check.Problem("metals", error);
            }
        }
    }

    /// <inheritdoc/>
    public override async Task RunAsync(NetworkOptions options, StepContext context, CancellationToken cancellation)
    {
        var structure = StructureStep.Read(context.Input(StructureStep.Input.Name));
        var made = context.HasInput(FrameOptions.Input.Name) ? context.Input(FrameOptions.Input.Name).FilePath : null;

        using var measurement = new NetworkMeasurement(structure, options);
        var frames = await FollowAsync(options, structure, made, measurement, context, cancellation).ConfigureAwait(false);
        if (frames.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "no frame is in the asked range", context.Name, "frames from 'from' to 'to'");
        }

        var record = measurement.Summarise(frames);
        StepJson.Write(Path.Combine(context.OutputFolder, RecordFile), record);
        WriteTable(Path.Combine(context.OutputFolder, "network.csv"), record);
        context.SetOutputFile("network", RecordFile);
        context.SetOutputFile("table", "network.csv");
        context.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Frames.Count} frame{(record.Frames.Count == 1 ? "" : "s")}: coordination {record.Quantities[0].Value:0.00}, {100 * record.Quantities[1].Value:0.0} % of the linkers intact, rings of {string.Join(", ", record.Rings.Select(ring => ring.Size))}"));
    }

    private static async Task<List<NetworkFrame>> FollowAsync(
        NetworkOptions options, TypedStructure structure, string? made, NetworkMeasurement measurement, StepContext context, CancellationToken cancellation)
    {
        IEnumerable<AnalysedFrame> Frames(Action<string> note) => options.Frames.Files.Count > 0 || made is not null
            ? options.Frames.Read(structure.Configuration, made, note)
            : [new AnalysedFrame("structure", 1, null, structure.Configuration)];
        using var progress = context.Progress("linkers and rings of frames", Frames(_ => { }).Count());
        var all = new List<NetworkFrame>();
        foreach (var some in Frames(context.Warn).Chunk(FramesOfUnit))
        {
            var unit = string.Create(CultureInfo.InvariantCulture, $"frames-{all.Count + 1:000000}");
            var known = context.HasUnit(unit, "1");
            var folder = await context.OnceAsync(unit, "1", (temporary, token) => Task.Run(
                () =>
                {
                    var rows = new List<NetworkFrame>();
                    foreach (var frame in some)
                    {
                        rows.Add(measurement.Next(frame, token));
                        progress.Advance();
                    }

                    StepJson.Write(Path.Combine(temporary, RecordFile), new UnitOfFrames(rows, measurement.Bonded));
                },
                token), cancellation).ConfigureAwait(false);
            var done = StepJson.Read<UnitOfFrames>(Path.Combine(folder, RecordFile));
            all.AddRange(done.Frames);
            (measurement.Count, measurement.Bonded) = (all.Count, done.Bonded);
            for (var k = 0; known && k < some.Length; k++)
            {
                progress.Skip();
            }
        }

        return all;
    }

    private static void WriteTable(string path, NetworkRecord record)
    {
        int[] sizes = [.. record.Rings.Select(ring => ring.Size)];
        CsvTable.Write(
            path,
            ["file", "frame", "time, ps", "coordination", "intact", "dangling", "free", "broken", .. sizes.Select(size => $"rings of {size} per node")],
            record.Frames.Select(row => (new[] { row.File }, new[] { row.Frame, row.Picoseconds, row.Coordination, row.IntactFraction, row.DanglingFraction, row.FreeFraction, row.BrokenFraction }
                .Concat(sizes.Select(size => row.Rings is null ? null : (double?)(row.Rings.FirstOrDefault(ring => ring.Size == size)?.PerNode ?? 0))))));
    }

    /// <summary>Some frames that follow each other.</summary>
    /// <param name="Frames">What was found.</param>
    /// <param name="Bonded">After the last of them: the next one depends on it.</param>
    private sealed record UnitOfFrames(IReadOnlyList<NetworkFrame> Frames, IReadOnlyList<BondedPair> Bonded);
}
