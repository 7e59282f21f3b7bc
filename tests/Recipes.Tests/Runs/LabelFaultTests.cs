using MofInterop.Engine;
using MofInterop.Structures;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>A reference program that fails in every way that it can, one label after the other.</summary>
public sealed class LabelFaultTests : IDisposable
{
    /// <summary>What is injected, and what the user must read.</summary>
    private static readonly (string Fault, string Reason)[] Faults =
    [
        ("energy", "the energy is 1e30 eV for 8 atoms"),
        ("force", "is 1e6 eV/Å; expected at most 1000"),
        ("nan", "not finite"),
        ("atoms", "it computed 7 atoms and was given 8"),
        ("order", "it put the atoms into another order"),
        ("moved", "it moved atom 1"),
        ("stress", "the program gave no stress"),
        ("half", "output.extxyz:"),
        ("exit", "ended with exit code 3"),
        ("hang", "was stopped at its time limit of 15 s"),
        ("none", "output.extxyz"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("mofinterop-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Each_is_set_aside_with_its_reason_the_run_goes_on_and_retry_failed_tries_these_alone_again()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = Recipe(string.Join(',', Faults.Select(fault => fault.Fault)), "workers: 1, time_limit: 15 s, at_least: 30 %", copies: 24, StandInRecipe.Tests);
        var folder = Path.Combine(_folder, "run");
        Run(recipe, folder);

        var learn = RunFolder.Open(folder).Steps[1];
        learn.SetAside.Count.ShouldBe(Faults.Length);
        var report = System.Net.WebUtility.HtmlDecode(File.ReadAllText(Path.Combine(folder, "report.html")));
        report.ShouldContain("Labels that were set aside");
        var log = File.ReadAllText(Path.Combine(folder, "run.log"));
        foreach (var ((fault, reason), item) in Faults.Zip(learn.SetAside))
        {
            item.Reason.ShouldContain(reason, Case.Sensitive, fault);
            item.What.ShouldBe("labels of the distorted copies");
            item.Item.ShouldStartWith("copy ");
            File.Exists(Path.Combine(item.Folder, "input.extxyz")).ShouldBeTrue(fault);
            report.ShouldContain(reason, Case.Sensitive, fault);
            report.ShouldContain(Path.GetRelativePath(folder, item.Folder));
            log.ShouldContain($"{item.Item} has no label and is set aside");
        }

        var starts = FaultyReference.StartsOf(folder);
        starts.ShouldBeUnique();
        Training(learn).Length.ShouldBe(starts.Count - Faults.Length);

        // As it is: nothing to do. With the option: those alone, and what follows from them.
        Run(recipe, folder).ShouldContain("learn: finished earlier");
        var text = Run(recipe, folder, "--retry-failed");
        text.ShouldContain($"learn: goes on: tries again what was set aside ({Faults.Length})");
        text.ShouldContain("stability: runs again, because it changed (it uses results of learn)");
        var again = FaultyReference.StartsOf(folder);
        again.Skip(starts.Count).Take(Faults.Length).ShouldBe(starts.Take(Faults.Length));
        again.Skip(starts.Count + Faults.Length).ShouldAllBe(one => !starts.Contains(one), "no label is computed twice");
        var healed = RunFolder.Open(folder).Steps;
        healed.ShouldAllBe(step => step.Finished && step.SetAside.Count == 0);
        Training(healed[1]).Take(Faults.Length).Select(frame => frame.Info["origin"]).ShouldBe(learn.SetAside.Select(item => item.Item));
        Directory.EnumerateDirectories(Path.Combine(folder, "cache", "labels", ".retried")).Count().ShouldBe(Faults.Length, "what failed is kept");
    }

    [SkippableFact]
    public void Labels_without_stress_are_kept_where_the_recipe_says_so_and_are_not_computed_again_for_it()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = Recipe("stress", "workers: 2", copies: 6);
        var folder = Path.Combine(_folder, "run");
        using (var process = new RunProcess(recipe, folder))
        {
            var (exitCode, text) = process.Finish();
            exitCode.ShouldBe(1, text);
            text.ShouldContain(" × the program gave no stress, which the fit of a periodic configuration uses (reference: stress: optional keeps the label without)");
        }

        var starts = FaultyReference.StartsOf(folder).Count;
        FaultyReference.Change(recipe, "workers: 2", "workers: 2, stress: optional");
        Run(recipe, folder);
        FaultyReference.StartsOf(folder).ShouldBeUnique();
        FaultyReference.StartsOf(folder).Count.ShouldBeGreaterThan(starts);
        var learn = RunFolder.Open(folder).Steps[1];
        learn.SetAside.ShouldBeEmpty();
        Training(learn).ShouldAllBe(frame => frame.Label!.Stress == null);
    }

    [SkippableFact]
    public void A_label_that_failed_is_tried_again_as_often_as_the_recipe_says_and_the_program_knows_which_attempt_it_is()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = Recipe("first", "workers: 2, retries: 1", copies: 6);
        var folder = Path.Combine(_folder, "run");
        Run(recipe, folder);
        RunFolder.Open(folder).Steps[1].SetAside.ShouldBeEmpty();
        var labels = Directory.EnumerateFiles(Path.Combine(folder, "cache", "labels"), "label.json", SearchOption.AllDirectories).ToArray();
        FaultyReference.StartsOf(folder).Count.ShouldBe(2 * labels.Length);
        labels.ShouldAllBe(label => File.ReadAllText(label).Contains("retry 1, as set", StringComparison.Ordinal));
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Which_labels_fail_and_not_when_they_arrive_decides_what_is_learnt()
    {
        Skip.If(StandInRecipe.Absent is not null, StandInRecipe.Absent);
        var recipe = Recipe("some", "workers: 2, at_least: 10 %", copies: 12);
        string[] results = ["training.extxyz", "diamond.snapcoeff", "parity.json"];
        var runs = new[] { "one", "other" }.Select(name => Path.Combine(_folder, name)).ToArray();
        Array.ForEach(runs, run => Run(recipe, run));
        RunFolder.Open(runs[0]).Steps[1].SetAside.Count.ShouldBeGreaterThan(0);
        foreach (var result in results)
        {
            File.ReadAllText(Path.Combine(runs[1], "steps/learn/outputs", result)).ShouldBe(File.ReadAllText(Path.Combine(runs[0], "steps/learn/outputs", result)), result);
        }

        RunFolder.Open(runs[1]).Steps[1].SetAside.Select(item => (item.What, item.Item)).ShouldBe(RunFolder.Open(runs[0]).Steps[1].SetAside.Select(item => (item.What, item.Item)));
    }

    private string Recipe(string plan, string options, int copies, string extra = "")
    {
        var recipe = StandInRecipe.Write(_folder, FaultyReference.Command(_folder, plan), workers: 1, extra: extra);
        FaultyReference.Change(recipe, "workers: 1, command: ['/usr/bin/python3'", options + ", command: ['/usr/bin/python3'");
        FaultyReference.Change(recipe, "copies: 6, at_most: 6", $"copies: {copies}, at_most: {copies}");

        // Fine bins, so that every copy is new.
        FaultyReference.Change(recipe, "    snap: { twojmax: 4 }", "    selection: { bond: 0.005 angstrom }\n    snap: { twojmax: 4 }");
        return recipe;
    }

    /// <summary>Runs to the end and leaves nothing behind; returns what was said.</summary>
    private static string Run(string recipe, string folder, params string[] options)
    {
        using var process = new RunProcess(recipe, folder, options);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(0, text);
        process.Survivors().ShouldBeEmpty("children of a program that hung");
        return text;
    }

    private static AtomicConfiguration[] Training(StepSummary learn) => [.. ExtendedXyz.Read(learn.Outputs["training"].FilePath)];
}
