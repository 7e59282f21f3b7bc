using MofInterop.Structures;

namespace MofInterop.Steps;

/// <summary>A reference whose failed labels are tried again, each time by a calculator that nothing has failed in.</summary>
/// <param name="create">Makes the calculator of the attempt with this number, from 1.</param>
/// <param name="retries">How often a label is tried again.</param>
/// <param name="problem">Why a label that a calculator gave is not believed; null: it is.</param>
internal sealed class RetryingReference(Func<int, IReferenceCalculator> create, int retries, Func<AtomicConfiguration, ReferenceLabel, string?> problem) : IReferenceCalculator
{
    private readonly IReferenceCalculator _first = create(1);

    /// <inheritdoc/>
    public string Description => _first.Description;

    /// <inheritdoc/>
    public void Check(AtomicConfiguration configuration) => _first.Check(configuration);

    /// <inheritdoc/>
    public async Task<ReferenceOutcome> LabelAsync(AtomicConfiguration configuration, string workingDirectory, CancellationToken cancellation = default)
    {
        var outcome = Told(await _first.LabelAsync(configuration, workingDirectory, cancellation).ConfigureAwait(false), string.Empty, configuration);
        for (var retry = 1; retry <= retries && outcome.Attempts[^1].Problem is not null; retry++)
        {
            await using var again = create(retry + 1);
            var next = Told(await again.LabelAsync(configuration, workingDirectory, cancellation).ConfigureAwait(false), $"retry {retry}, ", configuration);
            outcome = new ReferenceOutcome(next.Label, [.. outcome.Attempts, .. next.Attempts]);
        }

        return outcome;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _first.DisposeAsync();

    /// <summary>The outcome with the last attempt's problem where its label is not believed; the label is kept for those who believe it.</summary>
    private ReferenceOutcome Told(ReferenceOutcome outcome, string prefix, AtomicConfiguration configuration)
    {
        var attempts = outcome.Attempts.Select(attempt => attempt with { Settings = prefix + attempt.Settings }).ToArray();
        if (outcome.Label is { } label && problem(configuration, label) is { } doubt)
        {
            attempts[^1] = attempts[^1] with { Problem = doubt };
        }

        return new ReferenceOutcome(outcome.Label, attempts);
    }
}
