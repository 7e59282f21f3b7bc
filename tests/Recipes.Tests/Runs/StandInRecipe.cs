using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>A small recipe with all steps: diamond, the stand-in for a reference program, a small SNAP, short real LAMMPS runs.</summary>
internal static class StandInRecipe
{
    /// <summary>Where the stand-in leaves a file for each label, relative to the run folder.</summary>
    public const string Calls = "cache/calls";

    /// <summary>Reference command that ends with the stand-in; a label's folder is three below the run folder's cache.</summary>
    public static IReadOnlyList<string> Command { get; } = ["dotnet", Path.Combine(AppContext.BaseDirectory, "stand-in-reference.dll"), "{input}", "{output}", "../../../calls"];

    /// <summary>Writes recipe and structure into a folder and returns the recipe's path.</summary>
    public static string Write(string folder, IEnumerable<string>? command = null, int workers = 2, string extra = "")
    {
        var reference = $"{{ program: command, workers: {workers}, command: [{string.Join(", ", (command ?? Command).Select(word => $"'{word}'"))}] }}";
        File.WriteAllText(Path.Combine(folder, "diamond.vasp"), Diamond);
        var recipe = Path.Combine(folder, "diamond.yaml");
        File.WriteAllText(recipe, $$"""
            name: diamond
            seed: 7
            steps:
              - { name: structure, kind: structure, file: diamond.vasp }
              - name: learn
                kind: active-learning
                uses: { structure: structure.structure }
                potential_name: diamond
                reference: {{reference}}
                initial: { copies: 6, at_most: 6, distortion: { displacement: 0.1 angstrom, strain: 1 % } }
                generations:
                  - { temperature: 100 K, runs: 3, steps: 40, frames_every: 5 }
                  - { temperature: 300 K, runs: 3, steps: 40, frames_every: 5 }
                snap: { twojmax: 4 }
            {{extra}}
            """.Replace("{extra}", string.Empty, StringComparison.Ordinal));
        return recipe;
    }

    /// <summary>The steps that judge the potential.</summary>
    public static string Tests { get; } = $$"""
          - name: test
            kind: test-ramp
            uses: { structure: structure.structure, model: learn.model }
            reference: { program: command, workers: 2, command: [{{string.Join(", ", Command.Select(word => $"'{word}'"))}}] }
            to: 300 K
            steps: 40
            frames: 3
          - name: stability
            kind: stability
            uses: { structure: structure.structure, model: learn.model }
            temperature: 300 K
            sets: [{ runs: 2, length: 20 fs }]
        """;

    /// <summary>Says why the runs cannot be made here, or null.</summary>
    public static string? Absent => File.Exists(Repository.Artifact("bin", "lmp-mof")) ? null : "artifacts/bin/lmp-mof is absent: run ./build.sh Build";

    private const string Diamond = """
        diamond, conventional cell
        3.567
        1 0 0
        0 1 0
        0 0 1
        C
        8
        Direct
        0.00 0.00 0.00
        0.50 0.50 0.00
        0.50 0.00 0.50
        0.00 0.50 0.50
        0.25 0.25 0.25
        0.75 0.75 0.25
        0.75 0.25 0.75
        0.25 0.75 0.75
        """;
}
