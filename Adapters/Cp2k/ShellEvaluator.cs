using MofInterop.Execution;
using MofInterop.Potentials.Atoms;
using MofInterop.Potentials.Errors;
using MofInterop.Potentials.Units;
using MofInterop.Structures;

namespace MofInterop.Cp2k;

/// <summary>
/// Keeps a <c>cp2k_shell</c> alive between calculations: no start-up, and the SCF starts from the last wavefunction. A shell that has
/// crashed, hung or answered nonsense is replaced by a new one. One that cannot even be started says nothing about a configuration: that is an error.
/// </summary>
/// <param name="settings">How CP2K runs.</param>
/// <param name="runner">Starts it.</param>
/// <param name="directory">Its working directory; its decks and logs stay there.</param>
internal sealed class ShellEvaluator(Cp2kSettings settings, IToolRunner runner, string directory) : IEvaluator
{
    private const int MostStarts = 2;
    private const int ShownLines = 5;

    private Cp2kShell? _shell;
    private bool _cannotStart;
    private Loaded? _loaded;
    private int _starts;
    private int _loads;

    public bool HasWavefunction(AtomicConfiguration configuration, Cp2kMethod method) => _loaded?.Fits(configuration, method) ?? false;

    public async Task<Evaluation> EvaluateAsync(AtomicConfiguration configuration, Cp2kMethod method, string workingDirectory, CancellationToken cancellation)
    {
        // The shell waits without using a core; only while it works it holds some.
        using var lease = await runner.Cores.LeaseAsync(settings.Cores, cancellation).ConfigureAwait(false);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.TimeLimit);
        try
        {
            return await ComputeAsync(configuration, method, workingDirectory, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return Evaluation.OutOfTime(settings.TimeLimit);
        }
        catch (MofException problem) when (!_cannotStart)
        {
            await EndAsync().ConfigureAwait(false);
            return Evaluation.Failed(problem.Message);
        }
    }

    public async Task ForgetAsync()
    {
        if (_shell is null || _loaded is null)
        {
            return;
        }

        var environment = _loaded.Environment;
        _loaded = null;
        using var limit = new CancellationTokenSource(settings.TimeLimit);
        try
        {
            await _shell.DestroyAsync(environment, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is OperationCanceledException or MofException)
        {
            await EndAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync() => await EndAsync().ConfigureAwait(false);

    private async Task<Evaluation> ComputeAsync(AtomicConfiguration configuration, Cp2kMethod method, string workingDirectory, CancellationToken cancellation)
    {
        var shell = _shell ??= await StartAsync(cancellation).ConfigureAwait(false);
        var environment = await LoadAsync(shell, configuration, method, cancellation).ConfigureAwait(false);
        var printed = await MoveAndEvaluateAsync(shell, environment, configuration, cancellation).ConfigureAwait(false);
        await File.WriteAllLinesAsync(Path.Combine(workingDirectory, LabelFiles.Output), printed, cancellation).ConfigureAwait(false);
        var scf = Cp2kOutput.Scf(printed);
        if (!scf.Converged)
        {
            return Evaluation.Failed("the SCF did not converge", scf.Steps);
        }

        var energy = await shell.EnergyAsync(environment, cancellation).ConfigureAwait(false);
        var forces = await shell.ForcesAsync(environment, configuration.Count, cancellation).ConfigureAwait(false);
        var tensor = await shell.StressAsync(environment, cancellation).ConfigureAwait(false);
        Scale(forces, PhysicalConstants.Hartree / PhysicalConstants.Bohr);
        Scale(tensor, PhysicalConstants.Hartree / Math.Pow(PhysicalConstants.Bohr, 3));
        return Evaluation.Of(new ReferenceLabel(energy * PhysicalConstants.Hartree, forces, Voigt.StressFromVirial(tensor, 1)), scf.Steps);
    }

    /// <summary>The environment for this composition and method: the one that is there, or a new one.</summary>
    private async Task<int> LoadAsync(Cp2kShell shell, AtomicConfiguration configuration, Cp2kMethod method, CancellationToken cancellation)
    {
        if (_loaded is { } loaded)
        {
            if (loaded.Fits(configuration, method))
            {
                return loaded.Environment;
            }

            _loaded = null;
            await shell.DestroyAsync(loaded.Environment, cancellation).ConfigureAwait(false);
        }

        var deck = $"load-{++_loads}.inp";
        await File.WriteAllTextAsync(Path.Combine(directory, deck), Cp2kInput.Write(configuration, method), cancellation).ConfigureAwait(false);
        var (environment, _) = await shell.LoadAsync(deck, cancellation).ConfigureAwait(false);
        _loaded = new Loaded(environment, configuration.Symbols.ToArray(), method, EwaldSum.For(configuration.Cell!));
        return environment;
    }

    private static async Task<List<string>> MoveAndEvaluateAsync(Cp2kShell shell, int environment, AtomicConfiguration configuration, CancellationToken cancellation)
    {
        var rows = configuration.Cell!.Rows.ToArray();
        var positions = (double[])configuration.Positions.Clone();
        Scale(rows, 1 / PhysicalConstants.Bohr);
        Scale(positions, 1 / PhysicalConstants.Bohr);
        await shell.SetCellAsync(environment, rows, cancellation).ConfigureAwait(false);
        await shell.SetPositionsAsync(environment, positions, cancellation).ConfigureAwait(false);
        return await shell.EvaluateAsync(environment, cancellation).ConfigureAwait(false);
    }

    private async Task<Cp2kShell> StartAsync(CancellationToken cancellation)
    {
        for (var start = 1; ; start++)
        {
            var command = NextCommand();
            try
            {
                return await Cp2kShell.StartAsync(runner, command, cancellation).ConfigureAwait(false);
            }
            catch (MofException) when (start < MostStarts)
            {
                // Once may be chance.
            }
            catch (MofException problem)
            {
                _cannotStart = true;
                var said = string.Join(" | ", ToolFailure.LastLines(Path.Combine(directory, command.Name + ".err"), ShownLines));
                throw new MofException(
                    ErrorKind.ToolFailure,
                    $"{command.Program} cannot be started, so nothing can be labelled: {problem.What}{(said.Length > 0 ? $": {said}" : string.Empty)}",
                    command.Name,
                    remedy: $"Nothing is set aside for it; mend the cause and run again. Look in {directory}",
                    inner: problem);
            }
        }
    }

    private ToolCommand NextCommand()
    {
        Directory.CreateDirectory(directory);
        return Cp2kTool.ShellCommand(settings, directory, $"cp2k-shell-{++_starts}");
    }

    private async Task EndAsync()
    {
        var shell = _shell;
        _shell = null;
        _loaded = null;
        if (shell is not null)
        {
            await shell.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void Scale(double[] values, double factor)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    private sealed record Loaded(int Environment, string[] Symbols, Cp2kMethod Method, EwaldSum Ewald)
    {
        public bool Fits(AtomicConfiguration configuration, Cp2kMethod method) =>
            method == Method && configuration.Symbols.SequenceEqual(Symbols) && (method is PbeMethod || Ewald.Serves(configuration.Cell!));
    }
}
