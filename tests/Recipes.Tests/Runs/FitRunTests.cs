using System.Globalization;
using System.Text;
using MofInterop.Cli;
using MofInterop.Learning;
using MofInterop.ModelFiles.Cards;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.Steps;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>A potential fitted to frames that are labelled already.</summary>
public sealed class FitRunTests : IDisposable
{
    private const string Recipe = """
        name: fit
        seed: 3
        steps:
          - name: fit
            kind: fit
            frames: data
            potential_name: sodium
            groups:
              Near: { eweight: 100, fweight: 1, vweight: 1e-8, test_fraction: 30 % }
              Far: { eweight: 10 }
            energy_offsets: { Na: -1 eV/atom }
            snap: { rcutfac: 8, twojmax: 2 }
        """;

    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public FitRunTests()
    {
        foreach (var (group, count, spacing) in ((string, int, double)[])[("Near", 10, 3.6), ("Far", 4, 4.2)])
        {
            Directory.CreateDirectory(_program[$"data/{group}"]);
            for (var k = 0; k < count; k++)
            {
                _program.Write($"data/{group}/{k:00}.json", Frame(spacing + 0.05 * k, 0.1 * k));
            }
        }
    }

    public void Dispose() => _program.Dispose();

    [Fact]
    public void Groups_are_weighed_held_out_and_reported_one_by_one()
    {
        using var process = new RunProcess(_program.Write("r.yaml", Recipe), _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        var outputs = _program["run/steps/fit/outputs"];
        var fit = StepJson.Read<FitRecord>(Path.Combine(outputs, "errors.json"));
        fit.Errors.Select(errors => (errors.Set, errors.Group, errors.Frames)).ShouldBe(
            [("training", null, 11), ("training", "Far", 4), ("training", "Near", 7), ("held-out", null, 3), ("held-out", "Near", 3)]);
        var near = fit.Errors[2].Energy;
        near.Weighted!.MeanAbsolute.ShouldBe(100 * near.Mae / 1000, 1e-9 * near.Mae);
        fit.Rows.ShouldBe(11 * (1 + 6 + 6));

        var training = ExtendedXyz.Read(Path.Combine(outputs, "training.extxyz"), requireLabels: true).ToList();
        training.Count.ShouldBe(11);
        training[0].Info["source"].ShouldBe("Far/00.json");
        training[0].Label!.Energy.ShouldBe(EnergyOf(0) + 2, 1e-12);
        ExtendedXyz.Read(Path.Combine(outputs, "held-out.extxyz"), requireLabels: true).Select(ConfigurationGroups.Of).ShouldBe(["Near", "Near", "Near"]);
        ModelCardFile.Read(Path.Combine(outputs, "sodium.mof.yaml")).Errors.Select(errors => (errors.Set, errors.Frames)).ShouldBe([("training", 11), ("held-out", 3)]);
        var report = File.ReadAllText(_program["run/report.html"]);
        report.ShouldContain("Energy errors, meV/atom");
        report.ShouldContain("held-out");
    }

    [Fact]
    public void Steps_of_one_kind_have_sections_and_figures_of_their_own()
    {
        var second = Recipe[Recipe.IndexOf("  - name: fit", StringComparison.Ordinal)..].Replace("name: fit", "name: fit_again", StringComparison.Ordinal);
        using var process = new RunProcess(_program.Write("r.yaml", $"{Recipe}\n{second}"), _program["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        var report = File.ReadAllText(_program["run/report.html"]);
        report.ShouldContain("Fit: fit</h2>");
        report.ShouldContain("Fit: fit_again</h2>");
        var figures = Directory.GetFiles(_program["run/figures"]).Select(Path.GetFileName).ToList();
        figures.ShouldContain(name => name!.StartsWith("fit-training", StringComparison.Ordinal));
        figures.ShouldContain(name => name!.StartsWith("fit_again-training", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("normal-equations")]
    [InlineData("svd")]
    public async Task A_quadratic_potential_is_fitted_and_judged_by_its_files(string solver)
    {
        (await _program.Run($"run {_program.Write("linear.yaml", Recipe)} --folder {_program["linear"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var recipe = _program.Write("r.yaml", Recipe.Replace("twojmax: 2", $"twojmax: 2, quadraticflag: true, solver: {solver}", StringComparison.Ordinal));
        (await _program.Run($"run {recipe} --folder {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        File.ReadAllText(_program["run/steps/fit/outputs/sodium.snapparam"]).ShouldContain("quadraticflag 1");
        File.Exists(_program["run/steps/fit/outputs/sodium.snapgrades"]).ShouldBeFalse();
        var quadratic = StepJson.Read<FitRecord>(_program["run/steps/fit/outputs/errors.json"]);
        quadratic.Columns.ShouldBe(1 + 5 + 15);
        quadratic.Grades.ShouldBeNull();
        quadratic.Errors[0].Energy.Weighted!.RootMeanSquare.ShouldBeLessThan(StepJson.Read<FitRecord>(_program["linear/steps/fit/outputs/errors.json"]).Errors[0].Energy.Weighted!.RootMeanSquare);
    }

    [Theory]
    [InlineData("Far:", "Fra:", "r.yaml:10:12: no configuration is in the group 'Fra'; expected one of Far, Near")]
    [InlineData("eweight: 10 }", "eweight: -1 }", "r.yaml:10:23: 'groups.Far.eweight' is -1; expected a number at least 0")]
    [InlineData("eweight: 10 }", "weight: 10 }", "r.yaml:10:14: unknown key 'weight'; expected one of test_fraction, eweight, fweight, vweight. Did you mean 'eweight'?")]
    [InlineData("30 %", "130 %", "r.yaml:9:71: 'groups.Near.test_fraction' is 130 %; expected a fraction")]
    [InlineData("Na: -1", "Mg: -1", "r.yaml:11:27: there is an energy offset for 'Mg', which no atom is; expected one of Na")]
    [InlineData("frames: data", "frames: date", "r.yaml:6:13: 'frames': there is no file or folder 'date'")]
    [InlineData("frames: data", "frames: r.yaml", "r.yaml:6:13: ")]
    [InlineData("twojmax: 2", "twojmax: 2, radii: { K: 1 }", "there is a radius for 'K', which no atom is; expected one of Na")]
    [InlineData("twojmax: 2", "twojmax: 2, solver: svd, smallest_singular_value: 1.5", "the smallest singular value of the fit is 1.5; expected a fraction of the largest")]
    [InlineData("energy_offsets: { Na: -1 eV/atom }", "zbl: { inner: 2 angstrom, outer: 1 angstrom }", "r.yaml:11:10: the switching radii of Na-Na are 2 and 1 angstrom")]
    [InlineData("energy_offsets: { Na: -1 eV/atom }", "zbl: { inner: 1 angstrom, outer: 2 angstrom, pairs: [{ between: [K, Na] }] }", "a pair names 'K', which no atom is; expected one of Na")]
    public async Task A_mistake_is_told_with_its_place_before_anything_runs(string right, string wrong, string message)
    {
        (await _program.Run($"run {_program.Write("r.yaml", Recipe.Replace(right, wrong, StringComparison.Ordinal))} --folder {_program["run"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain(message);
        Directory.Exists(_program["run"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_damaged_frame_is_told_with_its_file()
    {
        _program.Write("data/Near/03.json", Frame(3.6, 0).Replace("\"Energy\"", "\"Enrgy\"", StringComparison.Ordinal));
        (await _program.Run($"validate {_program.Write("r.yaml", Recipe)}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("r.yaml:6:13: ");
        _program.Error.ShouldContain("03.json: 'Energy' of Data[0] is missing; expected the energy of all atoms, eV");
    }

    [Fact]
    public async Task A_changed_frame_makes_the_fit_anew_and_an_unchanged_folder_does_not()
    {
        var command = $"run {_program.Write("r.yaml", Recipe)} --folder {_program["run"]}";
        (await _program.Run(command)).ShouldBe(ExitCode.Success, _program.Error);
        var card = File.GetLastWriteTimeUtc(_program["run/steps/fit/outputs/sodium.snapcoeff"]);
        (await _program.Run(command)).ShouldBe(ExitCode.Success, _program.Error);
        File.GetLastWriteTimeUtc(_program["run/steps/fit/outputs/sodium.snapcoeff"]).ShouldBe(card);
        _program.Write("data/Far/02.json", Frame(4.5, 0.3));
        (await _program.Run(command)).ShouldBe(ExitCode.Success, _program.Error);
        File.GetLastWriteTimeUtc(_program["run/steps/fit/outputs/sodium.snapcoeff"]).ShouldNotBe(card);
    }

    [SkippableTheory]
    [InlineData("normal-equations")]
    [InlineData("svd")]
    public async Task The_shipped_tantalum_recipe_gives_the_errors_of_FitSNAP(string solver)
    {
        var data = ReferenceData.Find("fitsnap_ta/JSON");
        Skip.If(data is null, "reference data absent: fitsnap_ta");
        Directory.CreateSymbolicLink(_program["JSON"], data!);
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "Recipes", "library", "tantalum-fitsnap.yaml"));
        _program.Write("ta.yaml", shipped.Replace("    method: PBE", "    method: PBE\n    write_matrix: true", StringComparison.Ordinal)
            .Replace("ridge: 0", $"ridge: 0\n      solver: {solver}", StringComparison.Ordinal));
        (await _program.Run($"run {_program["ta.yaml"]} --folder {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var all = StepJson.Read<FitRecord>(_program["run/steps/fit/outputs/errors.json"]).Errors[0];
        all.Frames.ShouldBe(363);
        all.Energy.Mae.ShouldBe(112.787, 0.0005);
        all.Force.Mae.ShouldBe(75.7576, 0.00005);
        all.Stress.Mae.ShouldBe(6833.86, 0.005);
        var outputs = _program["run/steps/fit/outputs"];
        NumpyArray.Read(Path.Combine(outputs, DesignMatrixFiles.Descriptors)).Shape.ShouldBe([15213, 31]);
        NumpyArray.Read(Path.Combine(outputs, DesignMatrixFiles.Truth)).Shape.ShouldBe([15213]);
        NumpyArray.Read(Path.Combine(outputs, DesignMatrixFiles.Weights)).Shape.ShouldBe([15213]);
    }

    [Fact]
    public async Task Frames_of_a_second_file_test_the_potential_and_are_never_fitted()
    {
        Directory.CreateDirectory(_program["others/Unseen"]);
        _program.Write("others/Unseen/00.json", Frame(3.7, 0.25));
        var recipe = _program.Write("r.yaml", Recipe.Replace("frames: data", "frames: data\n    test_frames: others\n    stress_goal: 0.001 MPa", StringComparison.Ordinal));
        (await _program.Run($"run {recipe} --folder {_program["run"]}")).ShouldBe(ExitCode.GoalsMissed, _program.Error);
        var fit = StepJson.Read<FitRecord>(_program["run/steps/fit/outputs/errors.json"]);
        fit.Errors.Select(errors => (errors.Set, errors.Group, errors.Frames)).ShouldBe(
            [("training", null, 11), ("training", "Far", 4), ("training", "Near", 7), ("held-out", null, 4), ("held-out", "Near", 3), ("held-out", "Unseen", 1)]);
        fit.Rows.ShouldBe(11 * (1 + 6 + 6));
    }

    [Fact]
    public async Task Atoms_get_types_by_their_bonds_and_a_type_of_two_environments_is_refused()
    {
        static string Molecule(string central, double energy) => $"""
            3
            Properties=species:S:1:pos:R:3:forces:R:3 energy={energy} pbc="F F F"
            {central} 0 0 0 0.1 0 0
            H 0.96 0 0 -0.1 0 0
            H -0.24 0.93 0 0 0 0

            """;
        var recipe = _program.Write("r.yaml", """
            name: molecules
            seed: 1
            steps:
              - { name: fit, kind: fit, frames: frames.xyz, types: environment, snap: { twojmax: 2 } }
            """);
        _program.Write("frames.xyz", Molecule("O", -14) + Molecule("O", -14.1));
        (await _program.Run($"run {recipe} --folder {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        ExtendedXyz.Read(_program["run/steps/fit/outputs/training.extxyz"]).First().Types.ShouldBe(["O2a", "H1a", "H1a"]);
        _program.Write("frames.xyz", Molecule("O", -14) + Molecule("S", -11));
        (await _program.Run($"validate {recipe}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("the type 'H1a' is bonded to O2a in one frame and to S2a in another");
    }

    [SkippableFact]
    public async Task The_shipped_recipe_of_MIL_53_reports_on_the_frames_that_it_never_saw()
    {
        var data = ReferenceData.Find("dft/Al_mil53_train.xyz");
        Skip.If(data is null, "reference data absent: dft/Al_mil53_train.xyz");
        Skip.IfNot(File.Exists(DispersionFiles.PublishedTable), "cp2k-data is not installed");
        foreach (var name in (string[])["Al_mil53_train.xyz", "Al_mil53_valid.xyz"])
        {
            File.CreateSymbolicLink(_program[name], Path.Combine(Path.GetDirectoryName(data)!, name));
        }

        // Fewer components than the recipe: 0.4 of the time, larger errors.
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "Recipes", "library", "mil53-fit.yaml"));
        (await _program.Run($"run {_program.Write("mil.yaml", shipped.Replace("twojmax: 8", "twojmax: 4", StringComparison.Ordinal))} --folder {_program["run"]}")).ShouldBe(ExitCode.Success, _program.Error);
        var fit = StepJson.Read<FitRecord>(_program["run/steps/fit/outputs/errors.json"]);
        var (training, heldOut) = (fit.Errors[0], fit.Errors[1]);
        (training.Frames, heldOut.Frames, heldOut.Set).ShouldBe((50, 10, "held-out"));
        fit.Rows.ShouldBe(50 * (1 + 912 + 6));
        heldOut.Energy.Rmse.ShouldBeLessThan(4);
        heldOut.Force.Rmse.ShouldBeLessThan(400);
        heldOut.Force.Determination.ShouldBeGreaterThan(0.9);
        heldOut.Stress.Rmse.ShouldBeLessThan(300);
        heldOut.Stress.Count.ShouldBe(60);
        var card = ModelCardFile.Read(_program["run/steps/fit/outputs/mil53.mof.yaml"]);
        card.Species.Select(species => species.Label).ShouldBe(["Al6a", "C3a", "C3b", "C3c", "H1a", "H1b", "O2a", "O3a"]);
        card.Sum!.Parts.Select(part => part.Inline!.Kind).ShouldBe(["snap", "d3"]);
        fit.HeldOut!.Force.Count.ShouldBe(10 * 912);
        fit.Training.Force.Count.ShouldBe(50 * 912);
        fit.Training.Force.Reference.Count.ShouldBe(QuantityErrors.MostPoints);
    }

    private static double EnergyOf(double shift) => -2.5 + 0.2 * shift * shift;

    private static string Frame(double spacing, double shift)
    {
        var text = new StringBuilder("# made by a test\n{\"Dataset\": {\"Data\": [{\"AtomTypes\": [\"Na\", \"Na\"], ");
        text.Append(CultureInfo.InvariantCulture, $"\"Lattice\": [[{spacing:R}, 0, 0], [0, {spacing:R}, 0], [0, 0, {spacing:R}]], ");
        text.Append(CultureInfo.InvariantCulture, $"\"Positions\": [[0, 0, {shift:R}], [{spacing / 2:R}, {spacing / 2:R}, {spacing / 2:R}]], \"Energy\": {EnergyOf(shift):R}, ");
        text.Append(CultureInfo.InvariantCulture, $"\"Forces\": [[0, 0, {-0.4 * shift:R}], [0, 0, {0.4 * shift:R}]], ");
        text.Append("\"Stress\": [[100, 0, 0], [0, 200, 0], [0, 0, 300]]}]}}\n");
        return text.ToString();
    }
}
