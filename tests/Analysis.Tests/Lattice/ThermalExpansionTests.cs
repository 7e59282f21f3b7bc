using MofInterop.Analysis;
using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Tests.Lattice;

public sealed class ThermalExpansionTests
{
    [Fact]
    public void A_made_up_expansion_comes_back_exactly_by_lines_and_by_parabolas()
    {
        double[] temperatures = [100, 200, 300, 400, 500];
        Estimate[] line = [.. temperatures.Select(t => new Estimate(25.9 - 3.4e-4 * t, 0.001))];
        ThermalExpansion.Coefficient(temperatures, line, 300, 1).Value.ShouldBe(-3.4e-4 / (25.9 - 3.4e-4 * 300), 1e-14);
        Estimate[] parabola = [.. temperatures.Select(t => new Estimate(17 + 1e-4 * t + 2e-7 * t * t, 0.001))];
        ThermalExpansion.Coefficient(temperatures, parabola, 250, 2).Value.ShouldBe((1e-4 + 4e-7 * 250) / (17 + 1e-4 * 250 + 2e-7 * 250 * 250), 1e-14);
    }

    [Fact]
    public void The_error_of_the_expansion_is_the_scatter_of_many_repetitions()
    {
        double[] temperatures = [100, 200, 300, 400, 500];
        double[] errors = [0.002, 0.001, 0.003, 0.002, 0.001];
        var random = new Random(3);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var results = Enumerable.Range(0, 4000).Select(_ =>
            ThermalExpansion.Coefficient(temperatures, [.. temperatures.Select((t, k) => new Estimate(17 + 1e-4 * t + errors[k] * Normal(), errors[k]))], 150, 2)).ToArray();
        var mean = results.Average(result => result.Value);
        var scatter = Math.Sqrt(results.Average(result => (result.Value - mean) * (result.Value - mean)));
        results.Average(result => result.Error).ShouldBe(scatter, 0.05 * scatter);
        mean.ShouldBe(1e-4 / (17 + 1e-4 * 150), 4 * scatter / Math.Sqrt(results.Length));
    }

    [Fact]
    public void Points_without_errors_give_the_error_by_their_scatter_and_two_points_none()
    {
        var fit = PolynomialFit.Of([0, 1, 2], [new(0, double.NaN), new(1.5, double.NaN), new(2, double.NaN)], 1, 0);
        fit[1].Value.ShouldBe(1, 1e-12);
        fit[1].Error.ShouldBe(Math.Sqrt(fit.ChiSquared / 1 / 2), 1e-12);
        double.IsNaN(PolynomialFit.Of([0, 1], [new(0, double.NaN), new(1, double.NaN)], 1, 0)[1].Error).ShouldBeTrue();
        Should.Throw<MofException>(() => PolynomialFit.Of([1, 1], [new(0, 1), new(1, 1)], 1, 0)).Message.ShouldContain("values at 2 different places");
    }

    [Fact]
    public void A_compressibility_and_its_bulk_modulus_come_from_volumes_under_pressure()
    {
        double[] pressures = [0, 0.1, 0.2, 0.3];
        Estimate[] volumes = [.. pressures.Select(p => new Estimate(4900 * (1 - p / 8), 0.5))];
        var compressibility = ThermalExpansion.Compressibility(pressures, volumes, 0, 1);
        compressibility.Value.ShouldBe(1.0 / 8, 1e-12);
        var modulus = ThermalExpansion.Inverse(compressibility);
        modulus.Value.ShouldBe(8, 1e-10);
        (modulus.Error / modulus.Value).ShouldBe(compressibility.Error / compressibility.Value, 1e-12);
    }

    [Fact]
    public void Lengths_of_the_conventional_cell_come_from_a_primitive_one_in_any_orientation()
    {
        // Face-centred cubic with a = 10: primitive lengths 10/sqrt 2, angles 60 degrees; b + c - a, ...
        var edge = 10 / Math.Sqrt(2);
        var cubic = LatticeParameters.Transform([edge, edge, edge, 60, 60, 60], [-1, 1, 1, 1, -1, 1, 1, 1, -1]);
        cubic.ShouldBe([10, 10, 10, 90, 90, 90], 1e-9);
        LatticeParameters.IndependentLengths("cubic").Single().Places.ShouldBe([0, 1, 2]);
        LatticeParameters.IndependentLengths("hexagonal").Select(length => length.Name).ShouldBe(["a", "c"]);
        LatticeParameters.IndependentLengths("monoclinic").Count.ShouldBe(3);
    }
}
