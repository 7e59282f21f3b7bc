using System.Threading.Channels;
using MofInterop.Potentials.Errors;

namespace MofInterop.Execution;

/// <summary>A program that is talked to line by line; its output is logged as that of any other run.</summary>
internal sealed class ToolSession : IToolSession
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly RunningTool _tool;
    private bool _timedOut;

    public ToolSession(ToolCommand command)
    {
        _tool = RunningTool.Start(command, line => _lines.Writer.TryWrite(line));
        _ = _tool.Completion.ContinueWith(ended => _lines.Writer.TryComplete(ended.Exception?.InnerException), TaskScheduler.Default);
    }

    public int ProcessId => _tool.ProcessId;

    public async Task WriteLineAsync(string line, CancellationToken cancellation = default)
    {
        if (_tool.Completion.IsCompleted)
        {
            throw Ended(null);
        }

        try
        {
            await _tool.Input.WriteLineAsync(line.AsMemory(), cancellation).ConfigureAwait(false);
            await _tool.Input.FlushAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            throw Ended(closed);
        }
    }

    public async Task<string?> ReadLineAsync(CancellationToken cancellation = default)
    {
        while (await _lines.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            if (_lines.Reader.TryRead(out var line))
            {
                return line;
            }
        }

        return null;
    }

    public async Task<ToolResult> StopAsync(TimeSpan patience)
    {
        try
        {
            _tool.Input.Close();
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // It has ended already.
        }

        if (await Task.WhenAny(_tool.Completion, Task.Delay(patience)).ConfigureAwait(false) != _tool.Completion)
        {
            _timedOut = true;
            _tool.Kill();
        }

        var exitCode = await _tool.Completion.ConfigureAwait(false);
        return new ToolResult(_tool.Command, _timedOut ? -1 : exitCode, _tool.Elapsed, _tool.OutputFile, _tool.ErrorFile, _timedOut);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero).ConfigureAwait(false);
        _tool.Dispose();
    }

    private MofException Ended(Exception? closed) => new(
        ErrorKind.ToolFailure,
        $"{_tool.Command.Program} has ended and no longer reads what is sent to it",
        _tool.Command.Name,
        remedy: $"Look in {_tool.Command.WorkingDirectory}",
        inner: closed);
}
