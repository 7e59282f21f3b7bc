using System.Collections.Immutable;
using System.Text.Json;
using MofInterop.Execution;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Comparison;

/// <summary>What the ASE calculator takes beyond the library's own computation: <c>ase_overhead.py</c>.</summary>
internal static class AseOverhead
{
    private static readonly Quantity _calculator = new("through ASE", "µs");
    private static readonly Quantity _kernel = new("the library alone", "µs");
    private static readonly Quantity _share = new("through ASE / the library alone", "×");

    public static IReadOnlyList<Quantity> Quantities { get; } = [_calculator, _kernel, _share];

    /// <summary>Runs the script with the interpreter that <c>PYTHON</c> names, else Debian's, which has ASE.</summary>
    public static Subject Subject(Workloads workloads, IToolRunner runner, string scripts, string python) => new("MofCalculator", async () =>
    {
        var workload = workloads.Mof5();
        Directory.CreateDirectory(workloads.Folder);
        var data = Path.Combine(workloads.Folder, "ase.data");
        LammpsData.Write(data, workload.Atoms, workload.Types);
        var command = new ToolCommand
        {
            Name = "ase",
            Program = ProgramFinder.Require(Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } named ? named : "/usr/bin/python3", "apt-get install python3-ase"),
            Arguments = [Path.Combine(scripts, "ase_overhead.py"), data, workload.CoefficientFile, workload.ParameterFile, .. workload.Types.Select(t => t.Label)],
            WorkingDirectory = workloads.Folder,
            Environment = ImmutableDictionary<string, string?>.Empty.Add("PYTHONPATH", python).Add("PYTHONDONTWRITEBYTECODE", "1").Add("MOFINTEROP_LIBRARY", Repository.Artifact("lib")),
        };
        var result = (await runner.RunAsync(command).ConfigureAwait(false)).ThrowIfFailed();
        var found = JsonSerializer.Deserialize<double[]>(await File.ReadAllTextAsync(result.OutputFile).ConfigureAwait(false))!;
        return Quantities.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second);
    })
    {
        Goals = [new(_share, ValueAtMost: 1.05)],
    };
}
