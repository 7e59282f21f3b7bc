using MofInterop.Potentials.Units;

namespace MofInterop.Engine;

/// <summary>The units that a recipe may use. Every factor that is not a power of ten comes from <see cref="PhysicalConstants"/>.</summary>
public static class UnitTable
{
    private static readonly Unit[] Units =
    [
        new("fs", Dimension.Time, 1),
        new("ps", Dimension.Time, 1e3),
        new("ns", Dimension.Time, 1e6),
        new("s", Dimension.WallTime, 1),
        new("min", Dimension.WallTime, 60),
        new("h", Dimension.WallTime, 3600),
        new("day", Dimension.WallTime, 86400, "days"),
        new("angstrom", Dimension.Length, 1, "Å", "Å", "Angstrom"),
        new("nm", Dimension.Length, 10),
        new("pm", Dimension.Length, 0.01),
        new("bohr", Dimension.Length, PhysicalConstants.Bohr),
        new("K", Dimension.Temperature, 1),
        new("bar", Dimension.Pressure, 1 / PhysicalConstants.ElectronVoltPerCubicAngstromInBar),
        new("Pa", Dimension.Pressure, 1e-9 / PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal),
        new("kPa", Dimension.Pressure, 1e-6 / PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal),
        new("MPa", Dimension.Pressure, 1 / PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal),
        new("GPa", Dimension.Pressure, 1 / PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal),
        new("eV/angstrom^3", Dimension.Pressure, 1, "eV/Å^3", "eV/Å³"),
        new("eV", Dimension.Energy, 1),
        new("meV", Dimension.Energy, 1e-3),
        new("kJ/mol", Dimension.Energy, 1e3 / (PhysicalConstants.Avogadro * PhysicalConstants.ElementaryCharge)),
        new("rydberg", Dimension.Energy, PhysicalConstants.Rydberg, "Ry"),
        new("hartree", Dimension.Energy, PhysicalConstants.Hartree, "Ha"),
        new("meV/atom", Dimension.EnergyPerAtom, 1e-3),
        new("eV/atom", Dimension.EnergyPerAtom, 1),
        new("meV/angstrom", Dimension.Force, 1e-3, "meV/Å"),
        new("eV/angstrom", Dimension.Force, 1, "eV/Å"),
        new("degree", Dimension.Angle, Math.PI / 180, "degrees", "deg", "°"),
        new("rad", Dimension.Angle, 1, "radian"),
        new("amu", Dimension.Mass, 1, "g/mol"),
        new("MB", Dimension.Memory, 1),
        new("GB", Dimension.Memory, 1024),
        new("TB", Dimension.Memory, 1024 * 1024),
        new("/cm", Dimension.Wavenumber, 1, "cm^-1", "cm⁻¹"),
        new("THz", Dimension.Wavenumber, 1e12 / PhysicalConstants.SpeedOfLightCentimetrePerSecond),
        new("1/K", Dimension.Expansion, 1, "/K"),
        new("1e-6/K", Dimension.Expansion, 1e-6),
        new("angstrom^3", Dimension.Volume, 1, "Å^3", "Å³"),
        new("K/ps", Dimension.HeatingRate, 1e-3),
        new("K/ns", Dimension.HeatingRate, 1e-6),
        new("K/fs", Dimension.HeatingRate, 1),
        new("%", Dimension.Fraction, 0.01),
    ];

    private static readonly Dictionary<string, Unit> ByName = Units
        .SelectMany(unit => unit.Aliases.Prepend(unit.Name).Distinct().Select(name => (name, unit)))
        .ToDictionary(pair => pair.name, pair => pair.unit, StringComparer.Ordinal);

    /// <summary>Names of the units of a dimension, the preferred spelling of each.</summary>
    public static IReadOnlyList<string> NamesOf(Dimension dimension) =>
        [.. Units.Where(unit => unit.Dimension == dimension).Select(unit => unit.Name)];

    /// <summary>The dimension in words: <c>a temperature</c>.</summary>
    public static string Describe(Dimension dimension) => dimension switch
    {
        Dimension.Time => "a simulated time",
        Dimension.WallTime => "a time on the clock",
        Dimension.Length => "a length",
        Dimension.Temperature => "a temperature",
        Dimension.Pressure => "a pressure",
        Dimension.Energy => "an energy",
        Dimension.EnergyPerAtom => "an energy per atom",
        Dimension.Force => "a force",
        Dimension.Angle => "an angle",
        Dimension.Mass => "a mass",
        Dimension.Memory => "an amount of memory",
        Dimension.Wavenumber => "a wavenumber",
        Dimension.Expansion => "a thermal expansion coefficient",
        Dimension.Volume => "a volume",
        Dimension.HeatingRate => "a heating or cooling rate",
        Dimension.Fraction => "a fraction",
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    /// <summary>An example of the dimension for messages: <c>300 K</c>.</summary>
    public static string Example(Dimension dimension) => dimension switch
    {
        Dimension.Time => "0.5 fs",
        Dimension.WallTime => "10 min",
        Dimension.Length => "0.05 angstrom",
        Dimension.Temperature => "300 K",
        Dimension.Pressure => "1 bar",
        Dimension.Energy => "1000 rydberg",
        Dimension.EnergyPerAtom => "2 meV/atom",
        Dimension.Force => "150 meV/angstrom",
        Dimension.Angle => "5 degree",
        Dimension.Mass => "12.011 amu",
        Dimension.Memory => "4 GB",
        Dimension.Wavenumber => "5 /cm",
        Dimension.Expansion => "-13.1e-6 1/K",
        Dimension.Volume => "4900 angstrom^3",
        Dimension.HeatingRate => "10 K/ps",
        Dimension.Fraction => "1 %",
        _ => throw new ArgumentOutOfRangeException(nameof(dimension)),
    };

    /// <summary>Every spelling that is accepted for a dimension.</summary>
    internal static IEnumerable<string> SpellingsOf(Dimension dimension) =>
        ByName.Where(pair => pair.Value.Dimension == dimension).Select(pair => pair.Key);

    /// <summary>Finds a unit by any of its spellings; capitals matter (<c>MPa</c>, <c>mPa</c>).</summary>
    internal static bool TryFind(string name, out Dimension dimension, out double factor)
    {
        var found = ByName.TryGetValue(name, out var unit);
        dimension = unit?.Dimension ?? default;
        factor = unit?.Factor ?? 0;
        return found;
    }

    private sealed record Unit(string Name, Dimension Dimension, double Factor, params string[] Aliases);
}
