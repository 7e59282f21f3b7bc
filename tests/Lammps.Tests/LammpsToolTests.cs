using System.Collections.Concurrent;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Lammps.Tests;

public sealed class LammpsToolTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mof-lammps-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task Energy_forces_and_stress_of_a_cell_in_any_orientation_agree_with_an_independent_sum(int hand)
    {
        // Neither lower triangular nor with an axis along x; atoms outside the cell.
        var cell = new Cell([1.0, 7.0, -2.0, 6.0, 0.5, 1.0, hand * -0.7, hand * 2.0, hand * 9.0]);
        double[] positions = [0.3, 0.1, -0.2, 3.9, 3.4, 1.2, 1.0, 5.5, 3.9, -6.0, -9.0, 30.0];
        var start = Argon.Of(positions, cell);
        var outcome = await RunAsync(Argon.Run(start, new EvaluationStage()) with { Guards = LammpsGuards.None });

        outcome.Status.ShouldBe(RunStatus.Completed);
        var (energy, forces, virial) = Argon.Compute(start);
        var final = outcome.Final.ShouldNotBeNull();
        final.Configuration.Positions.ShouldBe(positions, 1e-10);
        final.Configuration.Cell!.Rows.ToArray().ShouldBe(cell.Rows.ToArray(), 1e-12);
        final.Forces.ShouldNotBeNull().ShouldBe(forces, 1e-9 * forces.Max(Math.Abs));
        var row = outcome.Thermo.Single().Rows.Single();
        row.PotentialEnergy.ShouldBe(energy, 1e-9 * Math.Abs(energy));
        var stress = Voigt.StressFromVirial(virial, cell.Volume);
        row.PotentialStress.ToArray().ShouldBe(stress, 1e-9 * stress.Max(Math.Abs));
        row.CellParameters.ToArray().ShouldBe(cell.Parameters(), 1e-8);
    }

    [Theory]
    [InlineData(CellFreedom.Isotropic)]
    [InlineData(CellFreedom.Flexible)]
    public async Task Minimisation_with_a_free_cell_ends_without_forces_and_pressure(CellFreedom freedom)
    {
        var run = Argon.Run(
            Argon.Crystal(2, 5.15, 0.1),
            new MinimisationStage { Name = "atoms", ForceTolerance = 1e-5, MaximumSteps = 200 },
            new MinimisationStage { Name = "cell", ForceTolerance = 1e-5, MaximumSteps = 500, Cell = freedom });
        var outcome = await RunAsync(run);

        outcome.Thermo.Select(table => table.Name).ShouldBe(["atoms", "cell"]);
        var last = outcome.Thermo[1].Rows[^1];
        last.LargestForce.ShouldBeLessThan(1e-4);
        (last.Pressure * PhysicalConstants.ElectronVoltPerCubicAngstromInMegapascal).ShouldBe(0, 1);
        last.PotentialEnergy.ShouldBeLessThan(outcome.Thermo[0].Rows[0].PotentialEnergy);
    }

    [Fact]
    public async Task Frames_come_back_unwrapped_in_the_order_of_the_start_with_velocities_that_move_them()
    {
        var stage = new DynamicsStage { Ensemble = Ensemble.Nve, Steps = 60, TimeStep = 2, Velocities = new(80, 11) };
        var run = Argon.Run(Argon.Crystal(2, 5.3, 0.05), stage) with { Output = new() { FramesEvery = 1, ThermoEvery = 1, Velocities = true, Forces = true } };
        var outcome = await RunAsync(run);

        var frames = outcome.Frames.ToArray();
        frames.Select(frame => frame.Step).ShouldBe(Enumerable.Range(0, 61).Select(step => (long)step));
        frames[0].Configuration.Positions.ShouldBe(run.Start.Positions, 1e-9);
        for (var k = 1; k < 60; k++)
        {
            var central = frames[k + 1].Configuration.Positions.Zip(frames[k - 1].Configuration.Positions, (after, before) => (after - before) / (2 * stage.TimeStep)).ToArray();
            frames[k].Configuration.Velocities.ShouldNotBeNull().ShouldBe(central, 1e-8);
        }

        frames[30].Thermo.ShouldNotBeNull().Time.ShouldBe(60);
        frames[30].Thermo!.PotentialEnergy.ShouldBe(Argon.Compute(frames[30].Configuration).Energy, 1e-9);
        frames[30].Forces.ShouldNotBeNull().ShouldBe(Argon.Compute(frames[30].Configuration).Forces, 1e-8);
        var kinetic = 0.5 * Elements.BySymbol("Ar").Mass * PhysicalConstants.MassVelocitySquared * frames[30].Configuration.Velocities!.Sum(v => v * v);
        frames[30].Thermo!.KineticEnergy.ShouldBe(kinetic, 1e-6 * kinetic);
        var conserved = outcome.Thermo[0].Rows.Select(row => row.ConservedEnergy).ToArray();
        (conserved.Max() - conserved.Min()).ShouldBeLessThan(2e-4);
        outcome.MicrosecondsPerAtomStep.ShouldBeInRange(0.01, 100);
    }

    [Fact]
    public async Task Stages_follow_each_other_with_a_table_each_and_progress_to_the_end()
    {
        var hold = new DynamicsStage { Name = "hold", Ensemble = Ensemble.Nvt, Steps = 200, TimeStep = 4, Temperature = 40, Velocities = new(80, 3) };
        var run = Argon.Run(
            Argon.Crystal(),
            new MinimisationStage { Name = "relax", MaximumSteps = 50 },
            hold,
            new DynamicsStage { Name = "heat", Ensemble = Ensemble.Npt, Steps = 400, TimeStep = 4, Temperature = 40, FinalTemperature = 70 });
        var progress = new ConcurrentQueue<LammpsProgress>();
        var outcome = await Argon.Tool().RunAsync(run, _folder, progress.Enqueue);

        outcome.Status.ShouldBe(RunStatus.Completed);
        outcome.Thermo.Select(table => table.Name).ShouldBe(["relax", "hold", "heat"]);
        outcome.Thermo[1].Rows[0].Step.ShouldBe(50);
        outcome.Thermo[2].Rows[^1].Time.ShouldBe(2400);
        outcome.Thermo[2].Rows.Skip(20).Average(row => row.Temperature).ShouldBeInRange(35, 80);
        outcome.Thermo[2].Rows[^1].Volume.ShouldNotBe(outcome.Thermo[1].Rows[^1].Volume);
        outcome.Frames.Select(frame => frame.Step).ShouldBeInOrder();
        progress.Last().ShouldBe(new LammpsProgress("heat", 650, 650));
        progress.Select(p => p.Step).ShouldBeInOrder();

        // New velocities are drawn anew, those of the start are kept.
        var again = await Argon.Tool().RunAsync(run, Path.Combine(_folder, "again"));
        again.Final!.Configuration.Positions.ShouldBe(outcome.Final!.Configuration.Positions);
    }

    [Theory]
    [InlineData(Ensemble.Nvt, 90.0)]
    [InlineData(Ensemble.Npt, 60.0)]
    public async Task A_run_continued_from_a_restart_file_ends_where_the_undisturbed_one_does(Ensemble ensemble, double finalTemperature)
    {
        var stage = new DynamicsStage { Ensemble = ensemble, Steps = 200, TimeStep = 2, Temperature = 60, FinalTemperature = finalTemperature, Velocities = new(60, 5) };
        var run = Argon.Run(Argon.Crystal(2, 5.3, 0.05), stage) with { Output = new() { RestartEvery = 100 } };
        var whole = await RunAsync(run);
        whole.Restart.ShouldNotBeNull().Step.ShouldBe(200);

        var middle = new LammpsRestart(Path.Combine(_folder, "restart.100"), 100);
        var rest = await Argon.Tool().RunAsync(run with { ContinueFrom = middle }, Path.Combine(_folder, "rest"));

        rest.Status.ShouldBe(RunStatus.Completed);
        rest.Frames.First().Step.ShouldBe(100);
        rest.Final!.Step.ShouldBe(200);
        rest.Final.Configuration.Positions.ShouldBe(whole.Final!.Configuration.Positions, 1e-7);
        rest.Final.Configuration.Cell!.Rows.ToArray().ShouldBe(whole.Final.Configuration.Cell!.Rows.ToArray(), 1e-7);
    }

    [Fact]
    public async Task Many_short_runs_side_by_side_do_not_disturb_each_other()
    {
        LammpsRun Short(int seed) => Argon.Run(Argon.Crystal(), new DynamicsStage { Ensemble = Ensemble.Nve, Steps = 20, Velocities = new(60, seed) });
        var tool = Argon.Tool();
        var outcomes = await Task.WhenAll(Enumerable.Range(1, 12).Select(seed => tool.RunAsync(Short(seed), Path.Combine(_folder, $"{seed}"))));
        outcomes.ShouldAllBe(outcome => outcome.Status == RunStatus.Completed);
        outcomes.Select(outcome => outcome.Final!.Configuration.Positions[0]).Distinct().Count().ShouldBe(12);
    }

    [Fact]
    public async Task The_version_is_told_without_a_run()
    {
        var version = await Argon.Tool().VersionAsync();
        version.ShouldBe((await RunAsync(Argon.Run(Argon.Crystal(), new EvaluationStage()))).LammpsVersion);
        version.ShouldMatch(@"^\d+ \w+ 20\d\d");
    }

    [Fact]
    public async Task Several_ranks_give_the_same_energy_as_one()
    {
        var run = Argon.Run(Argon.Crystal(3, 5.3, 0.1), new EvaluationStage());
        var one = await RunAsync(run);
        var two = await Argon.Tool(Argon.Settings with { Ranks = 2 }).RunAsync(run, Path.Combine(_folder, "two"));
        two.ThrowIfFailed().Thermo[0].Rows[0].PotentialEnergy.ShouldBe(one.Thermo[0].Rows[0].PotentialEnergy, 1e-10);
        two.Final!.Forces!.ShouldBe(one.Final!.Forces!, 1e-12);
    }

    private Task<RunOutcome> RunAsync(LammpsRun run) => Argon.Tool().RunAsync(run, _folder);
}
