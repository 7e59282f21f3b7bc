using MofInterop.Cp2k;
using MofInterop.Execution;
using MofInterop.Structures;

namespace MofInterop.Cp2k.Tests;

/// <summary>Real runs of CP2K on small cells.</summary>
public class Cp2kLabellerTests
{
    private static readonly XtbMethod _tight = new() { Scf = new ScfSettings { Convergence = 1e-8 } };

    [SkippableFact]
    public async Task The_stress_is_the_derivative_of_the_energy_by_strain()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        await using var labeller = Labeller(_tight, folder);
        const double strain = 1e-3;
        var stress = (await LabelAsync(labeller, Molecules.Water, folder)).Stress.ShouldNotBeNull();
        (int Row, int Column)[] voigt = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        for (var k = 0; k < 6; k++)
        {
            var (row, column) = voigt[k];
            var stretched = await LabelAsync(labeller, Molecules.Strained(Molecules.Water, row, column, strain), folder);
            var squeezed = await LabelAsync(labeller, Molecules.Strained(Molecules.Water, row, column, -strain), folder);
            var derivative = (stretched.Energy - squeezed.Energy) / (2 * strain) / Molecules.Water.Cell!.Volume;

            Math.Abs(stress[k]).ShouldBeGreaterThan(3e-4);
            stress[k].ShouldBe(derivative, 1e-5, $"component {k}");
        }
    }

    [SkippableFact]
    public async Task The_forces_are_the_derivative_of_the_energy()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        await using var labeller = Labeller(_tight, folder);
        const double distance = 2e-3;
        var label = await LabelAsync(labeller, Molecules.ZincOxide, folder);
        for (var coordinate = 0; coordinate < 3; coordinate++)
        {
            var ahead = await LabelAsync(labeller, Molecules.Moved(Molecules.ZincOxide, coordinate, distance), folder);
            var behind = await LabelAsync(labeller, Molecules.Moved(Molecules.ZincOxide, coordinate, -distance), folder);

            label.Forces[coordinate].ShouldBe(-(ahead.Energy - behind.Energy) / (2 * distance), 2e-4);
        }
    }

    [SkippableFact]
    public async Task A_process_that_is_kept_gives_the_same_labels_as_one_for_every_cell()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        await using var kept = Labeller(_tight, folder);
        await using var single = new Cp2kLabeller(_tight, Molecules.Settings with { Persistent = false }, new ToolRunner(), folder["unused"]);
        var strained = Molecules.Strained(Molecules.Water, 0, 1, 0.05);
        await LabelAsync(kept, Molecules.Water, folder);
        await LabelAsync(kept, Molecules.ZincOxide, folder);
        await LabelAsync(kept, Molecules.Water, folder);

        var ofKept = await LabelAsync(kept, strained, folder);
        var ofSingle = await LabelAsync(single, strained, folder);

        ofKept.Energy.ShouldBe(ofSingle.Energy, 1e-5);
        for (var i = 0; i < 9; i++)
        {
            ofKept.Forces[i].ShouldBe(ofSingle.Forces[i], 1e-4);
        }

        for (var k = 0; k < 6; k++)
        {
            ofKept.Stress![k].ShouldBe(ofSingle.Stress![k], 1e-6);
        }
    }

    [SkippableFact]
    public async Task The_second_label_starts_from_the_wavefunction_of_the_first()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        await using var labeller = Labeller(new XtbMethod(), folder);
        var first = await labeller.LabelAsync(Molecules.Water, folder["1"]);
        var second = await labeller.LabelAsync(Molecules.Moved(Molecules.Water, 4, 0.02), folder["2"]);

        second.Attempts.ShouldHaveSingleItem().Iterations.ShouldNotBeNull().ShouldBeLessThan(first.Attempts[0].Iterations!.Value);
        File.Exists(Path.Combine(folder["2"], "cp2k.inp")).ShouldBeTrue();
        File.ReadAllText(Path.Combine(folder["2"], "cp2k.log")).ShouldContain("SCF run converged");
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_SCF_that_no_remedy_saves_is_a_failure_with_every_attempt_recorded(bool persistent)
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        var hopeless = new XtbMethod { Scf = new ScfSettings { InnerSteps = 2, OuterLoops = 1, Convergence = 1e-10 } };
        await using var labeller = new Cp2kLabeller(hopeless, Molecules.Settings with { Persistent = persistent }, new ToolRunner(), folder["shell"]);

        var outcome = await labeller.LabelAsync(Molecules.Water, folder["label"]);

        outcome.Label.ShouldBeNull();
        outcome.Attempts.Select(attempt => attempt.Settings).ShouldBe(
            ["as set", "fresh guess, small steps", "fresh guess, conjugate gradients", "fresh guess, diagonalisation with Broyden mixing and smearing"]);
        outcome.Attempts.ShouldAllBe(attempt => attempt.Problem!.Contains("did not converge"));
        outcome.Failure.ShouldNotBeNull().ShouldContain("as set: ");
    }

    [SkippableFact]
    public async Task A_remedy_saves_a_label_and_is_recorded()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        var wild = new XtbMethod { Scf = new ScfSettings { StepSize = 60, OuterLoops = 2 } };
        await using var labeller = Labeller(wild, folder);
        await using var plain = new Cp2kLabeller(new XtbMethod(), Molecules.Settings, new ToolRunner(), folder["plain"]);

        var outcome = await labeller.LabelAsync(Molecules.Water, folder["label"]);
        var expected = await LabelAsync(plain, Molecules.Water, folder);

        outcome.Label.ShouldNotBeNull().Energy.ShouldBe(expected.Energy, 1e-4);
        outcome.Attempts.Count.ShouldBeGreaterThan(1);
        outcome.Attempts[0].Problem.ShouldNotBeNull();
        outcome.Attempts[^1].Problem.ShouldBeNull();
    }

    [SkippableTheory]
    [InlineData(ScfSolver.ConjugateGradients)]
    [InlineData(ScfSolver.BroydenDiagonalization)]
    public async Task Every_solver_finds_the_same_energy(ScfSolver solver)
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        await using var labeller = Labeller(_tight, folder);
        await using var other = new Cp2kLabeller(new XtbMethod { Scf = new ScfSettings { Solver = solver } }, Molecules.Settings, new ToolRunner(), folder["other"]);

        var expected = await LabelAsync(labeller, Molecules.Water, folder);
        var outcome = await other.LabelAsync(Molecules.Water, folder["other-label"]);

        outcome.Failure.ShouldBeNull();
        outcome.Label!.Energy.ShouldBe(expected.Energy, 1e-4);
    }

    [SkippableFact]
    public async Task PBE_with_dispersion_gives_consistent_forces_and_stress()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        var method = new PbeMethod { Dispersion = true, DispersionCutoff = 8, Cutoff = 200, RelativeCutoff = 40 };
        var hydrogen = new AtomicConfiguration(["H", "H"], [0.1, 0.2, 0.3, 1.0, 0.4, 0.5], new Potentials.Atoms.Cell([5, 0, 0, 0, 5, 0, 0, 0.2, 5]), periodic: true);
        await using var labeller = Labeller(method, folder);
        const double step = 4e-3;

        var label = await LabelAsync(labeller, hydrogen, folder);
        var ahead = await LabelAsync(labeller, Molecules.Moved(hydrogen, 3, step), folder);
        var behind = await LabelAsync(labeller, Molecules.Moved(hydrogen, 3, -step), folder);
        var stretched = await LabelAsync(labeller, Molecules.Strained(hydrogen, 0, 0, step), folder);
        var squeezed = await LabelAsync(labeller, Molecules.Strained(hydrogen, 0, 0, -step), folder);

        label.Forces[3].ShouldBe(-(ahead.Energy - behind.Energy) / (2 * step), 5e-3);
        Math.Abs(label.Stress![0]).ShouldBeGreaterThan(2e-3);
        label.Stress[0].ShouldBe((stretched.Energy - squeezed.Energy) / (2 * step) / hydrogen.Cell!.Volume, 5e-4);
    }

    [SkippableFact]
    public async Task The_installed_version_is_known()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();

        (await Cp2kTool.VersionAsync(new ToolRunner(), Molecules.Settings, folder.Path)).ShouldMatch(@"^\d+\.\d+");
    }

    private static Cp2kLabeller Labeller(Cp2kMethod method, ScratchFolder folder) => new(method, Molecules.Settings, new ToolRunner(), folder["shell"]);

    private static async Task<ReferenceLabel> LabelAsync(Cp2kLabeller labeller, AtomicConfiguration configuration, ScratchFolder folder)
    {
        var outcome = await labeller.LabelAsync(configuration, folder["label"]);
        return outcome.Label ?? throw new InvalidOperationException(outcome.Failure);
    }
}
