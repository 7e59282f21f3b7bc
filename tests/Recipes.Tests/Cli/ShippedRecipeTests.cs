using MofInterop.Cli;
using MofInterop.Execution;
using MofInterop.PythonHost;
using MofInterop.Steps;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Cli;

/// <summary>The recipes that are shipped, and what a user may do wrong with them, found before anything runs.</summary>
public sealed class ShippedRecipeTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mofinterop-recipes-");

    private static string Library => Path.Combine(Repository.Root, "Recipes", "library");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("mof5-quickstart.yaml")]
    [InlineData("mof5-paper.yaml")]
    [InlineData("zif8-paper.yaml")]
    [InlineData("mof5-aimd.yaml")]
    [InlineData("mof5-hyperparameters.yaml")]
    [InlineData("mof5-pores.yaml")]
    public async Task A_shipped_recipe_has_no_problems(string name)
    {
        var (exitCode, _, error) = await Run("validate", Path.Combine(Library, name));
        error.ShouldBeEmpty();
        exitCode.ShouldBe(ExitCode.Success);
    }

    [SkippableTheory]
    [InlineData("zif8-vdos.yaml")]
    public async Task A_shipped_recipe_of_a_published_potential_has_no_problems_beside_its_files(string name)
    {
        var potentials = ReferenceData.Find("snap/potentials");
        Skip.If(potentials is null, "the reference data is absent");
        foreach (var file in (string[])[Path.Combine(Library, name), Path.Combine(Library, "zif8.cif"), Path.Combine(potentials, "zif8.snapcoeff"), Path.Combine(potentials, "zif8.snapparam")])
        {
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        }

        var (exitCode, _, error) = await Run("validate", Path.Combine(_folder.FullName, name));
        error.ShouldBeEmpty();
        exitCode.ShouldBe(ExitCode.Success);
    }

    [Theory]
    [InlineData("at_most: 40", "at_mots: 40", "unknown key 'at_mots'", "Did you mean 'at_most'?")]
    [InlineData("temperature: 100 K", "temperature: 100 C", "'C' is not a known unit", "expected a temperature in K")]
    [InlineData("file: mof5.cif", "file: mof-5.cif", "there is no file 'mof-5.cif'", "Did you mean 'mof5.cif'?")]
    public async Task A_mistake_in_the_recipe_is_one_message_with_its_line(string correct, string wrong, string what, string hint)
    {
        var recipe = Copy("mof5-quickstart.yaml", correct, wrong);
        File.Copy(Path.Combine(Library, "mof5.cif"), Path.Combine(_folder.FullName, "mof5.cif"));
        var line = Array.FindIndex(File.ReadAllLines(recipe), text => text.Contains(wrong, StringComparison.Ordinal)) + 1;
        var message = await RefusalOf(recipe);
        message.ShouldStartWith($"{recipe}:{line}:");
        message.ShouldContain(what);
        message.ShouldContain(hint);
    }

    [Theory]
    [InlineData("Zn1  Zn  32  f  0.2934  0.2934  0.2934  1", "Zn1  Zn  32  f  0.2934  0.2934  0.2934  0.5", "mof5.cif:{line}: ")]
    [InlineData("O1   O    8  c  0.25    0.25    0.25    1", "O1   O   32  f  0.2930  0.2930  0.2930  1", "mof5.cif:")]
    [InlineData("Zn1  Zn  32", "Cm1  Cm  32", "cannot treat Cm")]
    public async Task A_structure_that_cannot_be_simulated_is_one_message_at_the_place_that_names_it(string correct, string wrong, string says)
    {
        var recipe = Copy("mof5-quickstart.yaml", "seed: 2002", "seed: 2003");
        var structure = Copy("mof5.cif", correct, wrong);
        var line = Array.FindIndex(File.ReadAllLines(structure), text => text.Contains(wrong, StringComparison.Ordinal)) + 1;
        var message = await RefusalOf(recipe);
        message.ShouldStartWith($"{recipe}:");
        message.ShouldContain(says.Replace("{line}", $"{line}", StringComparison.Ordinal));
    }

    /// <summary>A shipped file with one place changed.</summary>
    private string Copy(string name, string correct, string wrong)
    {
        var text = File.ReadAllText(Path.Combine(Library, name));
        text.ShouldContain(correct);
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text.Replace(correct, wrong, StringComparison.Ordinal));
        return path;
    }

    /// <summary>The messages of a run that must not start.</summary>
    private async Task<string> RefusalOf(string recipe)
    {
        var runFolder = Path.Combine(_folder.FullName, "run");
        var (exitCode, output, error) = await Run("run", recipe, "--folder", runFolder);
        exitCode.ShouldBe(ExitCode.Error);
        output.ShouldBeEmpty();
        error.ShouldEndWith("nothing was started\n");
        Directory.Exists(runFolder).ShouldBeFalse();
        return error;
    }

    private static async Task<(int ExitCode, string Output, string Error)> Run(params string[] arguments)
    {
        var structures = new StructureReader(new PythonRunner(new ToolRunner()));
        using var output = new StringWriter();
        using var error = new StringWriter();
        var services = new CliServices
        {
            Steps = _ => StepLibrary.Create(new StepServices(new ToolRunner(), structures)),
            Structures = structures,
            Output = output,
            Error = error,
            Live = false,
        };
        var exitCode = await CommandLine.RunAsync(arguments, services);
        return (exitCode, output.ToString(), error.ToString());
    }
}
