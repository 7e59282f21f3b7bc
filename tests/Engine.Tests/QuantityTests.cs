namespace MofInterop.Engine.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("600 ps", Dimension.Time, 600_000)]
    [InlineData("0.5fs", Dimension.Time, 0.5)]
    [InlineData("1e-3 ns", Dimension.Time, 1000)]
    [InlineData("0.05 angstrom", Dimension.Length, 0.05)]
    [InlineData("0.05 Å", Dimension.Length, 0.05)]
    [InlineData("1 nm", Dimension.Length, 10)]
    [InlineData("1 bohr", Dimension.Length, 0.529177210903)]
    [InlineData("-5 degree", Dimension.Angle, -5 * Math.PI / 180)]
    [InlineData("300 K", Dimension.Temperature, 300)]
    [InlineData("1 GPa", Dimension.Pressure, 1 / 160.2176634)]
    [InlineData("1 bar", Dimension.Pressure, 1 / 1602176.634)]
    [InlineData("1000 rydberg", Dimension.Energy, 13605.693122994)]
    [InlineData("96.48533212331 kJ/mol", Dimension.Energy, 1)]
    [InlineData("2 meV/atom", Dimension.EnergyPerAtom, 0.002)]
    [InlineData("150 meV/angstrom", Dimension.Force, 0.15)]
    [InlineData("1 %", Dimension.Fraction, 0.01)]
    [InlineData("0.01", Dimension.Fraction, 0.01)]
    [InlineData("2 h", Dimension.WallTime, 7200)]
    public void A_number_and_a_unit_become_a_value_in_the_units_of_the_suite(string text, Dimension dimension, double value)
    {
        Quantity.TryParse(text, dimension, out var quantity, out _).ShouldBeTrue();
        quantity.Value.ShouldBe(value, 1e-12 * Math.Abs(value));
        quantity.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("300", Dimension.Temperature, "'300' has no unit")]
    [InlineData("K", Dimension.Temperature, "'K' does not start with a number")]
    [InlineData("300 C", Dimension.Temperature, "'C' is not a known unit")]
    [InlineData("300 ps", Dimension.Temperature, "'300 ps' is a simulated time, not a temperature")]
    [InlineData("5 mpa", Dimension.Pressure, "'mpa' is not a known unit")]
    [InlineData("NaN K", Dimension.Temperature, "'NaN K' does not start with a number")]
    [InlineData("1,5 ps", Dimension.Time, "',5 ps' is not a known unit")]
    public void A_wrong_or_missing_unit_is_said(string text, Dimension dimension, string problem)
    {
        Quantity.TryParse(text, dimension, out _, out var found).ShouldBeFalse();
        found.ShouldBe(problem);
    }

    [Fact]
    public void A_quantity_is_expressed_in_any_unit_of_its_dimension_and_in_no_other()
    {
        var time = Quantity.Parse("1.5 ps");
        time.In("fs").ShouldBe(1500);
        time.In("ns").ShouldBe(0.0015, 1e-15);
        Should.Throw<MofInterop.Potentials.Errors.MofException>(() => time.In("K")).Message.ShouldContain("a simulated time cannot be expressed in 'K'");
    }

    [Fact]
    public void Quantities_are_equal_when_their_values_are_however_they_were_written() =>
        Quantity.Parse("1 ps").ShouldBe(Quantity.Parse("1000 fs"));
}
