using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>How a run is carried out; nothing here changes its results.</summary>
public sealed record RunSettings
{
    /// <summary>Where progress and messages go, besides <c>run.log</c>.</summary>
    public required IProgressSink Progress { get; init; }

    /// <summary>Processor cores that the run may use.</summary>
    public int Cores { get; init; } = Environment.ProcessorCount;

    /// <summary>When the run is interrupted, what runs elsewhere (jobs of a cluster) goes on until the next run asks for it.</summary>
    public bool LeaveJobs { get; init; }

    /// <summary>What failed and was set aside in earlier runs is tried again.</summary>
    public bool RetryFailed { get; init; }

    /// <summary>Versions of programs that are known at the start; steps add theirs.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();
}

/// <summary>What all steps of one process share: the locked folder, the journal, the caches.</summary>
internal sealed class RunSession : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<UnitStore>> _caches = new();
    private readonly RunLock _lock;

    /// <summary>Creates the folder if needed, locks it and opens the journal.</summary>
    public RunSession(string folder, RunSettings settings)
    {
        Folder = folder;
        Settings = settings;
        DurableFiles.CreateFolder(folder);
        _lock = RunLock.Take(folder);
        try
        {
            Journal = Journal.Open(Engine.RunFolder.JournalFile(folder));
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        Versions = new VersionsFile(Path.Combine(folder, "versions.json"));
    }

    public string Folder { get; }

    public RunSettings Settings { get; }

    public Journal Journal { get; }

    public VersionsFile Versions { get; }

    /// <summary>The cache of this name; unfinished entries of earlier processes are removed when it is first asked for.</summary>
    public UnitStore Cache(string name)
    {
        if (name.Length == 0 || name.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not '-'))
        {
            throw new MofException(ErrorKind.Internal, $"'{name}' cannot be the name of a cache", expected: "letters, digits and '-'");
        }

        return _caches.GetOrAdd(name, key => new Lazy<UnitStore>(() => new UnitStore(Path.Combine(Folder, "cache", key), Journal))).Value;
    }

    public void Dispose()
    {
        Journal.Dispose();
        _lock.Dispose();
    }
}

/// <summary><c>versions.json</c>: program → version, as used last.</summary>
internal sealed class VersionsFile(string path)
{
    private readonly Lock _gate = new();

    public void Set(string program, string version)
    {
        lock (_gate)
        {
            var json = ReadableJson.TryRead(path) ?? [];
            if (json[program]?.GetValue<string>() != version)
            {
                json[program] = version;
                DurableFiles.WriteAllText(path, json.ToJsonString(ReadableJson.Options));
            }
        }
    }
}
