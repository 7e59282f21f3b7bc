using MofInterop.Execution;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;
using MofInterop.TestKit;

namespace MofInterop.Structures.Tests;

public sealed class SpaceGroupTests
{
    private readonly StructureReader _reader = new(new PythonRunner(new ToolRunner()));

    [Theory]
    [InlineData("mof5.cif", "Fm-3m", 225, 48)]
    [InlineData("zif8.cif", "I-43m", 217, 24)]
    public async Task A_primitive_cell_tells_the_group_of_its_crystal_and_the_way_to_its_conventional_cell(string file, string symbol, int number, int rotations)
    {
        var path = Path.Combine(Repository.Root, "Recipes", "library", file);
        var whole = await _reader.ReadOneAsync(path);
        var primitive = await _reader.ReadOneAsync(path, primitive: true);
        var group = await _reader.SpaceGroupAsync(primitive, 0.01);
        (group.Symbol, group.Number, group.System, group.Rotations.Length).ShouldBe((symbol, number, "cubic", rotations));

        var rows = primitive.Cell!.Rows.ToArray();
        var conventional = new Cell([.. Enumerable.Range(0, 9).Select(k => Enumerable.Range(0, 3).Sum(m => group.Conventional[k / 3 * 3 + m] * rows[3 * m + k % 3]))]);
        conventional.Parameters().ShouldBe(whole.Cell!.Parameters(), 1e-6);
    }

    [Fact]
    public async Task Its_rotations_leave_lengths_alone_and_turn_the_lattice_into_itself_in_any_orientation()
    {
        // Hexagonal, no vector along an axis.
        var cell = new LammpsCell(new Cell([1, 2, 0.5, -0.3, 1, 2, 2, -0.4, 1])).FromLammps(Cell.FromParameters(3.2, 3.2, 5.1, 90, 90, 120));
        var (x, y, z) = cell.ToCartesian(1.0 / 3, 2.0 / 3, 0.5);
        var group = await _reader.SpaceGroupAsync(new AtomicConfiguration(["Mg", "Mg"], [0, 0, 0, x, y, z], cell, true), 1e-3);
        group.Symbol.ShouldBe("P6_3/mmc");
        var rotations = group.CartesianRotations(cell);
        rotations.Count.ShouldBe(24);
        foreach (var rotation in rotations)
        {
            for (var i = 0; i < 3; i++)
            {
                for (var j = 0; j < 3; j++)
                {
                    Enumerable.Range(0, 3).Sum(k => rotation[3 * i + k] * rotation[3 * j + k]).ShouldBe(i == j ? 1 : 0, 1e-9);
                }

                var a = cell.Rows.Slice(3 * i, 3).ToArray();
                double[] turned = [.. Enumerable.Range(0, 3).Select(k => Enumerable.Range(0, 3).Sum(m => rotation[3 * k + m] * a[m]))];
                var (u, v, w) = cell.ToFractional(turned[0], turned[1], turned[2]);
                foreach (var fraction in (double[])[u, v, w])
                {
                    fraction.ShouldBe(Math.Round(fraction), 1e-6);
                }
            }
        }
    }

    [Fact]
    public void A_supercell_repeats_atoms_image_by_image_and_keeps_their_types()
    {
        var cell = new Cell([4, 0, 0, 1, 5, 0, 0, 2, 6]);
        var one = new AtomicConfiguration(["Zn", "O"], [0.1, 0.2, 0.3, 1, 2, 3], cell, true) { Types = ["Zn4a", "O2a"], Info = new Dictionary<string, string> { ["k"] = "v" } };
        var many = Supercell.Of(one, 1, 2, 3);
        many.Count.ShouldBe(12);
        many.Cell!.Rows.ToArray().ShouldBe([4, 0, 0, 2, 10, 0, 0, 6, 18]);
        many.Types!.Take(3).ShouldBe(["Zn4a", "O2a", "Zn4a"]);
        many.Positions[6..9].ShouldBe([0.1, 2.2, 6.3], 1e-12);
        many.Positions[^3..].ShouldBe([1 + 1, 2 + 5 + 4, 3 + 12], 1e-12);
        many.Info["k"].ShouldBe("v");
        Should.Throw<MofException>(() => Supercell.Of(one, 0, 1, 1)).Message.ShouldContain("at least 1");
    }
}
