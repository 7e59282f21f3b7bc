namespace MofInterop.Recipes.Tests.Runs;

/// <summary>Solid argon with a Lennard-Jones potential that every LAMMPS has: steps that simulate can be tried on it in seconds.</summary>
internal static class ArgonRecipe
{
    /// <summary>Well depth, eV.</summary>
    public const double WellDepth = 0.0104;

    /// <summary>Å.</summary>
    public const double Diameter = 3.4;

    /// <summary>Å.</summary>
    public const double Cutoff = 8.5;

    /// <summary>Writes recipe and structure into a folder and returns the recipe's path.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="steps">Steps after structure and potential, in the indentation of a list item.</param>
    /// <param name="latticeConstant">Å.</param>
    public static string Write(string folder, string steps, double latticeConstant = 5.3)
    {
        File.WriteAllText(Path.Combine(folder, "argon.vasp"), FormattableString.Invariant($"""
            argon, face-centred cubic
            {latticeConstant}
            1 0 0
            0 1 0
            0 0 1
            Ar
            4
            Direct
            0.0 0.0 0.0
            0.5 0.5 0.0
            0.5 0.0 0.5
            0.0 0.5 0.5

            """));
        var recipe = Path.Combine(folder, "argon.yaml");
        File.WriteAllText(recipe, FormattableString.Invariant($$"""
            name: argon
            seed: 5
            steps:
              - { name: structure, kind: structure, file: argon.vasp }
              - name: potential
                kind: potential
                uses: { structure: structure.structure }
                lammps: { labels: [Ar], commands: [pair_style lj/cut {{Cutoff}}, 'pair_coeff * * {{WellDepth}} {{Diameter}}'] }
            {{steps}}

            """));
        return recipe;
    }
}
