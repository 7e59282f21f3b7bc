using System.Collections.Immutable;
using MofInterop.Execution;

namespace MofInterop.Hosts.Tests;

/// <summary>What a run of LAMMPS left behind.</summary>
internal sealed record HostOutcome(int ExitCode, string Output, string Errors)
{
    /// <summary>Output and errors: LAMMPS uses both for its messages.</summary>
    public string Everything => Output + Errors;

    public HostOutcome ShouldSucceed()
    {
        ExitCode.ShouldBe(0, Everything);
        return this;
    }

    public HostOutcome ShouldFailWith(params string[] texts)
    {
        ExitCode.ShouldNotBe(0, Everything);
        foreach (var text in texts)
        {
            Everything.ShouldContain(text);
        }

        return this;
    }
}

/// <summary>A temporary folder in which LAMMPS is run.</summary>
internal sealed class HostFolder : IDisposable
{
    private static readonly ToolRunner Runner = new();
    private int _runs;

    public HostFolder() => Path = Directory.CreateTempSubdirectory("mofinterop-hosts-").FullName;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Runs a script; <c>@load@</c> in it becomes the line that the loader needs there.</summary>
    public Task<HostOutcome> RunAsync(string script, Loader loader = Loader.Launcher, int ranks = 1)
    {
        HostPrograms.SkipUnlessPresent(loader, ranks);
        var load = loader == Loader.Script ? $"include {HostPrograms.LoadScript}" : "";
        return RunAsync(loader == Loader.Script ? HostPrograms.StockLammps! : HostPrograms.Launcher, script.Replace("@load@", load, StringComparison.Ordinal), ranks);
    }

    /// <summary>Runs a script with this LAMMPS, which must exist.</summary>
    public async Task<HostOutcome> RunAsync(string program, string script, int ranks = 1, params (string Name, string? Value)[] environment)
    {
        Skip.If(ranks > 1 && HostPrograms.MpiRun is null, "mpirun is not installed");
        var name = $"run{++_runs}";
        await System.IO.File.WriteAllTextAsync(File(name + ".in"), script);
        string[] lammps = [program, "-in", name + ".in", "-log", name + ".log"];
        string[] command = ranks == 1 ? lammps : [HostPrograms.MpiRun!, "--oversubscribe", "-np", $"{ranks}", .. lammps];
        return await RunCommandAsync(name, command, ranks, standardInput: null, environment);
    }

    /// <summary>Runs any program in this folder.</summary>
    public Task<HostOutcome> RunProgramAsync(string[] command, string? standardInput = null, params (string Name, string? Value)[] environment) =>
        RunCommandAsync($"run{++_runs}", command, 1, standardInput, environment);

    private async Task<HostOutcome> RunCommandAsync(string name, string[] command, int ranks, string? standardInput, (string Name, string? Value)[] environment)
    {
        var result = await Runner.RunAsync(new ToolCommand
        {
            Name = name,
            Program = command[0],
            Arguments = [.. command[1..]],
            StandardInput = standardInput,
            WorkingDirectory = Path,
            Environment = ImmutableDictionary<string, string?>.Empty
                .Add("OMPI_ALLOW_RUN_AS_ROOT", "1")
                .Add("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")
                .Add("OMPI_MCA_mpi_yield_when_idle", "1")
                .Add("OMP_NUM_THREADS", "1")
                .SetItems(environment.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))),
            Cores = ranks,
            TimeLimit = TimeSpan.FromMinutes(2),
        });
        result.TimedOut.ShouldBeFalse();
        return new HostOutcome(result.ExitCode, Read(result.OutputFile), Read(result.ErrorFile));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static string Read(string path) => System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path) : "";
}
