using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>The published SNAP of ZIF-8 with ZBL and D3 (A. Sharma and S. Sanvito, SNAP-AL), as the shipped recipe puts it together.</summary>
public sealed class PublishedZif8Tests : IDisposable
{
    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void It_keeps_the_crystals_symmetry_and_LAMMPS_and_ASE_relax_it_to_the_same_place()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        Skip.If(ReferenceData.Find("snap/potentials/zif8.snapcoeff") is null, "reference data are absent");
        Skip.IfNot(File.Exists(DispersionFiles.PublishedTable), "dftd3.dat is absent");
        File.Copy(Path.Combine(Repository.Root, "Recipes", "library", "zif8.cif"), _program["zif8.cif"]);
        foreach (var name in (string[])["zif8.snapcoeff", "zif8.snapparam"])
        {
            File.Copy(ReferenceData.Find("snap/potentials/" + name)!, _program[name]);
        }

        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "Recipes", "library", "zif8-lattice.yaml"));
        var recipe = _program.Write("zif8.yaml", shipped[..shipped.IndexOf("  - name: lattice", StringComparison.Ordinal)].Replace("file: zif8.cif", "file: zif8.cif\n    cell: primitive", StringComparison.Ordinal) + """
              - name: by-ase
                kind: relaxation
                uses: { structure: relaxation.structure, model: potential.model }
                engine: ase
            """);
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        var steps = RunFolder.Open(_program["run"]).Steps;
        var lammps = StepJson.Read<RelaxationRecord>(steps[2].Outputs["summary"].FilePath);
        var ase = StepJson.Read<RelaxationRecord>(steps[3].Outputs["summary"].FilePath);
        foreach (var record in (RelaxationRecord[])[lammps, ase])
        {
            record.Converged.ShouldBeTrue();
            record.After.LargestForce.ShouldBeLessThan(1.0001e-6);
            record.SpaceGroups.Single(group => group.Decides).After.ShouldBe("I-43m (217)");
        }

        // What LAMMPS calls relaxed, ASE's calculator does too.
        ase.Before.Energy.ShouldBe(lammps.After.Energy, 1e-5);
        ase.After.Volume.ShouldBe(lammps.After.Volume, 1e-4 * lammps.After.Volume);
    }
}
