using MofInterop.Engine;
using Xunit.Abstractions;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>kill -9 of steps that simulate, while programs run and between their units of work: nothing that was finished is made again, and the results are those of a run that nobody killed, to the bit.</summary>
public sealed class StepKillTests(ITestOutputHelper output) : IDisposable
{
    private const int FewestKills = 3, MostLives = 40;

    private static readonly Dictionary<string, string> _steps = new()
    {
        ["analysis"] = """
              - name: measured
                kind: analysis
                uses: { structure: structure.structure, model: potential.model }
                rdf: { cutoff: 8 angstrom }
                displacement: {}
                runs: { temperatures: [10 K, 20 K], count: 2, equilibration: 20 ps, equilibration_ensemble: nvt, length: 100 ps, time_step: 2 fs, sample_every: 20 fs, start: { displacement: 0.1 angstrom, strain: 0 % } }
            """,
        ["vibrations"] = """
              - name: measured
                kind: vibrations
                uses: { structure: structure.structure, model: potential.model }
                temperature: 10 K
                runs: 4
                equilibration: 20 ps
                length: 100 ps
                time_step: 2 fs
                sample_every: 20 fs
                spectrum: { resolution: 5 /cm, up_to: 500 /cm }
                dynamics: { barostat_damping: 10 ps }
            """,

        // Restart files are farther apart than a run is long: what a run killed on its way would take up again has other rounding (LatticeRunTests has that case).
        ["lattice"] = """
              - name: measured
                kind: lattice
                uses: { structure: structure.structure, model: potential.model }
                supercell: [2, 2, 2]
                temperatures: [10 K, 20 K]
                runs: 2
                length: 100 ps
                equilibration: 10 ps
                block: 5 ps
                time_step: 2 fs
                restart_every: 1000 ps
            """,
        ["mechanics"] = """
              - name: measured
                kind: mechanics
                uses: { structure: structure.structure, model: potential.model }
                equation_of_state: { strain: 2 %, points: 5 }
                elastic_tensor: { strain: 0.2 % }
                fluctuations: { temperature: 10 K, supercell: [2, 2, 2], runs: 2, length: 100 ps, equilibration: 10 ps, block: 5 ps, time_step: 2 fs, restart_every: 1000 ps }
            """,

        // From far away and towards a small stress: more than a few cells.
        ["relaxation"] = """
              - name: measured
                kind: relaxation
                uses: { structure: structure.structure, model: potential.model }
                displacement: 0.05 angstrom
                stress_tolerance: 0.0001 MPa
            """,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-kill-").FullName;
    private readonly Random _random = new(2026);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [Trait("Category", "Slow")]
    [InlineData("analysis")]
    [InlineData("vibrations")]
    [InlineData("lattice")]
    [InlineData("mechanics")]
    [InlineData("relaxation")]
    public void A_step_that_is_killed_again_and_again_repeats_nothing_and_gives_the_same_to_the_bit(string kind)
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = ArgonRecipe.Write(_folder, _steps[kind], latticeConstant: kind == "relaxation" ? 5.0 : 5.3);
        var undisturbed = Path.Combine(_folder, "undisturbed");
        using (var process = new RunProcess(recipe, undisturbed))
        {
            var (exitCode, text) = process.Finish();
            exitCode.ShouldBe(0, text);
        }

        var folder = Path.Combine(_folder, "killed");
        var finished = new Dictionary<string, string>();
        var kills = new List<string>();
        for (var life = 0; RunUntilKilled(recipe, folder, life) is { } moment; life++)
        {
            kills.Add(moment);
            kills.Count.ShouldBeLessThan(MostLives, string.Join(", ", kills));
            foreach (var (unit, content) in Units(folder))
            {
                finished.TryAdd(unit, content);
            }
        }

        output.WriteLine($"{kind}: {kills.Count} kills: {string.Join(", ", kills)}; {finished.Count} units were finished before the last");
        kills.Count.ShouldBeGreaterThanOrEqualTo(FewestKills, string.Join(", ", kills));
        kills.Distinct().Count().ShouldBeGreaterThan(1, "in the middle of a program and behind a unit");
        var units = Units(folder);
        foreach (var (unit, content) in finished)
        {
            units[unit].ShouldBe(content, unit);
        }

        RunFolder.Open(folder).Journal.Where(entry => entry.Event == "unit-finished").Select(entry => entry.Data["unit"]!.GetValue<string>()).ShouldBeUnique();
        Directory.EnumerateFileSystemEntries(folder, ".partial", SearchOption.AllDirectories).SelectMany(Directory.EnumerateFileSystemEntries).ShouldBeEmpty();
        var results = Path.Combine("steps", "measured", "outputs");
        // The engine's list of outputs says how long the step took.
        string[] files = [.. Directory.EnumerateFiles(Path.Combine(undisturbed, results), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(undisturbed, file)).Where(file => Path.GetFileName(file) != "outputs.json")];
        files.ShouldNotBeEmpty();
        foreach (var file in files)
        {
            File.ReadAllText(Path.Combine(folder, file)).ShouldBe(File.ReadAllText(Path.Combine(undisturbed, file)), file);
        }
    }

    // In turn behind a unit of work and while LAMMPS runs; null when the run came to its end before.
    private string? RunUntilKilled(string recipe, string folder, int life)
    {
        var before = Finished(folder);
        using var process = new RunProcess(recipe, folder);
        string? moment = null;
        while (moment is null && !process.HasExited)
        {
            if (life % 2 == 1 && Finished(folder) >= before + 1 + life / 4)
            {
                moment = "unit finished";
            }
            else if (life % 2 == 0 && Finished(folder) >= Math.Max(1, before) && process.Offspring().Any(program => program.Command.Contains("lmp", StringComparison.Ordinal)))
            {
                Thread.Sleep(_random.Next(0, 100));
                moment = "LAMMPS runs";
            }

            Thread.Sleep(2);
        }

        if (moment is not null && process.Kill())
        {
            process.Survivors().ShouldBeEmpty("programs that outlive the run that started them");
            return moment;
        }

        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(0, text);
        return null;
    }

    // Opened so that the run can go on writing.
    private static int Finished(string folder)
    {
        var journal = Path.Combine(folder, "journal.jsonl");
        if (!File.Exists(journal))
        {
            return 0;
        }

        using var reader = new StreamReader(new FileStream(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd().Split('\n').Count(line => line.Contains("unit-finished", StringComparison.Ordinal));
    }

    /// <summary>Every finished unit, with what says when it was made and how large its files are.</summary>
    private static Dictionary<string, string> Units(string folder) => Directory.EnumerateFiles(folder, "unit.json", SearchOption.AllDirectories)
        .Where(file => !file.Contains(".partial", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetRelativePath(folder, file), file => $"{File.GetLastWriteTimeUtc(file):O} {File.ReadAllText(file)}");
}
