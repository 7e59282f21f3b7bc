using System.Globalization;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cp2k.Tests;

/// <summary>Files of a run as CP2K 2023.1 writes them: one atom that moves along x.</summary>
public sealed class Cp2kTrajectoryTests : IDisposable
{
    private const double Hartree = 27.211386245988, Bohr = 0.529177210903;
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Units_signs_and_the_kinetic_part_of_the_stress_are_minded()
    {
        Write("run", 0, 2, 4);
        var notes = new List<string>();
        AtomicConfiguration[] frames = [.. Cp2kTrajectory.Read(_folder["run-pos-1.xyz"], note: notes.Add)];

        notes.ShouldBeEmpty();
        frames.Select(frame => frame.Info["step"]).ShouldBe(["0", "2", "4"]);
        var label = frames[1].Label.ShouldNotBeNull();
        label.Energy.ShouldBe(-3 * Hartree, 1e-9);
        label.Forces.ShouldBe([0.01 * Hartree / Bohr, 0, 0], 1e-9);
        frames[1].Positions.ShouldBe([0.2, 0, 0]);
        frames[1].Velocities![0].ShouldBe(1e-3 * Bohr / 0.024188843265857, 1e-12);

        // +10 000 bar of virial and kinetic part in xx, less m v² / V, is a compressed cell: negative in the suite.
        var kinetic = 15.999 * 1822.888486 * 1e-6 * Hartree / 1000;
        label.Stress!.ShouldBe([-(10000 / 1602176.634 - kinetic), 0, 0, 0, 0, 0], 1e-8);
        kinetic.ShouldBeGreaterThan(1e-4);
    }

    [Fact]
    public void Steps_that_a_restart_repeated_count_once()
    {
        Write("run", 0, 2, 4, 2, 4, 6);
        AtomicConfiguration[] frames = [.. Cp2kTrajectory.Read(_folder["run-pos-1.xyz"])];
        frames.Select(frame => frame.Info["step"]).ShouldBe(["0", "2", "4", "6"]);
        frames.ShouldAllBe(frame => frame.Label!.Stress != null);
    }

    [Fact]
    public void A_killed_run_gives_whole_frames_and_labels_where_all_files_have_them()
    {
        Write("run", 0, 2, 4);
        foreach (var (file, keptFrames, keptLabels) in ((string, int, int)[])[("run-frc-1.xyz", 3, 2), ("run-pos-1.xyz", 2, 2)])
        {
            var text = File.ReadAllText(_folder[file]);
            File.WriteAllText(_folder[file], text[..^4]);
            var notes = new List<string>();
            AtomicConfiguration[] frames = [.. Cp2kTrajectory.Read(_folder["run-pos-1.xyz"], note: notes.Add)];
            frames.Length.ShouldBe(keptFrames, file);
            frames.Count(frame => frame.Label is not null).ShouldBe(keptLabels, file);
            notes.ShouldContain(note => note.Contains(file) && note.Contains("the file ends inside a frame"));
        }
    }

    [Fact]
    public void Without_velocities_or_with_other_masses_labels_have_no_stress()
    {
        Write("run", 0, 2);
        var energies = File.ReadAllText(_folder["run-1.ener"]);
        File.WriteAllText(_folder["run-1.ener"], energies.Replace(Kinetic(), "0.05", StringComparison.Ordinal));
        Stresses("the velocities give a kinetic energy of").ShouldAllBe(stress => stress == null);
        File.WriteAllText(_folder["run-1.ener"], energies);
        File.Delete(_folder["run-vel-1.xyz"]);
        Stresses("without a file of velocities").ShouldAllBe(stress => stress == null);
    }

