using System.CommandLine;
using MofInterop.Cli.Commands;
using MofInterop.Engine;
using MofInterop.Potentials.Errors;

namespace MofInterop.Cli;

/// <summary>The commands of the <c>mofinterop</c> program.</summary>
public static class CommandLine
{
    private const string Description = """
        From a MOF crystal structure to a potential of quantum accuracy that runs in LAMMPS and ASE.

        A recipe (a YAML file) says what to do; a run folder holds everything that was done.
        A run that was interrupted goes on where it stopped when the same command is given again.

        Begin with:  mofinterop doctor                    what is installed and what is missing
                     mofinterop run mof5-quickstart.yaml  the first potential
        """;

    /// <summary>Runs one command.</summary>
    /// <param name="arguments">The words after the program's name.</param>
    /// <param name="services">The parts that the commands use.</param>
    /// <param name="cancellation">Ends the command as Ctrl-C does.</param>
    /// <returns>One of <see cref="ExitCode"/>. Errors are printed, never thrown.</returns>
    public static async Task<int> RunAsync(string[] arguments, CliServices services, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        var result = Create(services).Parse(arguments);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                await services.Error.WriteLineAsync($"mofinterop: {error.Message}");
            }

            var command = result.CommandResult.Command is RootCommand ? "mofinterop" : $"mofinterop {result.CommandResult.Command.Name}";
            await services.Error.WriteLineAsync($"Try '{command} --help'.");
            return ExitCode.Error;
        }

        using var signals = new StopSignals(services.Error, cancellation);
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = services.Output,
            Error = services.Error,
        };
        try
        {
            return await result.InvokeAsync(configuration, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            await services.Error.WriteLineAsync("mofinterop: interrupted");
            return ExitCode.Interrupted;
        }
        catch (MofException exception)
        {
            await services.Error.WriteLineAsync($"mofinterop: {exception.Message}");
            return ExitCode.Error;
        }
        catch (IOException exception) when (FullDisk.IsCause(exception))
        {
            await services.Error.WriteLineAsync($"mofinterop: the disk is full: {exception.Message}. Make room there and give the same command.");
            return ExitCode.Error;
        }
        catch (Exception exception)
        {
            await services.Error.WriteLineAsync($"mofinterop: unexpected {exception.GetType().Name}: {exception.Message}");
            await services.Error.WriteLineAsync(Environment.GetEnvironmentVariable("MOFINTEROP_DEBUG") is null
                ? "This is a defect of MofInterop; set MOFINTEROP_DEBUG=1 for the details that a report of it needs."
                : exception.ToString());
            return ExitCode.Error;
        }
    }

    private static RootCommand Create(CliServices services)
    {
        var root = new RootCommand(Description)
        {
            RunCommand.Create(services),
            SubmitCommand.Create(services),
            ValidateCommand.Create(services),
            ReportCommand.Create(services),
            CardCommand.Create(services),
            EvaluateCommand.Create(services),
            AnalyseCommand.Create(services),
            TypesCommand.Create(services),
            PoresCommand.Create(services),
            RingsCommand.Create(services),
            DoctorCommand.Create(services),
            SchemaCommand.Create(services),
        };
        NotesHelp.Install(root);
        return root;
    }
}
