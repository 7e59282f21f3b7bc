using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

public class BondGraphTests
{
    [Fact]
    public void Mof5_has_the_bonds_of_its_formula()
    {
        // Per Zn4O(BDC)3: 16 Zn–O, 12 C–O, 6 C–C to the ring, 18 in rings, 12 C–H; two formula units.
        var graph = BondGraph.Build(TestStructures.Mof5Primitive());
        graph.Bonds.Count.ShouldBe(2 * (16 + 12 + 6 + 18 + 12));
        graph.Bonds.ShouldContain(b => b.ShiftA != 0 || b.ShiftB != 0 || b.ShiftC != 0);
    }

    [Fact]
    public void Bond_vectors_do_not_depend_on_wrapping()
    {
        var start = TestStructures.Mof5Primitive();
        var graph = BondGraph.Build(start);
        var moved = TestStructures.Distorted(start, 2);
        var wrapped = (double[])moved.Positions.Clone();
        var rows = moved.Cell!.Rows;
        for (var i = 0; i < moved.Count; i++)
        {
            for (var k = 0; k < 3; k++)
            {
                wrapped[3 * i + k] += (i % 3 - 1) * rows[k] + (i % 5 - 2) * rows[3 + k] - i % 2 * rows[6 + k];
            }
        }

        var direct = new double[3 * graph.Bonds.Count];
        var carried = new double[3 * graph.Bonds.Count];
        graph.BondVectors(moved, direct);
        graph.BondVectors(moved.With(wrapped, moved.Cell), carried);
        for (var k = 0; k < direct.Length; k++)
        {
            carried[k].ShouldBe(direct[k], 1e-10);
        }
    }

    [Fact]
    public void A_vibrating_framework_is_intact()
    {
        var start = TestStructures.Mof5Primitive();
        var graph = BondGraph.Build(start);
        for (ulong seed = 0; seed < 10; seed++)
        {
            graph.FindBreak(TestStructures.Distorted(start, seed, 0.12, 0.02)).ShouldBeNull();
        }
    }

    [Fact]
    public void A_broken_bond_is_named()
    {
        var start = AtomTyping.Typed(TestStructures.Mof5Primitive());
        var graph = BondGraph.Build(start);
        var bond = graph.Bonds.First(b => start.Types![b.First] == "C3c" && start.Types[b.Second] == "H1a");
        var positions = (double[])start.Positions.Clone();
        var outward = graph.StartingVector(graph.Bonds.ToList().IndexOf(bond));
        positions[3 * bond.Second] += 0.7 * outward.X;
        positions[3 * bond.Second + 1] += 0.7 * outward.Y;
        positions[3 * bond.Second + 2] += 0.7 * outward.Z;
        var broken = start.With(positions, start.Cell);
        var text = graph.FindBreak(broken);
        text.ShouldNotBeNull();
        text.ShouldContain($"C3c({bond.First}) – H1a({bond.Second})");
        text.ShouldContain("at the start");
        graph.IsIntact(broken, new IntegritySettings { MaximumFactor = 2.5 }).ShouldBeTrue();
    }

    [Fact]
    public void A_new_contact_is_named()
    {
        var start = TestStructures.Mof5Primitive();
        var graph = BondGraph.Build(start);
        var (h1, h2) = ClosestPair(start, "H");
        var positions = (double[])start.Positions.Clone();
        var (dx, dy, dz) = (positions[3 * h2] - positions[3 * h1], positions[3 * h2 + 1] - positions[3 * h1 + 1], positions[3 * h2 + 2] - positions[3 * h1 + 2]);
        var distance = Math.Sqrt(dx * dx + dy * dy + dz * dz);
        var step = (distance - 0.65) / distance;
        positions[3 * h1] += step * dx;
        positions[3 * h1 + 1] += step * dy;
        positions[3 * h1 + 2] += step * dz;
        var text = graph.FindBreak(start.With(positions, start.Cell), new IntegritySettings { MaximumFactor = 100 });
        text.ShouldNotBeNull();
        text.ShouldContain("which are not bonded, are 0.");
    }

    [Fact]
    public void A_position_that_is_not_a_number_is_a_break()
    {
        var start = TestStructures.Mof5Primitive();
        var positions = (double[])start.Positions.Clone();
        positions[17] = double.NaN;
        BondGraph.Build(start).FindBreak(start.With(positions, start.Cell)).ShouldBe($"the position of {start.Symbols[5]}(5) is not a number");
    }

    [Fact]
    public void An_atom_can_be_bonded_to_its_own_image()
    {
        var chain = new AtomicConfiguration(["C"], [0.3, 0.2, 0.1], new Cell([1.4, 0, 0, 0, 8, 0, 0, 0, 8]), periodic: true);
        var graph = BondGraph.Build(chain);
        var bond = graph.Bonds.Single();
        (bond with { Length = 0 }).ShouldBe(new Bond(0, 0, 1, 0, 0, 0));
        bond.Length.ShouldBe(1.4, 1e-12);
        graph.NeighborsOf(0).Length.ShouldBe(2);
        graph.IsIntact(chain).ShouldBeTrue();
    }

    [Fact]
    public void Metals_of_a_node_are_not_bonded_to_each_other_unless_asked()
    {
        string[] symbols = ["Zr", "Zr", "O"];
        double[] positions = [0, 0, 0, 3.5, 0, 0, 1.75, 1.2, 0];
        var structure = new AtomicConfiguration(symbols, positions, null, periodic: false);
        BondGraph.Build(structure).Bonds.Count.ShouldBe(2);
        BondGraph.Build(structure, new BondSettings { MetalMetalBonds = true }).Bonds.Count.ShouldBe(3);
    }

    private static (int First, int Second) ClosestPair(AtomicConfiguration c, string symbol)
    {
        var atoms = Enumerable.Range(0, c.Count).Where(i => c.Symbols[i] == symbol).ToArray();
        var pairs = from i in atoms from j in atoms where i < j select (i, j);
        return pairs.MinBy(p => Enumerable.Range(0, 3).Sum(k => Math.Pow(c.Positions[3 * p.i + k] - c.Positions[3 * p.j + k], 2)));
    }
}
