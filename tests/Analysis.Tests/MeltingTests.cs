using MofInterop.Analysis.Melting;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Tests;

/// <summary>What melting is recognised by, on motions that are known.</summary>
public sealed class MeltingTests
{
    private const int Atoms = 200, FramesOfWindow = 81;
    private readonly Random _random = new(11);

    [Fact]
    public void Atoms_that_swing_round_their_places_have_the_Lindemann_ratio_of_their_amplitude_and_do_not_go_on()
    {
        const double amplitude = 0.3, spacing = 4;
        var sites = Frames.RandomPositions(_random, Atoms, Frames.Cubic(20));
        var mobility = Measure(_ => [.. sites.Select(x => x + amplitude / Math.Sqrt(3) * Frames.Normal(_random))]);
        mobility.Lindemann(spacing).ShouldBe(amplitude / spacing, 0.01 * amplitude / spacing);
        mobility.Exponent.ShouldBe(0, 0.02);
    }

    [Fact]
    public void Atoms_that_diffuse_go_on_in_proportion_to_time()
    {
        const double step = 0.2;
        var walk = Frames.RandomPositions(_random, Atoms, Frames.Cubic(20));
        var mobility = Measure(_ => walk = [.. walk.Select(x => x + step * Frames.Normal(_random))]);
        mobility.MeanSquare.ShouldBe(3 * step * step * (FramesOfWindow - 1) / 2, 0.1 * 3 * step * step * (FramesOfWindow - 1) / 2);
        mobility.Exponent.ShouldBe(1, 0.1);
    }

    [Fact]
    public void Neither_a_drift_nor_the_breathing_of_the_cell_is_motion()
    {
        var fractions = Enumerable.Range(0, 3 * Atoms).Select(_ => _random.NextDouble()).ToArray();
        var window = new MobilityWindow([.. Enumerable.Range(0, Atoms)], Enumerable.Repeat(1.0, Atoms).ToArray());
        for (var k = 0; k < FramesOfWindow; k++)
        {
            var length = 20 + 2 * Math.Sin(k);
            window.Add([.. fractions.Select(f => length * f + 0.5 * k)], Frames.Cubic(length));
        }

        window.Result().MeanSquare.ShouldBe(0, 1e-20);
    }

    [Fact]
    public void Motion_in_a_skew_cell_is_measured_in_angstrom()
    {
        var cell = new Cell([10, 0, 0, 5, 9, 0, -3, 2, 8]);
        var window = new MobilityWindow([0], [1.0, 1e6]);
        for (var k = 0; k < 9; k++)
        {
            window.Add([0.1 * k, 0.2 * k, -0.2 * k, 0, 0, 0], cell);
        }

        window.Result().MeanSquare.ShouldBe(4 * 0.3 * 4 * 0.3, 1e-5);
        window.Result().Exponent.ShouldBe(2, 1e-5);
    }

    [Fact]
    public void A_window_of_a_few_frames_tells_nothing()
    {
        var window = new MobilityWindow([0], [1.0]);
        window.Add([0, 0, 0], Frames.Cubic(5));
        Should.Throw<MofException>(() => window.Result()).Expected.ShouldBe("at least 9");
        Should.Throw<MofException>(() => new MobilityWindow([], [1.0])).What.ShouldContain("no atoms");
    }

    [Fact]
    public void The_nearest_neighbours_of_a_face_centred_crystal_are_at_its_length_over_the_root_of_two()
    {
        double[] positions = [0, 0, 0, 2.65, 2.65, 0, 2.65, 0, 2.65, 0, 2.65, 2.65];
        NearestNeighbours.MeanDistance(positions, Frames.Cubic(5.3), [0, 1, 2, 3]).ShouldBe(5.3 / Math.Sqrt(2), 1e-12);

        // A single atom has its own images, also beyond the first cutoff.
        NearestNeighbours.MeanDistance(positions, Frames.Cubic(5.3), [2]).ShouldBe(5.3, 1e-12);
        NearestNeighbours.MeanDistance(positions, Frames.Cubic(15), [1]).ShouldBe(15, 1e-12);
        Should.Throw<MofException>(() => NearestNeighbours.MeanDistance(positions, Frames.Cubic(5.3), [])).What.ShouldContain("0 atoms");
    }

    [Theory]
    [InlineData("111", 3, 0)]
    [InlineData("0110111", 3, 4)]
    [InlineData("0110110", 3, null)]
    [InlineData("01", 1, 1)]
    [InlineData("", 1, null)]
    public void A_change_lasts_where_it_holds_several_times_in_a_row(string holds, int inRow, int? first) => LastingChange.FirstOf([.. holds.Select(c => c == '1')], inRow).ShouldBe(first);

    [Fact]
    public void Of_the_rings_of_a_crystal_those_are_left_that_another_state_has_too()
    {
        var crystal = new Dictionary<int, double> { [4] = 0.25, [6] = 1, [8] = 2 };
        Likeness.RingsLeft(crystal, crystal).ShouldBe(1);
        Likeness.RingsLeft(crystal, new Dictionary<int, double> { [5] = 3, [6] = 0.5, [8] = 9 }).ShouldBe((0.5 + 2) / 3.25, 1e-15);
        Likeness.RingsLeft(crystal, new Dictionary<int, double>()).ShouldBe(0);
        Should.Throw<MofException>(() => Likeness.RingsLeft(new Dictionary<int, double>(), crystal));
    }

    [Fact]
    public void Distributions_differ_by_the_mean_of_their_distance()
    {
        var one = new PairCurve("A", "A", [0.5, 1.5], [0, 2], [0, 0], [0, 0]);
        Likeness.Difference(one, one).ShouldBe(0);
        Likeness.Difference(one, one with { G = [1, 1] }).ShouldBe(1);
        Should.Throw<MofException>(() => Likeness.Difference(one, new PairCurve("A", "A", [0.5], [1], [0], [0])));
    }

    private static Mobility Measure(Func<int, double[]> positions)
    {
        var window = new MobilityWindow([.. Enumerable.Range(0, Atoms)], Enumerable.Repeat(1.0, Atoms).ToArray());
        for (var k = 0; k < FramesOfWindow; k++)
        {
            window.Add(positions(k), Frames.Cubic(20));
        }

        return window.Result();
    }
}
