using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>What became of one configuration that was sent to the reference program.</summary>
/// <param name="Label">Energy, forces, stress; null when every attempt failed.</param>
/// <param name="Failure">Why there is no label.</param>
/// <param name="Remedies">Settings of the attempts after the first, in order.</param>
/// <param name="Seconds">Wall time of all attempts.</param>
public sealed record LabelRecord(ReferenceLabel? Label, string? Failure, IReadOnlyList<string> Remedies, double Seconds)
{
    /// <summary>Where its files are.</summary>
    [JsonIgnore]
    public string Folder { get; init; } = string.Empty;
}

/// <summary>
/// Labels configurations, several at a time, and never computes one twice: each label is kept under a hash of the
/// configuration's bits and the method in the run folder's cache, moved into place in one rename.
/// </summary>
public sealed partial class ReferenceLabels : IAsyncDisposable
{
    private const string CacheName = "labels";
    private const string FileName = "label.json";
    private const string FolderPlaceholder = "{folder}";
    private readonly StepContext _context;
    private readonly Func<IReferenceCalculator> _create;
    private readonly int _workers;
    private readonly Channel<IReferenceCalculator> _idle = Channel.CreateUnbounded<IReferenceCalculator>();
    private readonly List<IReferenceCalculator> _all = [];
    private readonly ConcurrentDictionary<string, bool> _made = new();
    private readonly ConcurrentDictionary<string, Lazy<string>> _retried = new();

    /// <summary>Makes a labeller for one step.</summary>
    /// <param name="context">The running step.</param>
    /// <param name="create">Makes a calculator; called at most <paramref name="workers"/> times, and not at all when every label is known.</param>
    /// <param name="method">All that a label depends on besides the configuration, in words.</param>
    /// <param name="workers">How many calculators work at the same time.</param>
    public ReferenceLabels(StepContext context, Func<IReferenceCalculator> create, string method, int workers)
    {
        _context = context;
        _create = create;
        _workers = workers;
        _turns = new SemaphoreSlim(workers);
        Method = method;
    }

    /// <summary>How many labels of one call have to succeed.</summary>
    internal LabelQuorum Quorum { get; init; } = LabelQuorum.None;

    /// <summary>What a label must be to be believed.</summary>
    internal LabelRules Rules { get; init; } = LabelRules.None;

    /// <summary>Labels depend on the types of atoms, not on their elements and places alone.</summary>
    internal bool DependOnTypes { get; init; }

    /// <summary>The method in words.</summary>
    public string Method { get; }

    /// <summary>Labels all; results are in the order of the configurations, whatever the order in which they arrive.</summary>
    /// <exception cref="MofException">Too few succeeded, or the program is missing.</exception>
    public Task<IReadOnlyList<LabelRecord>> LabelAsync(string what, IReadOnlyList<AtomicConfiguration> configurations, CancellationToken cancellation) =>
        LabelAsync(what, configurations, [.. Enumerable.Range(1, configurations.Count).Select(number => string.Create(CultureInfo.InvariantCulture, $"configuration {number}"))], cancellation);

