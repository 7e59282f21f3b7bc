using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Steps;

/// <summary>Which frames of a run, and which copies, are offered a place in the training set.</summary>
public class FrameChoiceTests
{
    private static readonly AtomicConfiguration _water = new(
        ["O", "H", "H"], [0, 0, 0, 0.96, 0, 0, -0.24, 0.93, 0], new Cell([10, 0, 0, 0, 10, 0, 0, 0, 10]), periodic: true);

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
        FrameChoice.OfRun(0, [_water, Stretched(0.001)], Selection(), FramePick.First).ShouldBeNull();

    [Fact]
    public void The_published_choice_is_the_first_frame_that_opens_a_bin()
    {
        var choice = FrameChoice.OfRun(4, [_water, Stretched(0.1), Stretched(0.1, 0.1)], Selection(), FramePick.First);
        choice!.Record.Origin.ShouldBe("run 5, frame 2");
        choice.Record.Frame.ShouldBe(1);
        choice.Record.Causes.ShouldContain(cause => cause.StartsWith("bond ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_other_choice_is_the_frame_that_opens_the_most_bins()
    {
        var choice = FrameChoice.OfRun(0, [Stretched(0.1), Stretched(0.1, 0.1), Stretched(0.2)], Selection(), FramePick.MostNew);
        choice!.Record.Frame.ShouldBe(1);
        choice.Record.NewBins.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void What_a_run_opened_is_not_new_in_the_next_run()
    {
        var selection = Selection();
        FrameChoice.OfRun(0, [Stretched(0.1)], selection, FramePick.First).ShouldNotBeNull();
        FrameChoice.OfRun(1, [Stretched(0.1)], selection, FramePick.First).ShouldBeNull();
    }

    [Fact]
    public void Copies_join_in_their_order_until_there_are_enough()
    {
        var choices = FrameChoice.OfCopies([Stretched(0.1), Stretched(0.1), Stretched(0.2), Stretched(0.3)], Selection(), atMost: 2);
        choices.Select(choice => choice.Record.Origin).ShouldBe(["copy 1", "copy 3"]);
    }
}
