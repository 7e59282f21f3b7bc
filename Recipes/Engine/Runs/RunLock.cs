using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// Keeps a second process out of a run folder. The operating system drops the lock (flock) when the process ends,
/// however it ends, and started programs do not inherit it.
/// </summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="MofException">Another process has it; the message names the process.</exception>
    public static RunLock Take(string folder)
    {
        var path = Path.Combine(folder, "lock");
        FileStream stream;
        try
        {
            // FileShare.None is an exclusive flock on Unix.
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new MofException(
                ErrorKind.InvalidArgument,
                $"another mofinterop is at work on this run folder: {Holder(path)}",
                folder,
                remedy: "Wait for it, end it, or give another --folder.",
                inner: exception);
        }

        stream.SetLength(0);
        using (var writer = new StreamWriter(stream, leaveOpen: true))
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss}"));
        }

        stream.Flush();
        return new RunLock(stream);
    }

    public void Dispose() => _stream.Dispose();

    private static string Holder(string path)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
        catch (IOException)
        {
            return "a process that has not said its name";
        }
    }
}
