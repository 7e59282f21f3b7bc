using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Steps;

/// <summary>Selection from runs that end in any order.</summary>
public sealed class OrderedSelectionTests : IDisposable
{
    private const int Runs = 8;
    private const int Frames = 12;

    private static readonly AtomicConfiguration _water = new(
        ["O", "H", "H"], [0, 0, 0, 0.96, 0, 0, -0.24, 0.93, 0], new Cell([10, 0, 0, 0, 10, 0, 0, 0, 10]), periodic: true);

    private readonly string _folder = Directory.CreateTempSubdirectory("ordered-").FullName;

    /// <summary>All methods of selection, each with both ways to pick.</summary>
    public static TheoryData<string, FramePick> Methods()
    {
        var data = new TheoryData<string, FramePick>();
        foreach (var method in (string[])["bins", "measure", "farthest"])
        {
            data.Add(method, FramePick.First);
            data.Add(method, FramePick.MostNew);
        }

        return data;
    }

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task The_order_in_which_runs_end_changes_nothing(string method, FramePick pick)
    {
        var runs = SomeRuns();
        var expected = await Select(method, pick, runs, [.. Enumerable.Range(0, Runs)], threads: 1);
        expected.Count.ShouldBeInRange(2, Runs);
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            int[] order = [.. Enumerable.Range(0, Runs)];
            random.Shuffle(order);
            (await Select(method, pick, runs, order, threads: 1 + seed % 3, random)).ShouldBe(expected, $"order {string.Join(' ', order)}");
        }
    }

    [Fact]
    public async Task A_frame_is_told_as_soon_as_its_run_and_those_before_have_ended()
    {
        var runs = SomeRuns();
        var told = new List<int>();
        using var selection = new OrderedSelection(new BinExaminer(Bins(), FramePick.First), choice => told.Add(choice.Record.Run), 2);
        await selection.AddAsync(0, runs[0], CancellationToken.None);
        told.ShouldBe([0]);
        await selection.AddAsync(2, runs[2], CancellationToken.None);
        told.ShouldBe([0], "what run 1 opens would not be new in run 2");
        await selection.AddAsync(1, runs[1], CancellationToken.None);
        told.ShouldBe([0, 1, 2]);
    }

    [Fact]
    public async Task A_run_that_cannot_be_examined_fails_alone_and_those_after_it_stay_undecided()
    {
        var runs = SomeRuns();
        using var selection = new OrderedSelection(new BinExaminer(Bins(), FramePick.First), _ => { }, 2);
        var before = Directory.GetFiles(_folder);
        var damaged = Run(_water);
        File.Delete(Directory.EnumerateFiles(_folder).Except(before).Single());
        await selection.AddAsync(0, runs[0], CancellationToken.None);
        await Should.ThrowAsync<MofInterop.Potentials.Errors.MofException>(() => selection.AddAsync(1, damaged, CancellationToken.None));
        await selection.AddAsync(2, runs[2], CancellationToken.None);
        selection.Choices.Select(choice => choice.Record.Run).ShouldBe([0]);
    }

    [Theory]
    [InlineData(FramePick.First, 1)]
    [InlineData(FramePick.MostNew, 3)]
    public void A_number_chooses_the_first_above_the_threshold_or_the_largest_the_earliest_of_equals(FramePick pick, int frame) =>
        MeasuredFrames.Pick([0.5, 1.5, double.NaN, 2.5, 2.5], 1, pick)!.Value.Frame.ShouldBe(frame);

    [Fact]
    public void Nothing_above_the_threshold_is_no_frame() => MeasuredFrames.Pick([0.5, 1, double.NaN], 1, FramePick.MostNew).ShouldBeNull();

    private static CbadSelection Bins()
    {
        var structure = TypedStructure.Of(_water);
        var bins = new CbadSelection(structure.Graph, structure.Configuration.Types!);
        bins.Offer(_water);
        return bins;
    }

    private static IRunExaminer Examiner(string method, FramePick pick) => method switch
    {
        "bins" => new BinExaminer(Bins(), pick),
        "measure" => new MeasuredExaminer(() => new BondLength(), 1.25, pick, Bins(), value => $"{value:R}"),
        _ => new FarthestExaminer(frames => [.. frames.Select(frame => new[] { frame.Positions[3] })], [_water, Stretched(0.05), Stretched(0.1)], 1.5, pick, Bins()),
    };

    private static AtomicConfiguration Stretched(double bond)
    {
        var positions = (double[])_water.Positions.Clone();
        positions[3] += bond;
        return _water.With(positions, _water.Cell!);
    }

    private static async Task<List<string>> Select(string method, FramePick pick, FrameArchive[] runs, int[] order, int threads, Random? delays = null)
    {
        using var examiner = Examiner(method, pick);
        using var selection = new OrderedSelection(examiner, _ => { }, threads);
        await Task.WhenAll(order.Select(async (run, place) =>
        {
            var wait = delays is null ? 0 : place + delays.Next(0, 3);
            await Task.Delay(wait);
            await selection.AddAsync(run, runs[run], CancellationToken.None);
        }));
        return [.. selection.Choices.Select(choice => $"{choice.Record.Origin}: {choice.Record.NewBins} {string.Join(", ", choice.Record.Causes)} {string.Join(' ', choice.Configuration.Positions)}")];
    }

    private FrameArchive[] SomeRuns()
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, Runs).Select(run => Run([.. Enumerable.Range(0, Frames).Select(_ => Stretched((0.2 + 0.1 * run) * random.NextDouble()))]))];
    }

    private FrameArchive Run(params AtomicConfiguration[] frames)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        FrameArchive.Write(path, _water.Count, frames);
        return new FrameArchive(path, _water);
    }

    private sealed class BondLength : IFrameMeasure
    {
        public double Of(AtomicConfiguration frame) => frame.Positions[3];

        public void Dispose()
        {
        }
    }
}
