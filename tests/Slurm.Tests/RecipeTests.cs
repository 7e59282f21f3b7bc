using System.Diagnostics;
using System.Text.RegularExpressions;
using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.Recipes.Tests.Runs;
using MofInterop.TestKit;

namespace MofInterop.Slurm.Tests;

/// <summary>A whole active-learning recipe through Slurm.</summary>
[Collection("slurm")]
public sealed class RecipeTests : IDisposable
{
    private const string Executor = "executor: { kind: slurm, partition: debug, at_most: 2, poll: 0.5 s, file_delay: 1 s";

    /// <summary>What must be the same to the bit, wherever it was computed.</summary>
    private static readonly string[] Results =
    [
        "steps/learn/outputs/training.extxyz", "steps/learn/outputs/diamond.snapcoeff", "steps/learn/outputs/diamond.snapparam", "steps/learn/outputs/diamond.snapgrades",
        "steps/learn/outputs/diamond.mof.yaml",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("mofslurmrun-").FullName;

    public RecipeTests(SlurmCluster cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        Skip.If(cluster.Absent is not null, cluster.Absent);
        Skip.If(!File.Exists(Repository.Artifact("bin", "lmp-mof")), "artifacts/bin/lmp-mof is absent: run ./build.sh Build");
        File.WriteAllText(this["diamond.vasp"], "diamond\n3.567\n1 0 0\n0 1 0\n0 0 1\nC\n8\nDirect\n0 0 0\n.5 .5 0\n.5 0 .5\n0 .5 .5\n.25 .25 .25\n.75 .75 .25\n.75 .25 .75\n.25 .75 .75\n");
    }

    private string this[string name] => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void The_potential_is_the_same_to_the_bit_as_without_Slurm()
    {
        var recipe = Write();
        Run(recipe, "slurm").ShouldContain("finished in");
        Run(recipe, "local", "--executor", "local");
        ShouldBeTheSame("slurm", "local");
        var submitted = Events("slurm", "jobs-submitted");
        submitted[0]["tasks"]!.GetValue<int>().ShouldBeGreaterThan(1, "labels that are needed together are one array");
        Events("local", "jobs-submitted").ShouldBeEmpty();
        Starts().Length.ShouldBe(submitted.Sum(entry => entry["tasks"]!.GetValue<int>()));
        Directory.Exists(this["slurm/jobs"]).ShouldBeFalse("nothing is left of jobs when the work is done");

        // What only says where programs run makes nothing run again.
        Run(Write("time_limit: 2 h"), "slurm").ShouldContain("learn: finished earlier");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void A_run_whose_process_is_killed_again_and_again_submits_and_computes_nothing_twice()
    {
        var recipe = Write(labelSeconds: 1);
        var moments = new Func<bool>[]
        {
            () => Starts().Length >= 1,
            () => Directory.EnumerateFiles(this["killed/jobs"], "ended", SearchOption.AllDirectories).Any(),
            () => Events("killed", "jobs-submitted").Count >= 2,
            () => Directory.Exists(this["killed/steps/learn/units/generation-01/run-01"]),
            () => Events("killed", "jobs-submitted").Count >= 3,
        };
        foreach (var moment in moments)
        {
            using var process = new RunProcess(recipe, this["killed"]);
            SlurmCluster.Wait("the moment to kill", () => process.HasExited || Holds(moment), 120);
            process.Kill().ShouldBeTrue("the run was over before it could be killed");

            // Slurm does not notice; what it had is finished while nobody looks, or is not.
            Thread.Sleep(700);
        }

        Run(recipe, "killed");
        Run(recipe, "local", "--executor", "local");
        ShouldBeTheSame("killed", "local");
        Starts().ShouldBeUnique();
        Starts().Length.ShouldBe(Events("killed", "jobs-submitted").Sum(entry => entry["tasks"]!.GetValue<int>()), "every job ran once");
        Events("killed", "unit-finished").Select(entry => entry["unit"]!.GetValue<string>()).ShouldBeUnique();
        Starts().Length.ShouldBe(Events("killed", "unit-finished").Count(entry => !entry["unit"]!.GetValue<string>().EndsWith("fit", StringComparison.Ordinal)), "and there was one job for every label and every run");
        Events("killed", "job-resubmitted").ShouldBeEmpty();
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void A_process_that_dies_while_it_submits_finds_the_array_that_Slurm_took()
    {
        // Fault injection: the real sbatch, after which the process that called it dies before it hears the answer; once.
        var sbatch = this["sbatch"];
        File.WriteAllText(sbatch, $"#!/bin/sh\ncase \"$*\" in *--array*) if mkdir '{this["died"]}' 2>/dev/null; then sbatch \"$@\" > /dev/null; kill -9 $PPID; fi;; esac\nexec sbatch \"$@\"\n");
        File.SetUnixFileMode(sbatch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var recipe = Write(labelSeconds: 1);
        Environment.SetEnvironmentVariable("MOFINTEROP_SBATCH", sbatch);
        try
        {
            using var process = new RunProcess(recipe, this["run"]);
            process.Finish().ExitCode.ShouldBe(137);
            Events("run", "jobs-submitted").ShouldBeEmpty();
            Run(recipe, "run");
        }
        finally
        {
            Environment.SetEnvironmentVariable("MOFINTEROP_SBATCH", null);
        }

        Starts().ShouldBeUnique();
        Starts().Length.ShouldBe(Events("run", "unit-finished").Count(entry => !entry["unit"]!.GetValue<string>().EndsWith("fit", StringComparison.Ordinal)));
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Category", "Slow")]
    public void Ctrl_C_cancels_the_jobs_unless_they_are_to_be_left(bool leave)
    {
        var recipe = Write(labelSeconds: 5);
        using var process = new RunProcess(recipe, this["run"], leave ? ["--leave-jobs"] : []);
        SlurmCluster.Wait("jobs to run", () => Starts().Length >= 2);
        process.Interrupt();
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Interrupted, text);
        if (leave)
        {
            SlurmCluster.Queue().ShouldNotBeEmpty();
        }
        else
        {
            SlurmCluster.Wait("an empty queue", () => SlurmCluster.Queue().Length == 0, 15);
        }

        Run(recipe, "run");
        (Starts().Length == Events("run", "unit-finished").Count(entry => !entry["unit"]!.GetValue<string>().EndsWith("fit", StringComparison.Ordinal))).ShouldBe(leave);
    }

    [SkippableFact]
    public void A_partition_that_does_not_exist_is_told_before_anything_starts_with_its_place_and_the_words_of_sbatch()
    {
        using var process = new RunProcess(Write("partition: nowhere"), this["run"]);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Error);
        text.ShouldContain("diamond.yaml:3:11, resources of structure, learn: Slurm refuses the job: sbatch: error: invalid partition specified: nowhere", Case.Sensitive, text);
        Directory.Exists(this["run"]).ShouldBeFalse();
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void A_whole_run_as_a_job_goes_on_in_the_next_one_when_it_is_interrupted_until_it_is_done()
    {
        var recipe = Write(labelSeconds: 2);
        Command("submit", recipe, "--folder", this["run"]).ShouldContain("submitted as job ");
        SlurmCluster.Wait("labels to be computed", () => Starts().Length >= 2);
        Command("submit", recipe, "--folder", this["run"]).ShouldContain("this run is in Slurm already: job ");

        // What Slurm does two minutes before the time limit; the shell of the script alone gets it.
        var controller = SlurmCluster.Ask("squeue", "--noheader", "--states=RUNNING", "--format=%A %j").Split('\n').Single(line => line.Contains(" mof-diamond-", StringComparison.Ordinal)).Split(' ')[0];
        SlurmCluster.Ask("scancel", "--batch", "--signal=TERM", controller).ShouldBeEmpty();
        SlurmCluster.Wait("the run to be done by the next job", () => File.Exists(this["run/report.html"]) && SlurmCluster.Queue().Length == 0, 180);
        var log = File.ReadAllText(this["run/controller/controller.log"]);
        Regex.Count(log, "^== job ", RegexOptions.Multiline).ShouldBe(2, log);
        log.ShouldContain("== interrupted (130); job ");
        log.ShouldContain("== over (0)");
        Starts().Where(start => start != "_").ShouldBeUnique();
        Events("run", "run-interrupted").Count.ShouldBe(1);
        Events("run", "unit-finished").Select(entry => entry["unit"]!.GetValue<string>()).ShouldBeUnique();
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void The_label_of_a_frame_is_in_the_queue_before_runs_that_come_after_its_own_have_ended()
    {
        // One job of an array at a time, each some seconds long: the runs of a generation end one after the other.
        var recipe = Write();
        var text = File.ReadAllText(recipe).TrimEnd().Replace("at_most: 2", "at_most: 1", StringComparison.Ordinal).Replace("setup: [", "setup: ['sleep 3', ", StringComparison.Ordinal);
        File.WriteAllText(recipe, text + "\n    selection: { bond: 0.01 angstrom, angle: 1 degree }\n");
        Run(recipe, "run");
        var journal = RunFolder.Open(this["run"]).Journal.Select(entry => $"{entry.Event} {entry.Data["unit"]}").ToList();
        var first = journal.IndexOf("unit-finished units/generation-01/run-01");
        var last = journal.IndexOf("unit-finished units/generation-01/run-03");
        first.ShouldBeGreaterThan(0);
        journal.GetRange(first, last - first).ShouldContain("jobs-submitted ");
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void CP2K_and_LAMMPS_run_as_jobs()
    {
        Skip.If(MofInterop.Execution.ProgramFinder.FindFirst("cp2k.psmp", "cp2k") is null, "cp2k is absent");
        var recipe = Write();
        var text = File.ReadAllLines(recipe).Select(line => line.Contains("reference:", StringComparison.Ordinal) ? "    reference: { program: cp2k, method: gfn1-xtb, time_limit: 5 min }" : line);
        File.WriteAllLines(recipe, text.Select(line => line.Replace("copies: 6, at_most: 6", "copies: 2, at_most: 2", StringComparison.Ordinal)).Where(line => !line.Contains("300 K", StringComparison.Ordinal)));
        Run(recipe, "run");
        var labels = Directory.EnumerateFiles(this["run/cache/labels"], "cp2k.log", SearchOption.AllDirectories).ToArray();
        labels.ShouldNotBeEmpty();
        File.ReadAllText(labels[0]).ShouldContain("PROGRAM ENDED AT");
        Events("run", "jobs-submitted").Count.ShouldBeGreaterThanOrEqualTo(2);
    }

    private static string Command(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "mofinterop.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MOFINTEROP_ARTIFACTS"] = Repository.Artifact();
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        return process.StandardOutput.ReadToEnd() + error.Result;
    }

    private static bool Holds(Func<bool> moment)
    {
        try
        {
            return moment();
        }
        catch (Exception exception) when (exception is IOException or MofInterop.Potentials.Errors.MofException)
        {
            // The folder is not there yet, or moved away while it was read.
            return false;
        }
    }

    private string Write(string resources = "time_limit: 1 h", double labelSeconds = 0)
    {
        var script = this["reference.sh"];
        File.WriteAllText(script, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"sleep {labelSeconds}\nexec dotnet \"$@\"\n"));
        var path = this["diamond.yaml"];
        File.WriteAllText(path, $$"""
            name: diamond
            seed: 7
            {{Executor}}, setup: ['echo "${SLURM_ARRAY_JOB_ID}_${SLURM_ARRAY_TASK_ID}" >> {{this["starts"]}}'] }
            steps:
              - { name: structure, kind: structure, file: diamond.vasp, resources: { {{resources}} } }
              - name: learn
                kind: active-learning
                uses: { structure: structure.structure }
                resources: { {{resources}} }
                potential_name: diamond
                reference: { program: command, command: [/bin/sh, '{{script}}', '{{Path.Combine(AppContext.BaseDirectory, "stand-in-reference.dll")}}', '{input}', '{output}'] }
                initial: { copies: 6, at_most: 6, distortion: { displacement: 0.1 angstrom, strain: 1 % } }
                generations:
                  - { temperature: 100 K, runs: 3, steps: 40, frames_every: 5 }
                  - { temperature: 300 K, runs: 3, steps: 40, frames_every: 5 }
                snap: { twojmax: 4 }
            """);
        return path;
    }

    /// <summary>Each start of a job, by its id.</summary>
    private string[] Starts() => File.Exists(this["starts"]) ? File.ReadAllLines(this["starts"]) : [];

    private List<System.Text.Json.Nodes.JsonObject> Events(string run, string name) =>
        File.Exists(this[$"{run}/journal.jsonl"])
            ? [.. RunFolder.Open(this[run]).Journal.Where(entry => entry.Event == name).Select(entry => entry.Data)]
            : [];

    private string Run(string recipe, string folder, params string[] options)
    {
        using var process = new RunProcess(recipe, this[folder], options);
        var (exitCode, text) = process.Finish();
        exitCode.ShouldBe(ExitCode.Success, text);
        return text;
    }

    private void ShouldBeTheSame(string left, string right)
    {
        foreach (var result in Results)
        {
            File.ReadAllBytes(Path.Combine(this[left], result)).ShouldBe(File.ReadAllBytes(Path.Combine(this[right], result)), result);
        }
    }
}
