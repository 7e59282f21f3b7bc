using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class CbadSelectionTests
{
    private static readonly AtomicConfiguration _mof5 = AtomTyping.Typed(TestStructures.Mof5Primitive());
    private static readonly BondGraph _graph = BondGraph.Build(_mof5);

    private static CbadSelection Fresh(CbadResolutions? resolutions = null) => new(_graph, _mof5.Types!, resolutions);

    [Fact]
    public void Classes_are_cell_parameters_and_paths_by_type()
    {
        var classes = Fresh().Classes;
        classes.Take(6).ShouldBe(["cell a", "cell b", "cell c", "cell alpha", "cell beta", "cell gamma"]);
        classes.Where(c => c.StartsWith("bond", StringComparison.Ordinal)).ShouldBe(
            ["bond C3a-C3b", "bond C3a-O2a", "bond C3b-C3c", "bond C3c-C3c", "bond C3c-H1a", "bond O2a-Zn4a", "bond O4a-Zn4a"]);
        classes.ShouldContain("angle O2a-C3a-O2a");
        classes.ShouldContain("dihedral C3b-C3a-O2a-Zn4a");
        classes.ShouldNotContain("dihedral Zn4a-O2a-C3a-C3b");
    }

    [Fact]
    public void The_first_configuration_joins_and_its_copy_does_not()
    {
        var selection = Fresh();
        selection.Offer(_mof5).Joins.ShouldBeTrue();
        var again = selection.Offer(_mof5);
        again.Joins.ShouldBeFalse();
        again.NewBins.ShouldBeEmpty();
    }

    [Fact]
    public void One_new_bin_is_enough_and_is_named()
    {
        // A pair of atoms whose only change is its distance.
        var (graph, types, at) = Diatomic();
        var selection = new CbadSelection(graph, types);
        selection.Offer(at(1.42)).Joins.ShouldBeTrue();
        selection.Offer(at(1.44)).Joins.ShouldBeFalse();
        var verdict = selection.Offer(at(1.46));
        verdict.NewBins.ShouldHaveSingleItem();
        verdict.NewBins[0].Class.ShouldBe("bond C1a-C1a");
        verdict.NewBins[0].Bin.ShouldBe(29);
        verdict.NewBins[0].ToString().ShouldBe("bond C1a-C1a in 1.45 … 1.5 Å");
        selection.Offer(at(1.48)).Joins.ShouldBeFalse();
    }

    [Fact]
    public void Bins_are_those_of_a_plain_set_for_fine_and_coarse_resolutions()
    {
        // More bins than the collector's first table holds, and many values in one bin.
        var random = new Random(9);
        foreach (var range in (int[])[5, 100_000])
        {
            var bins = new BinCollector();
            for (var repeat = 0; repeat < 2; repeat++)
            {
                var plain = new SortedSet<(int, int)>();
                bins.Begin();
                for (var k = 0; k < 5000; k++)
                {
                    var (place, bin) = (random.Next(20), random.Next(-range, range));
                    plain.Add((place, bin));
                    bins.Add(CbadFootprint.Key(place, bin));
                }

                bins.Sorted().Select(key => (CbadFootprint.PlaceOf(key), CbadFootprint.BinOf(key))).ShouldBe(plain);
            }
        }
    }

    [Fact]
    public void A_footprint_less_what_was_known_is_worth_as_much_later()
    {
        var selection = Fresh();
        selection.Offer(_mof5);
        var distorted = new RandomDistortion { Displacement = 0.1, Strain = 0.01 }.Apply(_mof5, new DeterministicRandom(3));
        var rest = selection.NewOf(selection.FootprintOf(distorted));
        rest.Count.ShouldBe(selection.Judge(distorted).NewBins.Count);
        selection.Offer(new RandomDistortion { Displacement = 0.1, Strain = 0.01 }.Apply(_mof5, new DeterministicRandom(4)));
        selection.CountNew(rest).ShouldBe(selection.Judge(distorted).NewBins.Count);
        selection.Judge(rest).NewBins.ShouldBe(selection.Judge(distorted).NewBins);
    }

    [Fact]
    public void Judging_occupies_nothing()
    {
        var selection = Fresh();
        selection.Judge(_mof5).Joins.ShouldBeTrue();
        selection.OccupiedCount.ShouldBe(0);
        selection.Judge(_mof5).Joins.ShouldBeTrue();
    }

    [Theory]
    [InlineData(-0.5, -1)]
    [InlineData(0.5, 0)]
    [InlineData(9.99, 0)]
    [InlineData(-9.99, -1)]
    [InlineData(180, -18)]
    [InlineData(-180, -18)]
    [InlineData(179.9, 17)]
    [InlineData(-179.9, -18)]
    [InlineData(185, -18)]
    [InlineData(540, -18)]
    public void Dihedral_bins_are_signed_and_wrap(double degrees, int bin) => CbadDescriptors.DihedralBin(degrees, 10).ShouldBe(bin);

    [Fact]
    public void A_dihedral_that_turns_through_180_degrees_meets_its_old_bin()
    {
        var (graph, types, at) = Twisted();
        var selection = new CbadSelection(graph, types, new CbadResolutions { Dihedral = 20 });
        selection.Offer(at(175)).Joins.ShouldBeTrue();
        selection.Offer(at(-175)).NewBins.Single().ToString().ShouldBe("dihedral H1a-O2a-O2a-H1a in -180 … -160 °");
        selection.Offer(at(185)).Joins.ShouldBeFalse();
        selection.Offer(at(-5)).NewBins.Single().Bin.ShouldBe(-1);
        selection.Offer(at(5)).NewBins.Single().Bin.ShouldBe(0);
    }

    [Fact]
    public void A_dihedral_has_the_sign_of_the_IUPAC_convention()
    {
        // Looked at along the middle bond (+x to the eye's far side), +y to +z is a clockwise turn when x points away.
        var angle = Vector3.Dihedral(new Vector3(0, -1, 0), new Vector3(1, 0, 0), new Vector3(0, 0, 1));
        angle.ShouldBe(90, 1e-12);
        Vector3.Dihedral(new Vector3(0, -1, 0), new Vector3(1, 0, 0), new Vector3(0, 1, 0)).ShouldBe(0, 1e-12);
    }

    [Fact]
    public void A_changed_cell_is_a_new_bin_of_the_cell()
    {
        var selection = Fresh(new CbadResolutions { Bond = 10, Angle = 360, Dihedral = 360 });
        selection.Offer(_mof5);
        var rows = _mof5.Cell!.Rows.ToArray();
        var cell = new Cell([.. rows.Select(r => 1.01 * r)]);
        var verdict = selection.Offer(_mof5.With([.. _mof5.Positions.Select(x => 1.01 * x)], cell));
        verdict.NewBins.Select(b => b.Class).ShouldBe(["cell a", "cell b", "cell c"]);
    }

    [Fact]
    public void Finer_bins_select_more()
    {
        int Selected(CbadResolutions resolutions)
        {
            var selection = Fresh(resolutions);
            return Enumerable.Range(0, 60).Count(k => selection.Offer(TestStructures.Distorted(_mof5, (ulong)k, 0.03, 0.003)).Joins);
        }

        var published = Selected(new CbadResolutions());
        var coarse = Selected(new CbadResolutions { Bond = 0.2, Angle = 20, Dihedral = 40, CellLength = 0.2, CellAngle = 0.28 });
        coarse.ShouldBeLessThan(published);
    }

    [Fact]
    public void A_saved_selection_goes_on_where_it_was()
    {
        var first = Fresh();
        for (ulong seed = 0; seed < 5; seed++)
        {
            first.Offer(TestStructures.Distorted(_mof5, seed));
        }

        var text = System.Text.Json.JsonSerializer.Serialize(first.Save());
        var second = Fresh();
        second.Restore(System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, int[]>>(text)!);
        second.OccupiedCount.ShouldBe(first.OccupiedCount);
        for (ulong seed = 5; seed < 15; seed++)
        {
            var candidate = TestStructures.Distorted(_mof5, seed);
            second.Offer(candidate).NewBins.ShouldBe(first.Offer(candidate).NewBins);
        }
    }

    [Fact]
    public void Bins_of_another_structure_are_refused_and_leave_the_selection_as_it_was()
    {
        var selection = Fresh();
        selection.Offer(_mof5);
        var occupied = selection.OccupiedCount;
        Should.Throw<MofException>(() => selection.Restore(new Dictionary<string, int[]> { ["bond Na1a-Cl1a"] = [1] }))
            .Message.ShouldContain("no CBAD class 'bond Na1a-Cl1a'");
        selection.OccupiedCount.ShouldBe(occupied);
    }

    [Fact]
    public void A_resolution_that_is_not_positive_is_refused() =>
        Should.Throw<MofException>(() => Fresh(new CbadResolutions { Angle = 0 })).Message.ShouldContain("resolution of the angle is 0");

    private static (BondGraph Graph, string[] Types, Func<double, AtomicConfiguration> At) Diatomic()
    {
        AtomicConfiguration At(double distance) =>
            new(["C", "C"], [1, 1, 1, 1 + distance, 1, 1], new Cell([9, 0, 0, 0, 9, 0, 0, 0, 9]), periodic: true);
        return (BondGraph.Build(At(1.42)), ["C1a", "C1a"], At);
    }

    private static (BondGraph Graph, string[] Types, Func<double, AtomicConfiguration> At) Twisted()
    {
        AtomicConfiguration At(double degrees)
        {
            var angle = degrees * Math.PI / 180;
            double[] positions = [4, 4.97, 4, 4, 4, 4, 5.45, 4, 4, 5.45, 4 + 0.97 * Math.Cos(angle), 4 + 0.97 * Math.Sin(angle)];
            return new(["H", "O", "O", "H"], positions, new Cell([12, 0, 0, 0, 12, 0, 0, 0, 12]), periodic: true);
        }

        return (BondGraph.Build(At(175)), ["H1a", "O2a", "O2a", "H1a"], At);
    }
}
