using MofInterop.Potentials.Errors;

namespace MofInterop.Learning.Tests;

/// <summary>Farthest-point sampling, and the points that stand for configurations.</summary>
public class FarthestPointTests
{
    [Fact]
    public void The_next_point_is_the_one_farthest_from_all_that_were_taken()
    {
        double[][] line = [[0], [1], [2], [10], [6]];
        FarthestPoints.Take(line, 0, 5).Select(point => point.Index).ShouldBe([0, 3, 4, 2, 1]);
    }

    [Fact]
    public void Distances_never_grow_and_the_first_is_infinite()
    {
        var random = new Random(3);
        double[][] points = [.. Enumerable.Range(0, 60).Select(_ => new[] { random.NextDouble(), 100 * random.NextDouble(), 7 })];
        var taken = FarthestPoints.Take(points, 4, 60);
        taken[0].ShouldBe(new FarthestPoint(4, double.PositiveInfinity));
        taken.Select(point => point.Index).Order().ShouldBe(Enumerable.Range(0, 60));
        for (var k = 1; k < taken.Count; k++)
        {
            taken[k].Distance.ShouldBeLessThanOrEqualTo(taken[k - 1].Distance);
        }
    }

    [Fact]
    public void Units_of_a_coordinate_do_not_matter()
    {
        var random = new Random(4);
        double[][] points = [.. Enumerable.Range(0, 40).Select(_ => new[] { random.NextDouble(), random.NextDouble() })];
        double[][] scaled = [.. points.Select(point => new[] { 1024 * point[0], point[1] })];
        FarthestPoints.Take(scaled, 0, 40).Select(point => point.Index).ShouldBe(FarthestPoints.Take(points, 0, 40).Select(point => point.Index));
    }

    [Fact]
    public void Equal_points_are_all_taken_once_the_earliest_first() =>
        FarthestPoints.Take([[1], [1], [5], [1]], 1, 9).Select(point => point.Index).ShouldBe([1, 2, 0, 3]);

    [Fact]
    public void Nothing_to_choose_from_is_refused() =>
        Should.Throw<MofException>(() => FarthestPoints.Take([], 0, 1)).What.ShouldContain("no points");

    [Fact]
    public void Exchanging_atoms_of_a_type_is_the_same_point_and_threads_do_not_matter()
    {
        var mof5 = AtomTyping.Typed(TestStructures.Mof5Primitive());
        var model = new SnapTrainingSettings { TwoJMax = 4 }.CreateModel(AtomTyping.Assign(BondGraph.Build(mof5)).Types);
        var distorted = new RandomDistortion { Displacement = 0.1, Strain = 0.01 }.Apply(mof5, new DeterministicRandom(1));
        var exchanged = (double[])distorted.Positions.Clone();
        int[] hydrogens = [.. Enumerable.Range(0, mof5.Count).Where(atom => mof5.Types![atom] == "H1a").Take(2)];
        for (var k = 0; k < 3; k++)
        {
            (exchanged[3 * hydrogens[0] + k], exchanged[3 * hydrogens[1] + k]) = (exchanged[3 * hydrogens[1] + k], exchanged[3 * hydrogens[0] + k]);
        }

        var points = FrameFingerprints.Of(model, [distorted, distorted.With(exchanged, distorted.Cell), mof5], threads: 2);
        points.ShouldBe(FrameFingerprints.Of(model, [distorted, distorted.With(exchanged, distorted.Cell), mof5]));
        points[0].Zip(points[1]).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-9 * (1 + Math.Abs(pair.First)));
        points[0].Zip(points[2]).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeGreaterThan(1e-3);
    }
}
