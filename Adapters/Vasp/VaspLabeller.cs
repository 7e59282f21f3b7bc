using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.Vasp;

/// <summary>How VASP is run: nothing here changes a label beyond convergence.</summary>
public sealed record VaspSettings
{
    /// <summary>The program's usual name.</summary>
    public const string Program = "vasp_std";

    /// <summary>The command line, such as <c>mpirun -np 8 vasp_std</c>.</summary>
    public IReadOnlyList<string> Command { get; init; } = [Program];

    /// <summary>Longest time for one attempt.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Cores that the command uses.</summary>
    public int Cores { get; init; } = 1;
}

/// <summary>
/// Labels configurations with VASP, a process for each. Inputs and outputs of every label are kept in its folder, without POTCAR, which is licensed and the same for all.
/// </summary>
/// <param name="method">The reference method.</param>
/// <param name="settings">How VASP runs.</param>
/// <param name="potentials">The user's library of potentials.</param>
/// <param name="elements">The elements that will be labelled; their potentials are part of <see cref="Description"/>.</param>
/// <param name="runner">Runs it.</param>
public sealed class VaspLabeller(VaspMethod method, VaspSettings settings, VaspPotentials potentials, IReadOnlyList<string> elements, IToolRunner runner) : IReferenceCalculator
{
    private const int SignalBase = 128;

    /// <summary>A program that does not answer in time twice will not do so a third time.</summary>
    private const int MostTimeouts = 2;

    private const string Remedy = "VASP is licensed software: install your copy and put vasp_std on PATH, or name its command line (vasp: command: [mpirun, -np, 8, vasp_std]).";

    /// <summary>Told VASP's version with every label, which is when it is known.</summary>
    public Action<string>? VersionFound { get; init; }

    /// <inheritdoc/>
    public string Description => $"VASP {method.Description}; potentials {potentials.Describe(elements)}";

    /// <summary>The program that a command line starts.</summary>
    /// <exception cref="MofException">It is nowhere (ToolFailure).</exception>
    public static string Require(VaspSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Command.Count > 0
            ? ProgramFinder.Require(settings.Command[0], Remedy)
            : throw new MofException(ErrorKind.InvalidArgument, "the command line of VASP is empty", expected: "[vasp_std], or [mpirun, -np, 8, vasp_std]");
    }

    /// <inheritdoc/>
    public void Check(AtomicConfiguration configuration)
    {
        method.Check();
        VaspMethod.Check(configuration);
        _ = potentials.Assemble(configuration.Symbols.Distinct());
    }

    /// <inheritdoc/>
    public async Task<ReferenceOutcome> LabelAsync(AtomicConfiguration configuration, string workingDirectory, CancellationToken cancellation = default)
    {
        Check(configuration);
        _ = Require(settings);
        Directory.CreateDirectory(workingDirectory);
        var attempts = new List<ReferenceAttempt>();
        var timeouts = 0;
        var again = false;
        var plan = new Queue<VaspScf>(VaspScf.Attempts(method));
        while (plan.TryPeek(out var scf))
        {
            var clock = Stopwatch.StartNew();
            var evaluation = await EvaluateAsync(configuration, scf, workingDirectory, cancellation).ConfigureAwait(false);
            attempts.Add(new ReferenceAttempt(again ? $"{scf.Settings}, again after a signal" : scf.Settings, evaluation.Problem, clock.Elapsed, evaluation.Steps));
            if (evaluation.Label is { } label)
            {
                return new ReferenceOutcome(label, attempts);
            }

            timeouts += evaluation.TimedOut ? 1 : 0;
            if (timeouts == MostTimeouts)
            {
                break;
            }

            // A signal comes from outside and says nothing about the settings: the same once more.
            again = evaluation.Killed && !again;
            if (!again)
            {
                plan.Dequeue();
            }
        }

        return new ReferenceOutcome(null, attempts);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<Evaluation> EvaluateAsync(AtomicConfiguration configuration, VaspScf scf, string folder, CancellationToken cancellation)
    {
        foreach (var name in VaspOutput.Leavings)
        {
            File.Delete(Path.Combine(folder, name));
        }

        VaspInput.Write(folder, configuration, method, scf, potentials);
        var result = await runner.RunAsync(Command(folder), cancellation: cancellation).ConfigureAwait(false);
        File.Delete(Path.Combine(folder, VaspInput.Potcar));
        if (result.TimedOut)
        {
            return new Evaluation(null, string.Create(CultureInfo.InvariantCulture, $"no answer within {settings.TimeLimit.TotalSeconds:0.#} s"), null) { TimedOut = true };
        }

        var said = VaspMessages.Of(Lines(result.OutputFile).Concat(Lines(result.ErrorFile)));
        var hint = said.Count > 0 ? $" (VASP said: {string.Join("; ", said)})" : "";
        if (!result.Succeeded)
        {
            return new Evaluation(null, ToolFailure.From(result).Message + hint, null) { Killed = result.ExitCode > SignalBase };
        }

        try
        {
            var order = new VaspOrder(configuration);
            var outcome = VaspOutput.Read(folder, order.Sorted(configuration));
            if (outcome.Version is { } version)
            {
                VersionFound?.Invoke(version);
            }

            var step = outcome.Step;
            return new Evaluation(new ReferenceLabel(step.Energy(method.Energy), order.Undo(step.Forces), step.Stress), null, step.ScfSteps);
        }
        catch (MofException problem)
        {
            return new Evaluation(null, problem.Message + hint, null);
        }
    }

    private ToolCommand Command(string folder) => new()
    {
        Program = settings.Command[0],
        Arguments = [.. settings.Command.Skip(1)],
        WorkingDirectory = folder,
        Environment = ImmutableDictionary<string, string?>.Empty.Add("OMP_NUM_THREADS", "1"),
        TimeLimit = settings.TimeLimit,
        Cores = settings.Cores,
        Name = "vasp",
    };

    private static IEnumerable<string> Lines(string path) => File.Exists(path) ? File.ReadLines(path) : [];

    private sealed record Evaluation(ReferenceLabel? Label, string? Problem, int? Steps)
    {
        public bool TimedOut { get; init; }

        public bool Killed { get; init; }
    }
}
