namespace MofInterop.Potentials.Units;

/// <summary>
/// The one table of physical constants: CODATA 2018 (NIST SP 961) unless a name says otherwise.
/// Inside the suite: eV, Å, fs, K, atomic mass units.
/// </summary>
public static class PhysicalConstants
{
    /// <summary>Elementary charge, C (exact).</summary>
    public const double ElementaryCharge = 1.602176634e-19;

    /// <summary>Boltzmann constant, eV/K.</summary>
    public const double Boltzmann = 1.380649e-23 / ElementaryCharge;

    /// <summary>Hartree energy, eV.</summary>
    public const double Hartree = 27.211386245988;

    /// <summary>Bohr radius, Å.</summary>
    public const double Bohr = 0.529177210903;

    /// <summary>Rydberg energy, eV.</summary>
    public const double Rydberg = Hartree / 2;

    /// <summary>Atomic mass constant, kg.</summary>
    public const double AtomicMass = 1.66053906660e-27;

    /// <summary>Atomic unit of time (ħ/hartree), fs.</summary>
    public const double AtomicTimeInFemtoseconds = 2.4188843265857e-2;

    /// <summary>Avogadro constant, 1/mol.</summary>
    public const double Avogadro = 6.02214076e23;

    /// <summary>1 kJ/mol in eV.</summary>
    public const double KilojoulePerMole = 1000 / (Avogadro * ElementaryCharge);

    /// <summary>1 kcal/mol in eV, of the thermochemical calorie (4.184 J).</summary>
    public const double KilocaloriePerMole = 4.184 * KilojoulePerMole;

    /// <summary>Planck constant, eV·s.</summary>
    public const double Planck = 6.62607015e-34 / ElementaryCharge;

    /// <summary>Speed of light, cm/s.</summary>
    public const double SpeedOfLightCentimetrePerSecond = 2.99792458e10;

    /// <summary>1 eV/Å³ in GPa.</summary>
    public const double ElectronVoltPerCubicAngstromInGigapascal = 160.2176634;

    /// <summary>1 eV/Å³ in MPa.</summary>
    public const double ElectronVoltPerCubicAngstromInMegapascal = 160217.6634;

    /// <summary>1 eV/Å³ in bar.</summary>
    public const double ElectronVoltPerCubicAngstromInBar = 1602176.634;

    /// <summary>Mass × velocity² to energy: 1 amu·(Å/fs)² in eV.</summary>
    public const double MassVelocitySquared = AtomicMass * 1e10 / ElementaryCharge;

    /// <summary>LAMMPS <c>units metal</c>: <c>nktv2p</c>, 1 eV/Å³ in bar as LAMMPS has it (29Sep2021 and 4Feb2025, update.cpp).</summary>
    public const double LammpsMetalPressure = 1.6021765e6;

    /// <summary>LAMMPS <c>units metal</c>: <c>qqr2e</c>, eV·Å, used by its ZBL.</summary>
    public const double LammpsMetalCoulomb = 14.399645;
}
