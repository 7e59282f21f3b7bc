using MofInterop.Potentials.Errors;

namespace MofInterop.Analysis;

/// <summary>
/// The equation of state of F. Birch, Phys. Rev. 71 (1947) 809, fitted to energies or pressures of volumes. Both fits are linear: the energy of third order is a polynomial of third degree in
/// V^(−2/3), the pressure of second order a sum of V^(−7/3) and V^(−5/3).
/// </summary>
/// <param name="Volume">V₀, where the pressure vanishes, Å³.</param>
/// <param name="BulkModulus">B₀ there, eV/Å³.</param>
/// <param name="Derivative">B₀′ = dB/dP there; 4 without error at second order.</param>
/// <param name="Energy">E₀, eV; null in a fit to pressures.</param>
/// <param name="Order">2 or 3.</param>
/// <param name="Residual">Root mean square of the points' distances from the curve, eV or eV/Å³.</param>
public sealed record BirchMurnaghan(Estimate Volume, Estimate BulkModulus, Estimate Derivative, Estimate? Energy, int Order, double Residual)
{
    private const double SecondOrderDerivative = 4;

    /// <summary>Fits the third order to energies.</summary>
    /// <param name="volumes">Å³, at least four.</param>
    /// <param name="energies">eV, of so many atoms as the volumes are.</param>
    /// <exception cref="MofException">Too few volumes, or no minimum among them (InvalidArgument, NumericalFailure).</exception>
    public static BirchMurnaghan OfEnergies(IReadOnlyList<double> volumes, IReadOnlyList<double> energies)
    {
        ArgumentNullException.ThrowIfNull(volumes);
        ArgumentNullException.ThrowIfNull(energies);
        if (volumes.Count < 4 || volumes.Count != energies.Count)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"an equation of state of third order through {volumes.Count} volumes and {energies.Count} energies", expected: "at least four of each");
        }

        // u = (V/V̄)^(−2/3) − 1, energies relative to the lowest: no digits are lost.
        var reference = volumes.Average();
        var lowest = energies.Min();
        var model = LinearModel.Of(
            [.. volumes.Select(volume => Math.Pow(volume / reference, -2.0 / 3) - 1).Select(u => (double[])[1, u, u * u, u * u * u])],
            [.. energies.Select(energy => new Estimate(energy - lowest, double.NaN))]);
        var span = volumes.Max() - volumes.Min();
        var place = reference * Math.Pow(1 + Minimum(model.Coefficients), -1.5);
        if (!(place > volumes.Min() - span && place < volumes.Max() + span) || !(Second(model.Coefficients) > 0 && model.Coefficients[2] > 0))
        {
            throw new MofException(ErrorKind.NumericalFailure, "the energies have no minimum", expected: "volumes on both sides of it", remedy: "Relax the cell first, or take a wider range.");
        }

        // With y = V/V̄: u_y = −2/3 y^(−5/3), u_yy = 10/9 y^(−8/3).
        double Volume(IReadOnlyList<double> c) => reference * Math.Pow(1 + Minimum(c), -1.5);
        double Modulus(IReadOnlyList<double> c)
        {
            var y = Volume(c) / reference;
            return Second(c) * 4.0 / 9 * Math.Pow(y, -7.0 / 3) / reference;
        }

        double Derivative(IReadOnlyList<double> c)
        {
            var y = Volume(c) / reference;
            double first = -2.0 / 3 * Math.Pow(y, -5.0 / 3), second = 10.0 / 9 * Math.Pow(y, -8.0 / 3);
            return -1 - y * (6 * c[3] * first * first * first + 3 * Second(c) * first * second) / (Second(c) * first * first);
        }

        return new BirchMurnaghan(
            model.Propagate(Volume), model.Propagate(Modulus), model.Propagate(Derivative), model.Propagate(c => lowest + Value(c, Minimum(c))), 3, Math.Sqrt(model.ChiSquared / volumes.Count));
    }

    /// <summary>Fits the second order to pressures.</summary>
    /// <param name="volumes">Å³, at least two.</param>
    /// <param name="pressures">eV/Å³, compression positive, with errors (NaN: unknown).</param>
    /// <exception cref="MofException">Too few volumes, or pressures that no solid has (InvalidArgument, NumericalFailure).</exception>
    public static BirchMurnaghan OfPressures(IReadOnlyList<double> volumes, IReadOnlyList<Estimate> pressures)
    {
        ArgumentNullException.ThrowIfNull(volumes);
        ArgumentNullException.ThrowIfNull(pressures);
        if (volumes.Count < 2 || volumes.Count != pressures.Count)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"an equation of state through {volumes.Count} volumes and {pressures.Count} pressures", expected: "at least two of each");
        }

        // P = 3B₀/2·((V₀/V)^(7/3) − (V₀/V)^(5/3)); the difference of the two powers is well conditioned where V is near V̄.
        var reference = volumes.Average();
        var model = LinearModel.Of(
            [.. volumes.Select(volume => reference / volume).Select(z => (double[])[Math.Pow(z, 7.0 / 3) - Math.Pow(z, 5.0 / 3), Math.Pow(z, 5.0 / 3)])],
            pressures);

        // P = c₀·z^(7/3) − (c₀ − c₁)·z^(5/3), z = V̄/V.
        static double Ratio(IReadOnlyList<double> c) => Math.Pow(c[0] / (c[0] - c[1]), 1.5);
        if (!(model.Coefficients[0] > 0) || !double.IsFinite(Ratio(model.Coefficients)))
        {
            throw new MofException(ErrorKind.NumericalFailure, "the pressures do not fall with the volume", expected: "those of a stable solid near zero pressure");
        }

        return new BirchMurnaghan(
            model.Propagate(c => reference * Ratio(c)),
            model.Propagate(c => 2.0 / 3 * (c[0] - c[1]) * Math.Pow(Ratio(c), -5.0 / 3)),
            new Estimate(SecondOrderDerivative, 0),
            null,
            2,
            Math.Sqrt(volumes.Select((volume, k) => Square(pressures[k].Value - PressureOf(model.Coefficients, reference / volume))).Average()));
    }

    /// <summary>The energy at a volume, eV, relative to E₀.</summary>
    public double EnergyAt(double volume)
    {
        var f = Math.Pow(Volume.Value / volume, 2.0 / 3) - 1;
        return 9.0 / 16 * Volume.Value * BulkModulus.Value * (f * f * f * Derivative.Value + f * f * (6 - 4 * (f + 1)));
    }

    /// <summary>The pressure at a volume, eV/Å³, compression positive.</summary>
    public double PressureAt(double volume)
    {
        var z = Volume.Value / volume;
        return 1.5 * BulkModulus.Value * (Math.Pow(z, 7.0 / 3) - Math.Pow(z, 5.0 / 3)) * (1 + 0.75 * (Derivative.Value - 4) * (Math.Pow(z, 2.0 / 3) - 1));
    }

    private static double PressureOf(IReadOnlyList<double> c, double z) => c[0] * (Math.Pow(z, 7.0 / 3) - Math.Pow(z, 5.0 / 3)) + c[1] * Math.Pow(z, 5.0 / 3);

    private static double Value(IReadOnlyList<double> c, double u) => c[0] + u * (c[1] + u * (c[2] + u * c[3]));

    /// <summary>Where the derivative vanishes and the second one is positive.</summary>
    private static double Minimum(IReadOnlyList<double> c)
    {
        // 3c₃u² + 2c₂u + c₁ = 0 in the form that stays exact for small c₃.
        var root = Math.Sqrt(c[2] * c[2] - 3 * c[3] * c[1]);
        return -c[1] / (c[2] + root);
    }

    private static double Second(IReadOnlyList<double> c) => 2 * c[2] + 6 * c[3] * Minimum(c);

    private static double Square(double value) => value * value;
}
