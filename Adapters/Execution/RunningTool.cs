using System.ComponentModel;
using System.Diagnostics;
using Medallion.Shell;
using MofInterop.Potentials.Errors;

namespace MofInterop.Execution;

/// <summary>One started program: its logs are written and its whole process tree can be ended. The only user of MedallionShell besides the guard.</summary>
internal sealed class RunningTool : IDisposable
{
    /// <summary>A grandchild that left the session may hold the pipes open after the program has ended; nobody waits longer for it.</summary>
    private static readonly TimeSpan PipePatience = TimeSpan.FromSeconds(30);

    private readonly Command _process;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _killed;

    private RunningTool(ToolCommand command, Command process, Action<string>? onOutputLine)
    {
        Command = command;
        _process = process;
        ProcessId = process.ProcessId;
        ProcessGuard.Instance.Open(ProcessId);
        Completion = CompleteAsync(onOutputLine);
    }

    public ToolCommand Command { get; }

    public int ProcessId { get; }

    public string OutputFile => OutputPath(Command);

    public string ErrorFile => ErrorPath(Command);

    /// <summary>Ends when the program has ended and its logs are complete, with its exit code; fails when <c>onOutputLine</c> threw.</summary>
    public Task<int> Completion { get; }

    public TimeSpan Elapsed => _clock.Elapsed;

    public TextWriter Input => _process.StandardInput;

    /// <exception cref="MofException">No such program or folder, or the system refuses to start it.</exception>
    public static RunningTool Start(ToolCommand command, Action<string>? onOutputLine)
    {
        if (!Directory.Exists(command.WorkingDirectory))
        {
            throw new MofException(ErrorKind.ToolFailure, $"the working directory {command.WorkingDirectory} does not exist", command.Name, "a folder made by the caller");
        }

        var (program, arguments) = ProcessGuard.Wrap(ProgramFinder.Require(command.Program), command.Arguments);
        try
        {
            return ProcessStarter.Start(() =>
            {
                // The guard must run before the program, so that there is somebody to tell.
                _ = ProcessGuard.Instance;
                return new RunningTool(command, new Shell(options => Configure(options, command)).Run(program, arguments), onOutputLine);
            });
        }
        catch (Exception refused) when (refused is Win32Exception or IOException or ErrorExitCodeException)
        {
            throw new MofException(ErrorKind.ToolFailure, $"{command.Program} cannot be started: {refused.Message}", command.Name, inner: refused);
        }
    }

    /// <summary>Ends the program and everything it started.</summary>
    public void Kill()
    {
        if (Interlocked.Exchange(ref _killed, 1) == 0)
        {
            EndSession();
        }
    }

    public void Dispose()
    {
        Kill();
        (_process as IDisposable).Dispose();
    }

    private static string OutputPath(ToolCommand command) => Path.Combine(command.WorkingDirectory, command.Name + ".out");

    private static string ErrorPath(ToolCommand command) => Path.Combine(command.WorkingDirectory, command.Name + ".err");

    private static void Configure(Shell.Options options, ToolCommand command)
    {
        options.WorkingDirectory(command.WorkingDirectory).DisposeOnExit(false).StartInfo(info =>
        {
            // A run for one core must not spread the threads of OpenMP or BLAS over cores that others hold.
            if (command.Cores == 1)
            {
                info.Environment["OMP_NUM_THREADS"] = "1";
            }

            foreach (var (variable, value) in command.Environment)
            {
                if (value is null)
                {
                    info.Environment.Remove(variable);
                }
                else
                {
                    info.Environment[variable] = value;
                }
            }
        });
    }

    private async Task<int> CompleteAsync(Action<string>? onOutputLine)
    {
        var output = Guarded(OutputLog.CopyAsync(_process.StandardOutput.BaseStream, OutputPath(Command), onOutputLine));
        var error = Guarded(OutputLog.CopyAsync(_process.StandardError.BaseStream, ErrorPath(Command), null));
        await _process.Process.WaitForExitAsync().ConfigureAwait(false);
        _clock.Stop();
        EndSession();
        ProcessGuard.Instance.Close(ProcessId);
        var logs = Task.WhenAll(output, error);
        if (await Task.WhenAny(logs, Task.Delay(PipePatience)).ConfigureAwait(false) == logs)
        {
            await logs.ConfigureAwait(false);
        }

        return _process.Process.ExitCode;
    }

    /// <summary>A log that cannot be written (a full disk, a listener that throws) ends the program: it would hang on a full pipe.</summary>
    private async Task Guarded(Task log)
    {
        try
        {
            await log.ConfigureAwait(false);
        }
        catch
        {
            Kill();
            throw;
        }
    }

    private void EndSession()
    {
        if (ProcessGuard.SetSid is not null)
        {
            ProcessSession.Kill(ProcessId);
        }
        else if (!_process.Process.HasExited)
        {
            _process.Process.Kill(entireProcessTree: true);
        }
    }
}
