using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;
using MofInterop.TestKit;

namespace MofInterop.Comparison;

/// <summary>
/// <c>mofinterop analyse</c> of a dump that LAMMPS wrote as the suite's own runs do: MOF-5, 424 atoms on springs, positions and velocities of nine digits sorted by id, 31 kB a frame.
/// The dump takes 3.2 GB for 100,000 frames; it is made when it is first needed and removed in the end.
/// </summary>
internal sealed class TrajectoryRun(Workloads workloads, LammpsHost host, IToolRunner runner, string scripts) : IDisposable
{
    /// <summary>Frames of the whole dump.</summary>
    public const int Frames = 100_000;

    /// <summary>Frames of a shorter one.</summary>
    public const int Fewer = 10_000;

    private const double Cutoff = 10;
    private const int Bins = 500;

    // ASE takes 0.15 s a frame.
    private const int FramesForAse = 20, FramesForOthers = 2000;

    private readonly string _folder = Path.Combine(workloads.Folder, "trajectory");

    public static Quantity Wall { get; } = new("wall", "s");

    public static Quantity Processor { get; } = new("processor", "s");

    public static Quantity Memory { get; } = new("peak memory", "MB");

    public static Quantity Frame { get; } = new("processor, a frame", "ms");

    /// <summary>Radial distributions, displacements and spectra of so many frames in one pass.</summary>
    public Subject Everything(int frames) => new(
        string.Create(CultureInfo.InvariantCulture, $"{frames:N0} frames"), () => AnalyseAsync(frames, frames, ["--rdf", "10", "--msd", "--vdos", "5", "--interval", "2"]));

    /// <summary>The same, to be set against what LAMMPS takes to write.</summary>
    public Subject ReadAndMeasure => new("read, RDF, MSD, VDOS", () => AnalyseAsync(Fewer, Fewer, ["--rdf", "10", "--msd", "--vdos", "5", "--interval", "2"])) { Goals = [new(Frame, RatioAtLeast: 1)] };

    /// <summary>What LAMMPS takes to write a frame: a run with the dump less one without.</summary>
    public Subject Write => new("LAMMPS writes", async () =>
    {
        var with = await LammpsAsync(Fewer, "written.lammpstrj").ConfigureAwait(false);
        var without = await LammpsAsync(Fewer, null).ConfigureAwait(false);
        return new Dictionary<Quantity, double> { [Frame] = 1e3 * (with[1] - without[1]) / Fewer };
    });

    /// <summary>Partial and total radial distributions here, start of the program included.</summary>
    public Subject Distribution => new("mofinterop analyse", () => AnalyseAsync(Fewer, FramesForOthers, ["--rdf", "10"])) { Goals = [new(Frame, RatioAtLeast: 1)] };

    /// <summary>The total one by MDAnalysis.</summary>
    public Subject MdAnalysis => new("MDAnalysis InterRDF", () => PeerAsync("mdanalysis", FramesForOthers, "apt-get install python3-mdanalysis"));

    /// <summary>The total one by ASE, of fewer frames.</summary>
    public Subject Ase => new("ase.ga.utilities.get_rdf", () => PeerAsync("ase", FramesForAse, "apt-get install python3-ase"));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private async Task<IReadOnlyDictionary<Quantity, double>> AnalyseAsync(int written, int read, IEnumerable<string> measured)
    {
        var dump = await DumpAsync(written).ConfigureAwait(false);
        var labels = string.Join(',', workloads.Mof5().Types.Select(type => type.Label));
        var used = await ResourcesAsync(
            "analyse", 2, [Repository.Artifact("bin/mofinterop"), "analyse", dump, "--types", labels, "--to", read.ToString(CultureInfo.InvariantCulture), "-o", "curves", .. measured]).ConfigureAwait(false);
        return new Dictionary<Quantity, double> { [Wall] = used[0], [Processor] = used[1], [Memory] = used[2], [Frame] = 1e3 * used[1] / read };
    }

