using MofInterop.Potentials.Atoms;
using MofInterop.Structures;

namespace MofInterop.Structures.Tests;

public class LammpsCellTests
{
    // No two vectors or axes alike.
    private static readonly Cell Skewed = new([1.0, 7.0, -2.0, 6.0, 0.5, 1.0, -0.7, 2.0, 9.0]);

    [Fact]
    public void A_cell_in_the_form_of_LAMMPS_is_taken_over_to_the_last_bit()
    {
        double[] rows = [14.747666, 0, 0, -4.915888666666668, 13.904232847032384, 0, -4.915888666666668, -6.952116423516194, 12.041418865664074];
        new LammpsCell(new Cell(rows)).Cell.Rows.ToArray().ShouldBe(rows);
    }

    [Fact]
    public void Lengths_angles_and_volume_stay_and_the_cell_is_lower_triangular()
    {
        var lammps = new LammpsCell(Skewed).Cell;
        lammps.Parameters().ShouldBe(Skewed.Parameters(), 1e-10);
        lammps.Volume.ShouldBe(Skewed.Volume, 1e-9);
        double[] zeros = [lammps.Rows[1], lammps.Rows[2], lammps.Rows[5]];
        zeros.ShouldBe([0.0, 0.0, 0.0]);
        (lammps.Rows[0] > 0 && lammps.Rows[4] > 0 && lammps.Rows[8] > 0).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void There_and_back_gives_the_same_vectors_and_cell_for_either_handedness(int hand)
    {
        var cell = new Cell([.. Skewed.Rows[..6], hand * Skewed.Rows[6], hand * Skewed.Rows[7], hand * Skewed.Rows[8]]);
        var rotation = new LammpsCell(cell);
        double[] vectors = [1.0, 2.0, 3.0, -4.0, 0.25, 6.0];
        rotation.FromLammps(rotation.ToLammps(vectors)).ShouldBe(vectors, 1e-12);
        rotation.FromLammps(rotation.Cell).Rows.ToArray().ShouldBe(cell.Rows.ToArray(), 1e-12);
        rotation.ToLammps(cell.Rows).ShouldBe(rotation.Cell.Rows.ToArray(), 1e-12);
    }

    [Fact]
    public void A_tensor_of_two_vectors_turns_with_them()
    {
        var rotation = new LammpsCell(Skewed);
        double[] vector = [1.0, -2.0, 0.5];
        var turned = rotation.ToLammps(vector);
        rotation.TensorFromLammps(Outer(turned)).ShouldBe(Outer(vector), 1e-12);

        static double[] Outer(double[] v) => [.. v.SelectMany(a => v.Select(b => a * b))];
    }
}
