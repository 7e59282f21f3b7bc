using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Lammps.Tests;

public sealed class BlowUpTests : IDisposable
{
    private static readonly DynamicsStage _nve = new() { Ensemble = Ensemble.Nve, Steps = 2000, TimeStep = 2, Velocities = new(60, 5) };

    private readonly string _folder = Directory.CreateTempSubdirectory("mof-lammps-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task Overlapping_atoms_are_seen_in_the_first_frame()
    {
        var start = Argon.Crystal();
        double[] positions = [.. start.Positions];
        (positions[3], positions[4], positions[5]) = (0.2, 0.1, 0);
        var outcome = await RunAsync(Argon.Run(start.With(positions, start.Cell), _nve));
        var blowUp = outcome.BlowUp.ShouldNotBeNull();
        blowUp.Reason.ShouldBe(BlowUpReason.AtomsTooClose);
        blowUp.Description.ShouldBe("atoms 1 and 2 are closer than 0.6 angstrom at step 0");
        outcome.Frames.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_time_step_far_too_large_is_information_and_the_frames_before_it_stay()
    {
        var calm = _nve with { Name = "calm", Steps = 40 };
        var wild = _nve with { Name = "wild", TimeStep = 400, Velocities = null };
        var outcome = await RunAsync(Argon.Run(Argon.Crystal(), calm, wild) with { Guards = LammpsGuards.None });
        outcome.Status.ShouldBe(RunStatus.BlewUp);
        outcome.Failure.ShouldBeNull();
        outcome.ThrowIfFailed().ShouldBeSameAs(outcome);
        outcome.BlowUp!.Reason.ShouldBeOneOf(BlowUpReason.LostAtoms, BlowUpReason.NotFinite);
        outcome.Frames.Select(frame => frame.Step).Take(5).ShouldBe([0L, 10, 20, 30, 40]);
        outcome.Final.ShouldBeNull();
    }

    [Fact]
    public async Task The_run_is_stopped_when_the_temperature_passes_its_limit()
    {
        // Displacements of half an angstrom heat the crystal to hundreds of kelvin within some tens of steps.
        var run = Argon.Run(Argon.Crystal(2, 5.3, 0.7), _nve with { Velocities = new(1, 5) }) with { Guards = new() { MaximumTemperature = 80 } };
        var outcome = await RunAsync(run);
        var blowUp = outcome.BlowUp.ShouldNotBeNull();
        blowUp.Reason.ShouldBe(BlowUpReason.Temperature);
        blowUp.Description.ShouldContain("the limit 80 K");
        outcome.LastStep.ShouldBeLessThan(200);
        outcome.Frames.ShouldAllBe(frame => frame.Step < blowUp.Step && frame.Thermo!.Temperature < 80);
    }

    [Fact]
    public async Task The_run_is_stopped_when_the_cell_leaves_its_range()
    {
        var pulled = new DynamicsStage
        {
            Ensemble = Ensemble.Npt, Steps = 5000, TimeStep = 2, Temperature = 60, Velocities = new(60, 5),
            Barostat = new() { Pressure = -3e9 / (PhysicalConstants.ElectronVoltPerCubicAngstromInGigapascal * 1e9), Damping = 200, Cell = CellFreedom.Anisotropic },
        };
        var outcome = await RunAsync(Argon.Run(Argon.Crystal(), pulled));
        outcome.BlowUp.ShouldNotBeNull().Reason.ShouldBe(BlowUpReason.Cell);
        outcome.LastStep.ShouldBeLessThan(5000);
        outcome.Frames.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_input_that_LAMMPS_refuses_is_a_failure_with_its_own_words()
    {
        var run = Argon.Run(Argon.Crystal(), _nve) with { Potential = LammpsPotential.Text(["Ar"], "pair_style no/such/style") };
        var outcome = await RunAsync(run);
        outcome.Status.ShouldBe(RunStatus.Failed);
        var message = outcome.Failure.ShouldNotBeNull().Message;
        message.ShouldContain("LAMMPS: Unrecognized pair style 'no/such/style' (in the command `pair_style no/such/style`)");
        message.ShouldContain(_folder);
    }

    [Fact]
    public async Task What_a_killed_run_left_behind_keeps_its_complete_rows_and_frames()
    {
        var run = Argon.Run(Argon.Crystal(), _nve with { Steps = 100 });
        var whole = await RunAsync(run);
        foreach (var name in (string[])["log.lammps", "frames.lammpstrj"])
        {
            var path = Path.Combine(_folder, name);
            var text = await File.ReadAllTextAsync(path);
            var end = name == "log.lammps" ? text.IndexOf("\n      70 ", StringComparison.Ordinal) + 20 : text.Length * 3 / 4;
            end.ShouldBeGreaterThan(100);
            await File.WriteAllTextAsync(path, text[..end]);
        }

        var cut = LammpsOutput.Read(run, _folder);
        cut.Status.ShouldBe(RunStatus.Failed);
        cut.Failure!.Message.ShouldContain("did not come to the end");
        cut.LastStep.ShouldBe(60);
        cut.Frames.Select(frame => frame.Step).ShouldBe(Enumerable.Range(0, 8).Select(k => 10L * k));
        cut.Frames.Last().Configuration.Positions.ShouldBe(whole.Frames.ElementAt(7).Configuration.Positions);
    }

    private Task<RunOutcome> RunAsync(LammpsRun run) => Argon.Tool().RunAsync(run, _folder);
}
