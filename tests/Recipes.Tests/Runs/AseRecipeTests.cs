using System.Text.RegularExpressions;
using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>A calculator of ASE labels a whole run.</summary>
public sealed partial class AseRecipeTests : IDisposable
{
    private const string LennardJones = "{ program: ase, calculator: lj, arguments: { sigma: '1.377', epsilon: '1.0', rc: '3.4', smooth: 'True' }, workers: 2 }";
    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-ase-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void A_potential_is_learnt_from_a_calculator_of_ase()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        using var process = new RunProcess(Recipe(LennardJones), Path.Combine(_folder, "run"));
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        var run = RunFolder.Open(Path.Combine(_folder, "run"));
        ExtendedXyz.Read(run.Steps[1].Outputs["training"].FilePath).Count().ShouldBeGreaterThanOrEqualTo(6);
        File.ReadAllText(Path.Combine(run.Path, "versions.json")).ShouldContain("ASE");
    }

    [Theory]
    [InlineData("{ program: ase }", "program: ase needs a calculator")]
    [InlineData("{ program: ase, calculator: no.such.package:Class }", "no.such.package:Class cannot be imported")]
    [InlineData("{ program: ase, calculator: lj, arguments: { epsilom: '1' } }", "has no argument epsilom")]
    [InlineData("{ program: ase, calculator: emt, python: /no/python }", "/no/python")]
    public void What_is_wrong_with_it_is_told_at_its_line_before_anything_runs(string reference, string said)
    {
        using var process = new RunProcess(Recipe(reference), Path.Combine(_folder, "run"));
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Error, text);
        text.ShouldContain(said);
        text.ShouldContain("diamond.yaml:9:");
        Directory.Exists(Path.Combine(_folder, "run", "cache", "labels")).ShouldBeFalse();
    }

    private string Recipe(string reference)
    {
        var recipe = StandInRecipe.Write(_folder);
        File.WriteAllText(recipe, Reference().Replace(File.ReadAllText(recipe), "reference: " + reference));
        return recipe;
    }

    [GeneratedRegex("reference: .*")]
    private static partial Regex Reference();
}
