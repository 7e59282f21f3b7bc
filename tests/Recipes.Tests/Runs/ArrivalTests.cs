using System.Diagnostics;
using System.Globalization;
using MofInterop.Engine;
using MofInterop.Steps;
using MofInterop.TestKit;
using Xunit.Abstractions;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>
/// Labels and runs that take as long as a test wants: what arrives early is used early, and the order of arrival decides nothing. Real LAMMPS and the
/// stand-in for a reference program, each behind a script that sleeps first.
/// </summary>
public sealed class ArrivalTests(ITestOutputHelper output) : IDisposable
{
    private const string Random = "sleep $(shuf -n 1 -e 0 0.05 0.1 0.2 0.4 0.7)";
    private const string Closing = "close_labels: { enough: 50 %, patience: 0 s }";

    /// <summary>What must be bit-identical.</summary>
    private static readonly string[] Results =
    [
        "steps/learn/outputs/training.extxyz", "steps/learn/outputs/diamond.snapcoeff", "steps/learn/outputs/diamond.snapparam", "steps/learn/outputs/diamond.snapgrades",
        "steps/learn/outputs/diamond.mof.yaml",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-arrival-").FullName;

    private string this[string name] => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    public void A_frame_is_labelled_while_later_runs_of_its_generation_still_go()
    {
        var recipe = Write();
        Delay(runs: "case $PWD in *generation-01+run-03*) sleep 4;; esac");
        Run(recipe, "run");
        var journal = RunFolder.Open(this["run"]).Journal;
        var first = Place(journal, "unit-finished", "units/generation-01/run-01");
        var last = Place(journal, "unit-finished", "units/generation-01/run-03");
        var between = journal.Skip(first).Take(last - first).ToList();
        between.ShouldContain(entry => entry.Event == "frame-selected", "run 1 has been decided");
        between.ShouldContain(entry => entry.Event == "unit-finished" && entry.Data["unit"]!.GetValue<string>().StartsWith("labels/", StringComparison.Ordinal), "and the label of its frame is there before run 3 has ended");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Any_order_of_arrival_gives_the_same_frames_training_set_and_potential_to_the_bit()
    {
        var recipe = Write();
        Delay();
        Run(recipe, "at-once");
        var selected = Selected("at-once");
        selected.Length.ShouldBeGreaterThan(8);
        Delay(labels: Random, runs: Random);
        foreach (var folder in (string[])["random-1", "random-2", "random-3"])
        {
            Run(recipe, folder);
            Selected(folder).ShouldBe(selected);
            ShouldBeTheSame(folder, "at-once");
        }

        // The first run of each generation ends last.
        Delay(runs: "case $PWD in *run-01*) sleep 2;; esac");
        Run(recipe, "backwards");
        Selected("backwards").ShouldBe(selected);
        ShouldBeTheSame("backwards", "at-once");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void A_recorded_set_of_labels_survives_kills_and_gives_the_same_potential_when_it_is_replayed_in_another_order_of_arrival()
    {
        var recipe = Write(Closing);
        Delay(labels: Random, runs: Random);
        var random = new Random(3);
        var recorded = new Dictionary<string, string>();
        var lives = 0;
        for (bool killed = true; killed; lives++)
        {
            lives.ShouldBeLessThan(60);
            using var process = new RunProcess(recipe, this["killed"], Environment(), []);

            // Beyond the start of the process, and longer the more lives there were, so that it gets on.
            process.WaitForExit(TimeSpan.FromMilliseconds(900 + random.Next(0, 1500 + 300 * lives)));
            killed = process.Kill();
            if (!killed)
            {
                var (exitCode, text) = process.Finish();
                exitCode.ShouldBe(0, text);
            }

            foreach (var (unit, set) in RecordedSets("killed"))
            {
                recorded.TryAdd(unit, set);
                recorded[unit].ShouldBe(set, $"{unit} after {lives + 1} lives");
            }
        }

        output.WriteLine($"{lives} lives; recorded: {string.Join("; ", recorded.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value.ReplaceLineEndings(string.Empty)}"))}");
        lives.ShouldBeGreaterThan(3);
        recorded.Count.ShouldBe(2, "the last temperature waits for all");
        RunFolder.Open(this["killed"]).Journal.Where(entry => entry.Event == "unit-finished" && entry.Data["unit"]!.GetValue<string>().StartsWith("labels/", StringComparison.Ordinal))
            .Select(entry => entry.Data["unit"]!.GetValue<string>()).ShouldBeUnique();

        // Another run that finds the recorded sets and nothing else, in which everything arrives in another order.
        foreach (var unit in recorded.Keys)
        {
            Copy(Path.Combine("killed", "steps/learn/units", unit), Path.Combine("replayed", "steps/learn/units", unit));
        }

        File.WriteAllText(this["replayed/lock"], string.Empty);
        Delay(labels: "sleep $(shuf -n 1 -e 0 0.3)");
        Run(recipe, "replayed");
        RecordedSets("replayed").ShouldBe(recorded, ignoreOrder: true);
        ShouldBeTheSame("replayed", "killed");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void One_label_that_takes_ten_times_as_long_holds_up_the_next_runs_only_where_all_labels_are_waited_for()
    {
        // The first label to start in each generation sleeps for 12 s, the others and all runs for less than a second.
        const string Labels = "g=$(ls -d ../../../../steps/learn/units/generation-*/fit 2>/dev/null | wc -l)\nif mkdir ../../../slow-$g 2>/dev/null; then sleep 12; else sleep 0.7; fi";
        Delay(Labels, "sleep 0.7");
        double Wall(string folder, string options)
        {
            var clock = Stopwatch.StartNew();
            Run(Write(options, runs: 6), folder);
            var times = RunFolder.Open(this[folder]).Times("learn")!;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: {clock.Elapsed.TotalSeconds:0.0} s; programs hold {100 * times.ProgramCores.TotalSeconds / (2 * times.Wall.TotalSeconds):0} % of two cores; no program at work in {times.Own.TotalSeconds:0.0} s"));
            return times.Wall.TotalSeconds;
        }

        var all = Wall("all", string.Empty);
        var closed = Wall("closed", "close_labels: { enough: 70 %, patience: 0 s }");
        (all - closed).ShouldBeGreaterThan(4, "most of what two slow labels take is spent on the next runs");
        StepJson.Read<GenerationRecord[]>(this["closed/steps/learn/outputs/history.json"])[^1].ErrorsAfter.Frames
            .ShouldBe(StepJson.Read<GenerationRecord[]>(this["closed/steps/learn/outputs/history.json"]).Sum(generation => generation.Selected.Count), "no label is lost");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Labels_that_are_late_when_the_loop_ends_early_join_a_last_fit()
    {
        var recipe = Write($"{Closing}\n    stop: {{ generations: 1, when: {{ intact_runs: 0 %, new_bins: 100 % }} }}");
        Delay("if mkdir ../../../slow-$(ls -d ../../../../steps/learn/units/generation-*/fit 2>/dev/null | wc -l) 2>/dev/null; then sleep 6; fi");
        Run(recipe, "run");
        var history = StepJson.Read<GenerationRecord[]>(this["run/steps/learn/outputs/history.json"]);
        history.Length.ShouldBe(2);
        history[^1].Progress!.Late.ShouldBeGreaterThan(0);
        history[^1].ErrorsAfter.Frames.ShouldBe(history.Sum(generation => generation.Selected.Count));
        File.Exists(this["run/steps/learn/units/generation-01/last-fit/fit.json"]).ShouldBeTrue();
        var potential = File.ReadAllBytes(this["run/steps/learn/outputs/diamond.snapcoeff"]);
        Directory.Delete(this["run/steps/learn/outputs"], true);
        Run(recipe, "run");
        File.ReadAllBytes(this["run/steps/learn/outputs/diamond.snapcoeff"]).ShouldBe(potential);
        RunFolder.Open(this["run"]).Journal.ShouldNotContain(entry => entry.Event == "unit-outdated");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Independent_labels_of_CP2K_are_the_same_to_the_bit_whichever_process_computes_them_and_after_what()
    {
        Skip.If(Execution.ProgramFinder.FindFirst("cp2k.psmp", "cp2k") is null, "cp2k is absent");
        var recipe = Write();
        Delay();
        foreach (var workers in (int[])[1, 2])
        {
            var lines = File.ReadAllLines(recipe).Select(line => line.Contains("reference:", StringComparison.Ordinal) ? $"    reference: {{ program: cp2k, method: gfn1-xtb, independent: true, workers: {workers} }}" : line);
            File.WriteAllLines(recipe, lines.Where(line => !line.Contains("300 K", StringComparison.Ordinal)));
            Run(recipe, $"workers-{workers}");
        }

        ShouldBeTheSame("workers-1", "workers-2");
        foreach (var log in Directory.EnumerateFiles(this["workers-2/cache/labels"], "cp2k.log", SearchOption.AllDirectories))
        {
            File.ReadAllText(log).ShouldContain("PROGRAM ENDED AT", Case.Sensitive, "each label is a process of its own");
        }
    }

    private static int Place(IReadOnlyList<JournalEntry> journal, string name, string unit) =>
        journal.Select((entry, place) => (entry, place)).First(one => one.entry.Event == name && one.entry.Data["unit"]?.GetValue<string>() == unit).place;

    private Dictionary<string, string> Environment() => new() { ["MOFINTEROP_LMP_MOF"] = this["lmp.sh"] };

    /// <summary>Shell lines that are run before each label and before each run.</summary>
    private void Delay(string labels = "", string runs = "")
    {
        Script("reference.sh", $"{labels}\nexec dotnet \"$@\"\n");
        Script("lmp.sh", $"{runs}\nexec '{Repository.Artifact("bin", "lmp-mof")}' \"$@\"\n");
    }

    private void Script(string name, string lines)
    {
        File.WriteAllText(this[name], "#!/bin/sh\n" + lines);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string Write(string options = "", int runs = 3)
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = StandInRecipe.Write(_folder, ["/bin/sh", this["reference.sh"], .. StandInRecipe.Command.Skip(1)]);
        var text = File.ReadAllText(recipe).TrimEnd().Replace("runs: 3", $"runs: {runs}", StringComparison.Ordinal);
        File.WriteAllText(recipe, $"{text}\n    selection: {{ bond: 0.01 angstrom, angle: 1 degree }}\n{(options.Length > 0 ? $"    {options}\n" : string.Empty)}");
        return recipe;
    }

    private void Run(string recipe, string folder)
    {
        using var process = new RunProcess(recipe, this[folder], Environment(), []);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(0, text);
    }

    /// <summary>The frames that joined, and why, in the order in which the journal tells them.</summary>
    private string[] Selected(string folder) =>
        [.. RunFolder.Open(this[folder]).Journal.Where(entry => entry.Event == "frame-selected").Select(entry => string.Join(' ', entry.Data.Where(pair => pair.Key != "time").Select(pair => $"{pair.Key}={pair.Value}")))];

    private Dictionary<string, string> RecordedSets(string folder) => Directory.Exists(this[folder + "/steps/learn/units"])
        ? Directory.EnumerateDirectories(this[folder + "/steps/learn/units"], "generation-*").Select(generation => Path.Combine(generation, "labels", "labels.json")).Where(File.Exists)
            .ToDictionary(file => Path.GetRelativePath(this[folder + "/steps/learn/units"], Path.GetDirectoryName(file)!), File.ReadAllText)
        : [];

    private void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(this[from], "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(this[to], Path.GetRelativePath(this[from], file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private void ShouldBeTheSame(string left, string right)
    {
        foreach (var result in Results)
        {
            File.ReadAllBytes(Path.Combine(this[left], result)).ShouldBe(File.ReadAllBytes(Path.Combine(this[right], result)), result);
        }
    }
}
