using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Learning.Tests;

/// <summary>Foreign frames of MOF-5.</summary>
public class AtomMatchingTests
{
    private static readonly AtomicConfiguration _structure = AtomTyping.Typed(TestStructures.Mof5Primitive());
    private static readonly BondGraph _graph = BondGraph.Build(_structure);

    [Fact]
    public void Atoms_in_any_order_anywhere_in_a_turned_cell_are_found_at_once_or_refused()
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var distorted = TestStructures.Distorted(_structure, seed);
            var foreign = Foreign(TestStructures.Shuffled(distorted, 100 + seed));

            var matching = AtomMatching.Find(_structure, _graph, foreign, out var reason).ShouldNotBeNull(reason);

            matching.IsIdentity.ShouldBeFalse();
            var found = matching.Apply(foreign);
            found.Symbols.ShouldBe(_structure.Symbols);
            found.Types.ShouldBe(_structure.Types);
            _graph.FindBreak(found).ShouldBeNull();
            found.Label!.Energy.ShouldBe(-1);

            // The atom's own number came along as its force: positions and forces were put in order together.
            for (var i = 0; i < foreign.Count; i++)
            {
                var source = (int)found.Label.Forces[3 * i];
                found.Positions.AsSpan(3 * i, 3).ToArray().ShouldBe(foreign.Positions.AsSpan(3 * source, 3).ToArray());
            }
        }
    }

    [Fact]
    public void A_supercell_of_many_equal_atoms_is_matched_in_moments()
    {
        var large = AtomTyping.Typed(TestStructures.Supercell(TestStructures.Mof5Primitive(), 2, 2, 2));
        var graph = BondGraph.Build(large);
        var foreign = Foreign(TestStructures.Shuffled(TestStructures.Distorted(large, 9), 77));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        AtomMatching.Find(large, graph, foreign, out var reason).ShouldNotBeNull(reason);
        clock.Elapsed.TotalSeconds.ShouldBeLessThan(20);
    }

    [Fact]
    public void The_order_of_the_structure_is_seen()
    {
        var matching = AtomMatching.Find(_structure, _graph, TestStructures.Distorted(_structure, 3), out _).ShouldNotBeNull();
        matching.IsIdentity.ShouldBeTrue();
        matching.ForeignType(_structure).ShouldBeNull();
        string[] types = [.. _structure.Types!];
        types[2] = "C9z";
        matching.ForeignType(_structure.With(types)).ShouldNotBeNull().ShouldContain("atom 2 (counted from 0) is a C9z in the file and a Zn4a in the structure");
    }

    [Fact]
    public void What_cannot_be_matched_is_told()
    {
        AtomMatching.Find(_structure, _graph, TestStructures.Mof5Conventional(), out var reason).ShouldBeNull();
        reason.ShouldNotBeNull().ShouldContain("its frames hold C192H96O104Zn32, the structure holds C48H24O26Zn8: give the structure the same supercell");

        var otherCell = new AtomicConfiguration(_structure.Symbols, _structure.Positions, new Cell([.. _structure.Cell!.Rows.ToArray().Select(x => 1.3 * x)]), true);
        AtomMatching.Find(_structure, _graph, otherCell, out reason).ShouldBeNull();
        reason.ShouldNotBeNull().ShouldContain("its frames have the cell 23.75 23.75 23.75 60 60 60, the structure has 18.27 18.27 18.27 60 60 60");

        var broken = (double[])_structure.Positions.Clone();
        broken[3 * 40] += 0.9;
        AtomMatching.Find(_structure, _graph, _structure.With(broken, _structure.Cell), out reason).ShouldBeNull();
        reason.ShouldNotBeNull().ShouldContain("its bonds are not those of the structure");

        var cluster = new AtomicConfiguration(_structure.Symbols, _structure.Positions, null, false);
        AtomMatching.Obstacle(_structure, cluster).ShouldNotBeNull().ShouldContain("no periodic cell");
    }

    /// <summary>Turned, shifted through the cell, each atom in some image, with its number as its force.</summary>
    private static AtomicConfiguration Foreign(AtomicConfiguration frame)
    {
        var turned = new LammpsCell(frame.Cell!);
        var cell = turned.Cell;
        var positions = turned.ToLammps(frame.Positions);
        for (var i = 0; i < frame.Count; i++)
        {
            var (a, b, c) = cell.ToFractional(positions[3 * i] + 3.1, positions[3 * i + 1] - 7.7, positions[3 * i + 2] + 1.9);
            (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]) = cell.ToCartesian(a - Math.Floor(a) + i % 2, b - Math.Floor(b), c - Math.Floor(c) - i % 3);
        }

        double[] forces = [.. Enumerable.Range(0, 3 * frame.Count).Select(k => (double)(k / 3))];
        return new AtomicConfiguration(frame.Symbols, positions, cell, true) { Label = new ReferenceLabel(-1, forces, null) };
    }
}
