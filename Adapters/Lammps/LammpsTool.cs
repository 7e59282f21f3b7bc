using System.Collections.Immutable;
using System.Globalization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Lammps;

/// <summary>Where a run is.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Step">Steps done of the whole run.</param>
/// <param name="PlannedSteps">Steps of the whole run.</param>
public readonly record struct LammpsProgress(string Stage, long Step, long PlannedSteps);

/// <summary>
/// Runs LAMMPS: one process a run, so that a crash takes no other run with it; side by side as the runner's core budget
/// allows. Thread-safe.
/// </summary>
public sealed class LammpsTool
{
    // A single process needs no Open MPI daemon and no look at the machine's buses: 0.5 s of start-up become less than 0.1 s.
    // (ess_singleton_isolated: no orted; orte_create_session_dirs: processes would share one; HWLOC_COMPONENTS: no PCI scan.)
    private static readonly ImmutableDictionary<string, string?> _singleProcess = ImmutableDictionary<string, string?>.Empty
        .Add("OMPI_MCA_ess_singleton_isolated", "1")
        .Add("OMPI_MCA_orte_create_session_dirs", "0")
        .Add("OMPI_MCA_pml", "ob1")
        .Add("OMPI_MCA_btl", "self")
        .Add("HWLOC_COMPONENTS", "-pci,-linuxio");

    private readonly IToolRunner _runner;
    private readonly LammpsSettings _settings;

    /// <summary>Creates the tool. Nothing is looked for before the first run.</summary>
    /// <exception cref="MofException">Ranks or threads are less than one.</exception>
    public LammpsTool(IToolRunner runner, LammpsSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(runner);
        _runner = runner;
        _settings = settings ?? new LammpsSettings();
        if (_settings.Ranks < 1 || _settings.Threads < 1)
        {
            throw new MofException(ErrorKind.InvalidArgument, $"LAMMPS with {_settings.Ranks} ranks of {_settings.Threads} threads", expected: "at least one of each");
        }
    }

    /// <summary>The program that runs.</summary>
    /// <exception cref="MofException">It was not found (ToolFailure).</exception>
    public string Program => LammpsProgram.Find(_settings);

    /// <summary>Writes the input of a run, runs it, and reads what came of it. A blow-up and a failure of LAMMPS are outcomes, not exceptions.</summary>
    /// <param name="run">What to do.</param>
    /// <param name="folder">Made where needed; holds nothing of another run.</param>
    /// <param name="onProgress">Called with every thermodynamic row, on another thread; may be null.</param>
    /// <param name="cancellation">Kills LAMMPS.</param>
    /// <exception cref="MofException">The run cannot be meant (InvalidArgument), or LAMMPS cannot be started (ToolFailure).</exception>
    public async Task<RunOutcome> RunAsync(LammpsRun run, string folder, Action<LammpsProgress>? onProgress = null, CancellationToken cancellation = default)
    {
        var command = Prepare(run, folder);
        var result = await _runner.RunAsync(command, onProgress is null ? null : Watch(run, onProgress), cancellation).ConfigureAwait(false);
        return LammpsOutput.Read(run, folder, result);
    }

    /// <summary>Writes the input of a run and gives the command that runs it.</summary>
    /// <exception cref="MofException">The run cannot be meant (InvalidArgument), or LAMMPS was not found (ToolFailure).</exception>
    public ToolCommand Prepare(LammpsRun run, string folder)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Check();
        var program = Program;
        var loads = _settings.Host == LammpsHost.Stock && run.Potential.NeedsMofStyles;
        Directory.CreateDirectory(folder);
        if (run.ContinueFrom is { } restart && Path.GetDirectoryName(Path.GetFullPath(restart.File)) == Path.GetFullPath(folder).TrimEnd('/'))
        {
            throw new MofException(ErrorKind.InvalidArgument, $"{run.Name} would write over the run that it continues", folder, "another folder");
        }

