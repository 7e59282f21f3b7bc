using MofInterop.Analysis;
using MofInterop.Analysis.Melting;
using MofInterop.Analysis.Networks;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Measures the frames of a stage: windows along it, and its end where that is crystal, liquid or glass.</summary>
/// <param name="substance">What is melted.</param>
/// <param name="options">Of the step.</param>
internal sealed class MeltStageMeasurement(MeltedSubstance substance, MeltQuenchOptions options)
{
    /// <summary>What is written into the folder of a measurement.</summary>
    public const string WindowsFile = "windows.json", CurvesFile = "curves.json", FramesFile = "frames.extxyz";

    /// <summary>Names of the means over a state.</summary>
    public const string TemperatureName = "temperature", DensityName = "density", VolumeName = "volume", EnergyName = "energy", PressureName = "pressure", CoordinationName = "coordination",
        IntactName = "intact", DanglingName = "dangling", FreeName = "free", BrokenName = "broken";

    private const double FemtosecondsInPicosecond = 1000;
    private const int SegmentsOfRun = 2;

    // amu/Å³ in g/cm³.
    private const double Density = PhysicalConstants.AtomicMass * 1e27;

    private readonly double _mass = substance.Masses.Sum();

    /// <summary>All that a measurement depends on besides the frames.</summary>
    public string Key => FormattableString.Invariant(
        $"""
        {options.FramesInWindow} {options.Measured.Value} {options.FramesKept} {substance.MobileNames} {substance.Spacing:R}
        {(substance.Linkers is null ? "no net" : $"{string.Join(' ', substance.Linkers.Metals)} {substance.Network.BondedWithin.Value:R} {substance.Network.ApartBeyond?.Value:R} {substance.Network.BrokenFactor:R} {substance.Network.LargestRing} {substance.Network.RingsEvery}")}
        {substance.Measurement(options).Key}
        """);

    /// <summary>Measures a stage into a folder.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="finished">What LAMMPS made of it.</param>
    /// <param name="folder">Where.</param>
    /// <param name="cancellation">Stops.</param>
    public void Measure(string run, MeltStage stage, FinishedMeltStage finished, string folder, CancellationToken cancellation)
    {
        var nets = new List<NetSample>();
        var windows = Windows(finished, nets, cancellation);
        var record = new MeltStageRecord
        {
            Name = stage.Name, From = stage.From, To = stage.To, Length = (finished.Frames.Count - 1) * options.Interval / FemtosecondsInPicosecond, Windows = windows,
        };
        if (stage.State is { } state && finished.Problem is null)
        {
            var begin = (int)Math.Floor(stage.Frames * (1 - options.Measured.Value)) + 1;
            record = record with { Means = Means(finished, nets, begin), Rings = MeanRings(nets.Where(net => net.Frame >= begin)) };
            StepJson.Write(Path.Combine(folder, CurvesFile), Curves($"{run}, {state}", finished, begin, folder, cancellation));
        }

        StepJson.Write(Path.Combine(folder, WindowsFile), record);
    }

    /// <summary>The frames from the first that is measured on.</summary>
    private static IEnumerable<AtomicConfiguration> End(FinishedMeltStage finished, int begin) => finished.Frames.Frames.Skip(begin);

    private List<MeltWindow> Windows(FinishedMeltStage finished, List<NetSample> nets, CancellationToken cancellation)
    {
        var windows = new List<MeltWindow>();
        var frames = finished.Frames.Count - 1;

        // Whole windows of equal length; what the stage has beyond them makes each a little longer.
        var count = frames >= options.FramesInWindow ? frames / options.FramesInWindow : 0;
        using var tracker = substance.Linkers is { } linkers ? new LinkerTracker(linkers, substance.Structure.Configuration, substance.Network.Counted.Settings) : null;
        var mobility = new MobilityWindow(substance.Mobile, substance.Masses);
        int number = 0, begin = 0;
        foreach (var frame in finished.Frames.Frames)
        {
            cancellation.ThrowIfCancellationRequested();
            mobility.Add(frame.Positions, frame.Cell!);
            if (tracker is not null)
            {
                var state = tracker.Next(frame);
                nets.Add(new NetSample(number, state.Coordination, state.IntactFraction, state.DanglingFraction, state.FreeFraction, state.BrokenFraction, number % substance.Network.RingsEvery == 0 ? RingStatistics.Count(state.Net, substance.Network.LargestRing, cancellation) : null));
            }

            if (windows.Count < count && number == (int)((long)frames * (windows.Count + 1) / count))
            {
                windows.Add(Window(finished, nets, begin, number, mobility.Result()));
                begin = number;
                mobility = new MobilityWindow(substance.Mobile, substance.Masses);
                mobility.Add(frame.Positions, frame.Cell!);
            }

            number++;
        }

        return windows;
    }

