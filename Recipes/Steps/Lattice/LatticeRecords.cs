using MofInterop.Analysis;

namespace MofInterop.Steps;

/// <summary>One independent run at a state.</summary>
/// <param name="Picoseconds">Averaged.</param>
/// <param name="Problem">Why it ended early, or null.</param>
/// <param name="Temperature">Mean, K.</param>
/// <param name="Lengths">By name (a, b, c), Å, errors from its blocks.</param>
/// <param name="Volume">Å³.</param>
public sealed record LatticeRunRecord(double Picoseconds, string? Problem, Estimate Temperature, IReadOnlyDictionary<string, Estimate> Lengths, Estimate Volume);

/// <summary>Means over independent runs at one temperature and pressure.</summary>
/// <param name="Temperature">Set, K.</param>
/// <param name="Pressure">Set, MPa.</param>
/// <param name="MeanTemperature">Measured, K.</param>
/// <param name="Lengths">By name (a, b, c), Å.</param>
/// <param name="Angles">α, β, γ, degrees.</param>
/// <param name="Volume">Å³.</param>
/// <param name="Runs">Each run.</param>
public sealed record LatticePointRecord(double Temperature, double Pressure, Estimate MeanTemperature, IReadOnlyDictionary<string, Estimate> Lengths, IReadOnlyList<Estimate> Angles, Estimate Volume, IReadOnlyList<LatticeRunRecord> Runs);

/// <summary>Values from elsewhere.</summary>
/// <param name="Label">For legends.</param>
/// <param name="Source">Where they stand.</param>
/// <param name="ThermalExpansion">1/K, or null.</param>
/// <param name="Points">Temperature (K), pressure (MPa), quantity (a, b, c in Å, volume in Å³), value.</param>
public sealed record LatticeLiteratureRecord(string Label, string Source, double? ThermalExpansion, IReadOnlyList<LatticeLiteratureValue> Points);

/// <summary>One value from elsewhere.</summary>
/// <param name="Temperature">K.</param>
/// <param name="Pressure">MPa.</param>
/// <param name="Quantity">a, b, c or volume.</param>
/// <param name="Value">Å or Å³.</param>
public sealed record LatticeLiteratureValue(double Temperature, double Pressure, string Quantity, double Value);

/// <summary>What a scan of lattice parameters found.</summary>
public sealed record LatticeRecord
{
    /// <summary>Of every number.</summary>
    public IReadOnlyDictionary<string, string> Units { get; init; } = new Dictionary<string, string>
    {
        ["temperature"] = "K", ["pressure"] = "MPa", ["lengths"] = "angstrom", ["angles"] = "degree", ["volume"] = "angstrom^3", ["thermal_expansion"] = "1/K", ["compressibility"] = "1/GPa", ["bulk_modulus"] = "GPa", ["picoseconds"] = "ps",
    };

    /// <summary>Which cell the lengths belong to, in words.</summary>
    public required string Cell { get; init; }

    /// <summary>How the cell could change: isotropic, anisotropic, flexible.</summary>
    public required string Freedom { get; init; }

    /// <summary>All states.</summary>
    public required IReadOnlyList<LatticePointRecord> Points { get; init; }

    /// <summary>Pressure of the scan of temperatures, MPa.</summary>
    public required double ScanPressure { get; init; }

    /// <summary>Temperature of the scan of pressures, K.</summary>
    public required double ScanTemperature { get; init; }

    /// <summary>Where the expansion is stated, K.</summary>
    public required double ExpansionAt { get; init; }

    /// <summary>α by quantity (a, b, c linear; volume volumetric), 1/K; empty with too few temperatures.</summary>
    public required IReadOnlyDictionary<string, Estimate> ThermalExpansion { get; init; }

    /// <summary>−(1/V)(∂V/∂P), 1/GPa; null with too few pressures.</summary>
    public Estimate? Compressibility { get; init; }

    /// <summary>Its inverse, GPa.</summary>
    public Estimate? BulkModulus { get; init; }

    /// <summary>Order of the polynomials.</summary>
    public required int Order { get; init; }

    /// <summary>From elsewhere.</summary>
    public required IReadOnlyList<LatticeLiteratureRecord> Literature { get; init; }

    /// <summary>Points of the scan of temperatures.</summary>
    public IReadOnlyList<LatticePointRecord> TemperatureScan() => [.. Points.Where(point => point.Pressure == ScanPressure).OrderBy(point => point.Temperature)];

    /// <summary>Points of the scan of pressures.</summary>
    public IReadOnlyList<LatticePointRecord> PressureScan() => [.. Points.Where(point => point.Temperature == ScanTemperature).OrderBy(point => point.Pressure)];
}