    [Fact]
    public void Without_a_file_of_cells_the_structure_gives_the_cell()
    {
        Write("run", 0, 2);
        File.Delete(_folder["run-1.cell"]);
        Should.Throw<MofException>(() => Cp2kTrajectory.Read(_folder["run-pos-1.xyz"]).ToList()).Message.ShouldContain("the run has no .cell file");
        var cell = new Cell([10, 0, 0, 0, 10, 0, 0, 0, 10]);
        var notes = new List<string>();
        Cp2kTrajectory.Read(_folder["run-pos-1.xyz"], new Cp2kTrajectoryOptions { Cell = cell }, notes.Add).ShouldAllBe(frame => frame.Cell == cell);
        notes.ShouldHaveSingleItem().ShouldContain("all frames have the cell of the structure");
    }

    [Fact]
    public void Forces_in_electronvolts_are_taken_as_told()
    {
        Write("run", 0);
        Cp2kTrajectory.Read(_folder["run-pos-1.xyz"], new Cp2kTrajectoryOptions { ForceUnit = Cp2kForceUnit.ElectronVoltPerAngstrom }).Single().Label!.Forces[0].ShouldBe(0.01);
    }

    [Theory]
    [InlineData("run-pos-1.xyz", "  O ", "  O x", ":3")]
    [InlineData("run-frc-1.xyz", " i = ", " j = ", ":2")]
    [InlineData("run-1.cell", "10.0000", "ten", ":2")]
    [InlineData("run-1.stress", "[bar]", "[psi]", ":1")]
    public void Damage_is_an_error_with_its_line(string file, string correct, string wrong, string line)
    {
        Write("run", 0, 2);
        File.WriteAllText(_folder[file], File.ReadAllText(_folder[file]).Replace(correct, wrong, StringComparison.Ordinal));
        var error = Should.Throw<MofException>(() => Cp2kTrajectory.Read(_folder["run-pos-1.xyz"]).ToList());
        error.Where.ShouldBe(_folder[file] + line);
    }

    private List<double[]?> Stresses(string reason)
    {
        var notes = new List<string>();
        List<double[]?> stresses = [.. Cp2kTrajectory.Read(_folder["run-pos-1.xyz"], note: notes.Add).Select(frame => frame.Label.ShouldNotBeNull().Stress)];
        notes.ShouldHaveSingleItem().ShouldContain(reason);
        return stresses;
    }

    private static string Kinetic() => (0.5 * 15.999 * 1822.888486 * 1e-6).ToString("F9", CultureInfo.InvariantCulture);

    private void Write(string name, params int[] steps)
    {
        string Frames(string x) => string.Concat(steps.Select(step => $"       1\n i = {step,8}, time = {0.5 * step,12:F3}, E = {-3.0,20:F10}\n  O {x.Replace("STEP", $"{0.1 * step:F10}", StringComparison.Ordinal)} 0.0000000000 0.0000000000\n"));
        string Table(string header, string row) => header + "\n" + string.Concat(steps.Select(step => $"{step,8} {0.5 * step,12:F3} {row}\n"));
        File.WriteAllText(_folder[$"{name}-pos-1.xyz"], Frames("STEP"));
        File.WriteAllText(_folder[$"{name}-frc-1.xyz"], Frames("0.0100000000"));
        File.WriteAllText(_folder[$"{name}-vel-1.xyz"], Frames("0.0010000000"));
        File.WriteAllText(_folder[$"{name}-1.cell"], Table("#   Step   Time [fs]       Ax [Angstrom] ...      Volume [Angstrom^3]", "10.0000 0 0 0 10.0000 0 0 0 10.0000 1000.0"));
        File.WriteAllText(_folder[$"{name}-1.stress"], Table("#   Step   Time [fs]            xx [bar]            xy [bar] ...", "10000.0 0 0 0 0 0 0 0 0"));
        File.WriteAllText(_folder[$"{name}-1.ener"], Table("#     Step Nr.          Time[fs]        Kin.[a.u.]          Temp[K]            Pot.[a.u.]        Cons Qty[a.u.]        UsedTime[s]", $"{Kinetic()} 300.0 -3.0 -2.9 0.1"));
    }
}
