using System.CommandLine;
using MofInterop.Engine;

namespace MofInterop.Cli.Commands;

/// <summary>Arguments that several commands have.</summary>
internal static class CommonArguments
{
    public static Argument<string> Recipe() => new("RECIPE") { Description = "The recipe, a YAML file." };

    public static Option<string?> RunFolder() => new("--folder", "-f") { Description = "The run folder. Default: runs/<name of the recipe> here.", HelpName = "DIR" };

    /// <summary>The full path of the run folder that the user names, or that stands for a recipe.</summary>
    public static string RunFolderOf(string? given, Recipe recipe) => Path.GetFullPath(given ?? Path.Combine("runs", recipe.Name));

    public static Option<string?> Executor() => new("--executor", "-e")
    {
        Description = "In place of the recipe's executor: 'local', or a YAML file with the settings of a cluster.",
        HelpName = "local|FILE",
    };

    public static Option<bool> RetryFailed() => new("--retry-failed")
    {
        Description = "Try again what earlier runs set aside (labels that failed); a finished step that set something aside goes on, and what uses it runs again.",
    };

    public static Argument<string> Structure() => new("STRUCTURE")
    {
        Description = "The structure: CIF (.cif), extended XYZ (.extxyz, .xyz), FitSNAP (.json) or VASP (POSCAR, CONTCAR, .vasp).",
    };

    public static Option<bool> Primitive() => new("--primitive") { Description = "Reduce a CIF to its primitive cell first." };

    public static Option<double> BondTolerance() => new("--bond-tolerance")
    {
        Description = "Atoms closer than the sum of their covalent radii plus this (angstrom) are bonded.",
        HelpName = "ANGSTROM",
        DefaultValueFactory = _ => new Learning.BondSettings().Tolerance,
    };
}
