using MofInterop.Potentials.Errors;

namespace MofInterop.Cli.Commands;

/// <summary>Prints everything that is wrong with a recipe.</summary>
internal static class Problems
{
    public static int Print(IReadOnlyList<MofException> problems, TextWriter error)
    {
        foreach (var problem in problems)
        {
            error.WriteLine(problem.Message);
        }

        error.WriteLine($"mofinterop: {problems.Count} {(problems.Count == 1 ? "problem" : "problems")} in the recipe; nothing was started");
        return ExitCode.Error;
    }
}
