using System.Collections.Immutable;
using MofInterop.Execution;
using MofInterop.Potentials.Errors;
using MofInterop.Structures;

namespace MofInterop.ExternalProgram;

/// <summary>
/// Any program as a reference: it reads one configuration as extended XYZ and writes the same atoms with <c>energy</c> (eV),
/// <c>forces</c> (eV/Å) and, if it has it, <c>stress</c> (eV/Å³, ASE sign and order) as extended XYZ. One process a label; one that a signal
/// ended is started once more.
/// </summary>
public sealed class CommandReference : IReferenceCalculator
{
    /// <summary>Stands for the file to read in the command line.</summary>
    public const string InputPlaceholder = "{input}";

    /// <summary>Stands for the file to write in the command line.</summary>
    public const string OutputPlaceholder = "{output}";

    /// <summary>Stands for the number of the attempt, from 1, so that the program can be more careful in the next one.</summary>
    public const string AttemptPlaceholder = "{attempt}";

    private const string InputFile = "input.extxyz";
    private const string OutputFile = "output.extxyz";

    /// <summary>Exit codes above this are signals. A signal comes from outside (out of memory, an administrator) and says nothing about the configuration, so it is tried once more.</summary>
    private const int SignalBase = 128;

    private const int MostAttempts = 2;
    private readonly ImmutableArray<string> _command;
    private readonly IToolRunner _runner;
    private readonly TimeSpan _timeLimit;
    private readonly int _cores;

    /// <summary>Which attempt at its labels this calculator is, from 1.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Makes a calculator.</summary>
    /// <param name="command">Program and arguments with both placeholders.</param>
    /// <param name="runner">Starts it.</param>
    /// <param name="timeLimit">A label that takes longer is a failure.</param>
    /// <param name="cores">Processor cores that it uses.</param>
    /// <exception cref="MofException">The command is empty or lacks a placeholder.</exception>
    public CommandReference(IEnumerable<string> command, IToolRunner runner, TimeSpan timeLimit, int cores)
    {
        _command = [.. command];
        _runner = runner;
        _timeLimit = timeLimit;
        _cores = cores;
        foreach (var placeholder in new[] { InputPlaceholder, OutputPlaceholder })
        {
            if (!_command.Skip(1).Any(argument => argument.Contains(placeholder, StringComparison.Ordinal)))
            {
                throw new MofException(ErrorKind.InvalidArgument, $"the reference command has no argument with {placeholder}", expected: "a program and arguments with {input} and {output}");
            }
        }
    }

    /// <inheritdoc/>
    public string Description => string.Join(' ', _command);

    /// <inheritdoc/>
    public void Check(AtomicConfiguration configuration) => _ = ProgramFinder.Require(_command[0]);

    /// <inheritdoc/>
    public async Task<ReferenceOutcome> LabelAsync(AtomicConfiguration configuration, string workingDirectory, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Directory.CreateDirectory(workingDirectory);
        ExtendedXyz.Write(Path.Combine(workingDirectory, InputFile), configuration.With((ReferenceLabel?)null));
        var attempts = new List<ReferenceAttempt>();
        var settings = "as set";
        while (true)
        {
            // What an attempt wrote that was cut off is no answer.
            File.Delete(Path.Combine(workingDirectory, OutputFile));
            var result = await _runner.RunAsync(Command(workingDirectory), null, cancellation).ConfigureAwait(false);
            var problem = result.Succeeded ? null : ToolFailure.From(result).Message;
            ReferenceLabel? label = null;
            if (problem is null)
            {
                (label, problem) = ReadLabel(configuration, Path.Combine(workingDirectory, OutputFile));
            }

            attempts.Add(new ReferenceAttempt(settings, problem, result.Elapsed, null));
            if (label is not null || result.ExitCode <= SignalBase || attempts.Count == MostAttempts)
            {
                return new ReferenceOutcome(label, attempts);
            }

            settings = $"again after signal {result.ExitCode - SignalBase}";
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ToolCommand Command(string workingDirectory) => new()
    {
        Program = _command[0],
        Arguments = [.. _command.Skip(1).Select(Fill)],
        WorkingDirectory = workingDirectory,
        TimeLimit = _timeLimit,
        Cores = _cores,
        Name = "reference",
    };

    private string Fill(string argument) => argument
        .Replace(AttemptPlaceholder, Attempt.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace(InputPlaceholder, InputFile, StringComparison.Ordinal)
        .Replace(OutputPlaceholder, OutputFile, StringComparison.Ordinal);

    private static (ReferenceLabel? Label, string? Problem) ReadLabel(AtomicConfiguration asked, string path)
    {
        try
        {
            var answer = ExtendedXyz.Read(path, requireLabels: true).Single();
            return Problem(asked, answer) is { } problem ? (null, problem) : (answer.Label, null);
        }
        catch (Exception exception) when (exception is MofException or IOException or InvalidOperationException)
        {
            return (null, exception.Message);
        }
    }

    /// <summary>What is wrong with an answer: other atoms, other places, or numbers that are not finite.</summary>
    private static string? Problem(AtomicConfiguration asked, AtomicConfiguration answer)
    {
        if (AnswerCheck.Difference(asked, answer) is { } difference)
        {
            return $"the program did not compute what it was asked to: {difference}";
        }

        var numbers = answer.Label!.Forces.Append(answer.Label.Energy).Concat(answer.Label.Stress ?? []);
        return numbers.All(double.IsFinite) ? null : "the program wrote a number that is not finite";
    }
}
