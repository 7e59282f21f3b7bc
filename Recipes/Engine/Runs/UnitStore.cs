using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// Units of work whose results are folders: done once, then found again. A unit is done exactly when its folder is in
/// place; until then it lives in <c>.partial/</c>, which is emptied when a run starts. Safe for several threads; two
/// simultaneous requests for the same unit share the work. A unit that lost a part of itself is put aside and done again.
/// </summary>
internal sealed class UnitStore
{
    private const string DamagedFolder = ".damaged";
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
        return Directory.Exists(folder) && UnitRecord.Read(folder, out _)?.Fingerprint == fingerprint;
    }

    /// <summary>Returns the unit's folder, doing the work if it is not there.</summary>
    /// <param name="step">The step that asks, for the journal.</param>
    /// <param name="path">The unit's folder relative to the root.</param>
    /// <param name="fingerprint">What the result depends on.</param>
    /// <param name="work">Fills the folder that it is given.</param>
    /// <param name="cancellation">Passed to the work.</param>
    /// <param name="damage">Says what is wrong with a unit that was found, beyond what its record tells; null: nothing is.</param>
    /// <param name="say">Told when a unit is put aside because it is damaged.</param>
    public Task<string> OnceAsync(
        string step, string path, string fingerprint, Func<string, CancellationToken, Task> work, CancellationToken cancellation, Func<string, string?>? damage = null, Action<string>? say = null)
    {
        CheckPath(path);
        var task = _running.GetOrAdd(path + "\0" + fingerprint, key => new Lazy<Task<string>>(async () =>
        {
            try
            {
                return Found(step, path, fingerprint, damage, say) ?? await DoAsync(step, path, fingerprint, work, cancellation).ConfigureAwait(false);
            }
            finally
            {
                _running.TryRemove(key, out _);
            }
        }));
        return task.Value;
    }

    /// <summary>Takes a finished unit away, so that it is done again; its folder is kept.</summary>
    /// <param name="step">The step that asks, for the journal.</param>
    /// <param name="path">The unit's folder relative to the root.</param>
    /// <param name="folder">The folder beside the units in which it is kept: <c>.damaged</c>.</param>
    /// <param name="name">The journal's word.</param>
    /// <param name="reason">Why.</param>
    /// <returns>Where it went.</returns>
    public string PutAside(string step, string path, string folder, string name, string reason)
    {
        CheckPath(path);
        var parent = Path.Combine(_root, folder);
        DurableFiles.CreateFolder(parent);
        var stem = Path.Combine(parent, path.Replace('/', '+'));
        var target = Enumerable.Range(1, int.MaxValue).Select(number => $"{stem}-{number}").First(candidate => !Directory.Exists(candidate));
        DurableFiles.BeforeEachOperation?.Invoke($"put aside {path}");
        Directory.Move(Path.Combine(_root, path), target);
        _journal.Append(name, step, new JsonObject { ["unit"] = Label(path), ["reason"] = reason, ["kept"] = target });
        return target;
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

    /// <summary>The folder of the finished unit; null where the work is to be done, and nothing stands in its place.</summary>
    private string? Found(string step, string path, string fingerprint, Func<string, string?>? inspect, Action<string>? say)
    {
        var final = Path.Combine(_root, path);
        if (!Directory.Exists(final))
        {
            return null;
        }

        var found = UnitRecord.Read(final, out var damage);
        if (found is null && damage is null)
        {
            throw new MofException(ErrorKind.Internal, "this folder holds other units of work and cannot be one itself", final);
        }

        var fits = found?.Fingerprint == fingerprint;
        damage ??= fits ? inspect?.Invoke(final) : null;
        if (damage is not null)
        {
            var kept = PutAside(step, path, DamagedFolder, "unit-damaged", damage);
            say?.Invoke($"{Label(path)} is damaged and is done again: {damage}; what is left of it is in {kept}");
            return null;
        }

        if (fits)
        {
            return final;
        }

        _journal.Append("unit-outdated", step, new JsonObject { ["unit"] = Label(path) });
        DurableFiles.CreateFolder(_partial);
        Directory.Move(final, Path.Combine(_partial, $"outdated-{Interlocked.Increment(ref _counter)}"));
        return null;
    }

    private async Task<string> DoAsync(string step, string path, string fingerprint, Func<string, CancellationToken, Task> work, CancellationToken cancellation)
    {
        var final = Path.Combine(_root, path);
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
            _journal.TryAppend("unit-failed", step, new JsonObject { ["unit"] = Label(path), ["folder"] = temporary, ["reason"] = exception.Message });
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