        RemoveOldOutput(folder);
        WriteInput(run, folder, loads ? LammpsProgram.FindLoader(_settings) : null);
        ImmutableArray<string> arguments = ["-in", LammpsInputDeck.FileName, "-log", LammpsInputDeck.LogFile];
        var single = _settings.Ranks == 1;
        return new ToolCommand
        {
            Name = run.Name,
            Program = single ? program : ProgramFinder.Require("mpirun", "Install Open MPI (apt install openmpi-bin), or use one rank."),
            Arguments = single ? arguments : ["-np", _settings.Ranks.ToString(CultureInfo.InvariantCulture), program, .. arguments],
            WorkingDirectory = folder,
            Environment = Environment(single),
            TimeLimit = _settings.TimeLimit,
            Cores = _settings.Ranks * _settings.Threads,
            ReadsFiles = run.ContinueFrom is { } file ? [.. run.Potential.Files, file.File] : [.. run.Potential.Files],
        };
    }

    /// <summary>Writes the input script and the data file of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="folder">Where; must exist.</param>
    /// <param name="loaderScript">The script that makes this project's pair styles known to an unmodified LAMMPS; null: none is needed.</param>
    /// <exception cref="MofException">The run cannot be meant (InvalidArgument).</exception>
    public static void WriteInput(LammpsRun run, string folder, string? loaderScript = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.Check();
        var deck = LammpsInputDeck.Write(run, loaderScript);
        File.WriteAllText(Path.Combine(folder, LammpsInputDeck.FileName), deck);
        LammpsData.Write(Path.Combine(folder, LammpsInputDeck.DataFile), run.Start, LammpsInputTypes.Of(run));
    }

    /// <summary>LAMMPS's version as it prints it (<c>29 Sep 2021 - Update 2</c>).</summary>
    /// <exception cref="MofException">LAMMPS was not found, or does not run (ToolFailure).</exception>
    public async Task<string> VersionAsync(CancellationToken cancellation = default)
    {
        const string title = "Massively Parallel Simulator - ";
        var folder = Directory.CreateTempSubdirectory("mof-lammps-").FullName;
        try
        {
            var command = new ToolCommand
            {
                Name = "lammps-version", Program = Program, Arguments = ["-help"], WorkingDirectory = folder, Environment = Environment(true), TimeLimit = TimeSpan.FromMinutes(1), Brief = true,
            };
            var result = (await _runner.RunAsync(command, null, cancellation).ConfigureAwait(false)).ThrowIfFailed();
            var line = File.ReadLines(result.OutputFile).FirstOrDefault(text => text.Contains(title, StringComparison.Ordinal))
                ?? throw ToolFailure.From(result, "the program does not say that it is LAMMPS");
            return line[(line.IndexOf(title, StringComparison.Ordinal) + title.Length)..].Trim();
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }

    private ImmutableDictionary<string, string?> Environment(bool single)
    {
        var environment = single ? _singleProcess : ImmutableDictionary<string, string?>.Empty;

        // mpirun started by root (a container) refuses without these two.
        environment = single ? environment : environment.Add("OMPI_ALLOW_RUN_AS_ROOT", "1").Add("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        return environment.Add("OMP_NUM_THREADS", _settings.Threads.ToString(CultureInfo.InvariantCulture));
    }

    // A log or dump of an earlier attempt would be taken for this one's if LAMMPS failed to start.
    private static void RemoveOldOutput(string folder)
    {
        foreach (var name in (string[])[LammpsInputDeck.LogFile, LammpsInputDeck.DumpFile, LammpsInputDeck.FinalDumpFile])
        {
            File.Delete(Path.Combine(folder, name));
        }

        foreach (var restart in Directory.EnumerateFiles(folder, LammpsRestart.Prefix + "*"))
        {
            File.Delete(restart);
        }
    }

    private static Action<string> Watch(LammpsRun run, Action<LammpsProgress> onProgress)
    {
        var stage = 0;
        var planned = run.PlannedSteps;
        return line =>
        {
            if (LammpsOutputLog.ParseMarker(line) is >= 0 and var index && index < run.Stages.Length)
            {
                stage = index;
            }
            else if (LammpsOutputLog.ParseRow(line) is { } row)
            {
                onProgress(new LammpsProgress(run.Stages[stage].Name, (long)row[0], planned));
            }
        };
    }
}
