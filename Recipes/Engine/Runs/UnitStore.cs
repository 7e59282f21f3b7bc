using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// Units of work whose results are folders: done once, then found again. A unit is done exactly when its folder is in
/// place; until then it lives in <c>.partial/</c>, which is emptied when a run starts. Safe for several threads; two
/// simultaneous requests for the same unit share the work.
/// </summary>
internal sealed class UnitStore
{
    private readonly string _root;
    private readonly string _partial;
    private readonly Journal _journal;
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _running = new();
    private int _counter;

    /// <param name="root">Folder that the units' paths are relative to.</param>
    /// <param name="journal">Records what happens to units.</param>
    public UnitStore(string root, Journal journal)
    {
        _root = root;
        _partial = Path.Combine(root, ".partial");
        _journal = journal;
        DurableFiles.RemoveFolder(_partial);
    }

    /// <summary>Whether the unit is there with this fingerprint.</summary>
    public bool Has(string path, string fingerprint)
    {
        CheckPath(path);
        var folder = Path.Combine(_root, path);
        return Directory.Exists(folder) && UnitRecord.Read(folder)?.Fingerprint == fingerprint;
    }

    /// <summary>Returns the unit's folder, doing the work if it is not there.</summary>
    /// <param name="step">The step that asks, for the journal.</param>
    /// <param name="path">The unit's folder relative to the root.</param>
    /// <param name="fingerprint">What the result depends on.</param>
    /// <param name="work">Fills the folder that it is given.</param>
    /// <param name="cancellation">Passed to the work.</param>
    public Task<string> OnceAsync(string step, string path, string fingerprint, Func<string, CancellationToken, Task> work, CancellationToken cancellation)
    {
        CheckPath(path);
        var task = _running.GetOrAdd(path + "\0" + fingerprint, key => new Lazy<Task<string>>(async () =>
        {
            try
            {
                return await DoAsync(step, path, fingerprint, work, cancellation).ConfigureAwait(false);
            }
            finally
            {
                _running.TryRemove(key, out _);
            }
        }));
        return task.Value;
    }

    private string Label(string path) => $"{Path.GetFileName(_root)}/{path}";

    private static void CheckPath(string path)
    {
        var parts = path.Split('/');
        if (parts.Any(part => part.Length == 0 || part[0] == '.' || part.Contains('\0', StringComparison.Ordinal)))
        {
            throw new MofException(ErrorKind.Internal, $"'{path}' cannot be the path of a unit of work", expected: "names separated by '/', none starting with '.'");
        }
    }

    private async Task<string> DoAsync(string step, string path, string fingerprint, Func<string, CancellationToken, Task> work, CancellationToken cancellation)
    {
        var final = Path.Combine(_root, path);
        if (Directory.Exists(final))
        {
            var found = UnitRecord.Read(final)
                ?? throw new MofException(ErrorKind.Internal, "this folder holds other units of work and cannot be one itself", final);
            if (found.Fingerprint == fingerprint)
            {
                return final;
            }

            _journal.Append("unit-outdated", step, new JsonObject { ["unit"] = Label(path) });
            DurableFiles.CreateFolder(_partial);
            Directory.Move(final, Path.Combine(_partial, $"outdated-{Interlocked.Increment(ref _counter)}"));
        }

        var temporary = Path.Combine(_partial, $"{path.Replace('/', '+')}-{Interlocked.Increment(ref _counter)}");
        DurableFiles.CreateFolder(temporary);
        var started = DateTimeOffset.UtcNow;
        var clock = Stopwatch.StartNew();
        try
        {
            cancellation.ThrowIfCancellationRequested();
            await work(temporary, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The folder stays for whoever wants to look why; the next start removes it.
            _journal.Append("unit-failed", step, new JsonObject { ["unit"] = Label(path), ["folder"] = temporary, ["reason"] = exception.Message });
            throw;
        }

        var record = new UnitRecord(fingerprint, started, clock.Elapsed);
        record.Write(temporary);
        if (Has(path, fingerprint))
        {
            // Somebody put the same unit there meanwhile, such as a user who copied another run's labels into the cache.
            _journal.Append("unit-found", step, new JsonObject { ["unit"] = Label(path) });
            DurableFiles.RemoveFolder(temporary);
            return final;
        }

        DurableFiles.MoveFolderIntoPlace(temporary, final);
        _journal.Append("unit-finished", step, new JsonObject { ["unit"] = Label(path), ["elapsed_s"] = Math.Round(record.Elapsed.TotalSeconds, 3) });
        return final;
    }
}
