using System.CommandLine;
using MofInterop.Engine;

namespace MofInterop.Cli.Commands;

/// <summary><c>mofinterop validate</c>.</summary>
internal static class ValidateCommand
{
    private const string Notes = """
        Prints every problem as file:line:column with what was expected.
        Exit code: 0 no problems, 1 problems.
        """;

    public static Command Create(CliServices services)
    {
        var recipe = CommonArguments.Recipe();
        var resolved = new Option<bool>("--resolved") { Description = "Print the recipe with every default filled in." };
        var executor = CommonArguments.Executor();
        var command = new DocumentedCommand("validate", "Checks a recipe and the files that it names; runs nothing.", Notes) { recipe, resolved, executor };
        command.SetAction(result =>
        {
            var check = RecipeLoader.Load(result.GetValue(recipe)!, services.Catalog, result.GetValue(executor));
            if (check.Recipe is not { } valid)
            {
                return Problems.Print(check.Problems, services.Error);
            }

            services.Output.Write(result.GetValue(resolved)
                ? valid.ResolvedYaml()
                : $"{valid.Name}: {valid.Steps.Count} steps ({string.Join(", ", valid.Steps.Select(step => step.Name))}), no problems\n");
            return ExitCode.Success;
        });
        return command;
    }
}
