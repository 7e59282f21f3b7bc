using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Comparison;

/// <summary>A LAMMPS and the SNAP style in it.</summary>
/// <param name="Label">As the table names it.</param>
/// <param name="Program">lmp.</param>
/// <param name="Style"><c>snap</c> or <c>mof/snap</c>.</param>
/// <param name="Build">What the style must say of its instruction set in the log; null: nothing.</param>
internal sealed record LammpsHost(string Label, string Program, string Style, string? Build = null);

/// <summary>
/// One run: 300 K, NVE, time step 0.5 fs, skin 1 Å, neighbour lists rebuilt every 10 steps. Ten steps come first that do
/// not count; then LAMMPS's own timings are read.
/// </summary>
internal sealed record LammpsRun(Func<Workload> Workload)
{
    /// <summary>The peak of resident memory of the first rank.</summary>
    public static Quantity Memory { get; } = new("peak memory", "MB");

    public int Steps { get; init; } = 100;

    /// <summary>Steps before those that are timed, in a run of their own; 0: none.</summary>
    public int WarmUp { get; init; } = 10;

    public int Ranks { get; init; } = 1;

    /// <summary>Threads of our style.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>More words after the style's name: <c>precision mixed</c>.</summary>
    public string StyleOptions { get; init; } = "";

    public (int X, int Y, int Z) Replicate { get; init; } = (1, 1, 1);

    /// <summary>In place of pair_style and pair_coeff: a line for each; null: SNAP.</summary>
    public Func<Workload, IEnumerable<string>>? Interactions { get; init; }

    /// <summary>More lines before the runs.</summary>
    public ImmutableArray<string> Extra { get; init; } = [];

    /// <summary>Runs it in a folder of its own and reads the timings.</summary>
    /// <exception cref="MofException">LAMMPS refused; the text is its error message.</exception>
    public async Task<IReadOnlyDictionary<Quantity, double>> MeasureAsync(LammpsHost host, IToolRunner runner, string folder)
    {
        var workload = Workload();
        var place = Path.Combine(folder, workload.Name);
        Directory.CreateDirectory(place);
        var data = Path.Combine(place, "atoms.data");
        LammpsData.Write(data, workload.Atoms, workload.Types);
        var log = Path.Combine(place, "log.lammps");
        File.Delete(log);
        await File.WriteAllTextAsync(Path.Combine(place, "bench.in"), Input(host, workload)).ConfigureAwait(false);
        string[] arguments = ["-in", "bench.in", "-log", "log.lammps", "-screen", "none", "-nocite"];
        var command = new ToolCommand
        {
            Name = "lammps",
            Program = Ranks == 1 ? host.Program : "mpirun",
            Arguments = Ranks == 1 ? [.. arguments] : ["--oversubscribe", "-np", Ranks.ToString(CultureInfo.InvariantCulture), host.Program, .. arguments],
            WorkingDirectory = place,
            Cores = Ranks * Threads,
            Environment = ImmutableDictionary<string, string?>.Empty.Add("OMP_NUM_THREADS", "1").Add("OMPI_ALLOW_RUN_AS_ROOT", "1").Add("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1"),
            TimeLimit = TimeSpan.FromMinutes(30),
        };
        var result = await runner.RunAsync(command).ConfigureAwait(false);
        var lines = File.Exists(log) ? await File.ReadAllLinesAsync(log).ConfigureAwait(false) : [];
        if (!result.Succeeded)
        {
            throw new MofException(ErrorKind.ToolFailure, lines.LastOrDefault(line => line.StartsWith("ERROR", StringComparison.Ordinal)) ?? ToolFailure.From(result).What);
        }

        if (host.Build is not null && !lines.Any(line => line.StartsWith("Pair style ", StringComparison.Ordinal) && line.Contains(host.Build + " instructions", StringComparison.Ordinal)))
        {
            throw new MofException(ErrorKind.ToolFailure, $"the log does not say that the {host.Build} build ran");
        }

        var memory = await File.ReadAllTextAsync(Path.Combine(place, "memory")).ConfigureAwait(false);
        return LammpsTimings.Read(lines, memory, (long)workload.Atoms.Count * Replicate.X * Replicate.Y * Replicate.Z);
    }

    private string Input(LammpsHost host, Workload workload)
    {
        var labels = string.Join(' ', workload.Types.Select(t => t.Label));
        IEnumerable<string> interactions = Interactions?.Invoke(workload)
            ?? [$"pair_style {host.Style} {(Threads > 1 ? $"threads {Threads}" : "")} {StyleOptions}", $"pair_coeff * * {workload.CoefficientFile} {workload.ParameterFile} {labels}"];
        var text = new StringBuilder("units metal\nbox tilt large\nread_data atoms.data\n");
        text.Append(CultureInfo.InvariantCulture, $"replicate {Replicate.X} {Replicate.Y} {Replicate.Z}\n");
        text.AppendJoin('\n', interactions).Append("\nneighbor 1.0 bin\nneigh_modify every 10 delay 0 check no\n");
        if (workload.Atoms.Count > 1)
        {
            text.Append("velocity all create 300 12345 mom yes dist gaussian\n");
        }

        text.Append(workload.Tether > 0 ? string.Create(CultureInfo.InvariantCulture, $"fix tether all spring/self {workload.Tether}\n") : "").Append("fix integrate all nve\ntimestep 0.0005\nthermo 50\n");
        text.AppendJoin('\n', Extra);
        text.Append(CultureInfo.InvariantCulture, $"\n{(WarmUp > 0 ? $"run {WarmUp}\n" : "")}run {Steps}\n");
        // LAMMPS's own "info memory" tells the peak of the program that started it, if that was larger.
        text.Append("shell \"grep VmHWM /proc/$PPID/status > memory\"\n");
        return text.ToString();
    }
}
