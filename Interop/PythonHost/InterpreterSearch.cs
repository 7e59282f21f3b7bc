using System.Text;
using System.Text.Json;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;

namespace MofInterop.PythonHost;

/// <summary>
/// Looks for an interpreter that can import what the suite needs: the first <c>python3</c> on PATH need not be the one that has ASE.
/// One that the user names is the only candidate.
/// </summary>
internal sealed class InterpreterSearch(IToolRunner runner, string? setting)
{
    private const string Probe = """
        import importlib, json, platform
        found = {"python": platform.python_version()}
        missing = []
        for name in ("ase", "numpy", "spglib", "matplotlib"):
            try:
                found[name] = importlib.import_module(name).__version__
            except Exception as problem:
                missing.append(f"{name} ({problem})")
        print(json.dumps({"found": found, "missing": missing}))
        """;

    public async Task<PythonInterpreter> FindAsync(CancellationToken cancellation)
    {
        var tried = new StringBuilder();
        foreach (var path in PythonCandidates.List(setting))
        {
            var (interpreter, lacks) = await TryAsync(path, cancellation).ConfigureAwait(false);
            if (interpreter is not null)
            {
                return interpreter;
            }

            tried.Append("\n    ").Append(path).Append(" lacks ").Append(lacks);
        }

        throw new MofException(
            ErrorKind.ToolFailure,
            "no Python interpreter with ase, numpy, spglib and matplotlib was found",
            remedy: $"Run apt install python3-ase python3-spglib python3-matplotlib, or set {PythonCandidates.Variable} to an interpreter that has them.{(tried.Length > 0 ? " Tried:" : "")}{tried}");
    }

    private async Task<(PythonInterpreter? Interpreter, string Lacks)> TryAsync(string path, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("mofinterop-python-");
        try
        {
            var command = new ToolCommand { Name = "probe", Program = path, Arguments = ["-c", Probe], WorkingDirectory = folder.FullName, TimeLimit = TimeSpan.FromMinutes(2) };
            var result = await runner.RunAsync(command, cancellation: cancellation).ConfigureAwait(false);
            if (!result.Succeeded)
            {
                return (null, "a working start: " + string.Join(' ', ToolFailure.LastLines(result.ErrorFile, 1)));
            }

            using var answer = JsonDocument.Parse(ToolFailure.LastLines(result.OutputFile, 1)[0]);
            var missing = answer.RootElement.GetProperty("missing").EnumerateArray().Select(item => item.GetString()).ToList();
            return missing.Count > 0
                ? (null, string.Join(", ", missing))
                : (new PythonInterpreter(path, answer.RootElement.GetProperty("found").Deserialize<Dictionary<string, string>>()!), "");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
