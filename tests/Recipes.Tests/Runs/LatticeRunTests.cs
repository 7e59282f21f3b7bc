using MofInterop.Analysis;
using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Lattice parameters by real runs of LAMMPS.</summary>
public sealed class LatticeRunTests : IDisposable
{
    private const string Lattice = """
          - name: lattice
            kind: lattice
            uses: { structure: structure.structure, model: potential.model }
            supercell: [3, 3, 3]
            temperatures: [20 K, 40 K]
            pressures: [0 MPa, 50 MPa]
            temperature: 40 K
            pressure: 0 MPa
            runs: 2
            length: 20 ps
            equilibration: 5 ps
            block: 1 ps
            time_step: 5 fs
            restart_every: 1 ps
            expansion_at: 30 K
            literature: [{ label: someone, source: somewhere, points: [{ temperature: 20 K, pressure: 0 MPa, a: 5.32 angstrom }] }]
        """;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    [SkippableFact]
    public void Argon_expands_with_heat_and_shrinks_under_pressure_and_another_temperature_repeats_no_run()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        Finish(ArgonRecipe.Write(_program.Folder, Lattice));
        var record = Record();

        // a, b and c are averaged, since spglib finds the crystal cubic.
        record.Cell.ShouldContain("Fm-3m");
        record.Points.Count.ShouldBe(3);
        record.Points.ShouldAllBe(point => point.Lengths.Keys.Single() == "a" && point.Lengths["a"].Value > 5.2 && point.Lengths["a"].Value < 5.5 && point.Runs.Count == 2);
        var alpha = record.ThermalExpansion["a"];
        alpha.Value.ShouldBe(5e-4, 1.5e-4, "the chord from 20 to 40 K of classical atoms");
        alpha.Value.ShouldBeGreaterThan(10 * alpha.Error);
        record.ThermalExpansion["volume"].Value.ShouldBe(3 * alpha.Value, 0.05 * alpha.Value);
        record.BulkModulus!.Value.Value.ShouldBe(2.1, 0.3);
        File.ReadAllText(_program["run/report.html"]).ShouldContain("linear thermal expansion of a");
        File.ReadAllLines(_program["run/steps/lattice/outputs/lattice.csv"]).Length.ShouldBe(4);

        Kept().Length.ShouldBe(6);
        var recipe = ArgonRecipe.Write(_program.Folder, Lattice.Replace("[20 K, 40 K]", "[10 K, 20 K, 40 K]", StringComparison.Ordinal));
        Finish(recipe);
        Kept().Length.ShouldBe(8);
        Record().TemperatureScan().Select(point => point.Temperature).ShouldBe([10, 20, 40]);
        Record().TemperatureScan()[1].Volume.ShouldBe(record.TemperatureScan()[0].Volume);
    }

    [SkippableFact]
    public void A_run_that_is_killed_goes_on_from_its_last_restart_file_and_misses_no_sample()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var one = Lattice.Replace("[20 K, 40 K]", "[40 K]", StringComparison.Ordinal).Replace("    pressures: [0 MPa, 50 MPa]\n", string.Empty, StringComparison.Ordinal)
            .Replace("runs: 2", "runs: 1", StringComparison.Ordinal).Replace("length: 20 ps", "length: 100 ps", StringComparison.Ordinal);
        var recipe = ArgonRecipe.Write(_program.Folder, one);
        using (var first = new RunProcess(recipe, _program["run"]))
        {
            SpinWait.SpinUntil(() => first.HasExited || RestartFiles() >= 3, TimeSpan.FromMinutes(2)).ShouldBeTrue();
            first.Kill().ShouldBeTrue("it was to be killed on its way");
            first.Survivors().ShouldBeEmpty();
        }

        Finish(recipe);
        var run = Kept().Single();
        Directory.GetDirectories(Path.Combine(run, "lammps")).Length.ShouldBe(2, "a segment before the kill and one after it");
        var times = SampleSeries.Read(Path.Combine(run, "series.csv")).Select(sample => sample.Time).ToArray();
        times.ShouldBe([.. Enumerable.Range(0, 2001).Select(k => 50.0 * k)], 1e-6);
    }

    [Theory]
    [InlineData("temperatures: [20 K, 40 K]\n", "\n", "", "")]
    [InlineData("equilibration: 5 ps", "equilibration: 30 ps", "nothing of a run is left after its equilibration", "less than length")]
    [InlineData("block: 1 ps", "block: 10 ps", "20 ps less 5 ps hold fewer than two blocks of 10 ps", "at most half")]
    [InlineData("supercell: [3, 3, 3]", "supercell: [3, 3, 3, 3]", "a supercell of 4 numbers", "three")]
    [InlineData("a: 5.32 angstrom", "a: 5.32 K", "'5.32 K' is a temperature, not a length", "angstrom")]
    public async Task What_cannot_be_averaged_is_told_at_its_line(string correct, string wrong, string what, string hint)
    {
        Lattice.ShouldContain(correct);
        var recipe = ArgonRecipe.Write(_program.Folder, Lattice.Replace(correct, wrong, StringComparison.Ordinal));
        (await _program.Run($"validate {recipe}")).ShouldBe(what.Length == 0 ? ExitCode.Success : ExitCode.Error, _program.Error);
        _program.Error.ShouldContain(what);
        _program.Error.ShouldContain(hint);
    }

    [SkippableFact]
    public async Task The_shipped_recipes_of_lattices_have_no_problems_beside_their_potentials()
    {
        Skip.If(ReferenceData.Find("snap/potentials/zif8.snapcoeff") is null, "reference data are absent");
        Skip.IfNot(File.Exists(DispersionFiles.PublishedTable), "dftd3.dat is absent");
        foreach (var name in (string[])["zif8-lattice.yaml", "zif8.cif"])
        {
            File.Copy(Path.Combine(Repository.Root, "Recipes", "library", name), _program[name]);
        }

        foreach (var name in (string[])["zif8.snapcoeff", "zif8.snapparam"])
        {
            File.Copy(ReferenceData.Find("snap/potentials/" + name)!, _program[name]);
        }

        (await _program.Run($"run {_program["zif8-lattice.yaml"]} --dry-run --decks {_program["decks"]}")).ShouldBe(ExitCode.Success, _program.Error);
        File.ReadAllText(_program["decks/lattice/300K-0.1MPa/run-1/in.lammps"]).ShouldContain("tchain 5 aniso 0.99");
        File.ReadAllText(_program["decks/lattice/300K-0.1MPa/run-1/in.lammps"]).ShouldContain("run 600000 upto");
    }

    private string[] Kept() => [.. Directory.GetDirectories(_program["run/cache/sampled-runs"]).Where(folder => File.Exists(Path.Combine(folder, "run.json")))];

    private int RestartFiles() => Directory.Exists(_program["run/steps/lattice/dynamics"]) ? Directory.GetFiles(_program["run/steps/lattice/dynamics"], "restart.*", SearchOption.AllDirectories).Length : 0;

    private LatticeRecord Record() => StepJson.Read<LatticeRecord>(RunFolder.Open(_program["run"]).Steps[2].Outputs["lattice"].FilePath);

    private void Finish(string recipe)
    {
        using var process = new RunProcess(recipe, _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
    }
}
