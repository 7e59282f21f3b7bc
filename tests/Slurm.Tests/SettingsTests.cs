using MofInterop.Cli;
using MofInterop.Engine;
using MofInterop.Execution;
using MofInterop.PythonHost;
using MofInterop.Steps;
using MofInterop.Structures;

namespace MofInterop.Slurm.Tests;

/// <summary>What recipes and files of a cluster may say about where programs run.</summary>
public sealed class SettingsTests : IDisposable
{
    private const string Steps = """
        steps:
          - name: structure
            kind: structure
            file: diamond.vasp
            resources: { cores: 2, memory: 3 GB, time_limit: 2 days, gpus: 1, extra: ['--nice=5'] }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("mofsettings-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public SettingsTests()
    {
        Skip.If(ProgramFinder.Find("sbatch") is null, "sbatch is absent: apt-get install slurm-wlm");
        File.WriteAllText(this["diamond.vasp"], "diamond\n3.567\n1 0 0\n0 1 0\n0 0 1\nC\n8\nDirect\n0 0 0\n.5 .5 0\n.5 0 .5\n0 .5 .5\n.25 .25 .25\n.75 .75 .25\n.75 .25 .75\n.25 .75 .75\n");
    }

    private string this[string name] => Path.Combine(_folder, name);

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [SkippableFact]
    public async Task A_dry_run_prints_the_script_that_would_be_submitted()
    {
        (await RunAsync("executor: { kind: slurm, partition: long, account: chem, qos: high, time_limit: 90 min, memory: 500 MB, modules: [cp2k/2025], setup: ['ulimit -s unlimited'], at_most: 8, extra: ['--constraint=icelake'] }", "--dry-run")).ShouldBe(ExitCode.Success, _error.ToString());
        var lines = _output.ToString().Split('\n').Select(line => line.Trim()).SkipWhile(line => line != "programs of structure:").Skip(1).ToArray();
        lines[0].ShouldStartWith("sbatch --array=0-<tasks>%8, ");
        lines[1].ShouldBe("#!/bin/bash -l");
        lines.Where(line => line.StartsWith("#SBATCH", StringComparison.Ordinal) && !line.Contains("--output", StringComparison.Ordinal)).Select(line => line[8..]).ShouldBe(
            ["--job-name=mof-<time>", "--requeue", "--open-mode=append", "--nodes=1", "--ntasks=2", "--time=2-00:00", "--mem=3072M", "--gres=gpu:1", "--partition=long", "--account=chem", "--qos=high", "--constraint=icelake", "--nice=5"]);
        lines.ShouldContain(line => line.StartsWith("module load cp2k/2025 || ", StringComparison.Ordinal));
        lines.ShouldContain("ulimit -s unlimited");
        Directory.Exists(this["run"]).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task A_file_of_the_cluster_stands_in_for_the_settings_of_the_recipe()
    {
        File.WriteAllText(this["cluster.yaml"], "kind: slurm\npartition: mine\n");
        (await RunAsync("executor: { kind: slurm, partition: theirs }", "--dry-run", "--executor", this["cluster.yaml"])).ShouldBe(ExitCode.Success, _error.ToString());
        _output.ToString().ShouldContain("#SBATCH --partition=mine\n");
        _output.ToString().ShouldNotContain("theirs");
        (await RunAsync("executor: { kind: slurm, partition: theirs }", "--executor", "local")).ShouldBe(ExitCode.Success, _error.ToString());
        Directory.Exists(this["run/jobs"]).ShouldBeFalse();
        File.ReadAllText(this["run/recipe.resolved.yaml"]).ShouldContain("memory: 3 GB");
    }

    [SkippableTheory]
    [InlineData("kind: slrum", "r.yaml:2:19: 'kind' cannot be 'slrum'; expected one of local, slurm. Did you mean 'slurm'?")]
    [InlineData("kind: slurm, partiton: a", "r.yaml:2:26: unknown key 'partiton'")]
    [InlineData("kind: slurm, time_limit: 20", "r.yaml:2:38: 'time_limit': '20' has no unit; expected a time on the clock in s, min, h, day above 0 s, such as 10 min")]
    [InlineData("kind: slurm, memory: 4 K", "r.yaml:2:34: 'memory': '4 K' is a temperature, not an amount of memory; expected an amount of memory in MB, GB, TB at least 1 MB, such as 4 GB")]
    [InlineData("kind: slurm, partition: a b", "r.yaml:2:37: 'partition' is 'a b'; expected a word as sinfo and sacctmgr show it")]
    [InlineData("kind: slurm, extra: [--array=1-3]", "r.yaml:2:34: the option --array is set by mofinterop. Remove it.")]
    [InlineData("kind: slurm, extra: ['constraint=a']", "r.yaml:2:34: 'constraint=a' is not an option of sbatch; expected --name or --name=value")]
    [InlineData("kind: slurm, container: { runtime: docker }", "r.yaml:2:37: 'container.image' is missing")]
    [InlineData("kind: slurm, container: { image: a.sif, runtime: docker }", "r.yaml:2:62: 'docker' is not a container runtime that is known here; expected apptainer, singularity or podman, by name or path")]
    [InlineData("partition: a", "r.yaml:2:24: the executor 'local' has no 'partition'; expected kind: slurm. Remove it, or say kind: slurm.")]
    public async Task A_mistake_is_told_with_its_place(string settings, string message)
    {
        (await RunAsync($"executor: {{ {settings} }}")).ShouldBe(ExitCode.Error);
        _error.ToString().Replace(_folder + "/", string.Empty, StringComparison.Ordinal).ShouldContain(message);
        Directory.Exists(this["run"]).ShouldBeFalse();
    }

    [SkippableFact]
    public async Task A_mistake_in_the_file_of_the_cluster_or_in_resources_is_told_with_its_place()
    {
        File.WriteAllText(this["cluster.yaml"], "kind: slurm\ntime_limt: 5 min\n");
        (await RunAsync(string.Empty, "--executor", this["cluster.yaml"])).ShouldBe(ExitCode.Error);
        _error.ToString().ShouldContain("cluster.yaml:2:1: unknown key 'time_limt'");
        (await RunAsync(string.Empty, "--executor", this["absent.yaml"])).ShouldBe(ExitCode.Error);
        _error.ToString().ShouldContain("absent.yaml: the settings of the executor cannot be read; expected 'local', or the path of a YAML file");
        (await RunAsync(string.Empty, Steps.Replace("cores: 2", "cores: 0", StringComparison.Ordinal), [])).ShouldBe(ExitCode.Error);
        _error.ToString().ShouldContain("r.yaml:7:25: 'cores' is 0; expected a whole number at least 1");
    }

    [SkippableFact]
    public async Task Editors_are_told_what_may_be_said()
    {
        (await CommandAsync(["schema"])).ShouldBe(ExitCode.Success);
        var schema = System.Text.Json.Nodes.JsonNode.Parse(_output.ToString())!;
        schema["properties"]!["executor"]!["properties"]!["kind"]!["enum"]!.AsArray().Select(item => item!.GetValue<string>()).ShouldBe(["local", "slurm"]);
        schema["definitions"]!["stability"]!["properties"]!["resources"]!["properties"]!["memory"].ShouldNotBeNull();
    }

    private Task<int> RunAsync(string executor, params string[] options) => RunAsync(executor, Steps, options);

    private Task<int> RunAsync(string executor, string steps, string[] options)
    {
        File.WriteAllText(this["r.yaml"], $"name: r\n{executor}\n{steps}\n");
        return CommandAsync(["run", this["r.yaml"], "--folder", this["run"], .. options]);
    }

    private Task<int> CommandAsync(string[] arguments)
    {
        var structures = new StructureReader(new PythonRunner(new ToolRunner()));
        return CommandLine.RunAsync(arguments, new CliServices
        {
            Structures = structures,
            Steps = cores => StepLibrary.Create(new StepServices(new ProgramExecutor(new CoreBudget(cores)), structures)),
            Output = _output,
            Error = _error,
            Live = false,
        });
    }
}
