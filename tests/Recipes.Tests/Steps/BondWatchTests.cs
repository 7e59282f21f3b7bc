using MofInterop.Engine;
using MofInterop.Lammps;
using MofInterop.Learning;
using MofInterop.Potentials.Atoms;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Steps;

/// <summary>Which frames of a run are kept, and when its bonds count as broken: water, one of whose bonds is stretched.</summary>
public sealed class BondWatchTests
{
    private const double Length = 0.96;

    private static AtomicConfiguration Water(double bond) => new(
        ["O", "H", "H"], [0, 0, 0, bond, 0, 0, -0.24, 0.93, 0], new Cell([10, 0, 0, 0, 10, 0, 0, 0, 10]), periodic: true);

    // Frames every 2 fs, of bonds that are so many times as long as at the start.
    private static (BondWatch Watch, int[] Kept) Watch(double stretch, double recovery, params double[] factors)
    {
        var start = Water(Length);
        var plan = new PlannedRun("run", start, 300, null, 4 * factors.Length, 0.5, 4) { Stretch = stretch, Recovery = recovery };
        var watch = new BondWatch(BondGraph.Build(start), plan);
        int[] kept = [.. watch.Keep(factors.Select((factor, k) => new LammpsFrame(4 * k, Water(factor * Length), null, null))).Select(frame => (int)(frame.Step / 4))];
        return (watch, kept);
    }

    [Fact]
    public void Nothing_after_the_first_broken_bond_is_kept()
    {
        var (watch, kept) = Watch(1.4, 0, 1, 1.2, 1.6, 1, 1);
        kept.ShouldBe([0, 1]);
        watch.Problem.ShouldNotBeNull().ShouldStartWith("step 8: the bond O(0) – H(1) is 1.54 Å long");
        watch.IntactFrames.ShouldBe(2);
        watch.LastIntactStep.ShouldBe(4);
    }

    [Fact]
    public void With_stretch_frames_are_kept_until_a_bond_is_longer_than_that_and_the_run_is_broken_all_the_same()
    {
        var (watch, kept) = Watch(2, 0, 1, 1.6, 1.9, 1.2, 2.1, 1);
        kept.ShouldBe([0, 1, 2, 3]);
        watch.Problem.ShouldNotBeNull().ShouldStartWith("step 4: ");
        watch.IntactFrames.ShouldBe(1);
    }

    [Fact]
    public void A_bond_that_comes_back_in_time_is_an_excursion_and_its_frames_are_not_kept()
    {
        var (watch, kept) = Watch(1.4, 6, 1, 1.6, 3, 1, 1.5, 1);
        watch.Problem.ShouldBeNull();
        watch.Excursions.ShouldBe([4, 2]);
        kept.ShouldBe([0, 3, 5]);
        watch.IntactFrames.ShouldBe(3);
        watch.LastStep.ShouldBe(20);
    }

    [Fact]
    public void A_bond_that_stays_away_is_broken_from_when_it_went()
    {
        var (watch, kept) = Watch(1.4, 6, 1, 1, 1.6, 1.6, 1.6, 1.6, 1.6, 1);
        watch.Problem.ShouldNotBeNull().ShouldStartWith("step 8: ");
        watch.LastIntactStep.ShouldBe(4);
        watch.Excursions.ShouldBeEmpty();
        kept.ShouldBe([0, 1]);
    }

    [Fact]
    public void A_test_ramp_goes_on_through_excursions_where_it_may_and_ends_at_them_otherwise()
    {
        var structure = TypedStructure.Of(Water(Length));
        var options = new TestRampOptions { To = Quantity.Parse("1000 K"), Steps = 6, Frames = 6, TimeStep = Quantity.Parse("2 fs") };
        int Kept(TestRampOptions one)
        {
            var watch = new BondWatch(structure.Graph, TestRampStep.Plan(one, structure));
            return watch.Keep(new[] { 1, 1.6, 1.9, 1, 1.2 }.Select((factor, k) => new LammpsFrame(k, Water(factor * Length), null, null))).Count();
        }

        Kept(options).ShouldBe(1);
        Kept(options with { Recovery = Quantity.Parse("6 fs") }).ShouldBe(3);
        Kept(options with { Recovery = Quantity.Parse("6 fs"), Stretch = 2 }).ShouldBe(5);
    }
}
