using System.Diagnostics;
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

    [SkippableFact]
    public void A_calculator_in_a_file_beside_the_recipe_is_started_once_to_be_looked_at_and_its_files_are_part_of_what_a_label_is()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        File.WriteAllText(Path.Combine(_folder, "mine.py"), """
            from ase.calculators.lj import LennardJones
            class Mine(LennardJones):
                def __init__(self, model):
                    super().__init__(sigma=float(open(model).read()), epsilon=1.0, rc=3.4, smooth=True)
            """);
        var model = Path.Combine(_folder, "sigma.txt");
        File.WriteAllText(model, "1.377");
        var starts = Path.Combine(_folder, "starts");
        var python = Path.Combine(_folder, "python");
        File.WriteAllText(python, $"#!/bin/sh\necho \"$3\" >> {starts}\nexec /usr/bin/python3 \"$@\"\n");
        Process.Start("chmod", ["+x", python]).WaitForExit();
        var recipe = Recipe($"{{ program: ase, script: mine.py, calculator: Mine, files: {{ model: sigma.txt }}, python: '{python}', workers: 1 }}", StandInRecipe.Tests);
        var folder = Path.Combine(_folder, "run");
        Run(recipe, folder);
        File.ReadAllLines(starts).ShouldBe(["check", "", ""], "one look, a worker for each of the two steps with labels");
        var labels = Labels(folder);

        // The same again is known; another model is another method.
        Run(recipe, folder);
        Labels(folder).ShouldBe(labels, ignoreOrder: true);
        File.WriteAllText(model, "1.376");
        Run(recipe, folder).ShouldContain("learn: runs again, because it changed (reference.files.model: ");
        Labels(folder).Length.ShouldBeGreaterThan(labels.Length + 4);
    }

    [SkippableFact]
    public void Given_frames_are_not_called_random_distortions()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = Recipe(LennardJones);
        Run(recipe, Path.Combine(_folder, "first"));
        File.Copy(Path.Combine(_folder, "first/steps/learn/outputs/training.extxyz"), Path.Combine(_folder, "given.extxyz"));
        FaultyReference.Change(recipe, "  - name: learn\n", "  - { name: data, kind: trajectory, files: [given.extxyz], labels: keep, uses: { structure: structure.structure } }\n  - name: learn\n");
        FaultyReference.Change(recipe, "uses: { structure: structure.structure }\n    potential_name", "uses: { structure: structure.structure, initial: data.training }\n    potential_name");
        FaultyReference.Change(recipe, "copies: 6, at_most: 6", "copies: 0");
        var text = Run(recipe, Path.Combine(_folder, "second"));
        text.ShouldContain("given frames): 0 new frames of 0");
        text.ShouldNotContain("random distortions)");
    }

    [Theory]
    [InlineData("{ program: ase, calculator: 'mine.py:Mine' }", "expected script: mine.py, calculator: Mine")]
    [InlineData("{ program: ase, calculator: emt, files: { model: nothing.txt } }", "there is no file or folder 'nothing.txt'")]
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

    private static string Run(string recipe, string folder)
    {
        using var process = new RunProcess(recipe, folder);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        return text;
    }

    private static string[] Labels(string folder) =>
        [.. Directory.EnumerateDirectories(Path.Combine(folder, "cache", "labels")).Where(label => Path.GetFileName(label)[0] != '.')];

    private string Recipe(string reference, string extra = "")
    {
        var recipe = StandInRecipe.Write(_folder, extra: extra);
        File.WriteAllText(recipe, Reference().Replace(File.ReadAllText(recipe), "reference: " + reference));
        return recipe;
    }

    [GeneratedRegex("reference: .*")]
    private static partial Regex Reference();
}
