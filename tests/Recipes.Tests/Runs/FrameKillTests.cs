using MofInterop.Cli;
using MofInterop.Potentials.Atoms;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>kill -9 in the middle of measuring frames: what was measured is kept, and the results are the same to the bit.</summary>
public sealed class FrameKillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-frames-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("pores", "probes: [0.6 angstrom], grid: 0.2 angstrom, distribution_samples: 200", 150, "pores.json", "pores.csv", "pore-sizes.csv")]
    [InlineData("network", "bonded_within: 2.3 angstrom, apart_beyond: 2.6 angstrom, largest_ring: 12", 1000, "network.json", "network.csv")]
    public void A_killed_step_goes_on_behind_the_last_frames_that_it_finished(string kind, string options, int frames, params string[] results)
    {
        ExtendedXyz.Write(Path.Combine(_folder, "crystal.extxyz"), [Crystal(new Random(0), 0)]);
        var random = new Random(11);
        ExtendedXyz.Write(Path.Combine(_folder, "frames.extxyz"), Enumerable.Range(0, frames).Select(_ => Crystal(random, 0.6)));
        var recipe = Path.Combine(_folder, "r.yaml");
        File.WriteAllText(recipe, $$"""
            name: frames
            steps:
              - { name: structure, kind: structure, file: crystal.extxyz }
              - { name: measure, kind: {{kind}}, uses: { structure: structure.structure }, frames: { files: [frames.extxyz] }, {{options}} }
            """);
        var (undisturbed, killed) = (Path.Combine(_folder, "undisturbed"), Path.Combine(_folder, "killed"));
        Finish(recipe, undisturbed);

        var units = Path.Combine(killed, "steps", "measure", "units");
        using (var first = new RunProcess(recipe, killed))
        {
            while (!first.HasExited && Finished(units).Count < 5)
            {
                Thread.Sleep(2);
            }

            first.Kill().ShouldBeTrue("it was to be killed on its way");
        }

        var kept = Finished(units);
        kept.Count.ShouldBeGreaterThanOrEqualTo(5);
        kept.Count.ShouldBeLessThan(Finished(Path.Combine(undisturbed, "steps", "measure", "units")).Count);
        Finish(recipe, killed);
        foreach (var result in results)
        {
            File.ReadAllBytes(Path.Combine(killed, "steps", "measure", "outputs", result)).ShouldBe(File.ReadAllBytes(Path.Combine(undisturbed, "steps", "measure", "outputs", result)), result);
        }

        // Not measured again.
        var after = Finished(units);
        foreach (var (unit, written) in kept)
        {
            after[unit].ShouldBe(written, unit);
        }

        if (kind == "network")
        {
            // The pairs that were bonded are handed on: a sharp cutoff would give other numbers.
            var record = StepJson.Read<NetworkRecord>(Path.Combine(killed, "steps", "measure", "outputs", "network.json"));
            record.Frames.Count.ShouldBe(frames);
            record.Frames.Select(frame => frame.Frame).ShouldBe(Enumerable.Range(1, frames));
            record.Frames.Select(frame => frame.Coordination).Distinct().Count().ShouldBeGreaterThan(2);
        }
    }

    private static void Finish(string recipe, string folder)
    {
        using var run = new RunProcess(recipe, folder);
        var (exitCode, text) = run.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
    }

    private static Dictionary<string, DateTime> Finished(string units) => !Directory.Exists(units) ? [] : Directory.EnumerateDirectories(units, "frame*")
        .Select(unit => Path.Combine(unit, "unit.json")).Where(File.Exists).ToDictionary(file => file, File.GetLastWriteTimeUtc);

    /// <summary>A zinc atom in a cubic cell, N–N linkers along its edges that slide to and fro.</summary>
    private static AtomicConfiguration Crystal(Random random, double amplitude)
    {
        const double edge = 5.4, contact = 2.1;
        var positions = new double[21];
        for (var axis = 0; axis < 3; axis++)
        {
            var slide = amplitude * (2 * random.NextDouble() - 1);
            positions[3 * (2 * axis + 1) + axis] = contact + slide;
            positions[3 * (2 * axis + 2) + axis] = edge - contact + slide;
        }

        return new AtomicConfiguration(["Zn", "N", "N", "N", "N", "N", "N"], positions, new Cell([edge, 0, 0, 0, edge, 0, 0, 0, edge]), periodic: true);
    }
}
