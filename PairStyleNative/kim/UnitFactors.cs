namespace MofInterop.Kim;

/// <summary>What one Å and one eV are in the units that the simulator asked for.</summary>
/// <param name="Length">Lengths, coordinates.</param>
/// <param name="Energy">Energies, virials.</param>
internal readonly record struct UnitFactors(double Length, double Energy)
{
    /// <summary>Forces.</summary>
    public double Force => Energy / Length;

    /// <summary>Tells KIM that the model computes in the requested units, with the factors that this takes.</summary>
    /// <exception cref="KimException">KIM cannot convert to them.</exception>
    public static UnitFactors Adopt(nint driver, KimValue length, KimValue energy)
    {
        var (charge, temperature, time) = (KimApi.ChargeUnit("unused"), KimApi.TemperatureUnit("unused"), KimApi.TimeUnit("unused"));
        var (electron, kelvin, picosecond) = (KimApi.ChargeUnit("e"), KimApi.TemperatureUnit("K"), KimApi.TimeUnit("ps"));
        double Factor(double lengthExponent, double energyExponent)
        {
            var failed = KimApi.ConvertUnit(
                KimApi.LengthUnit("A"), KimApi.EnergyUnit("eV"), electron, kelvin, picosecond,
                length, energy, electron, kelvin, picosecond,
                lengthExponent, energyExponent, 0, 0, 0, out var factor);
            return failed == 0 ? factor : throw new KimException("KIM cannot convert from A and eV to the requested units");
        }

        var factors = new UnitFactors(Factor(1, 0), Factor(0, 1));
        return KimApi.SetUnits(driver, length, energy, charge, temperature, time) == 0 ? factors : throw new KimException("KIM refuses the requested units");
    }
}
