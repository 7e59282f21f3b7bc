using System.Diagnostics;

namespace MofInterop.TestKit;

/// <summary>A real file system of a few megabytes, so that a test can fill it. Mounting needs root: elsewhere <see cref="TryMount"/> gives null.</summary>
public sealed class SmallDisk : IDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Bytes that are left.</summary>
    public long Free => new DriveInfo(Folder).AvailableFreeSpace;

    /// <summary>Mounts one; null where that is not permitted.</summary>
    public static SmallDisk? TryMount(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("mofinterop-disk-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder))
        {
            return new SmallDisk(folder);
        }

        Directory.Delete(folder);
        return null;
    }

    /// <summary>Fills it up to a rest.</summary>
    /// <returns>The file that fills it; delete it to make room.</returns>
    public string Fill(long rest)
    {
        var ballast = Path.Combine(Folder, "ballast");
        var block = new byte[4096];
        using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        while (Free > rest)
        {
            try
            {
                file.Write(block);
            }
            catch (IOException)
            {
                // What was free is gone already.
                break;
            }
        }

        return ballast;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Run("umount", "-l", Folder);
        Directory.Delete(Folder, recursive: true);
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
