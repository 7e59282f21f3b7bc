using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Potentials.Tests.Atoms;

public sealed class NeighborListTests
{
    public static TheoryData<string, double, bool, bool, bool> Cases => new()
    {
        { "cubic", 3.1, true, true, true },
        { "cubic", 3.1, false, false, false },
        { "cubic", 3.1, true, false, true },
        { "triclinic", 3.1, true, true, true },
        { "triclinic", 3.1, false, true, false },
        { "flat", 3.1, true, true, true },
        { "flat", 3.1, false, true, true },
        { "tiny", 4.7, true, true, true },
        { "tiny", 4.7, true, true, false },
        { "left-handed", 3.1, true, true, true },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Finds_the_pairs_that_brute_force_finds(string shape, double cutoff, bool a, bool b, bool c)
    {
        var cell = Shape(shape);
        for (var seed = 0; seed < 5; seed++)
        {
            var positions = Scatter(shape == "tiny" ? 3 : 25, cell, seed);
            using var list = new NeighborList();
            list.Build(positions, cell, a, b, c, cutoff);
            Found(list).ShouldBe(BruteForce(positions, cell, [a, b, c], cutoff), $"seed {seed}");
        }
    }

    [Fact]
    public void A_molecule_needs_no_cell()
    {
        var positions = Scatter(40, Shape("cubic"), 7);
        using var list = new NeighborList();
        list.Build(positions, null, false, false, false, 2.5);
        list.AtomCount.ShouldBe(40);
        Found(list).ShouldBe(BruteForce(positions, Shape("cubic"), [false, false, false], 2.5));
    }

    [Fact]
    public void Building_again_allocates_nothing()
    {
        var cell = Shape("triclinic");
        var positions = Scatter(40, cell, 3);
        var types = new int[40];
        using var list = new NeighborList();
        Allocations.Least(() =>
        {
            list.Build(positions, cell, true, true, false, 3.1);
            list.View(types);
        }).ShouldBe(0);
    }

    [Fact]
    public void No_atoms_in_a_nearly_flat_cell_are_quickly_found()
    {
        using var list = new NeighborList();
        list.Build([], new Cell([4, 0, 0, 0.1, 1e-8, 0, 0, 0, 4]), true, true, true, 4);
        list.AtomCount.ShouldBe(0);
    }

    [Fact]
    public void A_position_without_digits_is_refused()
    {
        using var list = new NeighborList();
        Should.Throw<MofException>(() => list.Build([1e300, 0, 0], Shape("cubic"), true, true, true, 3))
            .Message.ShouldContain("so far from the cell");
    }

    [Fact]
    public void Two_far_atoms_need_little_memory()
    {
        using var list = new NeighborList();
        list.Build([0, 0, 0, 1e7, 1e7, 1e7], null, false, false, false, 2.5);
        Found(list).ShouldBeEmpty();
    }

    [Fact]
    public void Atoms_exactly_at_the_cutoff_are_not_neighbours()
    {
        using var list = new NeighborList();
        list.Build([0, 0, 0, 2, 0, 0], null, false, false, false, 2);
        Found(list).ShouldBeEmpty();
        list.Build([0, 0, 0, 2, 0, 0], null, false, false, false, 2.0000001);
        Found(list).Count.ShouldBe(2);
    }

    [Fact]
    public void Atoms_outside_the_cell_are_wrapped_and_owners_keep_their_places()
    {
        var cell = Shape("triclinic");
        var positions = Scatter(20, cell, 8);
        var moved = (double[])positions.Clone();
        var rows = cell.Rows;
        for (var k = 0; k < moved.Length; k++)
        {
            moved[k] += (k / 3 % 3 - 1) * 4 * rows[k % 3] + (k / 3 % 2) * 7 * rows[6 + k % 3];
        }

        using var list = new NeighborList();
        list.Build(moved, cell, true, true, true, 3);
        Found(list).ShouldBe(BruteForce(positions, cell, [true, true, true], 3));
    }

    [Fact]
    public void A_list_can_be_built_again_and_again()
    {
        using var list = new NeighborList();
        foreach (var (shape, atoms, cutoff) in ((string, int, double)[])[("cubic", 30, 3.0), ("tiny", 2, 6.0), ("triclinic", 10, 2.0), ("cubic", 60, 3.5)])
        {
            var cell = Shape(shape);
            var positions = Scatter(atoms, cell, atoms);
            list.Build(positions, cell, true, true, true, cutoff);
            Found(list).ShouldBe(BruteForce(positions, cell, [true, true, true], cutoff));
        }
    }

    [Fact]
    public unsafe void Images_take_their_owners_type_and_give_back_what_they_received()
    {
        var cell = Shape("tiny");
        using var list = new NeighborList();
        list.Build(Scatter(3, cell, 9), cell, true, true, true, 3);
        var view = list.View([5, 6, 7]);
        var values = new double[2 * list.AtomCount];
        for (var i = 0; i < list.AtomCount; i++)
        {
            view.Types[i].ShouldBe(5 + list.Owners[i]);
            values[2 * i] = 1;
            values[2 * i + 1] = list.Owners[i];
        }

        fixed (double* pointer = values)
        {
            list.FoldImages(pointer, 2);
        }

        values[..6].Where((_, k) => k % 2 == 0).Sum().ShouldBe(list.AtomCount);
        values[1].ShouldBe(0);
        values[3].ShouldBe(values[2]);
        values[5].ShouldBe(2 * values[4]);
    }

    [Fact]
    public void Nonsense_is_refused()
    {
        using var list = new NeighborList();
        Should.Throw<MofException>(() => list.Build([0, 0, 0], null, true, false, false, 3));
        Should.Throw<MofException>(() => list.Build([0, 0, double.NaN], null, false, false, false, 3)).Message.ShouldContain("atom 0");
        Should.Throw<MofException>(() => list.Build([0, 0, 0], null, false, false, false, 0));
        Should.Throw<MofException>(() => list.Build([0, 0, 0], new Cell([1e-3, 0, 0, 0, 1e-3, 0, 0, 0, 1e-3]), true, true, true, 10)).Message.ShouldContain("cell");
    }

    private static Cell Shape(string shape) => shape switch
    {
        "cubic" => new Cell([9, 0, 0, 0, 9, 0, 0, 0, 9]),
        "triclinic" => Cell.FromParameters(7, 8, 9, 70, 112, 58),
        "flat" => new Cell([12, 0, 0, 9, 2, 0, 3, 1, 11]),
        "tiny" => new Cell([1.9, 0, 0, 0.8, 1.6, 0, -0.5, 0.4, 2.1]),
        "left-handed" => new Cell([0, 8, 0, 9, 0, 1, 0, 0.5, 10]),
        _ => throw new ArgumentOutOfRangeException(nameof(shape)),
    };

    private static double[] Scatter(int atoms, Cell cell, int seed)
    {
        var random = new Random(seed);
        var positions = new double[3 * atoms];
        for (var i = 0; i < atoms; i++)
        {
            (positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]) = cell.ToCartesian(random.NextDouble(), random.NextDouble(), random.NextDouble());
        }

        return positions;
    }

