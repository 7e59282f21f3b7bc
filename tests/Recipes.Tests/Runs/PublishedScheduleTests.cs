using MofInterop.Cli;
using MofInterop.Recipes.Tests.Cli;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>What the program says about the recipe of the published schedule.</summary>
public sealed class PublishedScheduleTests : IDisposable
{
    private readonly ProgramUnderTest _program = ProgramUnderTest.WithRealSteps();

    public void Dispose() => _program.Dispose();

    private static string Library(string file) => Path.Combine(Repository.Root, "Recipes", "library", file);

    [Fact]
    public async Task The_published_schedule_with_PBE_is_one_line_away()
    {
        File.Copy(Library("mof5.cif"), _program["mof5.cif"]);
        var recipe = File.ReadAllText(Library("mof5-paper.yaml")).Replace("method: gfn1-xtb", "method: pbe", StringComparison.Ordinal);
        (await _program.Run($"validate {_program.Write("r.yaml", recipe)}")).ShouldBe(ExitCode.Success, _program.Error);
    }

    [Theory]
    [InlineData("mof5-learning-curve.yaml")]
    [InlineData("mof5-selection-methods.yaml")]
    public async Task The_learning_curves_want_labelled_frames_beside_the_recipe_and_nothing_else(string recipe)
    {
        File.Copy(Library("mof5.cif"), _program["mof5.cif"]);
        File.Copy(Library(recipe), _program["r.yaml"]);
        (await _program.Run($"validate {_program["r.yaml"]}")).ShouldBe(ExitCode.Error);
        _program.Error.ShouldContain("there is no file or folder 'training.extxyz'");
        _program.Write("training.extxyz", string.Empty);
        _program.Write("test.extxyz", string.Empty);
        (await _program.Run($"validate {_program["r.yaml"]}")).ShouldBe(ExitCode.Success, _program.Error);
    }

    [Fact]
    public async Task A_dry_run_of_the_published_schedule_says_what_would_be_done_and_starts_nothing()
    {
        (await _program.Run($"run {Library("mof5-paper.yaml")} --folder {_program["run"]} --dry-run")).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.Split('\n').ShouldBe(
        [
            $"recipe mof5-paper, run folder {_program["run"]}",
            "  structure: to do (structure): Reads a crystal structure and finds its bonds and atom types",
            "  learn: to do (active-learning): Trains a SNAP potential by molecular dynamics at rising temperature and reference calculations of what is new",
            "  harden: to do (active-learning): Trains a SNAP potential by molecular dynamics at rising temperature and reference calculations of what is new",
            "  bonds: to do (active-learning): Trains a SNAP potential by molecular dynamics at rising temperature and reference calculations of what is new",
            "  detached: to do (active-learning): Trains a SNAP potential by molecular dynamics at rising temperature and reference calculations of what is new",
            "  test: to do (test-ramp): Tests a potential on labelled frames of a temperature ramp that it was never trained on",
            "  stability: to do (stability): Runs independent NPT runs and counts how many keep every bond",
            "  stability-600: to do (stability): Runs independent NPT runs and counts how many keep every bond",
            string.Empty,
        ]);
        Directory.Exists(_program["run"]).ShouldBeFalse();
    }

    [Fact]
    public async Task The_types_of_its_CIF_are_those_of_the_published_potential()
    {
        (await _program.Run($"types {Library("mof5.cif")} --primitive")).ShouldBe(ExitCode.Success, _program.Error);
        _program.Output.ShouldContain("O4a        2  Zn4a Zn4a Zn4a Zn4a\n");
        _program.Output.ShouldEndWith("106 atoms, 7 types, 128 bonds\n");
    }
}
