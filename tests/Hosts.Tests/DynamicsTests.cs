using System.Globalization;
using Xunit.Abstractions;

namespace MofInterop.Hosts.Tests;

/// <summary>Many steps: conserved quantities, changing boxes, restarts.</summary>
public class DynamicsTests(ITestOutputHelper report)
{
    private const double FemtosecondsPerNanosecond = 1e6;

    [SkippableTheory]
    [InlineData("ZIF8_published_equilibrium", 0.5, 1000, 300)]
    [InlineData("Ta06A_zbl_overlay", 1.0, 1000, 300)]
    public async Task Energy_is_conserved_in_NVE(string name, double timeStep, int steps, double temperature)
    {
        var reference = SnapReference.Load(name);
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        var outcome = await folder.RunAsync(Dynamics(reference, timeStep, temperature, $"""
            fix 1 all nve
            thermo 10
            thermo_style custom step etotal ke
            thermo_modify format float %.12g
            run {steps}
            """));

        var rows = Evaluation.ThermoRows(outcome);
        var atoms = reference.Positions.Length;
        // The first tenth is left out: there the start from a relaxed or rattled cell is still equilibrating.
        var kept = rows[(rows.Length / 10)..];
        var times = kept.Select(row => row[0] * timeStep).ToArray();
        var energies = kept.Select(row => row[1] / atoms).ToArray();
        var drift = Slope(times, energies) * FemtosecondsPerNanosecond;
        var spread = energies.Max() - energies.Min();
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: NVE, {steps} steps of {timeStep} fs: drift {drift * 1000:0.000} meV per atom per ns, fluctuation {spread * 1000:0.0000} meV per atom"));

        // The kinetic energy moves by much more than the total may.
        var kinetic = kept.Select(row => row[2] / atoms).ToArray();
        spread.ShouldBeLessThan(0.02 * (kinetic.Max() - kinetic.Min()));
        Math.Abs(drift * times[^1] / FemtosecondsPerNanosecond).ShouldBeLessThan(spread);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_triclinic_cell_under_npt_conserves_its_extended_energy(int ranks)
    {
        var reference = SnapReference.Load("Ta06A_zbl_overlay");
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        var outcome = await folder.RunAsync(Dynamics(reference, 1.0, 300, """
            fix 1 all npt temp 300 300 0.1 tri 50000 50000 0.3
            thermo 10
            thermo_style custom step econserve ke lx xy xz yz
            thermo_modify format float %.12g
            run 400
            """), ranks: ranks);

        var rows = Evaluation.ThermoRows(outcome);
        var atoms = reference.Positions.Length;
        var conserved = rows.Select(row => row[1] / atoms).ToArray();
        var kinetic = rows.Select(row => row[2] / atoms).ToArray();
        report.WriteLine(string.Create(CultureInfo.InvariantCulture, $"npt tri: conserved energy within {(conserved.Max() - conserved.Min()) * 1000:0.0000} meV per atom"));
        (conserved.Max() - conserved.Min()).ShouldBeLessThan(0.02 * (kinetic.Max() - kinetic.Min()));
        Math.Abs(rows[^1][3] - rows[0][3]).ShouldBeGreaterThan(0.01);
        Math.Abs(rows[^1][4] - rows[0][4]).ShouldBeGreaterThan(0.001);
    }

    [SkippableTheory]
    [InlineData("ZIF8_published_rattled")]
    [InlineData("Ta06A_zbl_overlay")]
    public async Task A_restarted_run_goes_on_as_if_it_had_not_stopped(string name)
    {
        var reference = SnapReference.Load(name);
        using var folder = new HostFolder();
        reference.WriteData(folder.File("system.data"));

        await RestartShouldGoOn(reference, folder, script => folder.RunAsync(script));
    }

    internal static async Task RestartShouldGoOn(SnapReference reference, HostFolder folder, Func<string, Task<HostOutcome>> lammps)
    {
        const string Output = "dump d all custom 30 {0} id x y z vx vy vz\ndump_modify d sort id format float %.16g\n";

        var whole = await lammps(Dynamics(reference, 0.5, 300, $"""
            fix 1 all nve
            run 20
            write_restart middle.restart
            {string.Format(CultureInfo.InvariantCulture, Output, "whole.dump")}run 10
            """));
        var restarted = await lammps($"""
            box tilt large
            read_restart middle.restart
            @load@
            {reference.StyleLines()}
            fix 1 all nve
            {string.Format(CultureInfo.InvariantCulture, Output, "restarted.dump")}run 10

            """);

        whole.ShouldSucceed();
        restarted.ShouldSucceed();
        var expected = LastFrame(folder.File("whole.dump"));
        var actual = LastFrame(folder.File("restarted.dump"));
        actual.Length.ShouldBe(expected.Length);
        actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max().ShouldBeLessThan(1e-8);
    }

    private static string Dynamics(SnapReference reference, double timeStep, double temperature, string run) => $"""
        units metal
        atom_modify map yes
        box tilt large
        read_data system.data
        @load@
        {reference.StyleLines()}
        timestep {(timeStep / 1000).ToString(CultureInfo.InvariantCulture)}
        velocity all create {temperature.ToString(CultureInfo.InvariantCulture)} 4711 mom yes rot no dist gaussian
        {run}

        """;

    private static double[] LastFrame(string path)
    {
        var lines = File.ReadAllLines(path);
        var last = Array.FindLastIndex(lines, line => line.StartsWith("ITEM: ATOMS", StringComparison.Ordinal));
        return [.. lines.Skip(last + 1).SelectMany(line => Evaluation.Numbers(line)[1..])];
    }

    private static double Slope(double[] x, double[] y)
    {
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
