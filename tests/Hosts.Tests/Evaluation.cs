using System.Globalization;
using MofInterop.Potentials.Units;

namespace MofInterop.Hosts.Tests;

/// <summary>Energy (eV) and its derivatives as LAMMPS prints them.</summary>
/// <param name="Energy">Total, eV.</param>
/// <param name="Virial">xx yy zz xy xz yz, eV.</param>
/// <param name="Forces">[natoms][3] by atom id, eV/Å.</param>
/// <param name="AtomEnergies">[natoms], eV.</param>
/// <param name="AtomVirials">[natoms][6], as Virial.</param>
internal sealed record Evaluation(double Energy, double[] Virial, double[] Forces, double[] AtomEnergies, double[] AtomVirials)
{
    /// <summary>Relative tolerance of every number; below the floor (eV, eV/Å) only rounding is left.</summary>
    private const double Tolerance = 1e-9, Floor = 1e-10;

    /// <summary>A script that reads <c>system.data</c>, evaluates once and dumps everything that <see cref="Read"/> wants.</summary>
    public static string Script(string styleLines, string newton = "on", string before = "", string dump = "atoms.dump") => $"""
        units metal
        newton {newton}
        atom_modify map yes
        box tilt large
        {before}
        read_data system.data
        @load@
        {styleLines}
        compute energies all pe/atom
        compute stresses all stress/atom NULL virial
        compute pressure all pressure NULL virial
        dump atoms all custom 1 {dump} id fx fy fz c_energies c_stresses[*]
        dump_modify atoms sort id format float %.16g
        thermo_style custom step pe vol c_pressure[*]
        thermo_modify format float %.16g
        run 0

        """;

    /// <summary>What a script made by <see cref="Script"/> left.</summary>
    public static Evaluation Read(HostFolder folder, HostOutcome outcome, string dump = "atoms.dump")
    {
        var thermo = ThermoRows(outcome)[0];
        var volume = thermo[2];

        var atoms = File.ReadLines(folder.File(dump)).Skip(9).Select(Numbers).ToArray();
        return new Evaluation(
            thermo[1],
            [.. thermo[3..9].Select(pressure => pressure * volume / PhysicalConstants.LammpsMetalPressure)],
            [.. atoms.SelectMany(atom => atom[1..4])],
            [.. atoms.Select(atom => atom[4])],
            [.. atoms.SelectMany(atom => atom[5..11].Select(stress => -stress / PhysicalConstants.LammpsMetalPressure))]);
    }

    /// <param name="expected">The other's numbers.</param>
    /// <param name="forceTolerance">Difference of small forces and virials, eV/Å and eV.</param>
    public void ShouldAgreeWith(Evaluation expected, double forceTolerance = Floor)
    {
        Agree("energy", [Energy], [expected.Energy], Floor);
        Agree("forces", Forces, expected.Forces, forceTolerance);
        Agree("virial", Virial, expected.Virial, forceTolerance);
        Agree("per-atom energies", AtomEnergies, expected.AtomEnergies, Floor);
        Agree("per-atom virials", AtomVirials, expected.AtomVirials, forceTolerance);
    }

    /// <summary>The numbers below the last heading that begins with "Step".</summary>
    public static double[][] ThermoRows(HostOutcome outcome)
    {
        var lines = outcome.ShouldSucceed().Output.Split('\n', StringSplitOptions.TrimEntries);
        var header = Array.FindLastIndex(lines, line => line.StartsWith("Step ", StringComparison.Ordinal));
        header.ShouldBeGreaterThan(0, outcome.Everything);
        return [.. lines.Skip(header + 1).TakeWhile(line => !line.StartsWith("Loop", StringComparison.Ordinal)).Select(Numbers)];
    }

    /// <summary>Requires of rows of step, total and kinetic energy that the total moves by a small part of what the kinetic energy does.</summary>
    public static void ShouldConserveEnergy(HostOutcome outcome, double part)
    {
        var rows = ThermoRows(outcome);
        var (total, kinetic) = (rows.Select(row => row[1]).ToArray(), rows.Select(row => row[2]).ToArray());
        (total.Max() - total.Min()).ShouldBeLessThan(part * (kinetic.Max() - kinetic.Min()));
    }

    public static double[] Numbers(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];

    private static void Agree(string what, double[] actual, double[] expected, double floor)
    {
        actual.Length.ShouldBe(expected.Length, what);
        var errors = actual.Zip(expected, (a, e) => Math.Abs(a - e) / (Tolerance * Math.Abs(e) + floor)).ToArray();
        var worst = Array.IndexOf(errors, errors.Max());
        errors[worst].ShouldBeLessThan(1, $"{what}[{worst}]: {actual[worst]:R} instead of {expected[worst]:R}");
    }
}

/// <summary>Lists of numbers that must be the same to rounding.</summary>
internal static class NumberAssertions
{
    public static void ShouldAgreeWith(this double[] actual, double[] expected, double tolerance = 1e-9)
    {
        actual.Length.ShouldBe(expected.Length);
        for (var i = 0; i < actual.Length; i++)
        {
            actual[i].ShouldBe(expected[i], tolerance * Math.Abs(expected[i]) + tolerance, $"[{i}]");
        }
    }
}
