using System.Diagnostics;
using MofInterop.TestKit;

namespace MofInterop.Recipes.Tests.Runs;

/// <summary>A <c>mofinterop run</c> in a process of its own, found again with all that it started by a mark in their environment.</summary>
internal sealed class RunProcess : IDisposable
{
    private const string Variable = "MOFINTEROP_TEST_MARK";
    private const int Killed = 137;

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    public RunProcess(string recipe, string folder, params IEnumerable<string> options)
        : this(recipe, folder, new Dictionary<string, string>(), options)
    {
    }

    /// <summary>With variables on top of this process's own.</summary>
    public RunProcess(string recipe, string folder, IReadOnlyDictionary<string, string> environment, IEnumerable<string> options)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "mofinterop.dll"), "run", recipe, "--folder", folder, "--cores", "2" }.Concat(options))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["MOFINTEROP_ARTIFACTS"] = Repository.Artifact();
        start.Environment[Variable] = _mark;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        StartTime = DateTime.UtcNow;
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public DateTime StartTime { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Waits for its end; exit code and all that it printed.</summary>
    public (int ExitCode, string Text) Finish()
    {
        _process.WaitForExit();
        return (_process.ExitCode, _output.Result + _error.Result);
    }

    /// <summary>Waits for its end, not longer than this.</summary>
    public void WaitForExit(TimeSpan atMost) => _process.WaitForExit(atMost);

    /// <summary>Ctrl-C.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>kill -9 of this one process. Returns false when it had ended by itself.</summary>
    public bool Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        return _process.ExitCode == Killed;
    }

    /// <summary>Processes other than this one that it started, directly or not, and that are alive: id and command line.</summary>
    public IReadOnlyList<(int Id, string Command)> Offspring() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
            .Where(id => id > 0 && id != _process.Id)
            .Where(id => Read(id, "environ").Contains($"{Variable}={_mark}", StringComparison.Ordinal) && !Read(id, "stat").Contains(") Z ", StringComparison.Ordinal))
            .Select(id => (id, Read(id, "cmdline").Replace('\0', ' '))),
    ];

    /// <summary>Waits until nothing that it started is left; what is left after a while.</summary>
    public IReadOnlyList<(int Id, string Command)> Survivors()
    {
        var left = Offspring();
        for (var clock = Stopwatch.StartNew(); left.Count > 0 && clock.Elapsed.TotalSeconds < 10; left = Offspring())
        {
            Thread.Sleep(20);
        }

        return left;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or belongs to somebody else.
            return string.Empty;
        }
    }
}
