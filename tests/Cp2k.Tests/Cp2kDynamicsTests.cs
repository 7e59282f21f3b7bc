using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cp2k.Tests;

/// <summary>Real molecular dynamics of a small cell.</summary>
public class Cp2kDynamicsTests
{
    private static readonly XtbMethod _tight = new() { Scf = new ScfSettings { Convergence = 1e-8 } };

    [SkippableTheory]
    [InlineData(Cp2kEnsemble.NptFlexible, Cp2kThermostat.Csvr)]
    [InlineData(Cp2kEnsemble.Nvt, Cp2kThermostat.NoseHoover)]
    public async Task Frames_carry_the_labels_that_a_single_point_gives(Cp2kEnsemble ensemble, Cp2kThermostat thermostat)
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        var run = Run(9) with { Ensemble = ensemble, Thermostat = thermostat, FramesEvery = 3, Temperature = 600 };
        await new Cp2kDynamics(Molecules.Settings, new ToolRunner()).RunAsync(run, folder["run"]);
        var notes = new List<string>();
        AtomicConfiguration[] frames = [.. Cp2kDynamics.Frames(folder["run"], notes.Add)];

        frames.Select(frame => frame.Info["step"]).ShouldBe(["0", "3", "6", "9"]);
        notes.ShouldBeEmpty();
        await using var labeller = new Cp2kLabeller(_tight, Molecules.Settings, new ToolRunner(), folder["shell"]);
        foreach (var frame in frames)
        {
            frame.Symbols.ShouldBe(Molecules.Water.Symbols);
            var label = (await labeller.LabelAsync(frame, folder["label"])).Label.ShouldNotBeNull();
            frame.Label.ShouldNotBeNull().Energy.ShouldBe(label.Energy, 1e-5);
            frame.Label.Forces.ShouldBe(label.Forces, 1e-4);
            frame.Label.Stress.ShouldNotBeNull().ShouldBe(label.Stress!, 2e-6);

            // What a forgotten unit, sign or kinetic part would change is far more than that.
            label.Stress!.Max(Math.Abs).ShouldBeGreaterThan(2e-3);
            label.Forces.Max(Math.Abs).ShouldBeGreaterThan(0.3);
            frame.Velocities!.Max(Math.Abs).ShouldBeGreaterThan(3e-3);
        }

        frames[3].Cell!.Volume.ShouldBe(ensemble == Cp2kEnsemble.Nvt ? frames[0].Cell!.Volume : frames[3].Cell!.Volume, 1e-6);
        (Math.Abs(frames[3].Cell!.Volume - frames[0].Cell!.Volume) > 0.05).ShouldBe(ensemble == Cp2kEnsemble.NptFlexible);
    }

    [SkippableFact]
    public async Task A_run_that_is_killed_goes_on_from_its_restart_file_and_comes_to_the_same_frames()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        var run = Run(41) with { RestartEvery = 5, FramesEvery = 2, TimeStep = 0.25 };
        var dynamics = new Cp2kDynamics(Molecules.Settings, new ToolRunner());
        await dynamics.RunAsync(run, folder["whole"]);

        for (var kills = 0; kills < 2; kills++)
        {
            using var stop = new CancellationTokenSource();
            var interrupted = dynamics.RunAsync(run, folder["killed"], cancellation: stop.Token);
            var goal = 12 * (kills + 1);
            while (!interrupted.IsCompleted && RestartStep(folder["killed"]) < goal)
            {
                await Task.Delay(10);
            }

            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(interrupted);
        }

        await dynamics.RunAsync(run, folder["killed"]);
        Directory.GetDirectories(folder["killed"]).Length.ShouldBe(3);
        AtomicConfiguration[] whole = [.. Cp2kDynamics.Frames(folder["whole"])], pieces = [.. Cp2kDynamics.Frames(folder["killed"])];
        pieces.Select(frame => frame.Info["step"]).ShouldBe(Enumerable.Range(0, 21).Select(k => $"{2 * k}"));
        for (var k = 0; k < whole.Length; k++)
        {
            pieces[k].Positions.ShouldBe(whole[k].Positions, 1e-5, $"step {2 * k}");
            pieces[k].Label!.Energy.ShouldBe(whole[k].Label!.Energy, 1e-4);
        }

        // Once more costs nothing.
        await dynamics.RunAsync(run, folder["killed"]);
        Directory.GetDirectories(folder["killed"]).Length.ShouldBe(3);
    }

    [SkippableFact]
    public async Task A_restart_file_that_was_cut_is_not_taken()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        var run = Run(10) with { RestartEvery = 4 };
        var dynamics = new Cp2kDynamics(Molecules.Settings, new ToolRunner());
        await dynamics.RunAsync(run, folder["run"]);
        var restart = Path.Combine(folder["run"], "segment-1", "md-1.restart");
        var text = await File.ReadAllTextAsync(restart);
        await File.WriteAllTextAsync(restart, text[..(text.Length / 2)]);

        await dynamics.RunAsync(run, folder["run"]);

        File.ReadAllText(Path.Combine(folder["run"], "segment-2", "md.inp")).ShouldContain("RESTART_FILE_NAME ../segment-1/md-1.restart.bak-1");
        Cp2kDynamics.Frames(folder["run"]).Select(frame => frame.Info["step"]).ShouldBe(Enumerable.Range(0, 11).Select(k => $"{k}"));
    }

    [SkippableFact]
    public async Task A_run_that_CP2K_refuses_says_why()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        var collapsed = Molecules.Water.With([0.1, 0, 0, 0.1, 0, 0, 0.15, -0.8, 0.55], Molecules.Water.Cell);
        var error = await Should.ThrowAsync<MofException>(new Cp2kDynamics(Molecules.Settings, new ToolRunner()).RunAsync(Run(4) with { Start = collapsed }, folder["run"]));
        error.Message.ShouldContain("molecular dynamics at 300 K stopped after step 0 of 4");
        error.Message.ShouldContain("segment-1");
    }

    [SkippableFact]
    public async Task PBE_with_dispersion_runs_too()
    {
        Molecules.RequireCp2k();
        using var folder = new ScratchFolder();
        var hydrogen = new AtomicConfiguration(["H", "H"], [0.1, 0.2, 0.3, 0.8, 0.4, 0.4], new Potentials.Atoms.Cell([5, 0, 0, 0, 5, 0, 0, 0.2, 5]), periodic: true);
        var run = Run(2) with { Start = hydrogen, Method = new PbeMethod { Dispersion = true, DispersionCutoff = 8, Cutoff = 200, RelativeCutoff = 40 } };
        await new Cp2kDynamics(Molecules.Settings, new ToolRunner()).RunAsync(run, folder["run"]);
        Cp2kDynamics.Frames(folder["run"]).Count(frame => frame.Label?.Stress is not null).ShouldBe(3);
    }

    private static Cp2kDynamicsRun Run(int steps) => new() { Method = _tight, Start = Molecules.Water, Temperature = 300, Steps = steps, Seed = 7 };

    private static int RestartStep(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "md-1.restart", SearchOption.AllDirectories)
                .Select(file => File.ReadLines(file).FirstOrDefault(line => line.Contains("STEP_START_VAL"))?.Trim().Split(' ')[^1])
                .Select(step => step is null ? 0 : int.Parse(step))
                .Append(0)
                .Max();
        }
        catch (IOException)
        {
            // Not there yet, or just being renamed.
            return 0;
        }
    }
}
