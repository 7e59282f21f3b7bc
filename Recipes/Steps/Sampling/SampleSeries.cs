using System.Collections.Immutable;
using MofInterop.Lammps;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;

namespace MofInterop.Steps;

/// <summary>One sample of a run.</summary>
/// <param name="Time">fs.</param>
/// <param name="Temperature">K.</param>
/// <param name="PotentialEnergy">eV.</param>
/// <param name="Pressure">eV/Å³, compression positive, kinetic part included.</param>
/// <param name="Volume">Å³.</param>
/// <param name="CellParameters">a, b, c (Å), α, β, γ (degrees) of the simulated cell.</param>
/// <param name="Stress">eV/Å³, tension positive, xx yy zz yz xz xy in the structure's frame of reference, kinetic part included.</param>
internal readonly record struct Sample(double Time, double Temperature, double PotentialEnergy, double Pressure, double Volume, ImmutableArray<double> CellParameters, ImmutableArray<double> Stress);

/// <summary>The samples of a run as a table for people and programs: CSV whose headings carry the units.</summary>
internal static class SampleSeries
{
    private const double FemtosecondsInPicosecond = 1000;

    private static readonly string[] _columns =
    [
        "time_ps", "temperature_K", "potential_energy_eV", "pressure_MPa", "volume_A3",
        "a_A", "b_A", "c_A", "alpha_degree", "beta_degree", "gamma_degree",
        "stress_xx_MPa", "stress_yy_MPa", "stress_zz_MPa", "stress_yz_MPa", "stress_xz_MPa", "stress_xy_MPa",
    ];

    /// <summary>A row of LAMMPS as a sample.</summary>
    public static Sample Of(LammpsThermoRow row) => new(row.Time, row.Temperature, row.PotentialEnergy, row.Pressure, row.Volume, row.CellParameters, row.Stress);

    public static void Write(string path, IEnumerable<Sample> samples) => CsvTable.Write(path, _columns, samples.Select(sample => (IReadOnlyList<double>)
    [
        sample.Time / FemtosecondsInPicosecond, sample.Temperature, sample.PotentialEnergy, Megapascal(sample.Pressure), sample.Volume, .. sample.CellParameters, .. sample.Stress.Select(Megapascal),
    ]));

    /// <exception cref="MofException">The file is missing or is no such table.</exception>
    public static IReadOnlyList<Sample> Read(string path) => [.. CsvTable.Read(path, _columns).Select(row => new Sample(
        row[0] * FemtosecondsInPicosecond, row[1], row[2], row[3] / PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal, row[4], [.. row[5..11]], [.. row[11..17].Select(value => value / PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal)]))];

    private static double Megapascal(double pressure) => pressure * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal;
}
