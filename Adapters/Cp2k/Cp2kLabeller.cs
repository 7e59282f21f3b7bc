using System.Diagnostics;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>
/// Labels configurations with CP2K. The input deck and the output of every label are kept in its folder. A label depends on the wavefunction
/// that its SCF started from only within the convergence (EPS_SCF 1e-6: about 0.05 meV/Å on a force), so keep labels rather than recompute them.
/// </summary>
public sealed class Cp2kLabeller : IReferenceCalculator
{
    /// <summary>A program that does not answer in time twice will not do so a third time.</summary>
    private const int MostTimeouts = 2;

    private readonly Cp2kMethod _method;
    private readonly Cp2kSettings _settings;
    private readonly IEvaluator _evaluator;

    /// <summary>Creates a labeller; nothing is started before the first label.</summary>
    /// <param name="method">The reference method.</param>
    /// <param name="settings">How CP2K runs.</param>
    /// <param name="runner">Runs it; while a label is computed its cores are leased there.</param>
    /// <param name="shellDirectory">Where a persistent CP2K runs and logs; one for each labeller, made when needed.</param>
    public Cp2kLabeller(Cp2kMethod method, Cp2kSettings settings, IToolRunner runner, string shellDirectory)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(runner);
        ArgumentException.ThrowIfNullOrEmpty(shellDirectory);
        _method = method;
        _settings = settings;
        _evaluator = settings.Persistent ? new ShellEvaluator(settings, runner, shellDirectory) : new OneShotEvaluator(settings, runner);
    }

    /// <inheritdoc/>
    public string Description => $"CP2K {_method.Description}";

    /// <inheritdoc/>
    public void Check(AtomicConfiguration configuration) => _method.Check(configuration);

    /// <inheritdoc/>
    public async Task<ReferenceOutcome> LabelAsync(AtomicConfiguration configuration, string workingDirectory, CancellationToken cancellation = default)
    {
        Check(configuration);
        Cp2kTool.Require(_settings);
        Directory.CreateDirectory(workingDirectory);
        var attempts = new List<ReferenceAttempt>();
        var timeouts = 0;
        foreach (var attempt in ScfRemedies.For(_method, _evaluator.HasWavefunction(configuration, _method)))
        {
            var clock = Stopwatch.StartNew();
            if (attempt.FreshGuess)
            {
                await _evaluator.ForgetAsync().ConfigureAwait(false);
            }

            await File.WriteAllTextAsync(Path.Combine(workingDirectory, LabelFiles.Input), Cp2kInput.Write(configuration, attempt.Method), cancellation).ConfigureAwait(false);
            var evaluation = await _evaluator.EvaluateAsync(configuration, attempt.Method, workingDirectory, cancellation).ConfigureAwait(false);
            attempts.Add(new ReferenceAttempt(attempt.Settings, evaluation.Problem, clock.Elapsed, evaluation.Iterations));
            if (evaluation.Label is { } label)
            {
                return new ReferenceOutcome(label, attempts);
            }

            timeouts += evaluation.TimedOut ? 1 : 0;
            if (timeouts == MostTimeouts)
            {
                break;
            }
        }

        // What an unconverged SCF left behind is no start for the next configuration.
        await _evaluator.ForgetAsync().ConfigureAwait(false);
        return new ReferenceOutcome(null, attempts);
    }

    /// <summary>Ends the persistent CP2K.</summary>
    public ValueTask DisposeAsync() => _evaluator.DisposeAsync();
}
