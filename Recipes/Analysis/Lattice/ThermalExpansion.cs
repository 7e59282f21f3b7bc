namespace MofInterop.Analysis;

/// <summary>How lengths and volumes answer to temperature and pressure: derivatives of fitted polynomials, with errors.</summary>
public static class ThermalExpansion
{
    /// <summary>The coefficient of thermal expansion α = (1/a)(da/dT), 1/K, of a length (linear) or a volume (volumetric).</summary>
    /// <param name="temperatures">K.</param>
    /// <param name="lengths">At these temperatures, with errors; any unit.</param>
    /// <param name="temperature">Where α is wanted, K.</param>
    /// <param name="order">Order of the polynomial a(T): 1, a straight line, or 2.</param>
    /// <exception cref="Potentials.Errors.MofException">Too few temperatures for the order (InvalidArgument).</exception>
    public static Estimate Coefficient(IReadOnlyList<double> temperatures, IReadOnlyList<Estimate> lengths, double temperature, int order) =>
        PolynomialFit.Of(temperatures, lengths, order, temperature).LogarithmicSlope();

    /// <summary>The isothermal compressibility κ = −(1/V)(∂V/∂P), in the inverse unit of the pressures.</summary>
    /// <param name="pressures">Compression positive.</param>
    /// <param name="volumes">At these pressures, with errors; any unit.</param>
    /// <param name="pressure">Where κ is wanted.</param>
    /// <param name="order">Order of the polynomial V(P): 1 or 2.</param>
    /// <exception cref="Potentials.Errors.MofException">Too few pressures for the order (InvalidArgument).</exception>
    public static Estimate Compressibility(IReadOnlyList<double> pressures, IReadOnlyList<Estimate> volumes, double pressure, int order) =>
        PolynomialFit.Of(pressures, volumes, order, pressure).LogarithmicSlope().Times(-1);

    /// <summary>The inverse of an estimate: the bulk modulus of a compressibility.</summary>
    public static Estimate Inverse(Estimate value) => new(1 / value.Value, value.Error / (value.Value * value.Value));
}
