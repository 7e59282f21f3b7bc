using MofInterop.Cli;
using MofInterop.ModelFiles;
using MofInterop.ModelFiles.Cards;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>A potential that is a sum.</summary>
public sealed class RepulsionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-repulsion-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void A_ZBL_repulsion_becomes_part_of_the_trained_potential_and_of_its_tests()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = StandInRecipe.Write(_folder, extra: "    zbl: { inner: 0.7 angstrom, outer: 1.4 angstrom, pairs: [{ between: [C, C], outer: 1.3 angstrom }] }\n" + StandInRecipe.Tests);
        var run = Path.Combine(_folder, "run");
        using var process = new RunProcess(recipe, run);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);

        var path = Path.Combine(run, "steps", "learn", "outputs", "diamond.mof.yaml");
        var card = ModelCardFile.Read(path);
        card.Kind.ShouldBe("sum");
        card.Sum!.Parts.Select(part => part.Inline!.Kind).ShouldBe(["snap", "zbl"]);
        card.Errors.Single().ForceRmse.ShouldNotBeNull();
        card.TrainedRange!.ExtrapolationThreshold.ShouldBe(1);
        using var potential = PotentialLoader.Load(path);
        potential.HasGrades.ShouldBeTrue();
        File.ReadAllText(Path.Combine(run, "report.html")).ShouldContain("Extrapolation grades of their atoms");
    }

    [Theory]
    [InlineData("zbl: { inner: 2 angstrom, outer: 1 angstrom }", "the switching radii of C4a-C4a are 2 and 1 angstrom")]
    [InlineData("zbl: { inner: 1 angstrom, outer: 2 angstrom, pairs: [{ between: [C, Si] }] }", "a pair names 'Si', which no atom is")]
    [InlineData("zbl: { inner: 1 angstrom, outer: 2 angstrom, pairs: [{ between: [C, C, C] }] }", "a pair names 3 types or elements")]
    [InlineData("zbl: { inner: 1 angstrom, outter: 2 angstrom }", "outter")]
    public void A_repulsion_that_makes_no_sense_is_refused_before_anything_runs(string line, string message)
    {
        var recipe = StandInRecipe.Write(_folder, extra: "    " + line);
        using var process = new RunProcess(recipe, Path.Combine(_folder, "run"));
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Error, text);
        text.ShouldContain(message);
    }
}
