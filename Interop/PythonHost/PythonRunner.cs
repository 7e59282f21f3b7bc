using System.Text.Json;
using System.Text.Json.Serialization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.PythonHost;

/// <summary>
/// Runs Python scripts in an interpreter process of their own, JSON in and JSON out (property names in snake_case).
/// The interpreter is looked for once, when it is first needed. Thread-safe.
/// </summary>
public sealed class PythonRunner
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly IToolRunner _runner;
    private readonly string? _setting;
    private readonly Lock _gate = new();
    private Task<PythonInterpreter>? _search;

    /// <summary>Creates a host.</summary>
    /// <param name="runner">Starts the interpreter.</param>
    /// <param name="interpreter">Path of the interpreter from the user's settings; null: MOFINTEROP_PYTHON, /usr/bin/python3, then every python3 on PATH.</param>
    public PythonRunner(IToolRunner runner, string? interpreter = null)
    {
        ArgumentNullException.ThrowIfNull(runner);
        _runner = runner;
        _setting = interpreter;
    }

    /// <summary>The interpreter, looked for on the first call.</summary>
    /// <exception cref="MofException">None has the modules (ToolFailure); the message says what each one lacks.</exception>
    public Task<PythonInterpreter> FindInterpreterAsync(CancellationToken cancellation = default)
    {
        lock (_gate)
        {
            if (_search is null or { IsFaulted: true })
            {
                _search = new InterpreterSearch(_runner, _setting).FindAsync(CancellationToken.None);
            }

            return _search.WaitAsync(cancellation);
        }
    }

    /// <summary>Runs a script and returns what it returns.</summary>
    /// <param name="script">Defines <c>run(request)</c>.</param>
    /// <param name="request">Written as JSON; NaN and infinities as text, which Python's float() reads.</param>
    /// <param name="folder">
    /// Where the script, its input, output and logs stay. Null: a temporary folder, which is kept only when the script fails.
    /// </param>
    /// <param name="cancellation">Kills the interpreter.</param>
    /// <exception cref="MofException">The script raised a Problem (FileFormat), or failed (ToolFailure, with the end of the traceback).</exception>
    public async Task<TResult> RunAsync<TResult>(PythonScript script, object request, string? folder = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(script);
        var interpreter = await FindInterpreterAsync(cancellation).ConfigureAwait(false);
        var temporary = folder is null ? Directory.CreateTempSubdirectory($"mofinterop-{script.Name}-") : null;
        var place = temporary?.FullName ?? folder!;
        var output = Path.Combine(place, script.Name + ".output.json");
        var command = await PrepareAsync(interpreter, script, request, place, output, cancellation).ConfigureAwait(false);
        (await _runner.RunAsync(command, cancellation: cancellation).ConfigureAwait(false)).ThrowIfFailed();
        var answer = await ReadAsync<TResult>(output, cancellation).ConfigureAwait(false);
        temporary?.Delete(recursive: true);
        return answer.Problem is { } problem
            ? throw new MofException(ErrorKind.FileFormat, problem.What, problem.Where, problem.Expected, problem.Remedy)
            : answer.Result!;
    }

    private static async Task<ToolCommand> PrepareAsync(
        PythonInterpreter interpreter, PythonScript script, object request, string folder, string output, CancellationToken cancellation)
    {
        var input = Path.Combine(folder, script.Name + ".input.json");
        var source = Path.Combine(folder, script.Name + ".py");
        var harness = Path.Combine(folder, "harness.py");
        await File.WriteAllTextAsync(source, script.Text, cancellation).ConfigureAwait(false);
        await File.WriteAllTextAsync(harness, PythonScript.FromResource(typeof(PythonRunner).Assembly, "harness").Text, cancellation).ConfigureAwait(false);
        await File.WriteAllBytesAsync(input, JsonSerializer.SerializeToUtf8Bytes(request, request.GetType(), Json), cancellation).ConfigureAwait(false);
        File.Delete(output);
        return new ToolCommand
        {
            Name = script.Name,
            Program = interpreter.Path,
            Arguments = [harness, source, input, output],
            WorkingDirectory = folder,
            Environment = System.Collections.Immutable.ImmutableDictionary<string, string?>.Empty.Add("MPLBACKEND", "Agg").Add("PYTHONDONTWRITEBYTECODE", "1"),
        };
    }

    private static async Task<Answer<TResult>> ReadAsync<TResult>(string path, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(path);
        return (await JsonSerializer.DeserializeAsync<Answer<TResult>>(stream, Json, cancellation).ConfigureAwait(false))!;
    }

    private sealed record Answer<TResult>(TResult? Result, ScriptProblem? Problem);

    private sealed record ScriptProblem(string What, string? Where, string? Expected, string? Remedy);
}
