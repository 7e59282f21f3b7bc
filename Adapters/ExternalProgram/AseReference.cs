using System.Text.Json;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.ExternalProgram;

/// <summary>
/// Any ASE calculator as a reference, in a Python process that lives from label to label (one process a label where the runner has no
/// sessions). Energy: the one that forces belong to (<c>free_energy</c>) where the calculator has it, else <c>get_potential_energy()</c>.
/// A worker that dies is started anew and the label tried once more; after any failure the next label gets a fresh worker. A worker that cannot be
/// started says nothing about the configuration: that is an error, not a failed label.
/// </summary>
public sealed class AseReference : IReferenceCalculator
{
    private const string InputFile = "input.extxyz";
    private const string OutputFile = "output.json";
    private const int MostAttempts = 2;
    private const int MostStarts = 2;

    /// <summary>The worker's exit code when the calculator could not be made.</summary>
    private const int CannotStart = 3;

    /// <summary>Reading a large model may take longer than a label.</summary>
    private static readonly TimeSpan _startPatience = TimeSpan.FromMinutes(5);

    private static readonly JsonSerializerOptions _json = new() { PropertyNameCaseInsensitive = true };
    private readonly AseCalculator _calculator;
    private readonly IToolRunner _runner;
    private readonly TimeSpan _timeLimit;
    private readonly int _cores;
    private readonly string _folder;
    private IToolSession? _session;
    private int _started;

    /// <summary>Makes a reference; no process starts before the first label.</summary>
    /// <param name="calculator">The calculator.</param>
    /// <param name="runner">Starts Python.</param>
    /// <param name="timeLimit">A label that takes longer is a failure.</param>
    /// <param name="cores">Processor cores that it uses.</param>
    /// <param name="folder">Where the worker runs and logs.</param>
    public AseReference(AseCalculator calculator, IToolRunner runner, TimeSpan timeLimit, int cores, string folder)
    {
        ArgumentNullException.ThrowIfNull(calculator);
        _calculator = calculator;
        _runner = runner;
        _timeLimit = timeLimit;
        _cores = cores;
        _folder = folder;
    }

    /// <inheritdoc/>
    public string Description => _calculator.Description;

    /// <inheritdoc/>
    public void Check(AtomicConfiguration configuration)
    {
        // Which elements a calculator has is known to it alone.
    }

    /// <inheritdoc/>
    public async Task<ReferenceOutcome> LabelAsync(AtomicConfiguration configuration, string workingDirectory, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Directory.CreateDirectory(workingDirectory);
        var folder = Path.GetFullPath(workingDirectory);
        ExtendedXyz.Write(Path.Combine(folder, InputFile), configuration.With((ReferenceLabel?)null));
        var output = Path.Combine(folder, OutputFile);
        var attempts = new List<ReferenceAttempt>();
        while (true)
        {
            File.Delete(output);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var (problem, died) = _runner.HasSessions
                ? await AskAsync(folder, output, cancellation).ConfigureAwait(false)
                : await RunOnceAsync(folder, cancellation).ConfigureAwait(false);
            ReferenceLabel? label = null;
            if (problem is null)
            {
                (label, problem) = Read(configuration, output);
            }

            attempts.Add(new ReferenceAttempt(attempts.Count == 0 ? "as set" : "again in a new worker", problem, clock.Elapsed, null));
            if (label is null)
            {
                // A calculator that failed may have kept something of it.
                await EndAsync(TimeSpan.Zero).ConfigureAwait(false);
            }

            if (label is not null || !died || attempts.Count == MostAttempts)
            {
                return new ReferenceOutcome(label, attempts);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await EndAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);

    private async Task<(string? Problem, bool Died)> AskAsync(string folder, string output, CancellationToken cancellation)
    {
        using var lease = await _runner.Cores.LeaseAsync(_cores, cancellation).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            _session ??= await StartAsync(cancellation).ConfigureAwait(false);
            limit.CancelAfter(_timeLimit);
            await _session.WriteLineAsync(JsonSerializer.Serialize(new { input = Path.Combine(folder, InputFile), output }), limit.Token).ConfigureAwait(false);
            return await _session.ReadLineAsync(limit.Token).ConfigureAwait(false) is null ? (await DeathAsync().ConfigureAwait(false), true) : (null, false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(TimeSpan.Zero).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return (string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the calculator was stopped at its time limit of {_timeLimit.TotalSeconds:0.#} s"), false);
        }
        catch (MofException) when (_session is not null)
        {
            return (await DeathAsync().ConfigureAwait(false), true);
        }
    }

    private async Task<(string? Problem, bool Died)> RunOnceAsync(string folder, CancellationToken cancellation)
    {
        var command = _calculator.Command(folder, _cores, InputFile, OutputFile) with { TimeLimit = _timeLimit };
        var result = await _runner.RunAsync(command, null, cancellation).ConfigureAwait(false);
        return result switch
        {
            { Succeeded: true } => (null, false),
            { ExitCode: CannotStart } => throw Unstarted(result),
            _ => (ToolFailure.From(result).Message, !result.TimedOut),
        };
    }

    /// <summary>A worker that has made the calculator.</summary>
    /// <exception cref="MofException">Two could not (ToolFailure).</exception>
    private async Task<IToolSession> StartAsync(CancellationToken cancellation)
    {
        for (var start = 1; ; start++)
        {
            var session = _runner.Start(_calculator.Command(_folder, _cores) with { Name = $"ase-{++_started}" });
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(_startPatience);
            try
            {
                if (await session.ReadLineAsync(patience.Token).ConfigureAwait(false) is not null)
                {
                    return session;
                }
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Reported below as a worker that was ended.
            }
            catch
            {
                await session.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            var result = await session.StopAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
            if (start == MostStarts)
            {
                throw Unstarted(result);
            }
        }
    }

    private static MofException Unstarted(ToolResult result) =>
        ToolFailure.From(result, "the calculator's worker cannot be started, so nothing can be labelled", "Nothing is set aside for it; mend the cause and run again.");

    private async Task<string> DeathAsync()
    {
        var result = await _session!.StopAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        await EndAsync(TimeSpan.Zero).ConfigureAwait(false);
        return ToolFailure.From(result, "the calculator's worker ended").Message;
    }

    private async Task EndAsync(TimeSpan patience)
    {
        if (_session is { } session)
        {
            _session = null;
            await session.StopAsync(patience).ConfigureAwait(false);
            await session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static (ReferenceLabel? Label, string? Problem) Read(AtomicConfiguration asked, string path)
    {
        try
        {
            var answer = JsonSerializer.Deserialize<Answer>(File.ReadAllText(path), _json)!;
            if (answer.Problem is { } problem)
            {
                return (null, problem);
            }

            return answer.Forces?.Length == asked.Positions.Length
                ? (new ReferenceLabel(answer.Energy, answer.Forces, answer.Stress), null)
                : (null, $"the calculator gave {answer.Forces?.Length ?? 0} force components for {asked.Count} atoms");
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return (null, exception.Message);
        }
    }

    private sealed record Answer(double Energy, double[]? Forces, double[]? Stress, string? Problem);
}
