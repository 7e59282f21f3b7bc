using MofInterop.Potentials.Errors;

namespace MofInterop.Structures;

/// <summary>
/// A program that gives reference energies, forces and stresses (CP2K, VASP, …). Not thread-safe: one label at a time;
/// label in parallel with several calculators. The program may stay alive between labels until the calculator is disposed.
/// </summary>
public interface IReferenceCalculator : IAsyncDisposable
{
    /// <summary>Program, method and every setting that changes a label, in one line: for model cards, reports and as part of a key.</summary>
    string Description { get; }

    /// <summary>Checks, without starting anything, that the method can treat these atoms.</summary>
    /// <exception cref="MofException">It cannot; the message names the element or the missing cell.</exception>
    void Check(AtomicConfiguration configuration);

    /// <summary>
    /// Computes the label of one configuration. A calculation that fails is an outcome, not an exception; the attempts that were made
    /// to save it are recorded. A label is finite and complete.
    /// </summary>
    /// <param name="configuration">What to label; see <see cref="Check"/>.</param>
    /// <param name="workingDirectory">Where this calculation's input and output are kept; created when it does not exist.</param>
    /// <param name="cancellation">Ends the calculation; the calculator stays usable.</param>
    /// <exception cref="MofException">As <see cref="Check"/>, or the program is missing (ToolFailure).</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<ReferenceOutcome> LabelAsync(AtomicConfiguration configuration, string workingDirectory, CancellationToken cancellation = default);
}

/// <summary>What became of one reference calculation.</summary>
/// <param name="Label">The label, or null when every attempt failed.</param>
/// <param name="Attempts">What was tried, in order; the last one gave the label or the final failure. At least one.</param>
public sealed record ReferenceOutcome(ReferenceLabel? Label, IReadOnlyList<ReferenceAttempt> Attempts)
{
    /// <summary>There is a label.</summary>
    public bool Succeeded => Label is not null;

    /// <summary>Why there is no label: every attempt with its reason; null when there is one.</summary>
    public string? Failure => Succeeded
        ? null
        : string.Join("; ", Attempts.Select(attempt => $"{attempt.Settings}: {attempt.Problem}"));

    /// <summary>Wall time of all attempts.</summary>
    public TimeSpan Elapsed => TimeSpan.FromTicks(Attempts.Sum(attempt => attempt.Elapsed.Ticks));
}

/// <summary>One attempt at a reference calculation.</summary>
/// <param name="Settings">What was special about it (<c>as set</c>, <c>fresh guess</c>, …).</param>
/// <param name="Problem">Why it gave no label; null when it did.</param>
/// <param name="Elapsed">Wall time.</param>
/// <param name="Iterations">SCF steps taken, or null where unknown.</param>
public sealed record ReferenceAttempt(string Settings, string? Problem, TimeSpan Elapsed, int? Iterations);
