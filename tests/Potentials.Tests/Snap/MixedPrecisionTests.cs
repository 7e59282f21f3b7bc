using MofInterop.Potentials.Snap;

namespace MofInterop.Potentials.Tests.Snap;

public sealed class MixedPrecisionTests
{
    private const double LargestForceError = 1e-5;

    public static TheoryData<string> Cases => new(
        "Ta06A_linear_2J6", "W_2940_linear_2J8", "WBe_linear_2J8", "W_rmin0_noswitch", "ZIF8_published_equilibrium",
        "ZIF8_published_rattled", "W_switchinner", "Mo_quadratic");

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
            error.ShouldBeInRange(1e-13, LargestForceError + 1e-7 * exact.Forces.Max(Math.Abs));
            mixed.Energy.ShouldBe(exact.Energy, 1e-6 * data.Types.Length + 1e-7 * Math.Abs(exact.Energy));
        }
    }
}
