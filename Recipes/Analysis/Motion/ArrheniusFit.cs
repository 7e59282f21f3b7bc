using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Analysis;

/// <summary>A rate or coefficient against temperature, k(T) = k₀·exp(−E/kT): a straight line of ln k against 1/T.</summary>
/// <param name="Energy">Activation energy E, eV.</param>
/// <param name="LogPrefactor">ln k₀, k₀ in the unit of the values.</param>
/// <param name="Points">Temperatures that were fitted.</param>
public sealed record ArrheniusFit(Estimate Energy, Estimate LogPrefactor, int Points)
{
    /// <summary>1 eV in kJ/mol.</summary>
    public const double KilojoulePerMole = PhysicalConstants.Avogadro * PhysicalConstants.ElementaryCharge / 1000;

    /// <summary>k₀ in the unit of the values, with its error by propagation.</summary>
    public Estimate Prefactor => new(Math.Exp(LogPrefactor.Value), Math.Exp(LogPrefactor.Value) * LogPrefactor.Error);

    /// <summary>The fitted value at a temperature, K.</summary>
    public double At(double temperature) => Math.Exp(LogPrefactor.Value - Energy.Value / (PhysicalConstants.Boltzmann * temperature));

    /// <summary>Fits. Values whose errors are all known are weighted by them, σ(ln k) = σ/k.</summary>
    /// <param name="temperatures">K.</param>
    /// <param name="values">Of any unit, positive.</param>
    /// <exception cref="MofException">Fewer than two different temperatures, or a value or temperature that is not positive (InvalidArgument).</exception>
    public static ArrheniusFit Of(IReadOnlyList<double> temperatures, IReadOnlyList<Estimate> values)
    {
        ArgumentNullException.ThrowIfNull(temperatures);
        ArgumentNullException.ThrowIfNull(values);
        if (temperatures.Any(temperature => !(temperature > 0)) || values.Any(value => !(value.Value > 0)))
        {
            throw new MofException(ErrorKind.InvalidArgument, "an Arrhenius fit through a value or temperature that is not positive", expected: "positive values at positive temperatures");
        }

        var line = LinearFit.Of(
            [.. temperatures.Select(temperature => 1 / (PhysicalConstants.Boltzmann * temperature))], [.. values.Select(value => Math.Log(value.Value))], [.. values.Select(value => value.Error / value.Value)]);
        return new ArrheniusFit(new Estimate(-line.Slope.Value, line.Slope.Error), line.Intercept, line.Points);
    }
}
