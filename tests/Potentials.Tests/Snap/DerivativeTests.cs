using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class DerivativeTests
{
    private const double Step = 1e-4;

    public static TheoryData<string> Models => new("linear", "inner switching", "quadratic", "several densities");

    [Theory]
    [MemberData(nameof(Models))]
    public void Forces_are_minus_the_gradient_of_the_energy(string kind)
    {
        using var potential = new SnapPotential(Model(kind));
        var cell = RandomSystem.SkewedCell(5.5);
        var positions = RandomSystem.Positions(6, cell, 1.4, 31);
        var types = RandomSystem.Types(6, 2);
        var forces = Evaluation.Of(potential, positions, types, cell).Forces;
        for (var k = 0; k < positions.Length; k++)
        {
            var slope = Derivative(h =>
            {
                var moved = (double[])positions.Clone();
                moved[k] += h;
                return Evaluation.Of(potential, moved, types, cell).Energy;
            });
            forces[k].ShouldBe(-slope, 1e-8 * Math.Max(1, Math.Abs(slope)), $"component {k}");
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_virial_is_minus_the_derivative_with_respect_to_strain(string kind)
    {
        using var potential = new SnapPotential(Model(kind));
        var cell = RandomSystem.SkewedCell(5.5);
        var positions = RandomSystem.Positions(6, cell, 1.4, 32);
        var types = RandomSystem.Types(6, 2);
        var result = Evaluation.Of(potential, positions, types, cell);
        for (var m = 0; m < 9; m++)
        {
            // W_ab = Σ r_a·f_b: strain moves r_b by h·r_a.
            var slope = Derivative(h => Evaluation.Of(potential, Strain(positions, m, h), types, new Cell(Strain(cell.Rows.ToArray(), m, h))).Energy);
            result.Virial[m].ShouldBe(-slope, 1e-8 * Math.Max(1, Math.Abs(slope)), $"component {m}");
        }
    }

    [Fact]
    public void Atomic_energies_and_virials_add_up_to_the_totals()
    {
        using var potential = new SnapPotential(Model("linear"));
        var cell = RandomSystem.SkewedCell(5.5);
        var result = Evaluation.Of(potential, RandomSystem.Positions(6, cell, 1.4, 33), RandomSystem.Types(6, 2), cell);
        result.AtomEnergies.Sum().ShouldBe(result.Energy, 1e-11);
        for (var m = 0; m < 9; m++)
        {
            Enumerable.Range(0, 6).Sum(i => result.AtomVirials[9 * i + m]).ShouldBe(result.Virial[m], 1e-11);
        }

        for (var k = 0; k < 3; k++)
        {
            Enumerable.Range(0, 6).Sum(i => result.Forces[3 * i + k]).ShouldBe(0, 1e-11);
        }
    }

    private static SnapModel Model(string kind) => kind switch
    {
        "linear" => RandomSystem.Model(5, 2, 34),
        "inner switching" => RandomSystem.WithInnerSwitching(4, 2, 36),
        "quadratic" => RandomSystem.Model(4, 2, 37, p => p with { Quadratic = true }),
        _ => RandomSystem.Model(2, 2, 38, p => p with { Chemical = true, Normalized = true }),
    };

    private static double[] Strain(double[] vectors, int component, double h)
    {
        var strained = (double[])vectors.Clone();
        for (var v = 0; v < vectors.Length; v += 3)
        {
            strained[v + component % 3] += h * vectors[v + component / 3];
        }

        return strained;
    }

    // Fourth-order central difference.
    private static double Derivative(Func<double, double> f) =>
        (8 * (f(Step) - f(-Step)) - (f(2 * Step) - f(-2 * Step))) / (12 * Step);
}
