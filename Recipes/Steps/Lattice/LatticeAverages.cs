using MofInterop.Analysis;
using MofInterop.Engine;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>Averages runs of one state: blocks of each run, then runs.</summary>
internal sealed class LatticeAverages
{
    private readonly LatticeOptions _options;
    private readonly double[] _transformation;
    private readonly double _volumes;
    private readonly IReadOnlyList<(string Name, IReadOnlyList<int> Places)> _lengths;

    /// <param name="options">Block length.</param>
    /// <param name="group">Of the structure; null: lengths of the simulated cell.</param>
    public LatticeAverages(LatticeOptions options, SpaceGroup? group)
    {
        _options = options;

        // The supercell's rows are the structure's times its numbers.
        _transformation = [.. Enumerable.Range(0, 9).Select(k => group is null ? (k % 4 == 0 ? 1 : 0) : group.Conventional[k] / options.Supercell[k % 3])];
        var t = _transformation;
        _volumes = Math.Abs(t[0] * (t[4] * t[8] - t[5] * t[7]) - t[1] * (t[3] * t[8] - t[5] * t[6]) + t[2] * (t[3] * t[7] - t[4] * t[6]));
        _lengths = LatticeParameters.IndependentLengths(group?.System ?? string.Empty);
    }

    /// <summary>The means at a state; null where no run is long enough.</summary>
    public LatticePointRecord? Point(double temperature, double pressure, IReadOnlyList<SampledRun> runs, Action<string> warn)
    {
        var block = Math.Max(1, (int)Math.Round(_options.Block.Value / (_options.StepsOf(_options.SampleEvery) * _options.TimeStep.Value)));
        var whole = runs.Where(run => run.Samples.Count >= 2 * block).ToArray();
        if (whole.Length < runs.Count)
        {
            warn($"{runs.Count - whole.Length} of {runs.Count} runs at {temperature:0.###} K ended before two blocks and are left out");
        }

        if (whole.Length == 0)
        {
            return null;
        }

        var records = whole.Select(run => (Record: RunOf(run, block, out var angles), Angles: angles)).ToArray();
        return new LatticePointRecord(
            temperature,
            Math.Round(pressure * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal, 9),
            Estimate.OfRuns([.. records.Select(run => run.Record.Temperature)]),
            _lengths.ToDictionary(length => length.Name, length => Estimate.OfRuns([.. records.Select(run => run.Record.Lengths[length.Name])])),
            [.. Enumerable.Range(0, 3).Select(k => Estimate.OfRuns([.. records.Select(run => run.Angles[k])]))],
            Estimate.OfRuns([.. records.Select(run => run.Record.Volume)]),
            [.. records.Select(run => run.Record)]);
    }

    private LatticeRunRecord RunOf(SampledRun run, int block, out Estimate[] angles)
    {
        var parameters = run.Samples.Select(sample => LatticeParameters.Transform(sample.CellParameters, _transformation)).ToArray();
        Estimate Mean(Func<int, double> value) => BlockAverage.OfBlocks([.. Enumerable.Range(0, parameters.Length).Select(value)], block);
        angles = [.. Enumerable.Range(3, 3).Select(k => Mean(sample => parameters[sample][k]))];
        return new LatticeRunRecord(
            parameters.Length / block * block * _options.StepsOf(_options.SampleEvery) * _options.TimeStep.In("ps"),
            run.Problem,
            Mean(sample => run.Samples[sample].Temperature),
            _lengths.ToDictionary(length => length.Name, length => Mean(sample => length.Places.Average(place => parameters[sample][place]))),
            Mean(sample => run.Samples[sample].Volume * _volumes));
    }
}
