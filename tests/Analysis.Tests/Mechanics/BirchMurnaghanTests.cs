using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis.Tests.Mechanics;

public sealed class BirchMurnaghanTests
{
    private const double Volume = 4321, Modulus = 0.1, Derivative = 5.3, Energy = -1234.5;
    private static readonly BirchMurnaghan _made = new(new(Volume, 0), new(Modulus, 0), new(Derivative, 0), new(Energy, 0), 3, 0);

    [Fact]
    public void Made_up_parameters_come_back_from_energies_though_the_minimum_is_not_in_the_middle()
    {
        double[] volumes = [.. Enumerable.Range(0, 9).Select(k => 4100 + 60.0 * k)];
        var fit = BirchMurnaghan.OfEnergies(volumes, [.. volumes.Select(volume => Energy + _made.EnergyAt(volume))]);
        fit.Volume.Value.ShouldBe(Volume, 1e-4);
        fit.BulkModulus.Value.ShouldBe(Modulus, 1e-6 * Modulus);
        fit.Derivative.Value.ShouldBe(Derivative, 1e-3);
        fit.Energy!.Value.Value.ShouldBe(Energy, 1e-7);
        fit.Residual.ShouldBeLessThan(1e-9);
    }

    [Fact]
    public void The_pressure_is_the_slope_of_the_energy()
    {
        foreach (var volume in (double[])[4100, Volume, 4700])
        {
            const double step = 0.5;
            _made.PressureAt(volume).ShouldBe(-(_made.EnergyAt(volume + step) - _made.EnergyAt(volume - step)) / (2 * step), 1e-8);
        }
    }

    [Fact]
    public void Errors_of_a_fit_to_noisy_energies_are_the_scatter_of_many_such_fits()
    {
        double[] volumes = [.. Enumerable.Range(0, 11).Select(k => 4100 + 45.0 * k)];
        var noise = new NormalNumbers(2);
        var fits = Enumerable.Range(0, 1500).Select(_ => BirchMurnaghan.OfEnergies(volumes, [.. volumes.Select(volume => Energy + _made.EnergyAt(volume) + 0.002 * noise.Next())])).ToArray();
        foreach (var quantity in (Func<BirchMurnaghan, Estimate>[])[fit => fit.Volume, fit => fit.BulkModulus, fit => fit.Derivative])
        {
            var mean = fits.Average(fit => quantity(fit).Value);
            var scatter = Math.Sqrt(fits.Average(fit => Math.Pow(quantity(fit).Value - mean, 2)));
            Math.Sqrt(fits.Average(fit => Math.Pow(quantity(fit).Error, 2))).ShouldBe(scatter, 0.1 * scatter);
        }
    }

    [Fact]
    public void Made_up_parameters_come_back_from_pressures_of_second_order_with_the_errors_that_the_pressures_have()
    {
        var made = _made with { Derivative = new Estimate(4, 0) };
        double[] volumes = [.. Enumerable.Range(-2, 5).Select(k => Volume * (1 + 0.015 * k))];
        var exact = BirchMurnaghan.OfPressures(volumes, [.. volumes.Select(volume => new Estimate(made.PressureAt(volume), 1e-5))]);
        exact.Volume.Value.ShouldBe(Volume, 1e-6);
        exact.BulkModulus.Value.ShouldBe(Modulus, 1e-10);
        exact.Derivative.Value.ShouldBe(4);

        var noise = new NormalNumbers(3);
        var fits = Enumerable.Range(0, 1500).Select(_ => BirchMurnaghan.OfPressures(volumes, [.. volumes.Select(volume => new Estimate(made.PressureAt(volume) + 1e-4 * noise.Next(), 1e-4))])).ToArray();
        var mean = fits.Average(fit => fit.BulkModulus.Value);
        var scatter = Math.Sqrt(fits.Average(fit => Math.Pow(fit.BulkModulus.Value - mean, 2)));
        fits.Average(fit => fit.BulkModulus.Error).ShouldBe(scatter, 0.1 * scatter);
    }

    [Fact]
    public void What_is_no_solid_is_refused()
    {
        double[] volumes = [100, 110, 120, 130, 140];
        Should.Throw<MofException>(() => BirchMurnaghan.OfEnergies(volumes, [.. volumes.Select(volume => -(volume - 120) * (volume - 120))])).Message.ShouldContain("no minimum");
        Should.Throw<MofException>(() => BirchMurnaghan.OfPressures(volumes, [.. volumes.Select(volume => new Estimate(0.001 * volume - 0.1, double.NaN))])).Message.ShouldContain("do not fall with the volume");
        Should.Throw<MofException>(() => BirchMurnaghan.OfEnergies([1, 2, 3], [1, 0, 1])).Message.ShouldContain("at least four");
    }
}
