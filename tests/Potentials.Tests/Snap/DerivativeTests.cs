using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class DerivativeTests
{
    public static TheoryData<string> Models => new("linear", "inner switching", "quadratic", "several densities", "several densities with every option");

    [Theory]
    [MemberData(nameof(Models))]
    public void Forces_are_minus_the_gradient_of_the_energy(string kind)
    {
        using var potential = new SnapPotential(Model(kind));
        var cell = RandomSystem.SkewedCell(5.5);
        var positions = RandomSystem.Positions(6, cell, 1.4, 31);
        var types = RandomSystem.Types(6, 2);
        FiniteDifferences.CheckForces(potential, positions, types, cell);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void The_virial_is_minus_the_derivative_with_respect_to_strain(string kind)
    {
        using var potential = new SnapPotential(Model(kind));
        var cell = RandomSystem.SkewedCell(5.5);
        var positions = RandomSystem.Positions(6, cell, 1.4, 32);
        var types = RandomSystem.Types(6, 2);
        FiniteDifferences.CheckVirial(potential, positions, types, cell);
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
        "several densities" => RandomSystem.Model(3, 2, 38, p => p with { Chemical = true, Normalized = true }),
        _ => RandomSystem.WithInnerSwitching(2, 2, 39, p => p with { Chemical = true, Quadratic = true, SelfInAllDensities = true, MinimumDistance = 0.4 }),
    };
}
