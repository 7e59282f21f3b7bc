using MofInterop.Analysis;
using MofInterop.Analysis.Networks;
using MofInterop.Learning;
using MofInterop.Potentials.Errors;

namespace MofInterop.Steps;

/// <summary>Looks at coordination, linkers and rings frame by frame. With hysteresis a frame depends on those before it. Not thread-safe.</summary>
public sealed class NetworkMeasurement : IDisposable
{
    private readonly NetworkOptions _options;
    private readonly Linkers _linkers;
    private readonly LinkerTracker _tracker;

    /// <summary>Takes the structure whose bonds say what is a linker.</summary>
    /// <exception cref="MofException">It has no metal, no linkers, or is not periodic.</exception>
    public NetworkMeasurement(TypedStructure structure, NetworkOptions options)
    {
        ArgumentNullException.ThrowIfNull(structure);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _linkers = Find(structure, options);
        _tracker = new LinkerTracker(_linkers, structure.Configuration, options.Settings);
    }

    /// <summary>Frames looked at; set to go on where another measurement stood.</summary>
    public int Count { get; set; }

    /// <summary>Pairs that are bonded now, likewise.</summary>
    public IReadOnlyList<BondedPair> Bonded
    {
        get => _tracker.Bonded;
        set => _tracker.Bonded = value;
    }

    /// <summary>Looks at the next frame.</summary>
    /// <exception cref="MofException">Other atoms, or no cell.</exception>
    public NetworkFrame Next(AnalysedFrame frame, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(frame);
        cancellation.ThrowIfCancellationRequested();
        var state = _tracker.Next(frame.Configuration);
        var rings = Count++ % _options.RingsEvery == 0 ? RingStatistics.Count(state.Net, _options.LargestRing, cancellation) : null;
        return new NetworkFrame(
            frame.File, frame.Number, frame.Picoseconds, state.Coordination, state.CoordinationFractions, state.IntactFraction, state.DanglingFraction, state.FreeFraction, state.BrokenFraction, rings);
    }

    /// <summary>The linkers of a structure.</summary>
    /// <exception cref="MofException">It has no metal, or no linkers.</exception>
    internal static Linkers Find(TypedStructure structure, NetworkOptions options)
    {
        IReadOnlyCollection<string> metals = options.Metals ?? [.. structure.Elements.Where(BondSettings.IsMetal)];
        if (metals.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"the structure of {string.Join(", ", structure.Elements)} has no metal", expected: "the elements that are nodes", remedy: "Name them: metals: [SYMBOL], on the command line --metal SYMBOL.");
        }

        return Linkers.Find(structure.Configuration.Symbols, [.. structure.Graph.Bonds.Select(bond => new StructureBond(bond.First, bond.Second, new LatticeVector(bond.ShiftA, bond.ShiftB, bond.ShiftC), bond.Length))], metals);
    }

    /// <summary>Means over frames, at least one.</summary>
    public NetworkRecord Summarise(IReadOnlyList<NetworkFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var metals = _linkers.Metals.Select(atom => _linkers.Symbols[atom]).Distinct().ToArray();
        return new NetworkRecord(
            metals, _linkers.DonorElements, _linkers.All.Count, _linkers.Metals.Count, _options.Settings.BondedWithin, _options.Settings.ApartBeyond, _options.LargestRing,
            [
                Mean("coordination of a metal", frames, row => row.Coordination), Mean("linkers intact, fraction", frames, row => row.IntactFraction), Mean("linkers dangling, fraction", frames, row => row.DanglingFraction),
                Mean("linkers free, fraction", frames, row => row.FreeFraction), Mean("linkers broken inside, fraction", frames, row => row.BrokenFraction),
            ],
            MeanCoordination(frames), MeanRings([.. frames.Select(row => row.Rings).OfType<IReadOnlyList<RingCount>>()]), frames);
    }

    /// <inheritdoc/>
    public void Dispose() => _tracker.Dispose();

    private static MeasuredQuantity Mean(string name, IReadOnlyList<NetworkFrame> rows, Func<NetworkFrame, double> value)
    {
        var average = BlockAverage.Of([.. rows.Select(value)]);
        return new MeasuredQuantity(name, null, "", average.Mean, average.Error);
    }

    private static MeanCoordination[] MeanCoordination(IReadOnlyList<NetworkFrame> frames) => [.. Enumerable.Range(0, frames.Max(frame => frame.CoordinationFractions.Count)).Select(donors =>
    {
        var average = BlockAverage.Of([.. frames.Select(frame => donors < frame.CoordinationFractions.Count ? frame.CoordinationFractions[donors] : 0)]);
        return new MeanCoordination(donors, average.Mean, average.Error);
    }).Where(one => one.Fraction > 0)];

    private static MeanRings[] MeanRings(IReadOnlyList<RingCount>[] frames) => [.. frames.SelectMany(rings => rings.Select(ring => ring.Size)).Distinct().Order().Select(size =>
    {
        var all = frames.Select(rings => rings.FirstOrDefault(ring => ring.Size == size)).ToArray();
        var average = BlockAverage.Of([.. all.Select(ring => ring?.PerNode ?? 0)]);
        return new MeanRings(size, average.Mean, average.Error, all.Average(ring => ring?.NodesInRings ?? 0));
    })];
}
