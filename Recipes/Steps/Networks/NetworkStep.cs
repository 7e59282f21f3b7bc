using System.Globalization;
using System.Text;
using MofInterop.Analysis;
using MofInterop.Analysis.Networks;
using MofInterop.Engine;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>Follows metal coordination, linkers and rings along a trajectory.</summary>
public sealed class NetworkStep : RecipeStep<NetworkOptions>
{
    private const string RecordFile = "network.json";

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
                using var tracker = new LinkerTracker(Find(options, structure), structure.Configuration, options.Settings);
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

        // One unit: with hysteresis a frame depends on those before it, and a frame takes milliseconds.
        var folder = await context.OnceAsync("frames", "1", (temporary, token) => Task.Run(() => StepJson.Write(Path.Combine(temporary, RecordFile), Follow(options, structure, made, context, token)), token), cancellation).ConfigureAwait(false);
        var record = StepJson.Read<NetworkRecord>(Path.Combine(folder, RecordFile));
        StepJson.Write(Path.Combine(context.OutputFolder, RecordFile), record);
        File.WriteAllText(Path.Combine(context.OutputFolder, "network.csv"), Table(record));
        context.SetOutputFile("network", RecordFile);
        context.SetOutputFile("table", "network.csv");
        context.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{record.Frames.Count} frame{(record.Frames.Count == 1 ? "" : "s")}: coordination {record.Quantities[0].Value:0.00}, {100 * record.Quantities[1].Value:0.0} % of the linkers intact, rings of {string.Join(", ", record.Rings.Select(ring => ring.Size))}"));
    }

    internal static Linkers Find(NetworkOptions options, TypedStructure structure)
    {
        IReadOnlyCollection<string> metals = options.Metals ?? [.. structure.Elements.Where(BondSettings.IsMetal)];
        if (metals.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the structure of {string.Join(", ", structure.Elements)} has no metal", expected: "metals: [SYMBOL], the elements that are nodes");
        }

        return Linkers.Find(structure.Configuration.Symbols, [.. structure.Graph.Bonds.Select(bond => new StructureBond(bond.First, bond.Second, new LatticeVector(bond.ShiftA, bond.ShiftB, bond.ShiftC), bond.Length))], metals);
    }

    private static NetworkRecord Follow(NetworkOptions options, TypedStructure structure, string? made, StepContext context, CancellationToken cancellation)
    {
        var linkers = Find(options, structure);
        using var tracker = new LinkerTracker(linkers, structure.Configuration, options.Settings);
        IEnumerable<AnalysedFrame> Frames(Action<string> note) => options.Frames.Files.Count > 0 || made is not null
            ? options.Frames.Read(structure.Configuration, made, note)
            : [new AnalysedFrame("structure", 1, null, structure.Configuration)];
        using var progress = context.Progress("linkers and rings of frames", Frames(_ => { }).Count());
        var rows = new List<NetworkFrame>();
        foreach (var frame in Frames(context.Warn))
        {
            cancellation.ThrowIfCancellationRequested();
            var state = tracker.Next(frame.Configuration);
            var rings = rows.Count % options.RingsEvery == 0 ? RingStatistics.Count(state.Net, options.LargestRing, cancellation) : null;
            rows.Add(new NetworkFrame(
                frame.File, frame.Number, frame.Picoseconds, state.Coordination, state.CoordinationFractions, state.IntactFraction, state.DanglingFraction, state.FreeFraction, state.BrokenFraction, rings));
            progress.Advance();
        }

        if (rows.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "no frame is in the asked range", context.Name, "frames from 'from' to 'to'");
        }

        var metals = linkers.Metals.Select(atom => linkers.Symbols[atom]).Distinct().ToArray();
        return new NetworkRecord(
            metals, linkers.DonorElements, linkers.All.Count, linkers.Metals.Count, options.Settings.BondedWithin, options.Settings.ApartBeyond, options.LargestRing,
            [
                Mean("coordination of a metal", rows, row => row.Coordination), Mean("linkers intact, fraction", rows, row => row.IntactFraction), Mean("linkers dangling, fraction", rows, row => row.DanglingFraction),
                Mean("linkers free, fraction", rows, row => row.FreeFraction), Mean("linkers broken inside, fraction", rows, row => row.BrokenFraction),
            ],
            MeanRings([.. rows.Select(row => row.Rings).OfType<IReadOnlyList<RingCount>>()]), rows);
    }

    private static MeasuredQuantity Mean(string name, List<NetworkFrame> rows, Func<NetworkFrame, double> value)
    {
        var average = BlockAverage.Of([.. rows.Select(value)]);
        return new MeasuredQuantity(name, null, "", average.Mean, average.Error);
    }

    private static MeanRings[] MeanRings(IReadOnlyList<RingCount>[] frames) => [.. frames.SelectMany(rings => rings.Select(ring => ring.Size)).Distinct().Order().Select(size =>
    {
        var all = frames.Select(rings => rings.FirstOrDefault(ring => ring.Size == size)).ToArray();
        var average = BlockAverage.Of([.. all.Select(ring => ring?.PerNode ?? 0)]);
        return new MeanRings(size, average.Mean, average.Error, all.Average(ring => ring?.NodesInRings ?? 0));
    })];

    private static string Table(NetworkRecord record)
    {
        int[] sizes = [.. record.Rings.Select(ring => ring.Size)];
        var text = new StringBuilder("file,frame,\"time, ps\",coordination,intact,dangling,free,broken");
        foreach (var size in sizes)
        {
            text.Append(CultureInfo.InvariantCulture, $",\"rings of {size} per node\"");
        }

        text.Append('\n');
        foreach (var row in record.Frames)
        {
            text.Append(CultureInfo.InvariantCulture, $"\"{row.File}\",{row.Frame},{row.Picoseconds:R},{row.Coordination:R},{row.IntactFraction:R},{row.DanglingFraction:R},{row.FreeFraction:R},{row.BrokenFraction:R}");
            foreach (var size in sizes)
            {
                text.Append(CultureInfo.InvariantCulture, $",{(row.Rings is null ? null : row.Rings.FirstOrDefault(ring => ring.Size == size)?.PerNode ?? 0):R}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
