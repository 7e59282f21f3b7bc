using System.Runtime.InteropServices;
using System.Text;
using MofInterop.Potentials.Errors;

namespace MofInterop.Engine;

/// <summary>
/// File operations that survive a kill or a power failure at any moment: a file or folder is either wholly there under
/// its name or not at all. Order: contents to disk, then the rename, then the folder's own entry to disk.
/// </summary>
internal static partial class DurableFiles
{
    private const int OpenReadOnlyDirectory = 0x10000 | 0x80000; // O_RDONLY | O_DIRECTORY | O_CLOEXEC on Linux x86-64

    /// <summary>Called with the name of each operation before it happens; tests end the process here.</summary>
    internal static Action<string>? BeforeEachOperation { get; set; }

    /// <summary>Replaces a file's contents in one rename.</summary>
    public static void WriteAllText(string path, string text)
    {
        var temporary = path + ".new";
        BeforeEachOperation?.Invoke($"write {path}");
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.Read))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        BeforeEachOperation?.Invoke($"rename {path}");
        File.Move(temporary, path, overwrite: true);
        FlushFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Moves a finished folder into place in one rename; everything in it is on disk before.</summary>
    public static void MoveFolderIntoPlace(string source, string target)
    {
        FlushTree(source);
        var parent = Path.GetDirectoryName(target)!;
        CreateFolder(parent);
        BeforeEachOperation?.Invoke($"rename {target}");
        Directory.Move(source, target);
        BeforeEachOperation?.Invoke($"flush {parent}");
        FlushFolder(parent);
    }

    /// <summary>Creates a folder and those above it, each entered on disk.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path)!;
        CreateFolder(parent);
        BeforeEachOperation?.Invoke($"create {path}");
        Directory.CreateDirectory(path);
        FlushFolder(parent);
    }

    /// <summary>Removes a folder if it is there.</summary>
    public static void RemoveFolder(string path)
    {
        for (var attempt = 1; Directory.Exists(path); attempt++)
        {
            try
            {
                BeforeEachOperation?.Invoke($"remove {path}");
                Directory.Delete(path, recursive: true);
            }
            catch (IOException) when (attempt < 30)
            {
                // A program that a killed run had started may still be writing its last lines here.
                Thread.Sleep(100);
            }
        }
    }

    private static void FlushTree(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            // A link's target belongs to somebody else.
            if (File.GetAttributes(file).HasFlag(FileAttributes.ReparsePoint))
            {
                continue;
            }

            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            stream.Flush(flushToDisk: true);
        }

        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
        {
            FlushFolder(inner);
        }

        FlushFolder(folder);
    }

    /// <summary>Brings a folder's entries to disk; a file system that cannot (EINVAL) is left alone.</summary>
    private static void FlushFolder(string folder)
    {
        var handle = Open(folder, OpenReadOnlyDirectory);
        if (handle < 0)
        {
            throw new MofException(ErrorKind.Internal, $"the folder cannot be opened (errno {Marshal.GetLastPInvokeError()})", folder);
        }

        _ = Synchronize(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Synchronize(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