    // (center, owner of the neighbour, r_j − r_i in 1e-6 Å), sorted.
    private static unsafe List<(int, int, long, long, long)> Found(NeighborList list)
    {
        var view = list.View(new int[list.LocalCount]);
        var pairs = new List<(int, int, long, long, long)>();
        for (var i = 0; i < view.CenterCount; i++)
        {
            for (var n = 0; n < view.NeighborCounts[i]; n++)
            {
                var j = view.Neighbors[i][n];
                pairs.Add((i, list.Owners[j], Round(0), Round(1), Round(2)));
                long Round(int k) => (long)Math.Round(1e6 * (view.Positions[3 * j + k] - view.Positions[3 * i + k]));
            }
        }

        pairs.Sort();
        return pairs;
    }

    private static List<(int, int, long, long, long)> BruteForce(double[] positions, Cell cell, bool[] periodic, double cutoff)
    {
        var heights = cell.FaceDistances();
        int Reach(int k) => periodic[k] ? (int)Math.Ceiling(cutoff / heights[k]) + 1 : 0;
        var pairs = new List<(int, int, long, long, long)>();
        for (var i = 0; i < positions.Length / 3; i++)
        {
            for (var j = 0; j < positions.Length / 3; j++)
            {
                for (var a = -Reach(0); a <= Reach(0); a++)
                {
                    for (var b = -Reach(1); b <= Reach(1); b++)
                    {
                        for (var c = -Reach(2); c <= Reach(2); c++)
                        {
                            var (x, y, z) = cell.ToCartesian(a, b, c);
                            x += positions[3 * j] - positions[3 * i];
                            y += positions[3 * j + 1] - positions[3 * i + 1];
                            z += positions[3 * j + 2] - positions[3 * i + 2];
                            var square = x * x + y * y + z * z;
                            if (square < cutoff * cutoff && (i != j || a != 0 || b != 0 || c != 0))
                            {
                                pairs.Add((i, j, (long)Math.Round(1e6 * x), (long)Math.Round(1e6 * y), (long)Math.Round(1e6 * z)));
                            }
                        }
                    }
                }
            }
        }

        pairs.Sort();
        return pairs;
    }
}
