using System.Runtime.InteropServices;

namespace MofInterop.Cli;

/// <summary>Turns Ctrl-C, SIGTERM and a closed terminal into a cancellation; the second Ctrl-C ends the program at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TextWriter _messages;
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals(TextWriter messages, CancellationToken outer)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(outer);
        _messages = messages;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        if (_source.IsCancellationRequested)
        {
            // A kill at any moment loses nothing that was finished, so an impatient user may have it.
            Environment.Exit(ExitCode.Interrupted);
        }

        context.Cancel = true;
        _messages.WriteLine("mofinterop: stopping…");
        _source.Cancel();
    }
}