    /// <summary>As the other, with what each configuration is called where it is set aside.</summary>
    /// <exception cref="MofException">Too few succeeded, the program is missing, or the disk is full.</exception>
    public async Task<IReadOnlyList<LabelRecord>> LabelAsync(string what, IReadOnlyList<AtomicConfiguration> configurations, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        var results = new LabelRecord[configurations.Count];
        using var progress = _context.Progress(what, configurations.Count);
        using var failure = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await WorkAsync(configurations.Count, async place =>
        {
            try
            {
                var known = _context.HasCached(CacheName, Key(configurations[place]));
                results[place] = await LabelOneAsync(configurations[place], failure.Token).ConfigureAwait(false);
                if (known)
                {
                    progress.Skip();
                }
                else
                {
                    progress.Advance();
                }
            }
            catch
            {
                // The others finish what they have begun to no purpose: a missing program fails for all.
                await failure.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }, cancellation).ConfigureAwait(false);
        for (var place = 0; place < results.Length; place++)
        {
            if (results[place].Label is null)
            {
                _context.SetAside(new SetAsideItem(what, names[place], results[place].Failure ?? "no reason is known", results[place].Folder));
            }
        }

        Quorum.Require(what, results);
        return results;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndUnfinishedAsync().ConfigureAwait(false);
        foreach (var calculator in _all)
        {
            await calculator.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>The label or why there is none, found or made; one that failed in an earlier run is made again where the user asks for it.</summary>
    private async Task<LabelRecord> LabelOneAsync(AtomicConfiguration configuration, CancellationToken cancellation)
    {
        var key = Key(configuration);
        var record = await FindOrMakeAsync(configuration, key, cancellation).ConfigureAwait(false);
        if (record.Label is not null || !_context.RetryFailed || _made.ContainsKey(key))
        {
            return record;
        }

        _ = _retried.GetOrAdd(key, _ => new Lazy<string>(() => _context.TakeFromCache(CacheName, key, record.Failure!))).Value;
        return await FindOrMakeAsync(configuration, key, cancellation).ConfigureAwait(false);
    }

    private async Task<LabelRecord> FindOrMakeAsync(AtomicConfiguration configuration, string key, CancellationToken cancellation)
    {
        var folder = await _context.CachedAsync(CacheName, key, (temporary, token) => MakeAsync(configuration, key, temporary, token), Damage, cancellation).ConfigureAwait(false);
        var known = StepJson.Read<LabelRecord>(Path.Combine(folder, FileName));
        var record = known with { Failure = known.Failure?.Replace(FolderPlaceholder, folder, StringComparison.Ordinal), Folder = folder };
        return record.Label is { } label && Rules.Problem(configuration, label) is { } doubt ? record with { Label = null, Failure = $"{doubt}. Look in {folder}" } : record;
    }

    /// <summary>Half a file, which a power failure or a full disk can leave.</summary>
    private static string? Damage(string folder)
    {
        try
        {
            _ = StepJson.Read<LabelRecord>(Path.Combine(folder, FileName));
            return null;
        }
        catch (MofException damaged)
        {
            return damaged.Message;
        }
    }

    private async Task MakeAsync(AtomicConfiguration configuration, string key, string temporary, CancellationToken token)
    {
        var calculator = await RentAsync(token).ConfigureAwait(false);
        ReferenceOutcome outcome;
        try
        {
            outcome = await calculator.LabelAsync(configuration, temporary, token).ConfigureAwait(false);
        }
        finally
        {
            await _idle.Writer.WriteAsync(calculator, CancellationToken.None).ConfigureAwait(false);
        }

        var label = outcome.Label;
        var failure = outcome.Failure ?? (label is null ? null : LabelRules.Defect(configuration, label));
        if (failure is not null)
        {
            label = null;
            MachineFaults.ThrowIfDiskIsFull(_context.RunFolder, temporary, failure);
        }

        // The reason names the folder to look in, which moves into place after this.
        var record = new LabelRecord(label, failure?.Replace(temporary, FolderPlaceholder, StringComparison.Ordinal), [.. outcome.Attempts.Skip(1).Select(attempt => attempt.Settings)], outcome.Elapsed.TotalSeconds);
        await File.WriteAllTextAsync(Path.Combine(temporary, FileName), JsonSerializer.Serialize(record, StepJson.Options), token).ConfigureAwait(false);
        ExtendedXyz.Write(Path.Combine(temporary, "configuration.extxyz"), configuration.With(label));
        _made.TryAdd(key, true);
    }

    private async Task<IReferenceCalculator> RentAsync(CancellationToken cancellation)
    {
        if (_idle.Reader.TryRead(out var idle))
        {
            return idle;
        }

        lock (_all)
        {
            if (_all.Count < _workers)
            {
                _all.Add(_create());
                return _all[^1];
            }
        }

        return await _idle.Reader.ReadAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Everything that decides a label, numbers to the last bit.</summary>
    private string Key(AtomicConfiguration configuration)
    {
        var text = new StringBuilder(Method).Append('\n').AppendJoin(' ', configuration.Symbols);
        foreach (var number in configuration.Positions.Concat(configuration.Cell?.Rows.ToArray() ?? []))
        {
            text.Append(' ').Append(BitConverter.DoubleToInt64Bits(number).ToString("x16", CultureInfo.InvariantCulture));
        }

        if (DependOnTypes && configuration.Types is { } types)
        {
            text.Append('\n').AppendJoin(' ', types);
        }

        return text.ToString();
    }

    /// <summary>Visits places from 0, as many at a time as there are workers.</summary>
    private Task WorkAsync(int count, Func<int, Task> visit, CancellationToken cancellation)
    {
        var next = -1;
        return WaitForFirstFault([.. Enumerable.Range(0, Math.Min(_workers, count)).Select(_ => Task.Run(async () =>
        {
            for (var place = Interlocked.Increment(ref next); place < count; place = Interlocked.Increment(ref next))
            {
                await visit(place).ConfigureAwait(false);
            }
        }, cancellation))]);
    }

    /// <summary>Waits for all; when several fault, the first real fault is thrown and not the cancellations that it caused.</summary>
    private static async Task WaitForFirstFault(Task[] workers)
    {
        await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var fault = workers.SelectMany(worker => worker.Exception?.InnerExceptions ?? []).FirstOrDefault(exception => exception is not OperationCanceledException);
        if (fault is not null)
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        await Task.WhenAll(workers).ConfigureAwait(false);
    }
}
