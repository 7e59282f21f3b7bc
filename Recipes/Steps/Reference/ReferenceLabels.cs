using System.Globalization;
using System.Text;
using System.Text.Json;
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
public sealed record LabelRecord(ReferenceLabel? Label, string? Failure, IReadOnlyList<string> Remedies, double Seconds);

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
        Method = method;
    }

    /// <summary>How many labels of one call have to succeed.</summary>
    internal LabelQuorum Quorum { get; init; } = LabelQuorum.None;

    /// <summary>The method in words.</summary>
    public string Method { get; }

    /// <summary>Labels all; results are in the order of the configurations, whatever the order in which they arrive.</summary>
    /// <exception cref="MofException">Too few succeeded, or the program is missing.</exception>
    public async Task<IReadOnlyList<LabelRecord>> LabelAsync(string what, IReadOnlyList<AtomicConfiguration> configurations, CancellationToken cancellation)
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

                return true;
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
                _context.Warn($"{what}: configuration {place + 1} has no label and is set aside: {results[place].Failure}");
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

    private async Task<LabelRecord> LabelOneAsync(AtomicConfiguration configuration, CancellationToken cancellation)
    {
        var folder = await _context.CachedAsync(CacheName, Key(configuration), async (temporary, token) =>
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

            // The reason names the folder to look in, which moves into place after this.
            var record = new LabelRecord(outcome.Label, outcome.Failure?.Replace(temporary, FolderPlaceholder, StringComparison.Ordinal), [.. outcome.Attempts.Skip(1).Select(attempt => attempt.Settings)], outcome.Elapsed.TotalSeconds);
            await File.WriteAllTextAsync(Path.Combine(temporary, FileName), JsonSerializer.Serialize(record, StepJson.Options), token).ConfigureAwait(false);
            ExtendedXyz.Write(Path.Combine(temporary, "configuration.extxyz"), configuration.With(outcome.Label));
        }, cancellation).ConfigureAwait(false);
        var known = StepJson.Read<LabelRecord>(Path.Combine(folder, FileName));
        return known with { Failure = known.Failure?.Replace(FolderPlaceholder, folder, StringComparison.Ordinal) };
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

        return text.ToString();
    }

    /// <summary>Visits places from 0, as many at a time as there are workers; a worker whose visit says false visits no more.</summary>
    private Task WorkAsync(int count, Func<int, Task<bool>> visit, CancellationToken cancellation)
    {
        var next = -1;
        return WaitForFirstFault([.. Enumerable.Range(0, Math.Min(_workers, count)).Select(_ => Task.Run(async () =>
        {
            int place;
            do
            {
                place = Interlocked.Increment(ref next);
            }
            while (place < count && await visit(place).ConfigureAwait(false));
        }, cancellation))]);
    }

    /// <summary>Waits for all; when several fault, the first real fault is thrown and not the cancellations that it caused.</summary>
    private static async Task WaitForFirstFault(Task[] workers)
    {
        try
        {
            await Task.WhenAll(workers).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var fault = workers.FirstOrDefault(worker => worker.IsFaulted)?.Exception?.InnerExceptions.FirstOrDefault(e => e is MofException);
            if (fault is MofException known)
            {
                throw new MofException(known.Kind, known.What, known.Where, known.Expected, known.Remedy, known);
            }

            throw;
        }
    }
}
