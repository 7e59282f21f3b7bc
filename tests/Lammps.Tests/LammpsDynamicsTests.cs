using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Lammps.Tests;

/// <summary>Long dynamics and minimisation by forces.</summary>
public sealed class LammpsDynamicsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mof-dynamics-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public async Task An_interrupted_run_goes_on_from_its_last_restart_file_and_ends_as_the_whole_one_does()
    {
        var stage = new DynamicsStage { Ensemble = Ensemble.Nve, Steps = 40_000, TimeStep = 2, Velocities = new(40, 3) };
        var run = Argon.Run(Argon.Crystal(), stage) with { Output = new() { FramesEvery = 400, ThermoEvery = 100, RestartEvery = 400 } };
        var whole = await new LammpsDynamics(Argon.Tool()).RunAsync(run, Path.Combine(_folder, "whole"));

        var broken = Path.Combine(_folder, "broken");
        using (var stop = new CancellationTokenSource())
        {
            await Should.ThrowAsync<OperationCanceledException>(() => new LammpsDynamics(Argon.Tool()).RunAsync(run, broken, step =>
            {
                if (step > 3000)
                {
                    stop.Cancel();
                }
            }, stop.Token));
        }

        long? first = null;
        var result = await new LammpsDynamics(Argon.Tool()).RunAsync(run, broken, step => first ??= step);
        first.ShouldNotBeNull().ShouldBeGreaterThan(0, "it did not begin anew");
        Directory.GetDirectories(broken).Length.ShouldBe(2);
        result.Rows.Select(row => row.Step).ShouldBe(Enumerable.Range(0, 401).Select(k => 100L * k));
        result.Frames.Select(frame => frame.Step).ShouldBe(Enumerable.Range(0, 101).Select(k => 400L * k));
        result.BlowUp.ShouldBeNull();
        result.Final.ShouldNotBeNull();

        // A potential that ends with a step conserves energy so well and no better.
        double Drift(LammpsDynamicsResult one) => one.Rows.Max(row => Math.Abs(row.ConservedEnergy - whole.Rows[0].ConservedEnergy));
        Drift(result).ShouldBeLessThan(3 * Drift(whole));
        result.Rows[20].PotentialEnergy.ShouldBe(whole.Rows[20].PotentialEnergy, 1e-6);

        // A finished run is read, not run.
        var again = await new LammpsDynamics(Argon.Tool(Argon.Settings with { Program = "/bin/false" })).RunAsync(run, broken);
        again.Rows.Count.ShouldBe(401);
    }

    [Fact]
    public async Task A_run_that_fails_without_getting_further_is_told_and_one_that_blows_up_keeps_what_came_before()
    {
        var stage = new DynamicsStage { Ensemble = Ensemble.Nve, Steps = 200, TimeStep = 2, Velocities = new(40, 3) };
        var run = Argon.Run(Argon.Crystal(), stage) with { Output = new() { FramesEvery = 20, ThermoEvery = 10, RestartEvery = 50 } };
        var refused = run with { Potential = LammpsPotential.Text(["Ar"], "pair_style lj/cut 6.0") };
        (await Should.ThrowAsync<MofException>(() => new LammpsDynamics(Argon.Tool()).RunAsync(refused, Path.Combine(_folder, "refused")))).Message.ShouldContain("All pair coeffs are not set");
        (await Should.ThrowAsync<MofException>(() => new LammpsDynamics(Argon.Tool()).RunAsync(run with { Output = new() }, _folder))).Message.ShouldContain("without restart files");

        var hot = run with { Guards = new LammpsGuards { MaximumTemperature = 60 }, Stages = [stage with { Ensemble = Ensemble.Nvt, Temperature = 55, Steps = 4000, Thermostat = new() { Damping = 20 } }] };
        var result = await new LammpsDynamics(Argon.Tool()).RunAsync(hot, Path.Combine(_folder, "hot"));
        result.BlowUp.ShouldNotBeNull().Reason.ShouldBe(BlowUpReason.Temperature);
        result.Rows.ShouldAllBe(row => row.Temperature < 60);
        result.Final.ShouldBeNull();
    }

    [Fact]
    public async Task Minimisation_by_forces_reaches_forces_that_no_energy_shows()
    {
        var run = Argon.Run(Argon.Crystal(2, 5.2, 0.1), new MinimisationStage { ByForces = true, ForceTolerance = 1e-10, MaximumSteps = 2000 }, new EvaluationStage());
        var outcome = await Argon.Tool().RunAsync(run, Path.Combine(_folder, "minimum"));
        outcome.Final.ShouldNotBeNull().Forces.ShouldNotBeNull().Max(Math.Abs).ShouldBeLessThan(1.0001e-10);
        Should.Throw<MofException>(() => Argon.Run(Argon.Crystal(), new MinimisationStage { ByForces = true, Cell = CellFreedom.Isotropic }).Check()).Message.ShouldContain("by its energy only");
    }

    [Fact]
    public void Files_of_a_pair_style_are_named_in_braces()
    {
        var file = Path.Combine(_folder, "with space.eam");
        File.WriteAllText(file, "x");
        var potential = LammpsPotential.TextWithFiles(["Ni"], new Dictionary<string, string> { ["eam"] = file }, ["pair_style eam/alloy", "pair_coeff * * {eam} Ni"]);
        var start = new Structures.AtomicConfiguration(["Ni"], [0, 0, 0], new Potentials.Atoms.Cell([3, 0, 0, 0, 3, 0, 0, 0, 3]), true);
        LammpsInputDeck.Write(new LammpsRun { Start = start, Potential = potential, Stages = [new EvaluationStage()] }).ShouldContain($"pair_coeff * * \"{file}\" Ni");
    }
}
