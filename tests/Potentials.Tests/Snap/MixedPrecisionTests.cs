using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class MixedPrecisionTests
{
    private const double LargestForceError = 1e-5;

    public static TheoryData<string> Cases => new(
        "Ta06A_linear_2J6", "W_2940_linear_2J8", "WBe_linear_2J8", "W_rmin0_noswitch", "ZIF8_published_equilibrium",
        "ZIF8_published_rattled", "W_switchinner");

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void Forces_differ_from_double_precision_by_less_than_promised(string name)
    {
        var data = LammpsCase.Load(name);
        foreach (var lanes in (int[])[2, 4, 8])
        {
            using var potential = new SnapPotential(data.Model, lanes);
            var exact = Evaluation.Of(potential, data.Positions, data.Types, data.Cell);
            potential.MixedPrecision = true;
            var mixed = Evaluation.Of(potential, data.Positions, data.Types, data.Cell);
            var error = exact.Forces.Zip(mixed.Forces, (a, b) => Math.Abs(a - b)).Max();
            // Single precision has 7 digits, and atoms much too close have forces of thousands of eV/Å.
            error.ShouldBeInRange(1e-13, LargestForceError + 5e-7 * exact.Forces.Max(Math.Abs));
            mixed.Energy.ShouldBe(exact.Energy, 1e-6 * data.Types.Length + 1e-7 * Math.Abs(exact.Energy));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(10)]
    public void Every_twojmax_and_unequal_numbers_of_neighbors_are_computed(int twoJMax)
    {
        var model = RandomSystem.Model(twoJMax, 3, 40 + twoJMax);
        var cell = RandomSystem.SkewedCell(9);
        var positions = RandomSystem.Positions(37, cell, 1.4, 41);
        var types = RandomSystem.Types(37, 3);
        foreach (var lanes in (int[])[2, 4, 8])
        {
            using var potential = new SnapPotential(model, lanes);
            var exact = Evaluation.Of(potential, positions, types, cell);
            potential.MixedPrecision = true;
            var mixed = Evaluation.Of(potential, positions, types, cell);
            var largest = exact.Forces.Max(Math.Abs);
            mixed.Forces.Zip(exact.Forces, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(2e-6 * largest + 1e-12);
            mixed.AtomEnergies.Zip(exact.AtomEnergies, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-5 * exact.AtomEnergies.Max(Math.Abs));
            potential.MixedPrecision = false;
            Evaluation.Of(potential, positions, types, cell).Forces.ShouldBe(exact.Forces);
        }
    }

    [Fact]
    public void Quadratic_models_are_refused()
    {
        using var potential = new SnapPotential(RandomSystem.Model(2, 1, 42, p => p with { Quadratic = true }));
        Should.Throw<MofException>(() => potential.MixedPrecision = true).Message.ShouldContain("chemflag or quadraticflag compute in double precision only");
        potential.MixedPrecision.ShouldBeFalse();
    }
}
