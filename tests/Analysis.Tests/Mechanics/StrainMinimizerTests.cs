using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Tests.Mechanics;

public sealed class StrainMinimizerTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(2)]
    public void A_linear_solid_soft_or_hard_comes_to_rest_in_a_few_cells(double stiffness)
    {
        var tensor = ElasticTensorTests.Cubic(stiffness, 0.4 * stiffness, 0.1 * stiffness);
        double[] strain = [0.01, -0.004, 0.003, 0.012, -0.006, 0.002];
        var minimizer = new StrainMinimizer(StrainMinimizer.Flexible);
        var cells = 0;
        double[] Stress() => [.. Enumerable.Range(0, 6).Select(i => Enumerable.Range(0, 6).Sum(j => tensor[i, j] * strain[j]))];
        while (minimizer.Largest(Stress()) > 1e-9)
        {
            var step = minimizer.Next(Stress(), 1000);
            strain = [.. strain.Zip(step, (a, b) => a + b)];
            (++cells).ShouldBeLessThan(40);
        }

        strain.ShouldBe(new double[6], 1e-6);
    }

    [Fact]
    public void A_cell_of_which_the_lengths_alone_are_free_keeps_its_angles_and_does_not_look_at_shear()
    {
        var minimizer = new StrainMinimizer(StrainMinimizer.Lengths);
        minimizer.Largest([0, 0, 0, 5, 5, 5]).ShouldBe(0);
        var step = minimizer.Next([0.01, 0, -0.01, 0.5, 0.5, 0.5], 100);
        step[0].ShouldBeLessThan(0);
        step[2].ShouldBeGreaterThan(0);
        step[3..].ShouldBe([0, 0, 0]);
        new StrainMinimizer(StrainMinimizer.Volume).Next([0.3, 0, 0, 0, 0, 0], 100).Take(3).Distinct().Count().ShouldBe(1);
        Should.Throw<MofException>(() => new StrainMinimizer([]));
    }

    [Fact]
    public void A_strain_changes_vectors_and_cells_alike()
    {
        double[] strain = [0.01, 0, 0, 0, 0, 0.02];
        StrainMinimizer.Apply([1, 2, 3], strain).ShouldBe([1.01 + 0.02, 2 + 0.01, 3], 1e-14);
        StrainMinimizer.Strained(new Cell([10, 0, 0, 0, 10, 0, 0, 0, 10]), strain).Rows.ToArray().ShouldBe([10.1, 0.1, 0, 0.1, 10, 0, 0, 0, 10], 1e-13);
    }
}
