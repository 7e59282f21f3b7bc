using MofInterop.Analysis;
using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Relaxation and mechanics of solid argon by real runs of LAMMPS, beside sums over its lattice.</summary>
public sealed class MechanicsRunTests : IDisposable
{
    private const string Relaxation = """
          - name: relaxation
            kind: relaxation
            uses: { structure: structure.structure, model: potential.model }
        """;

    private const string Static = """
          - name: mechanics
            kind: mechanics
            uses: { structure: relaxation.structure, model: potential.model }
            equation_of_state: {}
            elastic_tensor: { strain: 0.05 % }
            literature: [{ label: someone, source: somewhere, bulk_modulus: 3 GPa }]
        """;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();
    private readonly ArgonSums _sums = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void The_sums_over_the_lattice_are_those_of_the_textbook()
    {
        // N. W. Ashcroft and N. D. Mermin, Solid State Physics, chapter 20: r = 1.09 σ, u = −8.6 ε, B = 75 ε/σ³ without a cutoff.
        var all = new ArgonSums(40 * ArgonRecipe.Diameter);
        const double unit = ArgonRecipe.WellDepth * 160.2176634 / (ArgonRecipe.Diameter * ArgonRecipe.Diameter * ArgonRecipe.Diameter);
        (all.LatticeConstant() / Math.Sqrt(2) / ArgonRecipe.Diameter).ShouldBe(1.09, 0.001);
        (all.Energy(all.LatticeConstant()) / ArgonRecipe.WellDepth).ShouldBe(-8.61, 0.01);
        ((all.C11() + 2 * all.C12()) / 3 / unit).ShouldBe(75.2, 0.2);
    }

    [SkippableFact]
    public void Argon_relaxes_to_where_the_lattice_sum_has_no_pressure_and_its_static_moduli_are_those_of_the_sums()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var run = Finish(ArgonRecipe.Write(_program.Folder, Relaxation + "\n" + Static, latticeConstant: 5.05));
        var relaxation = StepJson.Read<RelaxationRecord>(run.Steps[2].Outputs["summary"].FilePath);
        relaxation.Converged.ShouldBeTrue();
        relaxation.After.CellParameters.ShouldBe([_sums.LatticeConstant(), _sums.LatticeConstant(), _sums.LatticeConstant(), 90, 90, 90], 2e-6);
        relaxation.After.Energy.ShouldBe(4 * _sums.Energy(_sums.LatticeConstant()), 1e-8);
        relaxation.After.LargestStress.ShouldBeLessThan(0.001);
        relaxation.SpaceGroups.ShouldAllBe(group => group.Before == "Fm-3m (225)" && group.After == "Fm-3m (225)");

