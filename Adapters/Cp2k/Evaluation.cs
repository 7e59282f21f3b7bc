using System.Globalization;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>What one attempt gave: a complete label, or the reason why there is none.</summary>
internal sealed record Evaluation(ReferenceLabel? Label, string? Problem, int? Iterations)
{
    /// <summary>CP2K was ended because it did not answer in time.</summary>
    public bool TimedOut { get; private init; }

    public static Evaluation Failed(string problem, int? iterations = null) => new(null, problem, iterations);

    public static Evaluation OutOfTime(TimeSpan limit) =>
        Failed(string.Create(CultureInfo.InvariantCulture, $"no answer within {limit.TotalSeconds:0.#} s")) with { TimedOut = true };

    /// <summary>A label, unless one of its numbers is not finite.</summary>
    public static Evaluation Of(ReferenceLabel label, int? iterations)
    {
        var finite = double.IsFinite(label.Energy) && label.Forces.All(double.IsFinite) && (label.Stress?.All(double.IsFinite) ?? true);
        return finite ? new Evaluation(label, null, iterations) : Failed("CP2K gave values that are not finite numbers", iterations);
    }
}

/// <summary>One way of running CP2K.</summary>
internal interface IEvaluator : IAsyncDisposable
{
    /// <summary>The next evaluation of this composition would start from an earlier wavefunction.</summary>
    bool HasWavefunction(AtomicConfiguration configuration, Cp2kMethod method);

    /// <summary>Computes one label; failures of the calculation or the program are values, not exceptions.</summary>
    Task<Evaluation> EvaluateAsync(AtomicConfiguration configuration, Cp2kMethod method, string workingDirectory, CancellationToken cancellation);

    /// <summary>Forgets the wavefunction, so that the next evaluation starts from scratch.</summary>
    Task ForgetAsync();
}
