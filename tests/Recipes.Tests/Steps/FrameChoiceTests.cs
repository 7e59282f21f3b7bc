using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Steps;

/// <summary>Which frames of a run, and which copies, are offered a place in the training set.</summary>
public sealed class FrameChoiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("frames-").FullName;

    private static readonly AtomicConfiguration _water = new(
        ["O", "H", "H"], [0, 0, 0, 0.96, 0, 0, -0.24, 0.93, 0], new Cell([10, 0, 0, 0, 10, 0, 0, 0, 10]), periodic: true);

    public void Dispose() => Directory.Delete(_folder, true);

    private FrameArchive Run(params AtomicConfiguration[] frames)
    {
        var path = Path.Combine(_folder, Path.GetRandomFileName());
        FrameArchive.Write(path, _water.Count, frames).ShouldBe(frames.Length);
        return new FrameArchive(path, _water);
    }

    private static IReadOnlyList<Choice> Choose(FrameArchive[] runs, CbadSelection selection, FramePick pick, int threads)
    {
        using var ordered = new OrderedSelection(new BinExaminer(selection, pick), _ => { }, threads);
        Task.WaitAll([.. runs.Select((frames, run) => ordered.AddAsync(run, frames, CancellationToken.None))]);
        return ordered.Choices;
    }

    private static CbadSelection Selection()
    {
        var structure = TypedStructure.Of(_water);
        var selection = new CbadSelection(structure.Graph, structure.Configuration.Types!);
        selection.Offer(_water);
        return selection;
    }

    /// <summary>Water with its first bond longer by some Å and its cell longer by some Å.</summary>
    private static AtomicConfiguration Stretched(double bond, double cell = 0)
    {
        var positions = (double[])_water.Positions.Clone();
        positions[3] += bond;
        return _water.With(positions, new Cell([10 + cell, 0, 0, 0, 10 + cell, 0, 0, 0, 10 + cell]));
    }

    [Fact]
    public void A_run_that_shows_nothing_new_gives_no_frame() =>
        Choose([Run(_water, Stretched(0.001))], Selection(), FramePick.First, 1).ShouldBeEmpty();

    [Fact]
    public void The_published_choice_is_the_first_frame_that_opens_a_bin()
    {
        var choice = Choose([Run(_water), Run(_water, Stretched(0.1), Stretched(0.1, 0.1))], Selection(), FramePick.First, 1).Single();
        choice.Record.Origin.ShouldBe("run 2, frame 2");
        choice.Record.Frame.ShouldBe(1);
        choice.Record.Causes.ShouldContain(cause => cause.StartsWith("bond ", StringComparison.Ordinal));
        choice.Configuration.Positions.ShouldBe(Stretched(0.1).Positions);
    }

    [Fact]
    public void The_other_choice_is_the_frame_that_opens_the_most_bins()
    {
        var choice = Choose([Run(Stretched(0.1), Stretched(0.1, 0.1), Stretched(0.2))], Selection(), FramePick.MostNew, 1).Single();
        choice.Record.Frame.ShouldBe(1);
        choice.Record.NewBins.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void What_a_run_opened_is_not_new_in_the_next_run() =>
        Choose([Run(Stretched(0.1)), Run(Stretched(0.1))], Selection(), FramePick.First, 2).Select(choice => choice.Record.Run).ShouldBe([0]);

    [Fact]
    public void Any_number_of_threads_chooses_the_same_frames()
    {
        var random = new Random(5);
        FrameArchive[] runs = [.. Enumerable.Range(0, 12).Select(_ => Run([.. Enumerable.Range(0, 20).Select(_ => Stretched(random.NextDouble(), random.NextDouble()))]))];
        var one = Choose(runs, Selection(), FramePick.MostNew, 1);
        one.Count.ShouldBeGreaterThan(3);
        Choose(runs, Selection(), FramePick.MostNew, 2).Select(choice => (choice.Record.Run, choice.Record.Frame, choice.Record.NewBins))
            .ShouldBe(one.Select(choice => (choice.Record.Run, choice.Record.Frame, choice.Record.NewBins)));
    }

    [Fact]
    public void A_damaged_archive_of_frames_is_refused()
    {
        var path = Path.Combine(_folder, "damaged");
        FrameArchive.Write(path, _water.Count, [_water, _water]);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^5]);
        Should.Throw<MofException>(() => new FrameArchive(path, _water)).What.ShouldContain("whole frames");
    }

    [Fact]
    public void Copies_join_in_their_order_until_there_are_enough()
    {
        var choices = FrameChoice.OfCopies([Stretched(0.1), Stretched(0.1), Stretched(0.2), Stretched(0.3)], Selection(), atMost: 2);
        choices.Select(choice => choice.Record.Origin).ShouldBe(["copy 1", "copy 3"]);
    }

    [Fact]
    public void Of_the_frames_with_a_stretched_bond_one_is_drawn_and_the_same_seed_draws_the_same()
    {
        var structure = TypedStructure.Of(_water);
        AtomicConfiguration Stretched(double factor) => _water.With([0, 0, 0, 0.97 * factor, 0, 0, -0.24, 0.93, 0], _water.Cell);
        var frames = Run(Stretched(1), Stretched(1.1), Stretched(1.3), Stretched(1.1), Stretched(1.35), Stretched(1.25));
        var drawn = new HashSet<int>();
        for (var seed = 0; seed < 40; seed++)
        {
            Choice? Draw()
            {
                using var examiner = new StretchExaminer(structure.Graph, 1.2, $"{seed}", Selection());
                return examiner.Examine(0, frames)();
            }

            var choice = Draw().ShouldNotBeNull();
            Draw()!.Record.Frame.ShouldBe(choice.Record.Frame);
            drawn.Add(choice.Record.Frame);
        }

        drawn.Order().ShouldBe([2, 4, 5]);
        using var nothing = new StretchExaminer(structure.Graph, 1.4, "0", Selection());
        nothing.Examine(0, frames)().ShouldBeNull();
    }
}
