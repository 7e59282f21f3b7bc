using System.Collections.Immutable;
using System.Text.Json;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.PythonHost;

namespace MofInterop.ExternalProgram;

/// <summary>A file or folder that an ASE calculator reads.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Hash">Changes with its contents.</param>
public sealed record AseFile(string Path, string Hash)
{
    private const int ShownCharacters = 16;

    /// <summary>Name and contents, for a label's key.</summary>
    internal string Description => $"{System.IO.Path.GetFileName(Path)} [{Hash[..Math.Min(ShownCharacters, Hash.Length)]}]";
}

/// <summary>An ASE calculator and the Python that has it.</summary>
/// <param name="Calculator">Its name in ASE (<c>emt</c>), or <c>package.module:Class</c>, or <c>/path/file.py:Class</c>; with a script, the class in it.</param>
/// <param name="Arguments">Keyword arguments as Python literals; what is none is text.</param>
/// <param name="Python">The interpreter; null: MOFINTEROP_PYTHON, /usr/bin/python3, python3 on PATH.</param>
public sealed record AseCalculator(string Calculator, IReadOnlyDictionary<string, string> Arguments, string? Python)
{
    private const string ScriptFile = "ase_worker.py";
    private const string SpecificationFile = "calculator.json";

    /// <summary>The file of Python that has the class; null: what <see cref="Calculator"/> names.</summary>
    public AseFile? Script { get; init; }

    /// <summary>Keyword arguments that are files.</summary>
    public IReadOnlyDictionary<string, AseFile> Files { get; init; } = new Dictionary<string, AseFile>();

    /// <summary>Calculator and arguments in one line, arguments by name, files with their contents.</summary>
    public string Description
    {
        get
        {
            var arguments = Arguments.Select(pair => (pair.Key, pair.Value)).Concat(Files.Select(pair => (pair.Key, Value: pair.Value.Description))).OrderBy(pair => pair.Key, StringComparer.Ordinal);
            var script = Script is null ? string.Empty : $" of {Script.Description}";
            return $"ASE {Calculator}({string.Join(", ", arguments.Select(pair => $"{pair.Key}={pair.Value}"))}){script}";
        }
    }

    /// <summary>Starts Python once and makes the calculator, without labelling anything.</summary>
    public async Task<AseTrial> TryAsync(IToolRunner runner, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(runner);
        var folder = Directory.CreateTempSubdirectory("mofinterop-ase-");
        try
        {
            ToolCommand command;
            try
            {
                command = Command(folder.FullName, 1, "check") with { TimeLimit = TimeSpan.FromMinutes(5) };
            }
            catch (MofException missing)
            {
                return new AseTrial(null, "python", missing.Message);
            }

            var result = await runner.RunAsync(command, null, cancellation).ConfigureAwait(false);
            if (!result.Succeeded)
            {
                var ending = result.TimedOut ? "did not end" : $"ended with exit code {result.ExitCode}";
                return new AseTrial(null, "calculator", $"the calculator {Calculator} cannot be made: {command.Program} {ending}: {string.Join(" | ", ToolFailure.LastLines(result.ErrorFile, 3))}");
            }

            using var answer = JsonDocument.Parse(ToolFailure.LastLines(result.OutputFile, 1)[0]);
            var root = answer.RootElement;
            return root.TryGetProperty("problem", out var problem)
                ? new AseTrial(null, root.GetProperty("parameter").GetString(), problem.GetString())
                : new AseTrial(root.GetProperty("version").GetString(), null, null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The worker's command line; its script and settings are written into the folder.</summary>
    internal ToolCommand Command(string folder, int cores, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        using (var source = typeof(AseCalculator).Assembly.GetManifestResourceStream(ScriptFile)!)
        using (var target = File.Create(Path.Combine(folder, ScriptFile)))
        {
            source.CopyTo(target);
        }

        var name = Script is null ? Calculator : $"{Script.Path}:{Calculator}";
        File.WriteAllText(Path.Combine(folder, SpecificationFile), JsonSerializer.Serialize(new { calculator = name, arguments = Arguments, files = Files.ToDictionary(file => file.Key, file => file.Value.Path) }));
        return new ToolCommand
        {
            Name = "ase",
            Program = PythonCandidates.First(Python),
            Arguments = [ScriptFile, SpecificationFile, .. arguments],
            WorkingDirectory = folder,
            Cores = cores,
            Environment = ImmutableDictionary<string, string?>.Empty
                .Add("OMP_NUM_THREADS", cores.ToString(System.Globalization.CultureInfo.InvariantCulture))
                .Add("PYTHONDONTWRITEBYTECODE", "1")
                .Add("PYTHONPATH", PythonPath())
                .Add("MPLBACKEND", "Agg"),
            ReadsFiles = [.. Files.Values.Append(Script).OfType<AseFile>().Select(file => file.Path).Where(File.Exists)],
        };
    }

    /// <summary>The user's own first, then what this suite brings: <c>calculator: mofinterop:MofCalculator</c> needs nothing to be installed.</summary>
    private static string? PythonPath()
    {
        var parts = new[] { Environment.GetEnvironmentVariable("PYTHONPATH"), Installation.Find("python") }.Where(part => !string.IsNullOrEmpty(part)).ToArray();
        return parts.Length == 0 ? null : string.Join(Path.PathSeparator, parts);
    }
}

/// <summary>What a trial of an ASE calculator found.</summary>
/// <param name="Version">ASE's version, when the calculator can be made.</param>
/// <param name="Parameter">Else which setting is at fault: <c>python</c>, <c>calculator</c> or <c>arguments</c>,</param>
/// <param name="Problem">and why.</param>
public sealed record AseTrial(string? Version, string? Parameter, string? Problem);
