using System.Collections.Immutable;
using System.Globalization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cp2k;

/// <summary>Finds CP2K and builds its commands.</summary>
public static class Cp2kTool
{
    private const string Remedy = "Install CP2K (Debian: apt install cp2k cp2k-data), or set the path of the program.";

    /// <summary>Whether CP2K can be found with these settings.</summary>
    public static bool IsAvailable(Cp2kSettings settings) => Find(settings) is not null;

    /// <summary>The version that is installed, as in <c>2023.1</c>.</summary>
    /// <param name="runner">Runs it.</param>
    /// <param name="settings">Which program.</param>
    /// <param name="workingDirectory">Where its log is written.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MofException">CP2K is missing or does not answer (ToolFailure).</exception>
    public static async Task<string> VersionAsync(IToolRunner runner, Cp2kSettings settings, string workingDirectory, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        var command = Command(settings, Require(settings), ["--version"], workingDirectory, "cp2k-version") with { Cores = 1, TimeLimit = TimeSpan.FromMinutes(1), Brief = true };
        var result = (await runner.RunAsync(command, cancellation: cancellation).ConfigureAwait(false)).ThrowIfFailed(Remedy);
        return Cp2kOutput.Version(File.ReadLines(result.OutputFile)) ?? throw ToolFailure.From(result, "CP2K did not name its version");
    }

    /// <summary>One calculation from an input deck to an output file, both in the working directory.</summary>
    /// <exception cref="MofException">CP2K or its data are missing (ToolFailure).</exception>
    public static ToolCommand RunCommand(Cp2kSettings settings, string workingDirectory, string inputFile, string outputFile) =>
        Command(settings, Require(settings), ["-i", inputFile, "-o", outputFile], workingDirectory, "cp2k") with { TimeLimit = settings.TimeLimit };

    /// <summary>A run of any length that prints on its standard output, so that it can be followed.</summary>
    /// <exception cref="MofException">CP2K or its data are missing (ToolFailure).</exception>
    public static ToolCommand DynamicsCommand(Cp2kSettings settings, string workingDirectory, string inputFile) =>
        Command(settings, Require(settings), ["-i", inputFile], workingDirectory, "cp2k");

    /// <summary>The interactive shell.</summary>
    /// <exception cref="MofException">CP2K or its data are missing (ToolFailure).</exception>
    public static ToolCommand ShellCommand(Cp2kSettings settings, string workingDirectory, string name)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var program = settings.ShellProgram is { } set
            ? ProgramFinder.Require(set, Remedy)
            : ProgramFinder.FindFirst("cp2k_shell.psmp", "cp2k_shell") ?? throw NotFound("cp2k_shell.psmp");
        return Command(settings, program, [], workingDirectory, name);
    }

    private static ToolCommand Command(Cp2kSettings settings, string program, ImmutableArray<string> arguments, string workingDirectory, string name)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var environment = ImmutableDictionary<string, string?>.Empty
            .Add("OMP_NUM_THREADS", settings.Threads.ToString(CultureInfo.InvariantCulture))
            .Add("OMP_WAIT_POLICY", "PASSIVE")
            .Add("OPENBLAS_NUM_THREADS", "1")
            .Add("CP2K_DATA_DIR", DataDirectory(settings, program));
        if (settings.Ranks > 1)
        {
            // Without --bind-to none two runs of few ranks share the first cores and leave the others idle.
            arguments = ["-np", settings.Ranks.ToString(CultureInfo.InvariantCulture), "--bind-to", "none", program, .. arguments];
            program = "mpirun";
            environment = environment.Add("OMPI_ALLOW_RUN_AS_ROOT", "1").Add("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
        }

        return new ToolCommand
        {
            Program = program,
            Arguments = arguments,
            WorkingDirectory = workingDirectory,
            Environment = environment,
            Cores = settings.Cores,
            Name = name,
        };
    }

    private static string? Find(Cp2kSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Program is { } set ? ProgramFinder.Find(set) : ProgramFinder.FindFirst("cp2k.psmp", "cp2k");
    }

    /// <summary>The path of the one-shot program.</summary>
    /// <exception cref="MofException">It is nowhere (ToolFailure).</exception>
    public static string Require(Cp2kSettings settings) => Find(settings) ?? throw NotFound(settings.Program ?? "cp2k.psmp");

    /// <summary>Where this CP2K's data are, or null where only it knows.</summary>
    /// <exception cref="MofException">CP2K is nowhere, or the folder that is named holds no data (ToolFailure).</exception>
    internal static string? DataDirectoryOf(Cp2kSettings settings) => DataDirectory(settings, Require(settings));

    private static MofException NotFound(string program) => new(ErrorKind.ToolFailure, $"the program {program} was not found", expected: "it on PATH", remedy: Remedy);

    /// <summary>The setting, the variable, the folders where installations keep the data; null leaves it to what CP2K was compiled with.</summary>
    private static string? DataDirectory(Cp2kSettings settings, string program)
    {
        var named = settings.DataDirectory ?? Environment.GetEnvironmentVariable("CP2K_DATA_DIR");
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(Path.Combine(named, "xTB_parameters"))
                ? named
                : throw new MofException(ErrorKind.ToolFailure, $"{named} does not hold CP2K's data", expected: "a folder with xTB_parameters, BASIS_MOLOPT and the like", remedy: "Correct the data directory of CP2K or the variable CP2K_DATA_DIR.");
        }

        var prefix = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetFullPath(program))) ?? "/usr";
        string[] places = [Path.Combine(prefix, "share", "cp2k"), Path.Combine(prefix, "share", "cp2k", "data"), Path.Combine(prefix, "data")];
        return places.FirstOrDefault(place => File.Exists(Path.Combine(place, "xTB_parameters")));
    }
}
