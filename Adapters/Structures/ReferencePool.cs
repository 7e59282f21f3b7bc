using System.Threading.Channels;
using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>
/// Several calculators of one method that label in parallel: each call takes a free one and waits when there is none. Thread-safe.
/// Which calculator labels what depends on timing; where a calculator starts from its last result, labels differ within its convergence.
/// </summary>
public sealed class ReferencePool : IReferenceCalculator
{
    private readonly IReadOnlyList<IReferenceCalculator> _calculators;
    private readonly Channel<IReferenceCalculator> _free = Channel.CreateUnbounded<IReferenceCalculator>();

    /// <summary>Creates a pool that owns its calculators.</summary>
    /// <exception cref="MofException">No calculator.</exception>
    public ReferencePool(IReadOnlyList<IReferenceCalculator> calculators)
    {
        ArgumentNullException.ThrowIfNull(calculators);
        if (calculators.Count == 0)
        {
            throw new MofException(ErrorKind.InvalidArgument, "a pool needs at least one calculator");
        }

        _calculators = calculators;
        foreach (var calculator in calculators)
        {
            _free.Writer.TryWrite(calculator);
        }
    }

    /// <summary>How many labels can be computed at a time.</summary>
    public int Size => _calculators.Count;

    /// <inheritdoc/>
    public string Description => _calculators[0].Description;

    /// <inheritdoc/>
    public void Check(AtomicConfiguration configuration) => _calculators[0].Check(configuration);

    /// <inheritdoc/>
    public async Task<ReferenceOutcome> LabelAsync(AtomicConfiguration configuration, string workingDirectory, CancellationToken cancellation = default)
    {
        var calculator = await _free.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await calculator.LabelAsync(configuration, workingDirectory, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _free.Writer.TryWrite(calculator);
        }
    }

    /// <summary>Disposes all calculators, also when one of them fails to.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_calculators.Select(calculator => calculator.DisposeAsync().AsTask())).ConfigureAwait(false);
}
