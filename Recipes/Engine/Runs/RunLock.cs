using System.Globalization;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// Keeps a second process out of a run folder. The operating system drops the lock (flock) when the process ends,
/// however it ends, and started programs do not inherit it.
/// </summary>
internal sealed class RunLock : IDisposable
{
    /// <summary>The file that is locked; a folder that has it is a run's.</summary>
    public const string FileName = "lock";

    /// <summary>errno EWOULDBLOCK, which .NET hands on as HResult: the lock is held.</summary>
    private const int Held = 11;

    private readonly FileStream _stream;

    private RunLock(FileStream stream) => _stream = stream;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="MofException">Another process has it; the message names the process.</exception>
    public static RunLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        FileStream stream;
        try
        {
            // FileShare.None is an exclusive flock on Unix.
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult == Held)
        {
            throw new MofException(
                ErrorKind.InvalidArgument,
                $"another mofinterop is at work on this run folder: {Holder(folder)}",
                folder,
                remedy: "Wait for it, end it, or give another --folder.",
                inner: exception);
        }

        var holder = string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} on {Environment.MachineName} since {DateTimeOffset.Now:yyyy-MM-dd HH:mm:ss}");
        try
        {
            DurableFiles.WriteAllText(HolderFile(folder), holder);
            return new RunLock(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();

    // A locked file cannot be read by others here, so the name stands in a file of its own.
    private static string HolderFile(string folder) => Path.Combine(folder, "lock.holder");

    private static string Holder(string folder) =>
        File.Exists(HolderFile(folder)) ? File.ReadAllText(HolderFile(folder)) : "a process that has not said its name yet";
}