    private MeltWindow Window(FinishedMeltStage finished, List<NetSample> nets, int begin, int end, Mobility mobility)
    {
        var samples = finished.Samples.Skip(begin + 1).Take(end - begin).ToArray();
        return new MeltWindow
        {
            Picoseconds = (begin + end) / 2.0 * options.Interval / FemtosecondsInPicosecond,
            Temperature = samples.Average(sample => sample.Temperature),
            Density = samples.Average(sample => _mass * Density / sample.Volume),
            Energy = samples.Average(sample => sample.PotentialEnergy) / substance.Masses.Length,
            Pressure = samples.Average(sample => sample.Pressure) * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal,
            Displacement = Math.Sqrt(mobility.MeanSquare),
            Lindemann = mobility.Lindemann(substance.Spacing),
            Exponent = mobility.Exponent,
            Net = nets.Count == 0 ? null : Net([.. nets.Skip(begin + 1).Take(end - begin)]),
        };
    }

    private static MeltNet Net(IReadOnlyList<NetSample> nets) => new(
        nets.Average(net => net.Coordination), nets.Average(net => net.Intact), nets.Average(net => net.Dangling), nets.Average(net => net.Free),
        nets.Average(net => net.Broken), MeanRings(nets));

    private static Dictionary<int, double> MeanRings(IEnumerable<NetSample> nets)
    {
        IReadOnlyList<RingCount>[] counted = [.. nets.Select(net => net.Rings).OfType<IReadOnlyList<RingCount>>()];
        return counted.SelectMany(rings => rings).GroupBy(ring => ring.Size).OrderBy(group => group.Key).ToDictionary(group => group.Key, group => group.Sum(ring => ring.PerNode) / counted.Length);
    }

    private Dictionary<string, Estimate> Means(FinishedMeltStage finished, List<NetSample> nets, int begin)
    {
        Sample[] samples = [.. finished.Samples.Skip(begin)];
        NetSample[] ends = [.. nets.Skip(begin)];
        var means = new Dictionary<string, Estimate>
        {
            [TemperatureName] = Mean(samples, sample => sample.Temperature),
            [DensityName] = Mean(samples, sample => _mass * Density / sample.Volume),
            [VolumeName] = Mean(samples, sample => sample.Volume),
            [EnergyName] = Mean(samples, sample => sample.PotentialEnergy / substance.Masses.Length),
            [PressureName] = Mean(samples, sample => sample.Pressure * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal),
        };
        if (ends.Length > 0)
        {
            means[CoordinationName] = Mean(ends, net => net.Coordination);
            means[IntactName] = Mean(ends, net => net.Intact);
            means[DanglingName] = Mean(ends, net => net.Dangling);
            means[FreeName] = Mean(ends, net => net.Free);
            means[BrokenName] = Mean(ends, net => net.Broken);
        }

        return means;
    }

    private static Estimate Mean<T>(T[] samples, Func<T, double> value) => BlockAverage.Of([.. samples.Select(value)]).Estimate;

    private RunMeasurement Curves(string name, FinishedMeltStage finished, int begin, string folder, CancellationToken cancellation)
    {
        // A file of frames is what measurements read; of it only some frames are kept.
        var path = Path.Combine(folder, "all.extxyz");
        ExtendedXyz.Write(path, End(finished, begin));
        RunMeasurement measured;
        try
        {
            measured = TrajectoryMeasurement.Measure(name, path, new TrajectoryStreamOptions { KnownUnwrapped = true }, substance.Measurement(options), substance.Structure, options.Interval, null, null, cancellation);
        }
        catch (MofException error)
        {
            throw new MofException(error.Kind, error.What, name, error.Expected, error.Remedy, error);
        }

        File.Delete(path);
        var count = finished.Frames.Count - begin;
        var kept = Math.Min(options.FramesKept, count);
        ExtendedXyz.Write(Path.Combine(folder, FramesFile), Enumerable.Range(1, kept).Select(k => finished.Frames[begin - 1 + (int)((long)k * count / kept)]));
        return measured with { Displacements = Displacements(finished, begin) };
    }

    /// <summary>Displacements in the cell of the first frame, so that its breathing is no motion.</summary>
    private IReadOnlyList<DisplacementCurves> Displacements(FinishedMeltStage finished, int begin)
    {
        var atoms = new TrajectoryAtoms(substance.Structure.Configuration.Symbols, substance.Structure.Configuration.Types!);
        var displacement = new MeanSquareDisplacement(atoms, AtomGroups.ByElement(atoms), Math.Max(2, (finished.Frames.Count - begin) / SegmentsOfRun));
        AtomicConfiguration? first = null;
        var index = 0L;
        foreach (var frame in End(finished, begin))
        {
            first ??= frame;
            var positions = new double[frame.Positions.Length];
            for (var k = 0; k < positions.Length; k += 3)
            {
                var (a, b, c) = frame.Cell!.ToFractional(frame.Positions[k], frame.Positions[k + 1], frame.Positions[k + 2]);
                (positions[k], positions[k + 1], positions[k + 2]) = first.Cell!.ToCartesian(a, b, c);
            }

            displacement.Add(new TrajectoryFrame(positions, first.Cell) { Index = index, Step = index, Continues = index > 0 });
            index++;
        }

        return displacement.Segments();
    }

    /// <summary>Means of displacements as <see cref="CurveAverages"/> takes them: the segments are made here.</summary>
    public static DisplacementOptions DisplacementFit { get; } = new() { Segments = SegmentsOfRun };

    // The nets themselves are not kept: there are thousands.
    private sealed record NetSample(int Frame, double Coordination, double Intact, double Dangling, double Free, double Broken, IReadOnlyList<RingCount>? Rings);
}
