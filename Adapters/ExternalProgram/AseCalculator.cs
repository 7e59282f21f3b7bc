using System.Collections.Immutable;
using System.Text.Json;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.ExternalProgram;

/// <summary>An ASE calculator and the Python that has it.</summary>
/// <param name="Calculator">Its name in ASE (<c>emt</c>), or <c>package.module:Class</c>, or <c>file.py:Class</c>.</param>
/// <param name="Arguments">Keyword arguments as Python literals; what is none is text.</param>
/// <param name="Python">The interpreter; null: MOFINTEROP_PYTHON, /usr/bin/python3, python3 on PATH.</param>
public sealed record AseCalculator(string Calculator, IReadOnlyDictionary<string, string> Arguments, string? Python)
{
    private const string PythonVariable = "MOFINTEROP_PYTHON";
    private const string ScriptFile = "ase_worker.py";
    private const string SpecificationFile = "calculator.json";

    /// <summary>Calculator and arguments in one line, arguments by name.</summary>
    public string Description => $"ASE {Calculator}({string.Join(", ", Arguments.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))})";

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

        File.WriteAllText(Path.Combine(folder, SpecificationFile), JsonSerializer.Serialize(new { calculator = Calculator, arguments = Arguments }));
        return new ToolCommand
        {
            Name = "ase",
            Program = Interpreter(),
            Arguments = [ScriptFile, SpecificationFile, .. arguments],
            WorkingDirectory = folder,
            Cores = cores,
            Environment = ImmutableDictionary<string, string?>.Empty
                .Add("OMP_NUM_THREADS", cores.ToString(System.Globalization.CultureInfo.InvariantCulture))
                .Add("PYTHONDONTWRITEBYTECODE", "1")
                .Add("MPLBACKEND", "Agg"),
        };
    }

    private string Interpreter()
    {
        var named = Python ?? Environment.GetEnvironmentVariable(PythonVariable);
        return string.IsNullOrEmpty(named)
            ? ProgramFinder.LookUp("/usr/bin/python3") ?? ProgramFinder.Require("python3")
            : ProgramFinder.Require("python3", setting: named);
    }
}

/// <summary>What a trial of an ASE calculator found.</summary>
/// <param name="Version">ASE's version, when the calculator can be made.</param>
/// <param name="Parameter">Else which setting is at fault: <c>python</c>, <c>calculator</c> or <c>arguments</c>,</param>
/// <param name="Problem">and why.</param>
public sealed record AseTrial(string? Version, string? Parameter, string? Problem);
