using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Lammps.Tests;

public sealed class LammpsInputTests
{
    private static readonly DynamicsStage _heat = new()
    {
        Name = "heat", Ensemble = Ensemble.Npt, Steps = 500, TimeStep = 0.5, Temperature = 10, FinalTemperature = 300, Velocities = new(10, 42),
        Thermostat = new() { Damping = 50, ChainLength = 5, Drag = 0.2 },
        Barostat = new() { Pressure = 1000 / PhysicalConstants.LammpsMetalPressure, Damping = 500 },
    };

    [Fact]
    public void A_ramp_in_a_flexible_cell_is_written_in_the_units_of_LAMMPS()
    {
        var deck = LammpsInputDeck.Write(Argon.Run(Argon.Crystal(), _heat));
        deck.ShouldContain("timestep 0.0005\nvelocity all create 10 42 mom yes rot no dist gaussian\n");
        deck.ShouldContain("npt temp 10 300 0.05 tchain 5 drag 0.2 tri 1000 1000 0.5 pchain 3 flip no");
        deck.ShouldContain("run 500 upto start 0 stop 500\n");
    }

    [Fact]
    public void Stages_begin_at_the_steps_planned_whatever_a_minimisation_needs()
    {
        var run = Argon.Run(Argon.Crystal(), new MinimisationStage { MaximumSteps = 200 }, _heat);
        run.PlannedSteps.ShouldBe(700);
        LammpsInputDeck.Write(run).ShouldContain("reset_timestep 200\n");
        LammpsInputDeck.Write(run).ShouldContain("run 700 upto start 200 stop 700\n");
    }

    [Fact]
    public void Types_are_the_labels_of_the_potential_in_its_order_with_masses_also_where_no_atom_has_them()
    {
        var start = new AtomicConfiguration(["C", "Zn"], [0.1, 0.2, 0.3, 1, 2, 3], new Cell([9, 0, 0, 1, 8, 0, 2, 3, 7]), true) { Types = ["C3a", "Zn4a"] };
        var run = Argon.Run(start, new EvaluationStage()) with { Potential = LammpsPotential.Text(["Zn4a", "H1a", "C3a"], "pair_style zero 3.0", "pair_coeff * *") };
        LammpsInputTypes.Of(run).ShouldBe([new("Zn4a", "Zn", 65.38), new("H1a", "H", 1.008), new("C3a", "C", 12.011)]);
        LammpsInputTypes.Of(run with { Masses = run.Masses.Add("H1a", 2.014) })[1].Mass.ShouldBe(2.014);
    }

    [Fact]
    public void A_label_that_the_potential_lacks_is_named_with_its_atom()
    {
        var start = new AtomicConfiguration(["Ar", "Kr"], [0, 0, 0, 3, 3, 3], new Cell([6, 0, 0, 0, 6, 0, 0, 0, 6]), true);
        var error = Should.Throw<MofException>(() => LammpsInputTypes.Of(Argon.Run(start, new EvaluationStage())));
        error.Message.ShouldContain("no label 'Kr'");
        error.Where.ShouldBe("atom 2 of argon");
    }

    [Fact]
    public void A_continued_run_leaves_out_what_is_done_and_finishes_the_broken_stage_as_planned()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "contents LammpS RestartT\0");
        var deck = LammpsInputDeck.Write(Argon.Run(Argon.Crystal(), new EvaluationStage(), _heat with { Name = "first" }, _heat) with { ContinueFrom = new LammpsRestart(file, 620) });
        File.Delete(file);
        deck.ShouldNotContain("Stage 2 of 3");
        deck.ShouldNotContain("velocity all create");
        deck.ShouldContain($"read_restart {file}\n");
        deck.ShouldContain("run 1000 upto start 500 stop 1000\n");
    }

    [Fact]
    public void What_cannot_be_meant_is_refused_before_anything_runs()
    {
        var nvt = new DynamicsStage { Name = "hold", Ensemble = Ensemble.Nvt, Steps = 10, Temperature = 300 };
        Refused(nvt with { TimeStep = -0.5 }).ShouldBe("stage hold: the time step is -0.5 fs; expected a positive number");
        Refused(nvt with { Steps = 0 }).ShouldContain("the number of steps is 0");
        Refused(nvt with { Temperature = null }).ShouldContain("needs a temperature");
        Refused(nvt with { Ensemble = (Ensemble)7 }).ShouldContain("the ensemble 7 is unknown; expected nve, nvt or npt");
        Refused(nvt with { Ensemble = Ensemble.Nve }).ShouldContain("NVE has no thermostat");
        Refused(nvt with { Velocities = new(300, 0) }).ShouldContain("seed");
        Refused(nvt with { Thermostat = new() { Damping = 0 } }).ShouldContain("relaxation time of the thermostat is 0 fs");
        Refused(new MinimisationStage { Algorithm = "bfgs" }).ShouldContain("the minimiser 'bfgs' is unknown");
        Refused(new MinimisationStage { Algorithm = "fire", Cell = CellFreedom.Flexible }).ShouldContain("cannot relax the cell");
        Should.Throw<MofException>(() => DynamicsStage.EnsembleOf("nph")).Message.ShouldBe("the ensemble 'nph' is unknown; expected nve, nvt or npt");
        Should.Throw<MofException>(() => (Argon.Run(Argon.Crystal(), nvt) with { Guards = new() { MaximumTemperature = 200 } }).Check()).Message.ShouldContain("limit of 200 K");
        Should.Throw<MofException>(() => Argon.Run(Argon.Crystal()).Check()).Message.ShouldContain("no stages");
        Should.Throw<MofException>(() => LammpsPotential.Text(["C 3"], "pair_style zero 3")).Message.ShouldContain("'C 3'");
    }

    private static string Refused(LammpsStage stage) => Should.Throw<MofException>(() => LammpsInputDeck.Write(Argon.Run(Argon.Crystal(), stage))).Message;
}