    private async Task<IReadOnlyDictionary<Quantity, double>> PeerAsync(string program, int frames, string remedy)
    {
        var dump = await DumpAsync(Fewer).ConfigureAwait(false);
        var found = await PythonAsync(
            program, 1, remedy, [Path.Combine(scripts, "trajectory_peers.py"), program, "atoms.data", dump, .. new[] { frames, Cutoff, Bins }.Select(number => number.ToString(CultureInfo.InvariantCulture))]).ConfigureAwait(false);
        CheckLastBin(program, frames, found[1]);
        return new Dictionary<Quantity, double> { [Frame] = found[0] };
    }

    // Two programs that measure different things cannot be compared. Ours is at hand when the same frames were measured before.
    private void CheckLastBin(string program, int frames, double theirs)
    {
        var table = Path.Combine(_folder, "curves", "tables", "rdf.csv");
        if (frames != FramesForOthers || !File.Exists(table))
        {
            return;
        }

        var rows = File.ReadAllLines(table);
        var ours = double.Parse(rows[Bins].Split(',')[Array.IndexOf(rows[0].Split(','), "g_all-all")], CultureInfo.InvariantCulture);
        if (Math.Abs(ours - theirs) > 0.005 * theirs)
        {
            throw new MofException(ErrorKind.ToolFailure, string.Create(CultureInfo.InvariantCulture, $"g is {theirs:0.0000} in the last bin by {program} and {ours:0.0000} here"));
        }
    }

    private async Task<string> DumpAsync(int frames)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"run-{frames}.lammpstrj");
        if (!File.Exists(Path.Combine(_folder, name)))
        {
            await LammpsAsync(frames, name).ConfigureAwait(false);
        }

        return name;
    }

    private async Task<double[]> LammpsAsync(int frames, string? dump)
    {
        Directory.CreateDirectory(_folder);
        var workload = workloads.Mof5();
        LammpsData.Write(Path.Combine(_folder, "atoms.data"), workload.Atoms, workload.Types);
        string[] writing = dump is null ? [] : [$"dump frames all custom 1 {dump}.part id type xu yu zu vx vy vz", "dump_modify frames sort id format float %.9g"];
        string[] lines =
        [
            "units metal", "read_data atoms.data", "pair_style zero 2.0", "pair_coeff * *", "neighbor 3.0 bin", "neigh_modify every 1000 delay 0 check no",
            "velocity all create 600 12345 mom yes dist gaussian", "fix tether all spring/self 10", "fix integrate all nve", "timestep 0.002", "thermo 10000",
            .. writing, string.Create(CultureInfo.InvariantCulture, $"run {frames - 1}"),
        ];
        await File.WriteAllLinesAsync(Path.Combine(_folder, "dump.in"), lines).ConfigureAwait(false);
        var used = await ResourcesAsync("lammps", 1, [host.Program, "-in", "dump.in", "-log", "none", "-screen", "none", "-nocite"]).ConfigureAwait(false);
        if (dump is not null)
        {
            File.Move(Path.Combine(_folder, dump + ".part"), Path.Combine(_folder, dump), overwrite: true);
        }

        return used;
    }

    // Wall time, processor time, peak of resident memory.
    private Task<double[]> ResourcesAsync(string name, int cores, string[] command) =>
        PythonAsync(name, cores, "apt-get install python3", [Path.Combine(scripts, "resources.py"), .. command]);

    private async Task<double[]> PythonAsync(string name, int cores, string remedy, string[] arguments)
    {
        var command = new ToolCommand
        {
            Name = name,
            Program = ProgramFinder.Require(Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } named ? named : "/usr/bin/python3", remedy),
            Arguments = ["-W", "ignore", .. arguments],
            WorkingDirectory = _folder,
            Cores = cores,
            Environment = ImmutableDictionary<string, string?>.Empty.Add("PYTHONDONTWRITEBYTECODE", "1"),
        };
        var result = (await runner.RunAsync(command).ConfigureAwait(false)).ThrowIfFailed();
        return JsonSerializer.Deserialize<double[]>(await File.ReadAllTextAsync(result.OutputFile).ConfigureAwait(false))!;
    }
}
