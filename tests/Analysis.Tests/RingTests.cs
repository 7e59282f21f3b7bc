using MofInterop.Analysis.Networks;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Tests;

public class RingTests
{
    [Fact]
    public void Diamond_has_two_six_rings_an_atom_and_no_others()
    {
        // D. S. Franzblau, Phys. Rev. B 44, 4925 (1991): each atom is in 12 rings of six.
        var rings = RingStatistics.Count(Diamond(), 14);
        rings.Single().ShouldBe(new RingCount(6, 4, 2, 1));
    }

    [Fact]
    public void Graphene_has_half_a_six_ring_an_atom()
    {
        PeriodicNet graphene = new(2, [Edge(0, 1), Edge(0, 1, -1), Edge(0, 1, 0, -1)]);
        RingStatistics.Count(graphene, 16).Single().ShouldBe(new RingCount(6, 1, 0.5, 1));
    }

    [Fact]
    public void The_simple_cubic_net_has_three_squares_a_node()
    {
        // The hexagons round a cube's corner and its antipode are shortest-path rings too: four for each cube.
        PeriodicNet cubic = new(1, [Edge(0, 0, 1), Edge(0, 0, 0, 1), Edge(0, 0, 0, 0, 1)]);
        RingStatistics.Count(cubic, 10).ShouldBe([new RingCount(4, 3, 3, 1), new RingCount(6, 4, 4, 1)]);
    }

    [Fact]
    public void Closing_through_the_periodic_boundary_is_no_ring()
    {
        PeriodicNet chain = new(3, [Edge(0, 1), Edge(1, 2), Edge(2, 0, 1)]);
        RingStatistics.Count(chain, 20).ShouldBeEmpty();
        PeriodicNet triangle = new(3, [Edge(0, 1), Edge(1, 2), Edge(2, 0)]);
        RingStatistics.Count(triangle, 20).Single().ShouldBe(new RingCount(3, 1, 1.0 / 3, 1));
    }

    [Fact]
    public void Two_links_between_the_same_nodes_are_a_ring_of_two()
    {
        PeriodicNet net = new(2, [Edge(0, 1), Edge(1, 0), Edge(0, 1, 1)]);
        net.EdgeCount.ShouldBe(2);
        RingStatistics.Count(net, 10).Single().Size.ShouldBe(2);
    }

    [Fact]
    public void A_supercell_has_the_same_rings_a_node()
    {
        var doubled = Doubled(Diamond());
        RingStatistics.Count(doubled, 12).Single().ShouldBe(new RingCount(6, 8, 2, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Random_nets_have_the_rings_that_a_search_through_all_cycles_finds(int seed)
    {
        var random = new Random(seed);
        var edges = new List<NetEdge>();
        for (var k = 0; k < 13; k++)
        {
            edges.Add(Edge(random.Next(8), random.Next(8), random.Next(3) - 1, random.Next(3) - 1, random.Next(3) - 1));
        }

        PeriodicNet net = new(8, edges);
        var found = RingStatistics.Count(net, 8).Where(ring => ring.Size > 2).ToDictionary(ring => ring.Size, ring => ring.Count);
        var slow = SlowRings.Count(net, 8);
        found.ShouldBe(slow, ignoreOrder: true);
        slow.ShouldNotBeEmpty();
    }

    [Fact]
    public void Rings_too_large_to_find_are_refused() =>
        Should.Throw<MofException>(() => RingStatistics.Count(Diamond(), 100)).Message.ShouldContain("3 to 40");

    private static NetEdge Edge(int first, int second, int a = 0, int b = 0, int c = 0) => new(first, second, new LatticeVector(a, b, c));

    /// <summary>Two atoms in the primitive cell.</summary>
    private static PeriodicNet Diamond() => new(2, [Edge(0, 1), Edge(0, 1, -1), Edge(0, 1, 0, -1), Edge(0, 1, 0, 0, -1)]);

    private static PeriodicNet Doubled(PeriodicNet net)
    {
        var edges = new List<NetEdge>();
        for (var node = 0; node < net.NodeCount; node++)
        {
            foreach (var other in net.NeighborsOf(node))
            {
                for (var half = 0; half < 2; half++)
                {
                    var a = half + other.Cell.A;
                    var cell = (int)Math.Floor(a / 2.0);
                    edges.Add(Edge(2 * node + half, 2 * other.Node + a - 2 * cell, cell, other.Cell.B, other.Cell.C));
                }
            }
        }

        // Each edge was met from both ends: half of them, one of each pair.
        return new PeriodicNet(2 * net.NodeCount, [.. edges.Where(edge => edge.First < edge.Second)]);
    }
}