        var mechanics = StepJson.Read<MechanicsRecord>(run.Steps[3].Outputs["mechanics"].FilePath);
        var tensor = mechanics.ElasticTensor!;
        var bulk = (_sums.C11() + 2 * _sums.C12()) / 3;
        tensor.Components[0][0].Value.ShouldBe(_sums.C11(), 2e-4 * _sums.C11());
        tensor.Components[0][1].Value.ShouldBe(_sums.C12(), 2e-4 * _sums.C12());
        tensor.Components[3][3].Value.ShouldBe(_sums.C12(), 2e-4 * _sums.C12(), "Cauchy's relation");
        tensor.Components[0][5].Value.ShouldBe(0, 1e-9);
        tensor.Asymmetry!.Value.ShouldBeLessThan(1e-3);
        tensor.Stable.ShouldBeTrue();
        tensor.Bulk.Value.ShouldBe(bulk, 2e-4 * bulk);
        mechanics.EquationOfState!.Fit.BulkModulus.Value.ShouldBe(bulk, 0.01 * bulk, "third order is not exact over ±2 %");
        mechanics.EquationOfState.Fit.Volume.Value.ShouldBe(Math.Pow(_sums.LatticeConstant(), 3), 0.01);
        File.ReadAllText(_program["run/report.html"]).ShouldContain("Birch–Murnaghan of third order");
        File.ReadAllLines(_program["run/steps/mechanics/outputs/tables/equation-of-state.csv"]).Length.ShouldBe(10);
    }

    [SkippableFact]
    public void The_bulk_modulus_of_argon_is_the_published_one_of_the_Lennard_Jones_crystal()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);

        // N. W. Ashcroft and N. D. Mermin, Solid State Physics (1976), chapter 20: B = 75 ε/σ³, 3.18 GPa of argon. With a cutoff of seven diameters 0.3 % are missing.
        var recipe = ArgonRecipe.Write(_program.Folder, Relaxation + "\n" + Static.Replace("equation_of_state: {}", "equation_of_state: { points: 5 }", StringComparison.Ordinal), latticeConstant: 5.24);
        var text = File.ReadAllText(recipe);
        text.ShouldContain("lj/cut 8.5");
        File.WriteAllText(recipe, text.Replace("lj/cut 8.5", "lj/cut 24", StringComparison.Ordinal));
        var run = Finish(recipe);
        run.Steps[3].Warnings.ShouldNotContain(warning => warning.Contains("unstrained", StringComparison.Ordinal));
        var mechanics = StepJson.Read<MechanicsRecord>(run.Steps[3].Outputs["mechanics"].FilePath);
        const double Published = 3.18;
        mechanics.ElasticTensor!.Bulk.Value.ShouldBe(Published, 0.03);
        mechanics.EquationOfState!.Fit.BulkModulus.Value.ShouldBe(Published, 0.05);
    }

    [SkippableFact]
    public void Strained_cells_below_the_unstrained_one_are_warned_of()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);

        // Small atoms at the middle of tetrahedra of argon, four neighbours beyond the inflection of their attraction: held by symmetry alone, which shear takes away.
        var recipe = ArgonRecipe.Write(_program.Folder, """
              - name: kept
                kind: relaxation
                uses: { structure: structure.structure, model: potential.model }
                cell: isotropic
              - name: mechanics
                kind: mechanics
                uses: { structure: kept.structure, model: potential.model }
                relax: false
                elastic_tensor: { strain: 0.5 % }
            """);
        File.WriteAllText(recipe, File.ReadAllText(recipe).Replace("labels: [Ar]", "labels: [Ar, Ne]", StringComparison.Ordinal)
            .Replace("'pair_coeff * * 0.0104 3.4'", "'pair_coeff 1 1 0.0104 3.4', 'pair_coeff 2 2 0 1', 'pair_coeff 1 2 0.01 1.2'", StringComparison.Ordinal));
        File.AppendAllText(_program["argon.vasp"], "0.25 0.25 0.25\n0.75 0.75 0.25\n0.75 0.25 0.75\n0.25 0.75 0.75\n");
        File.WriteAllText(_program["argon.vasp"], File.ReadAllText(_program["argon.vasp"]).Replace("Ar\n4\n", "Ar Ne\n4 4\n", StringComparison.Ordinal));
        var run = Finish(recipe);
        var kept = StepJson.Read<RelaxationRecord>(run.Steps[2].Outputs["summary"].FilePath);
        kept.SpaceGroups.Single(group => group.Decides).After.ShouldBe("F-43m (216)");
        run.Steps[3].Warnings.ShouldContain(warning => warning.StartsWith("6 of 12 strained cells lie below the unstrained one, by up to 0.", StringComparison.Ordinal));
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Finite_strain_and_fluctuations_of_warm_argon_agree_within_their_errors()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var run = Finish(ArgonRecipe.Write(_program.Folder, """
              - name: mechanics
                kind: mechanics
                uses: { structure: structure.structure, model: potential.model }
                fluctuations: { temperature: 20 K, pressure: 0 MPa, supercell: [3, 3, 3], runs: 4, length: 205 ps, equilibration: 5 ps, block: 10 ps, time_step: 5 fs, sample_every: 20 fs, barostat_damping: 500 fs }
                finite_strain: { temperature: 20 K, supercell: [3, 3, 3], runs: 1, length: 30 ps, equilibration: 5 ps, block: 1 ps, time_step: 5 fs }
            """, latticeConstant: 5.316));
        var mechanics = StepJson.Read<MechanicsRecord>(run.Steps[2].Outputs["mechanics"].FilePath);
        var strained = mechanics.FiniteStrain!.Fit!.BulkModulus;
        var volume = mechanics.Fluctuations!.BulkModulus;
        strained.Value.ShouldBe(2.4, 0.15);
        volume.Value.ShouldBe(strained.Value, 4 * Math.Sqrt(volume.Error * volume.Error + strained.Error * strained.Error) + 0.1);
        mechanics.Fluctuations.Tensor.Bulk.Value.ShouldBe(volume.Value, 0.02 * volume.Value, "the same volumes, by way of six strains");
        mechanics.Fluctuations.Tensor.Stable.ShouldBeTrue();
        var (c11, c12) = (mechanics.Fluctuations.Tensor.Components[0][0], mechanics.Fluctuations.Tensor.Components[0][1]);
        c11.Value.ShouldBeGreaterThan(c12.Value);
        mechanics.FiniteStrain.Fitted.Count(fitted => fitted).ShouldBe(5);
    }

    [SkippableFact]
    public void A_crystal_whose_symmetry_the_potential_does_not_hold_is_warned_of()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);

        // A tetragonal cell of argon relaxes to the cubic one.
        var recipe = ArgonRecipe.Write(_program.Folder, Relaxation);
        var crystal = _program["argon.vasp"];
        File.WriteAllText(crystal, File.ReadAllText(crystal).Replace("0 0 1\nAr", "0 0 1.03\nAr", StringComparison.Ordinal));
        var run = Finish(recipe);
        run.Steps[2].Warnings.ShouldContain(warning => warning.StartsWith("the space group changed from I4/mmm (139) to Fm-3m (225)", StringComparison.Ordinal));
        ExtendedXyz.Read(run.Steps[2].Outputs["structure"].FilePath).Single().Cell!.Parameters()[2].ShouldBe(_sums.LatticeConstant(), 1e-4);
    }

    [SkippableFact]
    public void Displaced_atoms_leave_a_saddle_point_that_a_symmetric_start_keeps_and_whose_tensor_is_not_stable()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);

        // Argon on a body-centred lattice, which pair potentials hold on a saddle point only.
        var recipe = ArgonRecipe.Write(_program.Folder, """
              - name: kept
                kind: relaxation
                uses: { structure: structure.structure, model: potential.model }
                cell: isotropic
              - name: left
                kind: relaxation
                uses: { structure: structure.structure, model: potential.model }
                displacement: 0.02 angstrom
                stress_tolerance: 0.1 MPa
              - name: mechanics
                kind: mechanics
                uses: { structure: kept.structure, model: potential.model }
                relax: false
                elastic_tensor: { strain: 1 % }
            """);
        var crystal = _program["argon.vasp"];
        File.WriteAllText(crystal, "bcc\n4.2\n2 0 0\n0 2 0\n0 0 2\nAr\n16\nDirect\n" + string.Join('\n', Enumerable.Range(0, 16).Select(k => FormattableString.Invariant($"{(k & 1) / 2.0 + (k >> 3) / 4.0} {((k >> 1) & 1) / 2.0 + (k >> 3) / 4.0} {((k >> 2) & 1) / 2.0 + (k >> 3) / 4.0}"))) + "\n");
        var run = Finish(recipe);
        var kept = StepJson.Read<RelaxationRecord>(run.Steps[2].Outputs["summary"].FilePath);
        var left = StepJson.Read<RelaxationRecord>(run.Steps[3].Outputs["summary"].FilePath);
        kept.SpaceGroups.Single(group => group.Decides).After.ShouldBe("Im-3m (229)");
        left.After.Energy.ShouldBeLessThan(kept.After.Energy - 0.01);
        run.Steps[3].Warnings.ShouldContain(warning => warning.StartsWith("the space group changed from Im-3m (229)", StringComparison.Ordinal));
        run.Steps[4].Warnings.ShouldContain(warning => warning.Contains("not stable", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("engine: ase", "relaxation", "relaxation by ASE needs a model card", "fitted here")]
    [InlineData("force_tolerance: 1e-6 eV", "relaxation", "'1e-6 eV' is an energy, not a force", "angstrom")]
    [InlineData("relax: false", "mechanics", "nothing is to be measured", "equation_of_state: {} takes the defaults")]
    [InlineData("fluctuations: { length: 10 ps }", "mechanics", "nothing of a run is left after its equilibration", "less than length")]
    public async Task What_cannot_be_done_is_told_before_anything_runs(string option, string kind, string what, string hint)
    {
        var recipe = ArgonRecipe.Write(_program.Folder, $$"""
              - name: last
                kind: {{kind}}
                uses: { structure: structure.structure, model: potential.model }
                {{option}}
            """);
        (await _program.Run($"validate {recipe}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldStartWith(recipe + ":");
        _program.Error.ShouldContain(what);
        _program.Error.ShouldContain(hint);
    }

    private RunFolder Finish(string recipe)
    {
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        return RunFolder.Open(_program["run"]);
    }
}
